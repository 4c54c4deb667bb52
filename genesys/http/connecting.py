"""Why no connection came about: DNS, the connection, the proxy or TLS; who refused, and what to set.

Nothing of a request leaves before its connection is made, so whatever fails here can be tried again, also for a write.
"""

import http.client
import re
import ssl
from http import HTTPStatus
from typing import Literal

from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from genesys.errors import ConfigurationProblem
from genesys.http.proxies import Proxy

Stage = Literal["connection", "TLS to the proxy", "tunnel", "TLS"]
"""The steps in which a connection is made; a proxy that speaks no TLS itself skips the second one."""

CONNECTING = (HTTPError, OSError, http.client.HTTPException, ssl.CertificateError)
"""What a connection raises while it is made."""

_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})")
"""http.client says so, and no other way. What else the proxy says there is not repeated."""

_WANTS_PASSWORD = 407
_NO_PROXY_AT_ALL = (400, 404, 405, 501)
_MAY_PASS = (408, 429)
_SERVER_FAULTS = 500
_NO_ISSUER = (18, 19, 20, 21)
"""OpenSSL's codes for a certificate whose issuer is not among those that are trusted."""

_EXPIRED = (9, 10)


class ConnectFailed(Exception):  # noqa: N818 - named after what happened
    """The connection did not come about: nothing of the request left. Stays inside the gateway."""


class NotConnected(HTTPError):  # noqa: N818 - named after what happened
    """What urllib3 hands on: where a connection ended, and why. `refusal`: the status that the proxy answered, or 0."""

    def __init__(self, stage: Stage, problem: BaseException) -> None:
        super().__init__(stage)
        self.stage = stage
        self.problem = problem
        said = _REFUSED.search(str(problem)) if stage == "tunnel" else None
        self.refusal = int(said[1]) if said else 0


def failure(told: NotConnected, host: str, proxy: Proxy | None, hint: str) -> ConnectFailed | ConfigurationProblem:
    """Put it in words. `hint` ends the sentence where the host itself was not reached directly.

    A ConfigurationProblem is what stays so until a person corrects it; the rest may pass.
    """
    if told.refusal and proxy:
        return _refused(told.refusal, host, proxy)
    whose = host if told.stage == "TLS" or proxy is None else f"the proxy {proxy.address} ({proxy.variable})"
    if isinstance(told.problem, ssl.SSLCertVerificationError):
        return ConfigurationProblem(f"The certificate of {whose} is not trusted: {_untrusted(told.problem)}.")
    if proxy is not None:
        hint = "" if told.stage in ("tunnel", "TLS") else "; is that address right?"
    why = f"{_broken(told, whose)}{hint}"
    return ConnectFailed(f"no connection to {host}: {why}" if whose != host else f"no connection: {why}")


def _refused(status: int, host: str, proxy: Proxy) -> ConnectFailed | ConfigurationProblem:
    """Judge a proxy's refusal to open a tunnel. What it says of itself does not pass by waiting."""
    if status == _WANTS_PASSWORD and proxy.authorization:
        return ConfigurationProblem(
            f"The proxy {proxy.address} does not take the user and password in {proxy.variable} (407): correct them; "
            "special characters have to be percent-encoded, and only Basic authentication is spoken."
        )
    if status == _WANTS_PASSWORD:
        return ConfigurationProblem(
            f"The proxy {proxy.address} wants to know who asks (407): set user and password in {proxy.variable}, as in "
            f"{proxy.url.replace('://', '://USER:PASSWORD@')}."
        )
    if status in _NO_PROXY_AT_ALL:
        return ConfigurationProblem(
            f"{proxy.address} opens no tunnel to {host} ({status}): is {proxy.variable} the address of a proxy?"
        )
    if status in _MAY_PASS or status >= _SERVER_FAULTS:
        return ConnectFailed(f"no connection to {host}: the proxy {proxy.address} could not make it ({status})")
    rule = "its rules forbid it" if status == HTTPStatus.FORBIDDEN else "it refuses"
    return ConfigurationProblem(
        f"The proxy {proxy.address} does not let us through to {host}, {rule} ({status}): have the host allowed there, "
        f"set another proxy in {proxy.variable}, or name the host in NO_PROXY if it can be reached directly."
    )


def _untrusted(problem: ssl.SSLCertVerificationError) -> str:
    if problem.verify_code in _NO_ISSUER:
        return (
            f"{problem.verify_message}; where your company opens TLS on the way, name its certificate in SSL_CERT_FILE"
        )
    if problem.verify_code in _EXPIRED:
        return f"{problem.verify_message}; is the clock of this machine right?"
    return problem.verify_message


def _broken(told: NotConnected, whose: str) -> str:
    """Say what broke, in words for people: urllib3's own are full of object names."""
    if isinstance(told.problem, NameResolutionError):
        return f"DNS does not know {whose}"
    if isinstance(told.problem, NewConnectionError):
        return f"{whose} cannot be reached ({str(told.problem).rpartition(': ')[2]})"
    if told.stage == "connection":
        return f"{whose} did not take the connection in time"
    late = isinstance(told.problem, TimeoutError)
    if told.stage == "tunnel":
        return f"{whose} {'did not open a tunnel in time' if late else f'opened no tunnel ({_name_of(told.problem)})'}"
    return f"TLS with {whose} {'did not come about in time' if late else f'failed ({_name_of(told.problem)})'}"


def _name_of(problem: BaseException) -> str:
    """Name a fault without what the other side says: `wrong version number`, `ConnectionResetError`."""
    reason = problem.reason if isinstance(problem, ssl.SSLError) else None
    return reason.replace("_", " ").lower() if reason else type(problem).__name__
