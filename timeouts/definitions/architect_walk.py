"""Where the actions of an Architect configuration live, and which of them are steps.

Anything at these places that is not shaped as the platform shapes it makes the definition unreadable: it might
hide a step.

Source: docs/platform.md#where-steps-live.
"""

import functools
import itertools
import json
import re
import types
import typing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from timeouts.definitions.interface import Link, Path, UnreadableDefinition, path_to
from timeouts.definitions.spans import (
    read_array,
    read_object,
    read_value,
    read_watchful,
    shown,
    skip_value,
    with_repeats,
)
from timeouts.model.steps import StepKind
from timeouts.text.bounds import LONGEST_NAME, quoted
from timeouts.text.phrases import dotted

_KINDS: Mapping[str, StepKind] = types.MappingProxyType(
    {"DataAction": "data", "SecureAction": "secure", "BridgeServerAction": "bridge"}
)
"""The types of node that are steps."""

_TYPE = '"__type"'
_FIRST_TYPE = re.compile(rf'{_TYPE}\s*:\s*"(\w*)"')
_LOOKS_AHEAD = 4_000
_MOST_NAMED = 20
_STEP_MARK = re.compile(rf'{_TYPE}\s*:\s*"(?:{"|".join(_KINDS)})"')
"""What the text of every step holds, wherever it stands, unless its type is missing or written with escapes."""

_NAMING_KEYS = ("__type", "id", "name", "actionId", "actionName", "category", "trackingId", "useSuggestedTimeout")
"""The keys of a step that are of use, beside `timeout`; all others are checked and forgotten."""
_OF_A_STEP = types.MappingProxyType(dict.fromkeys(_NAMING_KEYS, read_value) | {"timeout": read_watchful})


class Place(typing.NamedTuple):
    """Where a node stands: the index of its text, and its path."""

    start: int
    path: Path


class Node(typing.NamedTuple):
    """An action of a container: where it stands, its id, and where it is a step its content and its timeout's text.

    Of a step's content, the node itself and its `timeout` are marked where a key is repeated (`read_watchful`).
    """

    place: Place
    id: typing.Any
    content: Mapping[str, typing.Any] | None = None
    timeout: str | None = None


@dataclass(frozen=True, slots=True)
class Container:
    """A task, loop, state or menu, with its actions in the order of the document."""

    name: str
    nodes: tuple[Node, ...]


_SEQUENCE = "flowSequenceItemList"

MOST_ITEMS = 250_000
"""Containers, actions and modules of a definition: a real one of 60 MB has a third of them."""


class Room:
    """How many items a definition may still have: each is walked in Python, and keeps half a kilobyte."""

    def __init__(self) -> None:
        self._left = MOST_ITEMS

    def take(self) -> None:
        """Take one in; raises `UnreadableDefinition` where there is no room for it."""
        self._left -= 1
        if self._left < 0:
            raise UnreadableDefinition(f"it has more than the {MOST_ITEMS:,} containers and actions that are read")


def read_containers(text: str, at: int, room: Room, above: Path = ()) -> tuple[list[Container], int]:
    """Read `flowSequenceItemList`: the actions of `actionList[]` and of `menuChoiceList[].action`.

    `above`: where the object stands that has it, which is the document itself or the model of a snapshot.
    """
    return read_items(text, at, (*above, _SEQUENCE), functools.partial(_read_container, room), room)


def kind_of(content: Mapping[str, typing.Any]) -> StepKind:
    """Return the kind of a step; one without a type is known by the keys of a Call Data Action."""
    return _KINDS.get(str(content.get("__type")), "data")


def check_ids(containers: Iterable[Container]) -> None:
    """Raise `UnreadableDefinition` where two nodes share an id: which of them is meant would be a guess."""
    ids = Counter(
        text_or_empty(node.id) for container in containers for node in container.nodes if isinstance(node.id, str)
    )
    repeated = sorted(node_id for node_id, count in ids.items() if count > 1)
    if repeated:
        raise UnreadableDefinition(f"more than one node has the id {', '.join(repeated)}")


def check_marks(text: str, containers: Iterable[Container]) -> None:
    """Raise `UnreadableDefinition` where the text marks more steps than the walk found, naming them."""
    steps = [node for container in containers for node in container.nodes if node.content is not None]
    typed = sum(1 for node in steps if node.content and _names_step(node.content.get("__type")))
    marks = len(_STEP_MARK.findall(text))
    if marks == typed:
        return
    found = {node.place.path for node in steps}
    stray = (f"{shown(str(step_id))} at {dotted(path)}" for path, step_id in _marked(text) if path not in found)
    strays = list(itertools.islice(stray, _MOST_NAMED))
    if strays:
        raise UnreadableDefinition(f"Call Data Action steps stand where none are known to be: {', '.join(strays)}")
    if marks > typed:
        raise UnreadableDefinition("a node has the key __type more than once and may be a Call Data Action step")


def _read_container(room: Room, text: str, at: int, where: Path) -> tuple[Container, int]:
    readers = {
        "actionList": lambda text, at: _read_list(text, at, (*where, "actionList"), _read_node, room),
        "menuChoiceList": lambda text, at: _read_list(text, at, (*where, "menuChoiceList"), _read_choice, room),
        "name": read_value,
    }
    demand(text, at, "{", where)
    span = read_object(text, at, readers, otherwise=skip_value)
    refuse_repeated(span.doubled(("actionList", "menuChoiceList")), where)
    content = {member.key: member.value for member in span.members}
    nodes = [*(content.get("actionList") or ()), *filter(None, content.get("menuChoiceList") or ())]
    return Container(name=text_or_empty(content.get("name")), nodes=tuple(nodes)), span.end


def _read_choice(text: str, at: int, where: Path) -> tuple[Node | None, int]:
    def read_action(text: str, at: int) -> tuple[Node | None, int]:
        return read_value(text, at) if is_null(text, at) else _read_node(text, at, (*where, "action"))

    demand(text, at, "{", where)
    span = read_object(text, at, {"action": read_action}, otherwise=skip_value)
    refuse_repeated(span.doubled(("action",)), where)
    action = span.find("action")
    return None if action is None else action.value, span.end


def _read_node(text: str, at: int, where: Path) -> tuple[Node, int]:
    demand(text, at, "{", where)
    place = Place(at, where)
    if not _looks_like_step(text, at):
        content, end = read_value(text, at)
        if not _is_step(content):
            return Node(place, content.get("id")), end
    span = read_object(text, at, _OF_A_STEP, otherwise=skip_value)
    content = with_repeats([(member.key, member.value) for member in span.members])
    if not _is_step(content):
        return Node(place, content.get("id")), span.end
    timeout = span.find("timeout")
    written = None if timeout is None else text[timeout.start : timeout.end]
    return Node(place, content.get("id"), content, written), span.end


def _looks_like_step(text: str, at: int) -> bool:
    """Guess from the first type in the text, so that few nodes are parsed twice; `_is_step` decides."""
    first = text.find(_TYPE, at, at + _LOOKS_AHEAD)
    found = None if first < 0 else _FIRST_TYPE.match(text, first)
    return found is not None and found[1] in _KINDS


def _is_step(node: Mapping[str, typing.Any]) -> bool:
    """Tell by the type; where it is missing, by the two keys that only such steps have together (4.3)."""
    node_type = node.get("__type")
    if isinstance(node_type, str):
        return node_type in _KINDS
    return "actionId" in node and "category" in node


ItemReader = Callable[[str, int, Path], tuple[typing.Any, int]]


def _read_list(text: str, at: int, where: Path, reader: ItemReader, room: Room) -> tuple[list[typing.Any], int]:
    """Read a list of a container; some platforms' serializers write null for an empty one.

    Source: docs/measured.md#extraction.
    """
    return ([], read_value(text, at)[1]) if is_null(text, at) else read_items(text, at, where, reader, room)


def read_items(text: str, at: int, where: Path, reader: ItemReader, room: Room) -> tuple[list[typing.Any], int]:
    """Read the list at `where`, each item by `reader`, which is told its path; raises `UnreadableDefinition`."""
    demand(text, at, "[", where)
    index = itertools.count()

    def read_item(text: str, at: int) -> tuple[typing.Any, int]:
        room.take()
        return reader(text, at, (*where, next(index)))

    return read_array(text, at, read_item)


def _marked(text: str) -> Iterator[tuple[Path, typing.Any]]:
    pending: list[tuple[Link, typing.Any]] = [(None, json.loads(text))]
    while pending:
        link, value = pending.pop()
        if isinstance(value, dict):
            if _names_step(value.get("__type")):
                yield path_to(link), value.get("id", "one without an id")
            pending += [((link, key), below) for key, below in value.items()]
        elif isinstance(value, list):
            pending += [((link, index), below) for index, below in enumerate(value)]


def _names_step(node_type: typing.Any) -> bool:
    return isinstance(node_type, str) and node_type in _KINDS


def text_or_empty(value: typing.Any) -> str:
    """Return text that can be stored, and none for a value of another type; raises `UnreadableDefinition`."""
    if not isinstance(value, str):
        return ""
    if len(value) > LONGEST_NAME:
        raise UnreadableDefinition(
            f"a name or id in it has {len(value):,} characters, {LONGEST_NAME:,} at most are read: {quoted(value)}"
        )
    return shown(value)


def is_null(text: str, at: int) -> bool:
    """Return whether null stands at an index."""
    return text.startswith("null", at)


def refuse_repeated(key: str | None, where: Path) -> None:
    """Raise `UnreadableDefinition` where there is such a key: which of its values counts would be a guess."""
    if key is not None:
        raise UnreadableDefinition(f"the key {key} stands more than once in {dotted(where)}")


def demand(text: str, at: int, opening: str, where: Path) -> None:
    """Raise `UnreadableDefinition` unless a list (`[`) or an object (`{`) opens at an index."""
    if text[at : at + 1] != opening:
        raise UnreadableDefinition(f"{dotted(where)} is not {'a list' if opening == '[' else 'an object'}")
