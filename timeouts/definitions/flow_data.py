"""`flowData`: the tutorial's contract, a flow object that carries its nodes.

Source: docs/design.md#kinds-of-definition.
"""

import functools
import itertools
import re
import typing
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from timeouts.definitions import flow_data_text
from timeouts.definitions.architect_walk import Room, text_or_empty
from timeouts.definitions.documents import parse_exact, text_fingerprint
from timeouts.definitions.edits import changeable
from timeouts.definitions.interface import Path, PlainDefinition, UnreadableDefinition
from timeouts.definitions.spans import (
    Member,
    ObjectSpan,
    Splice,
    read_array,
    read_object,
    skip_value,
    spliced_bytes,
)
from timeouts.model.settings import TimeoutSetting, Unreadable
from timeouts.model.step_edits import FlowDataRawTimeout, StepEdit
from timeouts.model.steps import DefinitionKind, Snapshot, Step

DEFAULT_MS = 3_000
"""What a node without a timeout waits (docs/platform.md#tutorial, step 2)."""

_STEP_TYPE = "dataAction"
_STEP_MARK = re.compile(rf'"type"\s*:\s*"{_STEP_TYPE}"')
_NODE_KEYS = ("id", "type", "dataAction")
_SERVER_OWNED = frozenset(
    {
        *("version", "publishedVersion", "checkedInVersion", "savedVersion", "debugVersion"),
        *("dateCreated", "dateModified", "dateUpdated", "modifiedBy", "publishedBy"),
        *("lockedUser", "lockedClient", "currentOperation", "selfUri"),
    }
)


@dataclass(frozen=True, slots=True)
class _Node:
    span: ObjectSpan
    index: int


class FlowDataDefinition(PlainDefinition):
    """A flow object with `flowData` that was read and cross-checked."""

    kind: DefinitionKind = "flowData"
    snapshots: tuple[Snapshot, ...] = ()

    def __init__(self, text: str, content: str, steps: tuple[Step, ...], nodes: Mapping[str, _Node]) -> None:
        self._text = text
        self._content = content
        self._nodes = nodes
        self.steps = steps

    @property
    def content(self) -> typing.Any:
        """The whole document, as `parse_exact` gives it."""
        return parse_exact(self._text)

    @functools.cached_property
    def fingerprint(self) -> str:
        """The hash of `flowData` alone: locks and version counters beside it move without anybody editing."""
        return text_fingerprint(self._content)

    @property
    def locations(self) -> Mapping[str, Path]:
        """Where each step's node stands, by step id."""
        return {step_id: ("flowData", "nodes", node.index) for step_id, node in self._nodes.items()}

    def sets_timeout(self, below_step: Path) -> bool:
        """Return True for `dataAction.timeout`, and for `dataAction` itself where it was missing."""
        return below_step in {("dataAction",), ("dataAction", "timeout")}

    def is_server_owned(self, path: Path) -> bool:
        """Version counters, dates, the lock and the running operation belong to the server."""
        return path[0] in _SERVER_OWNED

    def with_edits(self, edits: Mapping[str, StepEdit]) -> bytes:
        """Make `dataAction.timeout` of each node what its edit asks for; keep every other byte of the flow object."""
        splices: list[Splice] = []
        for step_id, after in changeable(self.steps, edits):
            assert isinstance(after, FlowDataRawTimeout), "another kind is refused before"
            splices += flow_data_text.put(self._text, self._nodes[step_id].span, after)
        return spliced_bytes(self._text, splices)


def read_flow_data(text: str, top: ObjectSpan) -> FlowDataDefinition:
    """Make the definition of a flow object that carries `flowData`; raises `UnreadableDefinition`."""
    carrier = _only(top, "flowData", "the flow object")
    if text[carrier.start] != "{":
        raise UnreadableDefinition("flowData is not an object")
    list_of_nodes = _only(read_object(text, carrier.start, otherwise=skip_value), "nodes", "flowData")
    if text[list_of_nodes.start] != "[":
        raise UnreadableDefinition("flowData.nodes is not a list")
    index, room = itertools.count(), Room()
    nodes, _ = read_array(text, list_of_nodes.start, lambda text, at: _read_node(text, at, next(index), room))
    found = {_id(node): node for node in nodes if _value(node.span, "type") == _STEP_TYPE}
    content = text[carrier.start : carrier.end]
    _check_ids(nodes)
    _check_marks(content, len(found))
    return FlowDataDefinition(text, content, tuple(_step(text, node.span) for node in found.values()), found)


def _only(span: ObjectSpan, key: str, where: str) -> Member:
    member = span.find(key)
    if member is None or span.doubled((key,)) is not None:
        raise UnreadableDefinition(f"{where} has {'no' if member is None else 'more than one'} {key}")
    return member


def _read_node(text: str, at: int, index: int, room: Room) -> tuple[_Node, int]:
    room.take()
    if text[at : at + 1] != "{":
        raise UnreadableDefinition(f"flowData.nodes[{index}] is not an object")
    span = read_object(text, at)
    return _Node(span, index), span.end


def _id(node: _Node) -> str:
    step_id = _value(node.span, "id")
    if not isinstance(step_id, str) or not step_id:
        raise UnreadableDefinition(f"the data action at flowData.nodes[{node.index}] has no id")
    return text_or_empty(step_id)


def _check_ids(nodes: list[_Node]) -> None:
    ids = Counter(text_or_empty(_value(node.span, "id")) for node in nodes)
    repeated = sorted(node_id for node_id, count in ids.items() if node_id and count > 1)
    if repeated:
        raise UnreadableDefinition(f"more than one node has the id {', '.join(repeated)}")


def _check_marks(content: str, found: int) -> None:
    marks = len(_STEP_MARK.findall(content))
    if marks > found:
        raise UnreadableDefinition(
            f"flowData holds {marks} data actions, but only {found} stand in flowData.nodes: where the others are "
            "is not known"
        )


def _step(text: str, span: ObjectSpan) -> Step:
    content = _value(span, "dataAction")
    content = content if isinstance(content, dict) else {}
    setting = _setting(text, span)
    return Step(
        id=text_or_empty(_value(span, "id")),
        name=text_or_empty(_value(span, "name")),
        action_id=text_or_empty(content.get("actionId")),
        action_name=text_or_empty(content.get("actionName")),
        category=text_or_empty(content.get("category")),
        setting=setting,
        default_ms=DEFAULT_MS,
        raw_timeout=None if isinstance(setting, Unreadable) else flow_data_text.raw_timeout_in(text, span),
    )


def _setting(text: str, span: ObjectSpan) -> TimeoutSetting:
    repeated = span.doubled(_NODE_KEYS)
    action = span.find("dataAction")
    if action is not None and isinstance(action.value, dict):
        repeated = repeated or read_object(text, action.start).doubled(("timeout",))
    if repeated is not None:
        return Unreadable(reason=f"the key {repeated} stands more than once")
    if action is not None and not isinstance(action.value, dict):
        return Unreadable(reason="dataAction is not an object")
    return flow_data_text.setting_of(flow_data_text.raw_timeout_in(text, span))


def _value(span: ObjectSpan, key: str) -> typing.Any:
    """Return the value that a JSON parser would give: of a repeated key, the last."""
    return next((member.value for member in reversed(span.members) if member.key == key), None)
