"""From the platform's JSON to values. What is not as documented raises BadPayload and names itself; nothing is dropped.

Raw words are kept: the SDK's models would replace those that they do not know (docs/measured.md#sdk-models).
"""

import json
from collections.abc import Mapping
from typing import Any

from genesys.errors import BadPayload
from genesys.http.problems import detail_lines
from timeouts.model.org import ArchitectFlow, Holder, Operation, Organization, Publisher
from timeouts.text.bounds import LONGEST_NAME, quoted
from timeouts.text.visible import cut

Json = Mapping[str, Any]


def organization(document: Json | None) -> Organization:
    """Read `GET /api/v2/organizations/me`."""
    found = as_object(document, "The organization")
    return Organization(
        id=text(found, "id", "The organization", required=True), name=text(found, "name", "The organization")
    )


def architect_flow(document: Json | None) -> ArchitectFlow:
    """Read a Flow of the listing or of `GET /api/v2/flows/{id}` (docs/platform.md#flow-fields)."""
    found = as_object(document, "An Architect flow")
    what = f"The Architect flow {quoted(found.get('name'))} ({quoted(found.get('id'))})"
    division = child(found, "division", what)
    published = child(found, "publishedVersion", what)
    return ArchitectFlow(
        id=text(found, "id", what, required=True),
        name=text(found, "name", what, required=True),
        type=text(found, "type", what).lower(),
        division_id=text(division, "id", what),
        division_name=text(division, "name", what),
        published_version=_label(published, what),
        published_by=_published_by(found, published, what),
        checked_in_version=_label(child(found, "checkedInVersion", what), what),
        saved_version=_label(child(found, "savedVersion", what), what),
        locked_by=_holder(found, what),
        operation=_current_operation(found, what),
        is_deactivated=bool(published) and found.get("active") is False,
        carries_flow_data=found.get("flowData") is not None,
    )


def operation(document: Json | None, what: str = "The operation") -> Operation:
    """Read an Operation (docs/platform.md#operations)."""
    found = as_object(document, what)
    return Operation(
        id=text(found, "id", what, required=True),
        action=text(found, "actionName", what),
        status=text(found, "actionStatus", what),
        complete=found.get("complete") is True,
        user_id=text(child(found, "user", what), "id", what),
        error=_error_of(found, what),
    )


def asked_for(asked: str, document: Json | None) -> Json | None:
    """Return what came for the thing with the id `asked`. Raises BadPayload where it is another thing.

    A proxy or a cache that mixes up answers would have one Architect flow's changes made to another.
    """
    found = document.get("id") if document else None
    if isinstance(found, str) and found.lower() != asked.lower():
        raise BadPayload(f"{quoted(asked)} was asked for, and {quoted(found)} came")
    return document


def version_label(document: Json | None) -> str:
    """Read the label of a FlowVersion, as saving answers with it (docs/platform.md#versions)."""
    return text(as_object(document, "The saved version"), "id", "The saved version", required=True)


def carries_flow_data(body: bytes) -> bool:
    """Return whether a raw Flow document is of the tutorial's kind."""
    try:
        document = json.loads(body)
    except (
        RecursionError,
        ValueError,
    ):  # too deep, or a number of thousands of digits: it says itself why it is unread
        return b'"flowData"' in body
    return isinstance(document, dict) and document.get("flowData") is not None


def number(document: Json, key: str) -> int | None:
    """Return a whole number, None where there is none; True and False are none."""
    value = document.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def text(document: Json, key: str, what: str, *, required: bool = False) -> str:
    """Return a name or an id, '' where it is absent.

    Raises BadPayload for another type, for one of absurd length, and where a required one is absent.
    """
    value = _text(document, key, what, required=required)
    if len(value) > LONGEST_NAME:
        raise BadPayload(f"{what}: '{key}' has {len(value):,} characters, {LONGEST_NAME:,} at most are read")
    return value


def _text(document: Json, key: str, what: str, *, required: bool = False) -> str:
    value = document.get(key)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and key == "id" and not value):
        raise BadPayload(f"{what} is not as documented: '{key}' is {_kind(value)}, not a text")
    return value


def child(document: Json, key: str, what: str) -> Json:
    """Return an object, {} where it is absent. Raises BadPayload for another type."""
    value = document.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadPayload(f"{what} is not as documented: '{key}' is {_kind(value)}, not an object")
    return value


def as_object(document: object, what: str) -> Json:
    """Return what must be a JSON object. Raises BadPayload."""
    if not isinstance(document, dict):
        raise BadPayload(f"{what} is not as documented: it is {_kind(document)}, not an object")
    return document


def _kind(value: object) -> str:
    return "missing" if value is None else f"of type {type(value).__name__}" if value != "" else "empty"


def _label(version: Json, what: str) -> str | None:
    """Return the label of a version: its id, an opaque text (docs/platform.md#versions)."""
    return text(version, "id", what, required=True) if version else None


def _published_by(found: Json, published: Json, what: str) -> Publisher | None:
    """Read who published: a client before a person, for what a client saved comes out of code whoever publishes it."""
    if client := _named(child(published, "createdByClient", what), what):
        return Publisher(kind="client", **client)
    people = (child(published, "createdBy", what), child(found, "publishedBy", what))
    named = [person for each in people if (person := _named(each, what))]
    best = next((person for person in named if person["name"]), named[0] if named else None)
    return None if best is None else Publisher(kind="person", **best)


def _named(who: Json, what: str) -> dict[str, str]:
    """Return id and name of somebody; {} where there is neither."""
    named = {key: text(who, key, what) for key in ("id", "name")}
    return named if any(named.values()) else {}


def _holder(found: Json, what: str) -> Holder | None:
    """Read who holds the lock: a person as lockedUser, a client as lockedClient (docs/platform.md#flow-fields)."""
    person, client = child(found, "lockedUser", what), child(found, "lockedClient", what)
    if person:
        return Holder(kind="person", id=text(person, "id", what), name=text(person, "name", what))
    if client:
        return Holder(kind="client", id=text(client, "id", what), name=text(client, "name", what))
    return None


def _current_operation(found: Json, what: str) -> Operation | None:
    current = child(found, "currentOperation", what)
    return operation(current, f"{what}, currentOperation") if current else None


def _error_of(found: Json, what: str) -> str:
    """Join message, code and details of a failed Operation in one line."""
    message, code = (cut(_text(found, key, what)) for key in ("errorMessage", "errorCode"))
    details = cut("; ".join(detail_lines(found.get("errorDetails"))))
    return " ".join(part for part in (message, f"[{code}]" if code else "", details) if part)
