"""Asking one thing after another within an allowance, and keeping what became of each."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from genesys.clock import Clock
from genesys.errors import (
    AuthenticationFailed,
    BadPayload,
    ConfigurationProblem,
    Conflict,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    Stopped,
    Unavailable,
)
from genesys.http.payload import Accepted
from timeouts.doctor.facts import Ask, Said

if TYPE_CHECKING:
    from genesys.read_client import ReadClient

_NOT_THERE = (404, 405, 410, 501)

Parsed = TypeVar("Parsed")


class Asker:
    """Asks no more than `requests` times, repeats and logins included, and begins nothing after `within_ms`.

    `last`: the last answer that came.
    """

    def __init__(self, client: "ReadClient", clock: Clock, *, requests: int, within_ms: int) -> None:
        self._client = client
        self._clock = clock
        self._requests = requests
        self.last: Accepted | None = None
        self._until_ms = clock.now_ms() + within_ms

    def ask(self, read: Callable[[], Accepted], parse: Callable[[Accepted], Parsed]) -> tuple[Ask, Parsed | None]:
        """Ask once; what came is parsed, or the reason kept. Raises Stopped where the run is asked to end."""
        if self._client.request_counts().total >= self._requests or self._clock.now_ms() >= self._until_ms:
            return Ask(
                said="no allowance", why="it was not asked: the requests or the time of this check are used up"
            ), None
        try:
            self.last = read()
            return Ask(said="answered"), parse(self.last)
        except Stopped:
            raise
        except GenesysError as problem:
            return Ask(said=_said(problem), why=_why(problem), status=problem.status), None


def _misled(problem: ConfigurationProblem) -> Said:
    """Tell an address at which there is no platform from what stops a request on its way."""
    if 300 <= problem.status < 400:  # noqa: PLR2004 - what 3xx means
        return "unusable"
    if problem.status in _NOT_THERE:
        return "absent"
    return "untrusted" if not problem.status and "certificate" in problem.what else "barred"


def _why(problem: GenesysError) -> str:
    """Say what happened in one line; the ids that support asks for stand in the log."""
    exchange = problem.exchange
    if exchange is None or not exchange.status:
        return problem.what
    code = f" {exchange.code}" if exchange.code else ""
    return f"{problem.what} ({exchange.path} answered {exchange.status}{code})"


def _said(problem: GenesysError) -> Said:
    match problem:
        case PermissionDenied() | AuthenticationFailed():
            return "refused"
        case NotFound() | Gone() | InvalidRequest() | Conflict():
            # The platform gives a code; a gateway's own answer says nothing of what is behind it.
            return "absent" if problem.code and problem.status in _NOT_THERE else "unusable"
        case ConfigurationProblem():
            return _misled(problem)
        case BadPayload():
            return "unusable"
        case Unavailable():
            return "failed" if problem.status else "unreachable"
        case _:
            return "failed"
