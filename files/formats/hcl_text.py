"""Edits of Terraform's text: an attribute put in as its neighbours are written, or taken out with its line."""

import typing
from collections.abc import Iterable, Sequence

from tree_sitter import Node

from files.formats.flow_file import UnreadableFile
from files.formats.hcl_tree import attributes, body_of, key_of, value_of

_INDENTATION = b"  "


class Change(typing.NamedTuple):
    """Replace `body[start:end]` by `replacement`."""

    start: int
    end: int
    replacement: bytes


def changed(body: bytes, changes: Iterable[Change]) -> bytes:
    """Make changes that do not overlap; all bytes between them stay as they are."""
    pieces, done = [], 0
    for change in sorted(changes):
        pieces += [body[done : change.start], change.replacement]
        done = change.end
    return b"".join([*pieces, body[done:]])


def removal(body: bytes, attribute: Node) -> Change:
    """Return the change that takes out an attribute, with its line where nothing else stands in that."""
    start, end = attribute.start_byte, attribute.end_byte
    line, following = _line_start(body, start), _line_end(body, end)
    if not body[line:start].strip() and not body[end:following].strip():
        return Change(line, following + len(_newline(body, following)), b"")
    is_spaced = body[start - 1 : start] == body[end : end + 1] == b" "
    return Change(start, end + is_spaced, b"")


def insertion(body: bytes, block: Node, key: str, value: str, beside: Sequence[str]) -> Change:
    """Return the change that puts an attribute into a block: behind one of `beside`, or of all where that is empty.

    Its sign stands where that of its neighbour does, where they are aligned. Raises UnreadableFile for a block in one
    line that has an attribute: HCL allows no second one there.
    """
    if block.start_point.row == block.end_point.row:
        return _into_one_line(body, block, key, value)
    lone = [each for each in attributes(body_of(block)) if each.start_point.row == each.end_point.row]
    neighbour = next((each for each in reversed(lone) if not beside or key_of(each) in beside), None)
    if neighbour is None:
        return _at_beginning(body, block, key, value)
    line = _line_start(body, neighbour.start_byte)
    end = _line_end(body, neighbour.end_byte)
    indentation = body[line : neighbour.start_byte]
    if indentation.strip():
        raise UnreadableFile(f"line {neighbour.start_point.row + 1:,} has more than one attribute")
    written = key.encode() + _gap(neighbour, lone, key) + b"=" + _behind_sign(body, neighbour) + value.encode()
    return Change(end, end, (_newline(body, end) or b"\n") + indentation + written)


def _into_one_line(body: bytes, block: Node, key: str, value: str) -> Change:
    if body_of(block) is not None:
        raise UnreadableFile(f"the block in line {block.start_point.row + 1:,} is written in one line: break it first")
    start = _brace_end(block)
    is_spaced = body[start : start + 1] == b" "
    written = f"{key} = {value}{' ' if is_spaced else ''}".encode()
    return Change(start + is_spaced, start + is_spaced, written)


def _at_beginning(body: bytes, block: Node, key: str, value: str) -> Change:
    """Put it in as the first line of a block, a level deeper than the block or as deep as what stands in it."""
    end = _line_end(body, _brace_end(block))
    inner = body_of(block)
    if inner is not None and not body[_line_start(body, inner.start_byte) : inner.start_byte].strip():
        indentation = body[_line_start(body, inner.start_byte) : inner.start_byte]
    else:
        line = body[_line_start(body, block.start_byte) : block.start_byte]
        indentation = line[: len(line) - len(line.lstrip())] + _INDENTATION
    return Change(end, end, (_newline(body, end) or b"\n") + indentation + f"{key} = {value}".encode())


def _gap(neighbour: Node, lone: Sequence[Node], key: str) -> bytes:
    """Return what stands between the key and its sign."""
    gap = _sign(neighbour).start_byte - neighbour.named_children[0].end_byte
    column = _sign(neighbour).start_point.column
    is_aligned = gap > 1 or any(_is_in_line(each, neighbour) for each in lone)
    missing = column - neighbour.start_point.column - len(key)
    if is_aligned and missing >= 1:
        return b" " * missing
    return b" " if gap else b""


def _is_in_line(one: Node, other: Node) -> bool:
    """Return whether attributes in neighbouring lines have their signs below each other, by intent."""
    return (
        abs(one.start_point.row - other.start_point.row) == 1
        and _sign(one).start_point.column == _sign(other).start_point.column
        and len(key_of(one)) != len(key_of(other))
    )


def _behind_sign(body: bytes, attribute: Node) -> bytes:
    return body[_sign(attribute).end_byte : value_of(attribute).start_byte]


def _sign(attribute: Node) -> Node:
    return next(child for child in attribute.children if child.type == "=")


def _brace_end(block: Node) -> int:
    return next(child.end_byte for child in block.named_children if child.type == "block_start")


def _line_start(body: bytes, at: int) -> int:
    return body.rfind(b"\n", 0, at) + 1


def _line_end(body: bytes, at: int) -> int:
    """Return where the line ends, before its line break."""
    end = body.find(b"\n", at)
    if end < 0:
        return len(body)
    return end - 1 if body[end - 1 : end] == b"\r" and end - 1 >= at else end


def _newline(body: bytes, at: int) -> bytes:
    if body.startswith(b"\r\n", at):
        return b"\r\n"
    return b"\n" if body.startswith(b"\n", at) else b""
