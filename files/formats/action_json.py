"""Data actions as JSON, exported or as the API serves them: `config`, `contract`, the limit `config.timeoutSeconds`."""

import typing

from files.formats.action_file import ActionFile, FileAction, without_function
from files.formats.configurations import refuse_too_many_values, split_mark
from files.formats.flow_file import UnreadableFile
from files.formats.json_text import as_written, frame, reading, whole, with_limit, written
from files.undoing.memory import LimitTexts
from timeouts.as_code.names import has_placeholder, without_export_date
from timeouts.definitions.spans import ObjectSpan, blanks_end, read_object, read_value, spliced_bytes
from timeouts.model.action_content import limit_in, unknown_limit_in
from timeouts.model.org import ActionKind, says_function
from timeouts.text.bounds import quoted

_LIMIT = "timeoutSeconds"
_HOLDERS = ("config", "function")
_NEEDED = ("config", "contract")
_TELLING = ("actionType", "integrationType", "integrationId")
"""One of them tells an action from other JSON that has what is needed: exports say the first two, the API the last."""

_ENDINGS = (".custom.json", ".customauth.json", ".function.json", ".static.json")
_KINDS: dict[str, ActionKind] = {
    "custom": "custom",
    "customauth": "custom_auth",
    "static": "static",
    "function": "function",
}
_TOP_KEYS = ("name", "category", "actionType", "integrationType", "config", "contract", "function", "secure", "id")


def is_named_as_action(name: str) -> bool:
    """Return whether a file's name says that it holds an action."""
    return name.lower().endswith(_ENDINGS)


def may_be_action(body: bytes) -> bool:
    """Return whether JSON may be an action, by a search of its text."""
    return b'"contract"' in body and any(f'"{key}"'.encode() in body for key in _TELLING)


def read_action(body: bytes, file_name: str) -> ActionFile | None:
    """Read a file that is an action, with or without a byte order mark, which is kept.

    None where it is some other JSON, whatever its name. Raises UnreadableFile, also for JSON that
    holds actions below its top.
    """
    mark, document = split_mark(body)
    refuse_too_many_values(document)
    text, top, values = _parse(document)
    keys = set() if top is None else {member.key for member in top.members}
    is_told = is_named_as_action(file_name) or not keys.isdisjoint(_TELLING)
    is_action = keys.issuperset(_NEEDED) and is_told
    if not is_action:
        if _holds_action(values):
            raise UnreadableFile("it holds an action below its top, which is not read: give each a file of its own")
        if is_named_as_action(file_name) and not keys.isdisjoint((*_NEEDED, *_TELLING)):
            raise UnreadableFile("it is no data action: it has no `config` and `contract`")
        return None
    assert top is not None, "it has keys"
    action = _action_of(top, file_name)
    places = [(_object(top, holder), _LIMIT) for holder in _HOLDERS]
    return ActionFile(
        actions=(action,),
        with_limit=lambda _, limit_ms: mark + spliced_bytes(text, with_limit(text, places, action, limit_ms)),
        frame=lambda _: frame(text, places),
        texts=lambda _: LimitTexts(*(written(text, place) for place in places)),
        with_texts=lambda _, texts: mark + spliced_bytes(text, as_written(text, places, texts)),
    )


def _parse(document: bytes) -> tuple[str, ObjectSpan | None, list[typing.Any]]:
    """Return the text, its object, None where it is something else, and the values below its top."""
    with reading("JSON"):
        text = document.decode()
        at = blanks_end(text, 0)
        if text[at : at + 1] != "{":
            return text, None, [read_value(text, at)[0]]
        top = whole(text, read_object(text, at, {"config": _object_or_value, "function": _object_or_value}))
        return text, top, [member.value for member in top.members]


def _holds_action(values: list[typing.Any]) -> bool:
    """Return whether an action stands anywhere in values; the schema of one, in which these are no texts, is none."""
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, ObjectSpan):
            value = {member.key: member.value for member in value.members}
        if isinstance(value, dict):
            is_told = any(isinstance(value.get(key), str) for key in _TELLING)
            if is_told and all(isinstance(value.get(key), dict) for key in _NEEDED):
                return True
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return False


def _object_or_value(text: str, at: int) -> tuple[typing.Any, int]:
    if text[at : at + 1] == "{":
        span = read_object(text, at)
        return span, span.end
    return read_value(text, at)


def _action_of(top: ObjectSpan, file_name: str) -> FileAction:
    repeated = top.doubled(_TOP_KEYS)
    if repeated is not None:
        raise UnreadableFile(f"the key {repeated} stands more than once")
    name = without_export_date(top.text("name"))
    if not name:
        raise UnreadableFile("it has no name")
    category = top.text("category")
    limits = {key: _limit(top, key) for key in _HOLDERS}
    function = _object(top, "function")
    secure = top.find("secure")
    kind = _kind(top, file_name, has_function=function is not None)
    elsewhere = without_function(kind, has_function=function is not None)
    return FileAction(
        name=name,
        category=category,
        kind=kind,
        limit_ms=limits["config"][0],
        function_ms=limits["function"][0],
        secure=secure is not None and secure.value is True,
        platform_id=top.text("id"),
        is_named=not has_placeholder(name),
        is_categorised=not has_placeholder(category),
        has_function=function is not None,
        unknown_limit=limits["config"][1] or limits["function"][1] or elsewhere,
    )


def _kind(top: ObjectSpan, file_name: str, *, has_function: bool) -> ActionKind:
    """Tell what kind an action is, as `genesys.parsing.actions` does where no type is written."""
    said = top.text("actionType")
    is_function = has_function or any(says_function(top.text(key)) for key in ("category", "integrationType"))
    if said:
        if said.lower() not in _KINDS:
            raise UnreadableFile(f"its actionType is {quoted(said)}, which is not known")
        return "function" if is_function and said.lower() == "custom" else _KINDS[said.lower()]
    identifier = top.text("id").lower()
    if identifier.startswith("static"):
        return "static"
    if identifier.replace("_", "").startswith("customauth") or file_name.lower().endswith(".customauth.json"):
        return "custom_auth"
    return "function" if is_function or file_name.lower().endswith(".function.json") else "custom"


def _limit(top: ObjectSpan, holder: str) -> tuple[int | None, str]:
    """Return the limit in `config` or `function`, or why it is not known."""
    span = _object(top, holder)
    if span is None:
        return None, f"its {holder} is no object" if holder == "config" else ""
    if span.doubled((_LIMIT,)):
        raise UnreadableFile(f"the key {holder}.{_LIMIT} stands more than once")
    member = span.find(_LIMIT)
    said = {} if member is None else {_LIMIT: member.value}
    return limit_in(said), unknown_limit_in(said, holder)


def _object(top: ObjectSpan, key: str) -> ObjectSpan | None:
    member = top.find(key)
    return member.value if member is not None and isinstance(member.value, ObjectSpan) else None
