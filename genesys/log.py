"""The gateway's log lines, and what any line is about: fields that a log can be searched by. Knows no Prefect.

Fields: `org_id`, `org_name`, `architect_flow_id`, `architect_flow_name`, `action_id`, `action_name`, and of a request
`method`, `path`, `status`, `correlation_id`, `attempt`, `wait_ms`, `took_ms`. What matters in them stands in the text
too. No line holds a header, a body, or anything else that errors.py keeps out.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from genesys.errors import AmbiguousWrite, Exchange, GenesysError, NotFound, Stopped
from genesys.http.payload import Answer
from genesys.http.problems import for_people
from genesys.http.wire import Request
from genesys.waits import tell_of_wait
from timeouts.model.durations import format_duration
from timeouts.model.org import Organization
from timeouts.planning.outcomes import Target
from timeouts.text.visible import LONGEST_LINE, one_line

LOGGER_NAME = "genesys"

Fields = Mapping[str, str | int]

_MOST_WARNINGS = 100
"""Of one client. A platform that is down answers an audit of 5,000 Architect flows with 25,000 refusals."""

_logger = logging.getLogger(LOGGER_NAME)
_logger.addHandler(logging.NullHandler())  # a library says nothing where nobody has asked it to
_about: ContextVar[Fields] = ContextVar("about", default=MappingProxyType({}))


@contextmanager
def about(*subjects: Fields) -> Iterator[None]:
    """Say what the lines within are about; what is said within that comes on top."""
    token = _about.set(fields(*subjects))
    try:
        yield
    finally:
        _about.reset(token)


def fields(*more: Fields) -> dict[str, str | int]:
    """Return what a line is about, for the `extra` of a logging call."""
    found = dict(_about.get())
    for each in more:
        found |= each
    return found


def of_org(organization: Organization) -> Fields:
    """Name an org."""
    return {"org_id": organization.id, "org_name": organization.name}


def of_architect_flow(architect_flow_id: str, name: str) -> Fields:
    """Name an Architect flow."""
    return {"architect_flow_id": architect_flow_id, "architect_flow_name": name}


def of_action(action_id: str, name: str) -> Fields:
    """Name an integration action."""
    return {"action_id": action_id, "action_name": name}


def of_target(target: Target) -> Fields:
    """Name what a plan changes."""
    return (of_action if target.kind == "action" else of_architect_flow)(target.id, target.name)


def of_exchange(exchange: Exchange | None) -> Fields:
    """Name a request and its answer; nothing where no request was made."""
    if exchange is None:
        return {}
    found: dict[str, str | int] = {"method": exchange.method, "path": exchange.path}
    if exchange.status:
        found["status"] = exchange.status
    # An ErrorBody has a contextId too (docs/platform.md#errors); that it is the same id is an assumption of ours.
    if correlation_id := exchange.correlation_id or exchange.context_id:
        found["correlation_id"] = correlation_id
    return found


class Log:
    """The lines of one client; safe for many threads.

    What went well is told at DEBUG. After a hundred warnings all others are told at DEBUG too; the last one says so.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._warnings_left = _MOST_WARNINGS

    def answered(self, request: Request, answer: Answer, took_ms: int) -> None:
        """Tell of one request that was answered, whatever the answer."""
        if not _logger.isEnabledFor(logging.DEBUG):
            return
        exchange = Exchange(
            request.method,
            request.path,
            status=answer.status,
            correlation_id=for_people(answer.headers.get("inin-correlation-id"), request.hidden),
        )
        _tell(
            logging.DEBUG, f"{exchange} after {format_duration(took_ms)}", of_exchange(exchange), {"took_ms": took_ms}
        )

    def repeated(self, problem: GenesysError, attempt: int, attempts: int | None, wait_ms: int) -> None:
        """Tell of a read that brought nothing and is repeated after a wait; `attempt` is the one that failed.

        `attempts`: how many there may be; None where it goes by time.
        """
        self._warn(
            f"attempt {attempt}{f' of {attempts}' if attempts else ''} brought nothing, the next one follows in "
            f"{format_duration(wait_ms)}: {problem}",
            of_exchange(problem.exchange),
            {"attempt": attempt, "wait_ms": wait_ms},
        )

    def limited(self, exchange: Exchange, wait_ms: int) -> None:
        """Tell of an answer 429 that is waited out."""
        tell_of_wait(wait_ms)
        self._warn(
            f"the platform's rate limit: all requests wait for {format_duration(wait_ms)} ({exchange})",
            of_exchange(exchange),
            {"wait_ms": wait_ms},
        )

    def paced(self, allowed: int, wait_ms: int) -> None:
        """Tell of an allowance that is used up, before the platform has to refuse."""
        tell_of_wait(wait_ms)
        _tell(
            logging.INFO,
            f"the platform allows {allowed} requests a minute: all requests wait for {format_duration(wait_ms)}",
            {"wait_ms": wait_ms},
        )

    def renewed(self, why: str, exchange: Exchange | None = None) -> None:
        """Tell of a token that was replaced."""
        said = f" ({exchange})" if exchange else ""
        _tell(logging.INFO, f"a new access token was fetched: {why}{said}", of_exchange(exchange))

    def not_renewed(self, problem: GenesysError) -> None:
        """Tell that no new token was to be had, and that the one before is good for a while."""
        self._warn(
            f"no new access token was to be had, the one before serves on until it ends: {problem}",
            of_exchange(problem.exchange),
        )

    def revoked(self, exchange: Exchange) -> None:
        """Tell that our own token is worthless from now on."""
        _tell(logging.DEBUG, f"the access token was given back ({exchange})", of_exchange(exchange))

    def not_revoked(self, exchange: Exchange, why: str) -> None:
        """Tell that our own token stays good until it ends: nobody has to do anything."""
        text = f"the access token was not given back, it ends by itself: {why} ({exchange})"
        _tell(logging.DEBUG, text, of_exchange(exchange))

    def failed(self, problem: GenesysError) -> None:
        """Tell of a request that ends in an error. What is not there may well be looked for, so that is no warning."""
        if isinstance(problem, NotFound | Stopped):
            _tell(logging.DEBUG, str(problem), of_exchange(problem.exchange))
        elif isinstance(problem, AmbiguousWrite):
            tell_lost(problem)
        else:
            self._warn(str(problem), of_exchange(problem.exchange))

    def _warn(self, text: str, *more: Fields) -> None:
        with self._lock:
            self._warnings_left -= 1
            left = self._warnings_left
        if left == 0:
            text += " (more such lines only at the level DEBUG; the run's figures count them all)"
        _tell(logging.WARNING if left >= 0 else logging.DEBUG, text, *more)


def tell_lost(problem: AmbiguousWrite) -> None:
    """Tell of a write that may or may not have been carried out; always a warning, whatever else was told."""
    text = f"the answer to a write is lost, what is true has to be read: {problem}"
    _tell(logging.WARNING, text, of_exchange(problem.exchange))


def _tell(level: int, text: str, *more: Fields) -> None:
    extra = fields(*more)
    name = one_line(str(extra.get("architect_flow_name") or extra.get("action_name") or ""))
    _logger.log(level, "%s", one_line(f"{name}: {text}" if name else text, LONGEST_LINE), extra=extra)
