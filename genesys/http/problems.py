"""From an answer that is no success to the error that says what to do: the one place where statuses are judged."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from genesys.errors import (
    ConfigurationProblem,
    Conflict,
    Exchange,
    GenesysError,
    Gone,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    Unavailable,
)
from genesys.http.payload import Answer
from genesys.http.wire import Request
from genesys.routes import Route
from timeouts.doctor.needs import LACKS, UNLOCK
from timeouts.text.bounds import is_deeper, quoted
from timeouts.text.visible import one_line

_ANY_OF = "missing.any.permissions"
"""The code of a 403 where one of the permissions that it names is enough."""
_CLIENT_FAULTS = 400
_SERVER_FAULTS = 500
_PLAIN: dict[int, tuple[type[GenesysError], str]] = {
    404: (NotFound, "Not there, or not visible to this OAuth client"),
    409: (Conflict, "Something is in the way"),
    410: (Gone, "It was deleted"),
    501: (InvalidRequest, "The platform does not know this request"),
}
_PAGES = ("text/html", "application/xhtml+xml")
_DETAILS = ("details", "errorDetails", "errors")
_DETAIL_KEYS = ("message", "errorCode", "code", "fieldName", "entityName", "entityId")
_LONGEST_BODY = 1024 * 1024
"""Of an answer that is no success, in bytes: in a longer one no reason is looked for."""
_MOST_DETAILS = 20
_DEEPEST = 20
_PERMISSION = re.compile(r"\b[A-Za-z]+:[A-Za-z]+:[A-Za-z]+\b")


def exchange_of(request: Request, answer: Answer | None = None) -> Exchange:
    """Gather what people need to know of a request and its answer; ErrorBody and OAuth error are read leniently."""
    if answer is None:
        return Exchange(request.method, request.path)
    body = _object(answer.body)

    def clean(value: object) -> str:
        return for_people(value, request.hidden)

    said = clean(body.get("message") or body.get("description") or body.get("error_description"))
    return Exchange(
        method=request.method,
        path=request.path,
        status=answer.status,
        code=clean(body.get("code") or body.get("error")),
        message=said or ("" if body or answer.ok else f"no reason given ({answer.media_type or 'no content'})"),
        details=tuple(clean(line) for key in _DETAILS for line in detail_lines(body.get(key))),
        context_id=clean(body.get("contextId")),
        correlation_id=clean(answer.headers.get("inin-correlation-id")),
    )


def page_of(request: Request, answer: Answer) -> str:
    """Say that a web page came, which the platform never sends; empty where none did."""
    if answer.media_type not in _PAGES:
        return ""
    return (
        f"a web page ({answer.media_type}) came in the place of the answer of {request.host}, from a gateway, a proxy "
        "or a captive portal on the way"
    )


def refusal(route: Route, exchange: Exchange, page: str = "") -> GenesysError:
    """Return the error for a status that is neither a success nor a 401 or 429; `page`: what `page_of` says of it."""
    status = exchange.status
    if page and status >= _CLIENT_FAULTS:
        is_passing = status == HTTPStatus.REQUEST_TIMEOUT or (status >= _SERVER_FAULTS and status not in _PLAIN)
        kind = Unavailable if is_passing else _PLAIN.get(status, (InvalidRequest, ""))[0]
        kind = NotFound if kind is Gone else kind  # a Gone is believed at once
        return kind(f"This was not the platform: {page}", exchange)
    if status in _PLAIN:
        kind, what = _PLAIN[status]
        return kind(what, exchange)
    if status == HTTPStatus.FORBIDDEN:
        named = _missing(route, exchange)
        return PermissionDenied(f"{LACKS}{named}", exchange, permission=named)
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= _SERVER_FAULTS:
        return Unavailable("The platform did not manage to answer", exchange)
    if status < _CLIENT_FAULTS:
        return ConfigurationProblem(
            "The answer is a redirect, which is not followed: is GENESYS_API_URL or the region wrong, or does a "
            "gateway on the way want somebody to log in?",
            exchange,
        )
    return InvalidRequest("The platform refuses the request", exchange)


def _missing(route: Route, exchange: Exchange) -> str:
    """Return which permission an admin has to give; never the one to unlock, which other clients may hold."""
    said = dict.fromkeys(_PERMISSION.findall(" ".join((exchange.message, *exchange.details))))
    named = [permission for permission in said if permission != UNLOCK]
    if exchange.code != _ANY_OF:
        return ", ".join(named) or route.permission or "(not named)"
    if route.permission in named or not named:
        return route.permission or "(not named)"
    return f"{'one of ' if len(named) > 1 else ''}{', '.join(named)}"


def _object(body: bytes) -> dict[str, Any]:
    if len(body) > _LONGEST_BODY:
        return {}
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) and not is_deeper(document, _DEEPEST) else {}


def detail_lines(entries: object) -> Iterator[str]:
    """Put the first Details or ErrorBodies of a list in lines for people; what is of another shape as it stands."""
    for entry in entries[:_MOST_DETAILS] if isinstance(entries, list) else [entries] if entries else []:
        if isinstance(entry, dict):
            yield " ".join(_worded(entry[key]) for key in _DETAIL_KEYS if entry.get(key))
        else:
            yield _worded(entry)


def _worded(value: object) -> str:
    """Write a value of an answer; one that holds others only so far as it is not deep."""
    return quoted(value) if isinstance(value, dict | list) else str(value)


def for_people(value: object, hidden: tuple[str, ...] = ()) -> str:
    """Make one bounded line of what the platform says, without what must not be repeated."""
    text = value if isinstance(value, str) else "" if value is None else str(value)
    for secret in hidden:
        text = text.replace(secret, "[hidden]")
    return one_line(text)
