"""Giving an access token back when its client is closed: it would be good for a day, for whoever has seen it."""

from dataclasses import replace

from genesys.counts import Counters
from genesys.errors import GenesysError
from genesys.http.connecting import ConnectFailed
from genesys.http.problems import exchange_of
from genesys.http.settings import TransportSettings
from genesys.http.wire import Request, ResponseLost, Wire
from genesys.log import Log
from genesys.routes import REVOCATION

_PATIENCE_MS = 2_000


def hurried(settings: TransportSettings) -> TransportSettings:
    """Return how patient a client is that is being closed."""
    return replace(
        settings,
        connect_ms=min(_PATIENCE_MS, settings.connect_ms),
        read_ms=min(_PATIENCE_MS, settings.read_ms),
        total_ms=min(_PATIENCE_MS, settings.total_ms),
        connections=1,
    )


def revoke(token: str, base: str, wire: Wire, counters: Counters, log: Log) -> None:
    """Ask the platform once to make this token worthless; what comes of it is told at DEBUG, and nowhere else.

    Whether it can is open (docs/platform.md#open-revocation), and a run has ended by now: so nothing is repeated or
    waited out, a stop of the run does not end it, and a connection of its own has two seconds to come about and two
    for the answer, however slowly that drips. `wire`: that connection, which is closed.
    """
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    request = Request(REVOCATION.method, base + REVOCATION.template, headers, hidden=(token,))
    counters.request(REVOCATION.label)
    try:
        answer = wire.exchange(request)
    except (ConnectFailed, ResponseLost, GenesysError) as problem:
        log.not_revoked(exchange_of(request), str(problem))
    else:
        if answer.ok:
            log.revoked(exchange_of(request, answer))
        else:
            log.not_revoked(exchange_of(request, answer), "the platform does not do it")
    finally:
        wire.close()
