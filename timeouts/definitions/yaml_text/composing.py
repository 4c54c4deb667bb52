"""YAML text to a tree of nodes that know where they stand: PyYAML's events, put together without recursion.

The events of libyaml are used where PyYAML has it: they come ten times as fast as those of its own parser.
"""

import typing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml

from timeouts.definitions.documents import Written, as_object
from timeouts.definitions.interface import UnreadableDefinition
from timeouts.definitions.yaml_text.placeholders import Shadow, shadow_of

MOST_NODES = 1_000_000
"""Of a document; a large Architect flow has a hundredth of them. Each takes about 200 bytes."""

DEEPEST = 250
"""Levels. A real Architect flow has some sixty."""

_LOADER: type[typing.Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTED = frozenset({"'", '"', "|", ">"})
_BYTE_ORDER_MARK = "\ufeff"

NodeKind = typing.Literal["scalar", "mapping", "sequence", "alias"]


@dataclass(slots=True)
class Node:
    """One value. `start` and `end` are indexes of the text; a block ends where the last value in it does.

    `value`: the text of a scalar as a parser gives it, its placeholders included; the name of an alias. `style`: how
    a scalar is quoted (`'`, `"`, `|`, `>`, empty where plain), or `flow` and `block`. `children`: of a mapping keys
    and values in turn.
    """

    kind: NodeKind
    start: int
    end: int
    value: str = ""
    style: str = ""
    anchor: str = ""
    tag: str = ""
    is_template: bool = False
    children: Sequence["Node"] = ()

    def pairs(self) -> Iterator[tuple["Node", "Node"]]:
        """Return the members of a mapping, none of anything else."""
        if self.kind == "mapping":
            yield from zip(self.children[::2], self.children[1::2], strict=True)

    def find(self, key: str) -> "Node | None":
        """Return the value of the first member with this key, or None."""
        return next((value for name, value in self.pairs() if name.value == key), None)

    def text(self, key: str) -> str:
        """Return the scalar of the first member with this key as it is written, '' where there is none."""
        value = self.find(key)
        return "" if value is None or value.kind != "scalar" else value.value

    def repeated(self) -> str:
        """Return the first key that stands more than once, '' where none does."""
        seen: set[str] = set()
        for key, _ in self.pairs():
            if key.value in seen:
                return key.value
            seen.add(key.value)
        return ""


def compose(text: str) -> Node:
    """Return the root of the one document that a text holds; raises `UnreadableDefinition` with the line."""
    skipped = len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0
    shadow = shadow_of(text)
    try:
        return _Composer(shadow, skipped).composed()
    except yaml.reader.ReaderError as problem:
        line = _line_of(problem, shadow.text[skipped:])
        raise UnreadableDefinition(f"it is not YAML: {problem.reason} in line {line}") from problem
    except yaml.YAMLError as problem:
        raise UnreadableDefinition(f"it is not YAML: {_told(problem)}") from problem
    except UnreadableDefinition:
        raise
    except (ValueError, OverflowError) as problem:  # PyYAML's own parser, of numbers that are none
        raise UnreadableDefinition(f"it is not YAML: {problem}") from problem


def _line_of(problem: yaml.reader.ReaderError, text: str) -> int:
    """Return the line of a character that is not allowed: libyaml counts bytes, PyYAML's own parser characters."""
    if _LOADER is yaml.SafeLoader:
        return line_at(text, problem.position)
    return text.encode().count(b"\n", 0, problem.position) + 1


def _told(problem: yaml.YAMLError) -> str:
    if not isinstance(problem, yaml.MarkedYAMLError):
        return str(problem)
    mark = problem.problem_mark or problem.context_mark
    return f"{problem.problem or problem.context}{'' if mark is None else f' in line {mark.line + 1}'}"


def line_at(text: str, index: int) -> int:
    """Return the number of the line in which an index of the text lies, as editors count."""
    return text.count("\n", 0, index) + 1


def content_of(node: Node) -> typing.Any:
    """Return a tree as `find_differences` and `fingerprint_of` take it: scalars as written, with their style.

    Anchors and tags of mappings and sequences are left out. No deeper than `DEEPEST`.
    """
    match node.kind:
        case "mapping":
            return as_object([(key.value, content_of(value)) for key, value in node.pairs()])
        case "sequence":
            return [content_of(child) for child in node.children]
        case "alias":
            return Written(f"*{node.value}")
        case "scalar":
            marks = f"{node.anchor and f'&{node.anchor} '}{node.tag and f'{node.tag} '}"
            is_text = node.style == '"' and not marks
            return node.value if is_text else Written(f"{marks}{node.style}{node.value}")
        case _:
            typing.assert_never(node.kind)


class _Composer:
    """Puts the events of one document together."""

    def __init__(self, shadow: Shadow, skipped: int) -> None:
        self._shadow = shadow
        self._skipped = skipped
        self._left = MOST_NODES
        self._open: list[tuple[Node, list[Node]]] = []
        self._root: Node | None = None

    def composed(self) -> Node:
        later: yaml.Event | None = None
        for event in yaml.parse(self._shadow.text[self._skipped :], Loader=_LOADER):
            match event:
                case yaml.DocumentStartEvent() if self._root is not None:
                    later = later or event
                case yaml.NodeEvent() if later is not None:
                    if not _is_nothing(event):
                        raise UnreadableDefinition(f"a second document begins in line {_line(later)}")
                case yaml.ScalarEvent() | yaml.AliasEvent():
                    self._take(self._leaf(event), event)
                case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                    self._begin(event)
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._end(event)
                case _:
                    continue
        if self._root is None:
            raise UnreadableDefinition("it holds no document")
        return self._root

    def _take(self, node: Node, event: yaml.Event) -> None:
        self._left -= 1
        if self._left < 0:
            raise UnreadableDefinition(f"it has more than the {MOST_NODES:,} values that are read")
        if not self._open:
            self._root = node
            return
        above, siblings = self._open[-1]
        if node.kind != "scalar" and above.kind == "mapping" and len(siblings) % 2 == 0:
            raise UnreadableDefinition(f"a key in line {_line(event)} is no text")
        siblings.append(node)

    def _leaf(self, event: yaml.ScalarEvent | yaml.AliasEvent) -> Node:
        start, end = self._span(event)
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", start, end, event.anchor or "")
        is_template = bool(self._shadow.filler) and self._shadow.holds_placeholder(start, end)
        value = self._shadow.restored(event.value, start) if is_template else event.value
        style = event.style or ""
        if style in {"|", ">"}:  # what ends it is read with it
            end = start + len(self._shadow.text[start:end].rstrip())
        return Node("scalar", start, end, value, style, event.anchor or "", event.tag or "", is_template)

    def _begin(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        start, end = self._span(event)
        kind: NodeKind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
        style = "flow" if event.flow_style else "block"
        below: list[Node] = []
        node = Node(kind, start, end, "", style, event.anchor or "", event.tag or "", children=below)
        self._take(node, event)
        self._open.append((node, below))
        if len(self._open) > DEEPEST:
            raise UnreadableDefinition(f"it is nested more than {DEEPEST} levels deep in line {_line(event)}")

    def _end(self, event: yaml.MappingEndEvent | yaml.SequenceEndEvent) -> None:
        node, _ = self._open.pop()
        if node.style == "flow":
            _, node.end = self._span(event)
        elif node.children:  # a block's own end lies behind the comments and blank lines that follow
            node.end = node.children[-1].end

    def _span(self, event: yaml.Event) -> tuple[int, int]:
        assert event.start_mark is not None, "a parser marks every event"
        assert event.end_mark is not None, "as above"
        return event.start_mark.index + self._skipped, event.end_mark.index + self._skipped


def _is_nothing(event: yaml.NodeEvent) -> bool:
    """Return whether a document says nothing: what stands behind its `---` is no value, not even an empty one."""
    if not isinstance(event, yaml.ScalarEvent) or event.style in _QUOTED:
        return False
    return not event.value and event.anchor is None and event.tag is None


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None, "a parser marks every event"
    return int(event.start_mark.line) + 1
