"""Terraform (CX as Code): the limits of `genesyscloud_integration_action` resources (docs/platform.md#as-code).

`config_timeout_seconds` is the limit of the action, `function_config.timeout_seconds` that of its function; 0 and null
are none. Drafts (`genesyscloud_integration_action_draft`) are none of ours.
"""

import re
import typing
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from files.formats.action_file import ActionFile, FileAction, seconds, without_function
from files.formats.configurations import split_mark
from files.formats.flow_file import UnreadableFile
from files.formats.hcl_text import Change, changed, insertion, removal
from files.formats.hcl_tree import attributes, blocks, body_of, key_of, labels, literal_of, parse, tokens, value_of
from files.formats.terraform import COMPUTED_FUNCTION, FUNCTION, FUNCTION_LIMIT, LIMIT, NUMBER, RESOURCE, ignored_in
from files.undoing.memory import LimitTexts
from timeouts.as_code.names import has_placeholder, without_export_date
from timeouts.model.durations import SECOND_MS
from timeouts.model.org import ActionKind, says_function
from timeouts.text.bounds import LONGEST_NAME
from timeouts.text.visible import one_line

_BESIDE = ("name", "category", "integration_id", "secure")
"""A new limit stands behind the last of these."""

_MARK = re.compile(rf'resource\s+"?{RESOURCE}"?[\s"]'.encode())
_LONGEST_EXPRESSION = 80

_ESCAPE = re.compile(r'\\([nrt"\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|(\$|%)\2\{')
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class _Limit:
    """A limit as it is written. `number`: the node of its digits or `null`, None where there is no such attribute."""

    limit_ms: int | None = None
    attribute: Node | None = None
    number: Node | None = None
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class _Resource:
    block: Node
    action: FileAction
    own: _Limit
    function_block: Node | None
    function: _Limit


def may_hold_actions(body: bytes) -> bool:
    """Return whether a file may have resources that are actions, by a search of its text."""
    return _MARK.search(body) is not None


def read_terraform(body: bytes) -> ActionFile:
    """Read the actions of a file; a byte order mark is kept. Raises UnreadableFile, with the line."""
    mark, text = split_mark(body)
    root = parse(text)
    found: dict[str, _Resource] = {}
    problems = []
    for block in _resources(root):
        try:
            resource = _read(block)
        except UnreadableFile as problem:
            problems.append(f"the resource in line {block.start_point.row + 1:,} is not understood: {problem}")
            continue
        if found.setdefault(resource.action.resource, resource) is not resource:
            problems.append(f"the resource in line {block.start_point.row + 1:,} has the name of another one")
    return ActionFile(
        actions=tuple(each.action for each in found.values()),
        with_limit=lambda resource, limit_ms: mark + changed(text, _changes(text, found[resource], limit_ms)),
        frame=lambda resource: _frame(text, root, found[resource]),
        texts=lambda resource: LimitTexts(_text_of(found[resource].own), _text_of(found[resource].function)),
        with_texts=lambda resource, texts: mark + changed(text, _as_written(text, found[resource], texts)),
        problems=tuple(problems),
    )


def _resources(root: Node) -> Iterator[Node]:
    for body in root.named_children:
        if body.type == "body":
            found = (block for block in blocks(body, "resource") if labels(block)[:1] == [RESOURCE])
            yield from (block for block in found if not _is_switched_off(block))


def _is_switched_off(block: Node) -> bool:
    counts = [literal_of(value_of(each)) for each in attributes(body_of(block)) if key_of(each) == "count"]
    return any(count is not None and count.text == b"0" for count in counts)


def _read(block: Node) -> _Resource:
    said = labels(block)
    if len(said) != 2:  # noqa: PLR2004 - the type of a resource and its name
        raise UnreadableFile("it has no name")
    body = body_of(block)
    own = _limit(body, LIMIT)
    functions = list(blocks(body, FUNCTION))
    if len(functions) > 1:
        raise UnreadableFile(f"it has {len(functions)} blocks {FUNCTION}")
    function = _limit(body_of(functions[0]), FUNCTION_LIMIT) if functions else _Limit()
    is_computed = any(labels(each) == [FUNCTION] for each in blocks(body, "dynamic"))
    name, is_named = _said(body, "name")
    category, is_category = _said(body, "category")
    kind: ActionKind = "function" if functions or is_computed or says_function(category) else "custom"
    elsewhere = without_function(kind, has_function=bool(functions))
    ignored = _ignored(body, has_function=bool(functions))
    secure = _one(body, "secure")
    literal = None if secure is None else literal_of(value_of(secure))
    action = FileAction(
        name=without_export_date(name) or said[1],
        category=category,
        kind=kind,
        limit_ms=own.limit_ms,
        function_ms=function.limit_ms,
        secure=literal is not None and literal.text == b"true",
        resource=said[1],
        is_named=is_named and bool(name) and not has_placeholder(name),
        is_categorised=is_category and not has_placeholder(category),
        has_function=bool(functions),
        unknown_limit=own.unknown or function.unknown or (COMPUTED_FUNCTION if is_computed else elsewhere or ignored),
    )
    return _Resource(block, action, own, functions[0] if functions else None, function)


def _ignored(body: Node | None, *, has_function: bool) -> str:
    found = [_one(body_of(block), "ignore_changes") for block in blocks(body, "lifecycle")]
    values = [value_of(attribute) for attribute in found if attribute is not None]
    said = {text.decode() for value in values for _, text in tokens(value, without=set())}
    return ignored_in(said, has_function=has_function)


def _one(body: Node | None, key: str) -> Node | None:
    found = [each for each in attributes(body) if key_of(each) == key]
    if len(found) > 1:
        raise UnreadableFile(f"the attribute {key} stands more than once")
    return found[0] if found else None


def _said(body: Node | None, key: str) -> tuple[str, bool]:
    """Return the text of an attribute, and whether it is a literal: else it is the expression as written."""
    attribute = _one(body, key)
    if attribute is None:
        return "", False
    literal = literal_of(value_of(attribute))
    if literal is not None and literal.type == "string_lit":
        return _ESCAPE.sub(_unescaped, (literal.text or b"").decode()[1:-1])[:LONGEST_NAME], True
    return _written(value_of(attribute)), False


def _unescaped(found: re.Match[str]) -> str:
    if found[2]:
        return found[2] + "{"
    said = found[1]
    if said in _ESCAPED:
        return _ESCAPED[said]
    code = int(said[1:], 16)
    is_character = code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF  # noqa: PLR2004 - of Unicode
    return chr(code) if is_character else found[0]


def _written(expression: Node) -> str:
    return one_line((expression.text or b"").decode(), _LONGEST_EXPRESSION)


def _limit(body: Node | None, key: str) -> _Limit:
    attribute = _one(body, key)
    if attribute is None:
        return _Limit()
    literal = literal_of(value_of(attribute))
    if literal is not None and literal.type == "null_lit":  # as if the attribute were not there
        return _Limit(None, attribute, literal)
    number = literal
    if literal is not None and literal.type == "string_lit":  # Terraform takes "20" for 20
        number = next((part for part in literal.named_children if part.type == "template_literal"), None)
    written = "" if number is None else (number.text or b"").decode()
    if number is None or number.type not in {"numeric_lit", "template_literal"} or not NUMBER.fullmatch(written):
        return _Limit(attribute=attribute, unknown=f"{key} is {_written(value_of(attribute))}")
    return _Limit(int(written) * SECOND_MS or None, attribute, number)


class _Place(typing.NamedTuple):
    """Where a limit stands: an attribute of a block, and behind which others a new one is put, any where empty."""

    block: Node
    key: str
    beside: tuple[str, ...] = ()


def _changes(body: bytes, resource: _Resource, limit_ms: int | None) -> list[Change]:
    own_ms, function_ms = resource.action.wanted(limit_ms)
    changes = []
    if own_ms != resource.own.limit_ms:
        changes.append(_put(body, _own_place(resource), resource.own, own_ms))
    if function_ms != resource.function.limit_ms:
        changes.append(_put(body, _function_place(resource), resource.function, function_ms))
    return changes


def _own_place(resource: _Resource) -> _Place:
    return _Place(resource.block, LIMIT, _BESIDE)


def _function_place(resource: _Resource) -> _Place:
    assert resource.function_block is not None, "only what has a function has a limit of it"
    return _Place(resource.function_block, FUNCTION_LIMIT)


def _text_of(limit: _Limit) -> str | None:
    return None if limit.attribute is None else (value_of(limit.attribute).text or b"").decode()


def _as_written(body: bytes, resource: _Resource, texts: LimitTexts) -> list[Change]:
    changes = []
    if texts.own != _text_of(resource.own):
        changes.append(_write(body, _own_place(resource), resource.own, texts.own))
    if texts.function != _text_of(resource.function):
        changes.append(_write(body, _function_place(resource), resource.function, texts.function))
    return changes


def _write(body: bytes, place: _Place, before: _Limit, value: str | None) -> Change:
    """Put a value as it was written in the place of another one."""
    if before.attribute is None:
        assert value is not None, "what is not there needs no removal"
        return insertion(body, place.block, place.key, value, place.beside)
    if value is None:
        return removal(body, before.attribute)
    written = value_of(before.attribute)
    return Change(written.start_byte, written.end_byte, value.encode())


def _put(body: bytes, place: _Place, before: _Limit, limit_ms: int | None) -> Change:
    if before.attribute is None:
        assert limit_ms is not None, "what is not there needs no removal"
        return insertion(body, place.block, place.key, str(seconds(limit_ms)), place.beside)
    if limit_ms is None:
        return removal(body, before.attribute)
    assert before.number is not None, "what is computed is never changed"
    return Change(before.number.start_byte, before.number.end_byte, str(seconds(limit_ms)).encode())


def _frame(body: bytes, root: Node, resource: _Resource) -> Hashable:
    """Return everything that the file says but for the limits of one resource, and its bytes without them."""
    limits = [each.attribute for each in (resource.own, resource.function) if each.attribute is not None]
    said = tokens(root, without={(each.start_byte, each.end_byte) for each in limits})
    return said, changed(body, [removal(body, each) for each in limits])
