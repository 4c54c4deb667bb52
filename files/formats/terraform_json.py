"""Terraform written as JSON (`*.tf.json`, as the provider exports an org): the limits of its actions, as in `hcl`."""

import json
import re
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from files.formats.action_file import ActionFile, FileAction, without_function
from files.formats.configurations import refuse_too_many_values, split_mark
from files.formats.flow_file import UnreadableFile
from files.formats.json_text import Place, as_written, frame, reading, whole, with_limit, written
from files.formats.terraform import COMPUTED_FUNCTION, FUNCTION, FUNCTION_LIMIT, LIMIT, NUMBER, RESOURCE, ignored_in
from files.undoing.memory import LimitTexts
from timeouts.as_code.names import has_placeholder, without_export_date
from timeouts.definitions.spans import (
    ObjectSpan,
    Reader,
    blanks_end,
    read_array,
    read_object,
    read_value,
    shown,
    skip_value,
    spliced_bytes,
)
from timeouts.model.durations import SECOND_MS
from timeouts.model.org import ActionKind, says_function
from timeouts.text.bounds import LONGEST_NAME, quoted

_KEYS = ("name", "category", "secure", "count", "lifecycle", "dynamic", LIMIT, FUNCTION)
_WORD = re.compile(r"[\w*]+")


def _objects(readers: Mapping[str, Reader], otherwise: Reader = read_value) -> Reader:
    """Return what reads an object, or a list of some, as a list: Terraform takes either wherever a block stands."""

    def read(text: str, at: int) -> tuple[typing.Any, int]:
        if text[at : at + 1] == "{":
            span = read_object(text, at, readers, otherwise)
            return [span], span.end
        if text[at : at + 1] == "[":
            items, end = read_array(text, at, read)
            return [each for item in items if isinstance(item, list) for each in item], end
        return read_value(text, at)

    return read


_BODY = _objects(dict.fromkeys((FUNCTION, "lifecycle", "dynamic"), _objects({})))
_TOP: Mapping[str, Reader] = {"resource": _objects({RESOURCE: _objects({}, otherwise=_BODY)}, otherwise=skip_value)}


@dataclass(frozen=True, slots=True)
class _Resource:
    """An action, and the places of its limit: its own, and that of its function."""

    action: FileAction
    places: tuple[Place, Place]


def read_terraform_json(body: bytes) -> ActionFile:
    """Read the actions of a file; a byte order mark is kept. Raises UnreadableFile."""
    mark, document = split_mark(body)
    refuse_too_many_values(document)
    text, top = _parse(document)
    found: dict[str, _Resource] = {}
    problems = []
    for label, span in _resources(top):
        try:
            resource = _read(label, span)
        except UnreadableFile as problem:
            problems.append(f"the resource in line {_line(text, span)} is not understood: {problem}")
            continue
        if found.setdefault(label, resource) is not resource:
            problems.append(f"the resource in line {_line(text, span)} has the name of another one")
    return ActionFile(
        actions=tuple(each.action for each in found.values()),
        with_limit=lambda label, limit_ms: (
            mark + spliced_bytes(text, with_limit(text, found[label].places, found[label].action, limit_ms))
        ),
        frame=lambda label: frame(text, found[label].places),
        texts=lambda label: LimitTexts(*(written(text, place) for place in found[label].places)),
        with_texts=lambda label, texts: mark + spliced_bytes(text, as_written(text, found[label].places, texts)),
        problems=tuple(problems),
    )


def _line(text: str, span: ObjectSpan) -> str:
    """Say in which line an object begins: for problems alone, as all of the text before it is read for it."""
    return f"{text.count(chr(10), 0, span.start) + 1:,}"


def _parse(document: bytes) -> tuple[str, ObjectSpan]:
    with reading("JSON of Terraform"):
        text = document.decode()
        at = blanks_end(text, 0)
        if text[at : at + 1] != "{":
            raise json.JSONDecodeError("an object is expected", text, at)
        return text, whole(text, read_object(text, at, _TOP, otherwise=skip_value))


def _resources(top: ObjectSpan) -> Iterator[tuple[str, ObjectSpan]]:
    """Walk the actions with their labels; what `count` switches off is none."""
    for types in _below(top, "resource"):
        for labels in _below(types, RESOURCE):
            for member in labels.members:
                for span in member.value if isinstance(member.value, list) else ():
                    count = span.find("count")
                    if count is None or count.value != 0 or isinstance(count.value, bool):
                        yield shown(member.key)[:LONGEST_NAME], span


def _below(span: ObjectSpan, key: str) -> Iterator[ObjectSpan]:
    for member in span.members:
        if member.key == key and isinstance(member.value, list):
            yield from (each for each in member.value if isinstance(each, ObjectSpan))


def _read(label: str, span: ObjectSpan) -> _Resource:
    if repeated := span.doubled(_KEYS):
        raise UnreadableFile(f"the key {repeated} stands more than once")
    functions = list(_below(span, FUNCTION))
    if len(functions) > 1:
        raise UnreadableFile(f"it has {len(functions)} blocks {FUNCTION}")
    function = functions[0] if functions else None
    own_ms, unknown = _limit(span, LIMIT)
    function_ms, function_unknown = (None, "") if function is None else _limit(function, FUNCTION_LIMIT)
    is_computed = _is_function_computed(span)
    name, category, secure = span.text("name"), span.text("category"), span.find("secure")
    kind: ActionKind = "function" if functions or is_computed or says_function(category) else "custom"
    other = _other_reason(span, function, kind, is_computed=is_computed)
    action = FileAction(
        name=without_export_date(name) or label,
        category=category,
        kind=kind,
        limit_ms=own_ms,
        function_ms=function_ms,
        secure=secure is not None and secure.value is True,
        resource=label,
        is_named=bool(name) and not has_placeholder(name),
        is_categorised=bool(category) and not has_placeholder(category),
        has_function=function is not None,
        unknown_limit=unknown or function_unknown or other,
    )
    return _Resource(action, ((span, LIMIT), (function, FUNCTION_LIMIT)))


def _is_function_computed(span: ObjectSpan) -> bool:
    said = span.find(FUNCTION)
    is_expression = said is not None and isinstance(said.value, str)
    return is_expression or any(each.find(FUNCTION) is not None for each in _below(span, "dynamic"))


def _other_reason(span: ObjectSpan, function: ObjectSpan | None, kind: ActionKind, *, is_computed: bool) -> str:
    """Say why a limit is not known that is a number: another one may come of it, or Terraform leaves it as it is."""
    if is_computed:
        return COMPUTED_FUNCTION
    if elsewhere := without_function(kind, has_function=function is not None):
        return elsewhere
    members = [member for each in _below(span, "lifecycle") if (member := each.find("ignore_changes")) is not None]
    said = {word for member in members for word in _WORD.findall(str(member.value))}
    return ignored_in(said, has_function=function is not None)


def _limit(span: ObjectSpan, key: str) -> tuple[int | None, str]:
    """Return a limit, or why it is not known. Terraform takes "20" for 20."""
    if span.doubled((key,)):
        raise UnreadableFile(f"the key {key} stands more than once")
    member = span.find(key)
    if member is None or member.value is None:
        return None, ""
    said = str(member.value) if isinstance(member.value, int | str) else ""
    if isinstance(member.value, bool) or not NUMBER.fullmatch(said):
        return None, f"{key} is {quoted(member.value)}"
    return int(said) * SECOND_MS or None, ""
