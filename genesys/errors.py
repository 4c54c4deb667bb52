"""Every way in which the gateway can fail, one class for each thing that a caller can do about it.

    GenesysError
    ├── ConfigurationProblem   stop: a person corrects the region, the URL or the credentials
    ├── AuthenticationFailed   stop: the platform refuses the credentials or the token
    ├── PermissionDenied       stop: ask an admin for `permission`
    ├── NotFound               skip: it is not there, or not visible to this client; a 404 alone is no proof (client.py)
    ├── Gone                   skip: it was deleted
    ├── Conflict               skip: `code` says who is in the way (locked, not locked by us, operation in progress)
    ├── InvalidRequest         skip: the same request will be refused again
    ├── RateLimited            retry later, in another run: the waiting budget of this one is spent
    ├── Unavailable            retry later: no usable answer; a write that ends so was never carried out
    ├── BadPayload             retry later: an answer that says 200 and is not what was asked for
    ├── AmbiguousWrite         read and decide: the write may or may not have been carried out
    └── Stopped                stop: the run was asked to end while it waited

`str(error)` tells a person what happened: method and path, status, the platform's message, code and details, and the
contextId and ININ-Correlation-Id that Genesys support asks for. Never headers, never a request's body, never a secret.
"""

# ruff: noqa: N818 - a class is named after what happened; `except NotFound` reads better than a suffix

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and what the platform said of it: ErrorBody and correlation id (docs/platform.md#errors).

    `status` is 0 where no answer came.
    """

    method: str
    path: str
    status: int = 0
    code: str = ""
    message: str = ""
    details: tuple[str, ...] = ()
    context_id: str = ""
    correlation_id: str = ""

    def __str__(self) -> str:
        """Put it in one line for people."""
        line = f"{self.method} {self.path}"
        if self.status:
            line += f" answered {self.status}"
        said = " ".join(part for part in (self.message, f"[{self.code}]" if self.code else "") if part)
        if said:
            line += f": {said}"
        for name, value in (
            ("details", "; ".join(self.details)),
            ("contextId", self.context_id),
            ("ININ-Correlation-Id", self.correlation_id),
        ):
            if value:
                line += f", {name} {value}"
        return line


class GenesysError(Exception):
    """The base of all: catch it where one Architect flow's trouble must not stop the others.

    `exchange` is None where no request was made.
    """

    def __init__(self, what: str, exchange: Exchange | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.exchange = exchange

    def __str__(self) -> str:
        """Say what happened, then the request and the platform's own words."""
        return self.what if self.exchange is None else f"{self.what} ({self.exchange})"

    @property
    def code(self) -> str:
        """The platform's own code, such as `architect.flow.locked.by.user`; empty where it gave none."""
        return self.exchange.code if self.exchange else ""

    @property
    def status(self) -> int:
        """The HTTP status, 0 where no answer came."""
        return self.exchange.status if self.exchange else 0

    def again(self) -> "GenesysError":
        """Return the same, to be raised by who shares it: an error that is raised twice keeps both tracebacks."""
        return type(self)(self.what, self.exchange)


class ConfigurationProblem(GenesysError):
    """A wrong region or URL, or a missing credential. Stop: a person has to correct it."""


class AuthenticationFailed(GenesysError):
    """The platform refuses the credentials (`invalid_client`, also a right pair on a wrong region) or a new token."""


class PermissionDenied(GenesysError):
    """403. Stop and ask an admin: `permission` names what is missing, such as `architect:flow:publish`."""

    def __init__(self, what: str, exchange: Exchange | None = None, permission: str = "") -> None:
        super().__init__(what, exchange)
        self.permission = permission


class NotFound(GenesysError):
    """404. Skip: it does not exist, or the client's divisions do not show it."""


class Gone(GenesysError):
    """410. Skip: it was deleted."""


class Conflict(GenesysError):
    """409. Skip: somebody or something is in the way; `code` says what (docs/platform.md#errors)."""


class InvalidRequest(GenesysError):
    """The platform refuses this request and will refuse it again: 400, 405, 413, 415, 422, 501.

    Also one that was never sent, because an id would change its path or because this client makes no such request.
    """


class RateLimited(GenesysError):
    """429, and the platform asks to wait longer than this run may. Nothing of the request was carried out.

    For some seconds after that other reads are not sent at all, and raise it, too.
    """


class Unavailable(GenesysError):
    """No usable answer: 5xx, a reset, a timeout, after all tries of a read. A write that ends so was never sent.

    `retry_after_ms`: how long the platform asks to wait, None where it does not say.
    """

    def __init__(self, what: str, exchange: Exchange | None = None, retry_after_ms: int | None = None) -> None:
        super().__init__(what, exchange)
        self.retry_after_ms = retry_after_ms


class BadPayload(GenesysError):
    """An answer that says it is well and is not what was asked for: HTML, empty, truncated, of another shape."""


class AmbiguousWrite(GenesysError):
    """A write whose answer was lost: it may or may not have been carried out. Read, and decide on what is true."""


class Stopped(GenesysError):
    """The run was asked to stop while the gateway waited. The request it waited for was not carried out."""


_OF_THE_TARGET = (400, 409, 413, 422)
"""What is wrong with the thing itself; 405, 415 and 501 are about how it was asked for."""


def is_refusal(problem: GenesysError) -> bool:
    """Return whether the platform refused what was asked of it for what it is: not our rights, and not its own state.

    The same request of anybody would be refused, and nothing was carried out.
    """
    return isinstance(problem, (Conflict, InvalidRequest)) and problem.status in _OF_THE_TARGET


ENDS_A_RUN = (AuthenticationFailed, ConfigurationProblem, Stopped)
"""After these nothing else can be read: whoever goes on without what could not be read passes them on."""


def read_or(read: Callable[[], Value], without: Callable[[GenesysError], Value]) -> Value:
    """Return what `read` gives, or what `without` makes of the refusal. What ends a run is raised all the same."""
    try:
        return read()
    except ENDS_A_RUN:
        raise
    except GenesysError as problem:
        return without(problem)
