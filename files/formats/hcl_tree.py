"""Terraform's language as a tree with the places of everything in the bytes: tree-sitter's, read only."""

import re
from collections.abc import Iterator

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from files.formats.flow_file import UnreadableFile
from files.formats.json_text import reading

MOST_BYTES = 2_000_000
"""Of one file: what is no HCL keeps the parser busy for 2 s a MB (docs/decisions/0034-files.md)."""

DEEPEST = 1_000
"""Levels of brackets, those in texts included: a million take 30 s and more than a gigabyte."""

_BRACKETS = re.compile(rb"[(\[{]|[)\]}]")
_OPENING = frozenset(b"([{")

_LANGUAGE = Language(tree_sitter_hcl.language())


def parse(body: bytes) -> Node:
    """Return the root of a file. Raises UnreadableFile, with the line, where it is not HCL."""
    if len(body) > MOST_BYTES:
        raise UnreadableFile(f"it has {len(body):,} bytes, {MOST_BYTES:,} of Terraform are read")
    _check_depth(body)
    with reading("HCL"):
        body.decode()
    root = Parser(_LANGUAGE).parse(body).root_node
    if root.has_error:
        raise UnreadableFile(f"line {_first_error(root).start_point.row + 1:,} is not understood as HCL")
    return root


def blocks(body: Node | None, kind: str) -> Iterator[Node]:
    """Walk the blocks of that kind in the body of a file or a block, not those below."""
    for child in () if body is None else body.named_children:
        if child.type == "block" and _text(child.named_children[0]) == kind:
            yield child


def labels(block: Node) -> list[str]:
    """Return the labels of a block, without quotation marks."""
    return [_text(child).strip('"') for child in block.named_children[1:] if child.type in {"string_lit", "identifier"}]


def body_of(block: Node) -> Node | None:
    """Return what stands between a block's braces; None where that is nothing."""
    return next((child for child in block.named_children if child.type == "body"), None)


def attributes(body: Node | None) -> list[Node]:
    """Return the attributes of a body, not those of blocks in it."""
    return [] if body is None else [child for child in body.named_children if child.type == "attribute"]


def key_of(attribute: Node) -> str:
    """Return the name of an attribute."""
    return _text(attribute.named_children[0])


def value_of(attribute: Node) -> Node:
    """Return the expression of an attribute."""
    return attribute.named_children[1]


def literal_of(expression: Node) -> Node | None:
    """Return the number, text or truth value that an expression is; None where it is computed."""
    if expression.named_child_count != 1 or expression.named_children[0].type != "literal_value":
        return None
    return expression.named_children[0].named_children[0]


def tokens(root: Node, *, without: set[tuple[int, int]]) -> tuple[tuple[str, bytes], ...]:
    """Return the leaves of a tree in their order, each with its kind and text, but for those of some nodes."""
    found, pending = [], [root]
    while pending:
        node = pending.pop()
        if (node.start_byte, node.end_byte) in without and node.type == "attribute":
            continue
        if node.child_count:
            pending += reversed(node.children)
        else:
            found.append((node.type, node.text or b""))
    return tuple(found)


def _check_depth(body: bytes) -> None:
    depth = 0
    for found in _BRACKETS.finditer(body):
        depth = depth + 1 if body[found.start()] in _OPENING else max(0, depth - 1)
        if depth > DEEPEST:
            line = body.count(b"\n", 0, found.start()) + 1
            raise UnreadableFile(f"it is nested more than {DEEPEST:,} levels deep in line {line:,}")


def _first_error(root: Node) -> Node:
    pending = [root]
    while pending:
        node = pending.pop()
        if node.is_error or node.is_missing:
            return node
        pending += [child for child in reversed(node.children) if child.has_error]
    return root


def _text(node: Node) -> str:
    return (node.text or b"").decode()
