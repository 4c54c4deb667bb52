"""Where the steps of an Architect flow in Archy's YAML stand: items of lists of actions, found by structure.

Source: docs/platform.md#yaml-timeouts. That a step stands in no other place is inferred from the files seen, so a step
that does makes the definition unreadable.
"""

import types
import typing
from collections.abc import Iterator, Mapping

from timeouts.definitions.interface import Link, UnreadableDefinition
from timeouts.definitions.yaml_text.composing import Node, line_at
from timeouts.model.steps import StepKind

KINDS: Mapping[str, StepKind] = types.MappingProxyType(
    {"callData": "data", "callDataSecure": "secure", "callBridge": "bridge"}
)
"""The keys of steps."""

_DEFAULTS = "settingsActionDefaults"
"""Holds settings by the names of actions, and no step."""

_CONTAINERS = frozenset({"task", "menu", "state", "subMenu", "menuTask", "loopTask", "bot", "botState"})
"""Keys of items that hold actions, and have a name."""

_START_UPS = frozenset({"startUpState", "periodicState", "startUpTaskActions"})
"""Keys of an Architect flow itself that hold actions; those without a name are called as their key is."""


class FoundStep(typing.NamedTuple):
    """A step: its key, the value below it, where it stands, its container, and a key above it that is repeated."""

    key: Node
    value: Node
    link: Link
    container: str
    repeated: str


class _Visit(typing.NamedTuple):
    """A value to look at. `anchors`: those on the way to it; `step`: its key where it is a step's content."""

    node: Node
    link: Link
    container: str = ""
    repeated: str = ""
    is_item: bool = False
    anchors: frozenset[str] = frozenset()
    step: Node | None = None


def find_steps(text: str, root: Node) -> list[FoundStep]:
    """Return the steps in the order of the text.

    Raises `UnreadableDefinition` where a step stands in no list, and where an alias repeats what holds steps.
    """
    steps: list[FoundStep] = []
    holding: set[str] = set()
    aliases: list[Node] = []
    pending = [_Visit(root, None)]
    while pending:
        visit = pending.pop()
        node = visit.node
        if node.anchor:
            visit = visit._replace(anchors=visit.anchors | {node.anchor})
        if node.kind == "alias":
            aliases.append(node)
        if visit.step is not None:
            steps.append(FoundStep(visit.step, node, visit.link, visit.container, visit.repeated))
            holding |= visit.anchors
        pending += reversed(list(_below(text, visit)))
    for alias in aliases:
        if alias.value in holding:
            line = line_at(text, alias.start)
            raise UnreadableDefinition(f"an alias in line {line} repeats steps, so how many there are is not known")
    return steps


def _below(text: str, visit: _Visit) -> Iterator[_Visit]:
    node = visit.node
    if node.kind == "sequence":
        for index, item in enumerate(node.children):
            yield visit._replace(node=item, link=(visit.link, index), is_item=True, step=None)
    elif node.kind == "mapping":
        yield from _members(text, visit)


def _members(text: str, visit: _Visit) -> Iterator[_Visit]:
    repeated = visit.repeated or visit.node.repeated()
    for key, value in visit.node.pairs():
        if key.value == _DEFAULTS:
            continue
        is_step = key.value in KINDS
        if is_step and not visit.is_item and value.find("category") is not None:
            line = line_at(text, key.start)
            raise UnreadableDefinition(f"the {key.value} in line {line} stands in no list of actions")
        yield visit._replace(
            node=value,
            link=(visit.link, key.value),
            container=_container(visit, key.value, value),
            repeated=repeated,
            is_item=False,
            step=key if is_step and visit.is_item else None,
        )


def _container(visit: _Visit, key: str, value: Node) -> str:
    """Return in which container stands what is below a key."""
    if visit.is_item and key in _CONTAINERS:
        return value.text("name")
    if _is_top(visit) and key in _START_UPS:
        return value.text("name") or key
    return visit.container


def _is_top(visit: _Visit) -> bool:
    """Return whether it is the Architect flow itself: what stands below its type."""
    return visit.link is not None and visit.link[0] is None
