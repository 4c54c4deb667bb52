"""The corpus of broken definitions: each is told as unreadable with a reason, none crashes, none is read shorter."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.timeouts.conftest import architect, encoded, flow_data, node
from timeouts.definitions import UnreadableDefinition, read_definition

GOOD = encoded(architect(node(1), node(2, suggested=True), menu=(node(3),)))
MANIFEST = architect(node(1))["manifest"]["dataAction"]


def with_step(**changed: Any) -> dict[str, Any]:
    return architect(node(1, **changed), manifest=False)


def deep(levels: int) -> bytes:
    nested = b"[" * levels + b"]" * levels
    return GOOD.replace(b'"variables":[]}', b'"variables":' + nested + b"}")


BROKEN = {
    "nothing": b"",
    "not UTF-8": b'{"flowSequenceItemList":[],"name":"\xff"}',
    "UTF-16": encoded(architect()).decode().encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "HTML": b"<html>maintenance</html>",
    "truncated": GOOD[: len(GOOD) // 2],
    "something after it": GOOD + b" {}",
    "NaN": GOOD.replace(b'"trackingId":1', b'"trackingId":NaN'),
    "Infinity": GOOD.replace(b'"variables":[]}', b'"variables":-Infinity}'),
    "5,000 digits": GOOD.replace(b'"trackingId":1', b'"trackingId":' + b"1" * 5_000),
    "control character": GOOD.replace(b"Main menu", b"Main\x00menu"),
    "no colon": b'{"flowSequenceItemList" []}',
    "no comma": b'{"flowSequenceItemList":[{} {}]}',
    "trailing comma": b'{"flowSequenceItemList":[],}',
    "key without quotes": b"{flowSequenceItemList:[]}",
    "a list": b"[]",
    "null": b"null",
    "neither kind": b"{}",
    "both kinds": encoded(architect() | flow_data()),
    "containers null": encoded(architect(flowSequenceItemList=None)),
    "containers an object": encoded(architect(flowSequenceItemList={})),
    "container a text": encoded(architect(flowSequenceItemList=["task"])),
    "actions an object": encoded(architect(flowSequenceItemList=[{"actionList": {"1": node(1)}}])),
    "action a text": encoded(architect(flowSequenceItemList=[{"actionList": ["node-1"]}])),
    "action null": encoded(architect(flowSequenceItemList=[{"actionList": [None]}])),
    "choices a number": encoded(architect(flowSequenceItemList=[{"menuChoiceList": 3}])),
    "choice a list": encoded(architect(flowSequenceItemList=[{"menuChoiceList": [[node(1)]]}])),
    "choice's action a text": encoded(architect(flowSequenceItemList=[{"menuChoiceList": [{"action": "node-1"}]}])),
    "step without id": encoded(with_step(id=None)),
    "step with a number for id": encoded(with_step(id=5)),
    "step with an empty id": encoded(with_step(id="")),
    "two nodes with one id": encoded(architect(node(1), node(1))),
    "step and other node with one id": encoded(architect(node(1), node(2, id="node-1", __type="Disconnect"))),
    "containers twice": GOOD.replace(b'"variables":[]}', b'"flowSequenceItemList":[]}'),
    "manifest twice": GOOD.replace(b'"variables":[]}', b'"manifest":{}}'),
    "actions twice": GOOD.replace(b'"variables":[],"actionList"', b'"actionList":[],"actionList"'),
    "choice's action twice": GOOD.replace(b'[{"action":', b'[{"action":null,"action":'),
    "choices twice": b'{"flowSequenceItemList":[{"menuChoiceList":[],"menuChoiceList":[]}]}',
    "choice's action null twice": b'{"flowSequenceItemList":[{"menuChoiceList":[{"action":null,"action":null}]}]}',
    "two nodes that are no steps with one id": encoded(
        architect({"__type": "Disconnect", "id": "a"}, {"__type": "Disconnect", "id": "a"})
    ),
    "a step hidden by a second type": GOOD.replace(b'"__type":"DataAction"', b'"__type":"DataAction","__type":"X"', 1),
    "a step in a place that is not known": encoded(architect(node(1), variables=[{"action": node(8)}])),
    "a step in a loop's own list": encoded(architect(node(1, __type="Loop", actionList=[node(8)]))),
    "manifest null": encoded(architect(node(1), manifest=False) | {"manifest": None}),
    "manifest's actions null": encoded(architect(node(1)) | {"manifest": {"dataAction": None}}),
    "manifest's entry a text": encoded(architect(node(1)) | {"manifest": {"dataAction": ["node-1"]}}),
    "manifest's entry without id": encoded(architect(node(1)) | {"manifest": {"dataAction": [{"context": [{}]}]}}),
    "manifest's context a number": encoded(
        architect(node(1)) | {"manifest": {"dataAction": [{"id": "custom_-_crm", "context": 5}]}}
    ),
    "flowData null": encoded(flow_data(flowData=None)),
    "flowData twice": encoded(flow_data()).replace(b'"version":7', b'"flowData":{"nodes":[]}'),
    "nodes missing": encoded(flow_data(flowData={})),
    "nodes twice": b'{"flowData":{"nodes":[],"nodes":[]}}',
    "nodes an object": encoded(flow_data(flowData={"nodes": {}})),
    "node a text": encoded(flow_data("n1")),  # type: ignore[arg-type] # that is what is wrong with it
    "node without id": encoded(flow_data({"type": "dataAction"})),
    "two nodes of flowData with one id": encoded(flow_data({"id": "a", "type": "dataAction"}, {"id": "a"})),
    "a data action elsewhere": encoded(flow_data({"id": "a", "type": "loop", "nodes": [{"type": "dataAction"}]})),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_definition_is_unreadable_with_a_reason(broken: str) -> None:
    with pytest.raises(UnreadableDefinition) as told:
        read_definition(BROKEN[broken])

    assert told.value.reason


@pytest.mark.parametrize("levels", [100, 900, 1_200, 100_000])
def test_a_deep_definition_is_read_whole_or_told_as_unreadable(levels: int) -> None:
    with contextlib.suppress(UnreadableDefinition):
        assert len(read_definition(deep(levels)).steps) == 3


@given(cut=st.integers(0, len(GOOD) - 1))
def test_a_definition_cut_anywhere_is_unreadable(cut: int) -> None:
    with pytest.raises(UnreadableDefinition):
        read_definition(GOOD[:cut])


@settings(max_examples=3 * settings().max_examples)
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
def test_a_changed_byte_never_crashes_and_never_hides_a_step(place: int, byte: int) -> None:
    with contextlib.suppress(UnreadableDefinition):
        assert len(read_definition(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :]).steps) == 3


@settings(max_examples=3 * settings().max_examples)
@given(
    path=st.sampled_from([("manifest",), ("flowSequenceItemList", 0), ("flowSequenceItemList", 0, "actionList", 0)]),
    key=st.sampled_from(["id", "timeout", "actionList", "dataAction", "useSuggestedTimeout", "__type", "category"]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda below: st.lists(below, max_size=2) | st.dictionaries(st.text(max_size=3), below, max_size=2),
        max_leaves=4,
    ),
)
def test_a_value_of_any_type_in_any_place_never_crashes_and_never_hides_a_step(
    path: tuple[str | int, ...], key: str, value: object
) -> None:
    document = json.loads(GOOD)
    at = document
    for part in path:
        at = at[part]
    at[key] = value
    with contextlib.suppress(UnreadableDefinition):
        assert len(read_definition(json.dumps(document).encode()).steps) == 3


DISAGREEING = {
    "a step that the manifest does not name": (
        (node(1), node(2)),
        r"manifest does not name: node-2 \(action custom_-_crm\)",
    ),
    "a step that only the manifest names": ((), r"were not found: node-1 \(action custom_-_crm\)"),
    "a step that calls another action": (
        (node(1, actionId="custom_-_other"),),
        r"not found: node-1 \(action custom_-_crm\)",
    ),
}


@pytest.mark.parametrize(("steps", "reason"), DISAGREEING.values(), ids=DISAGREEING)
def test_what_the_manifest_and_the_steps_do_not_agree_on_is_named(steps: tuple[dict[str, Any]], reason: str) -> None:
    body = encoded(architect(*steps) | {"manifest": {"dataAction": MANIFEST}})

    with pytest.raises(UnreadableDefinition, match=reason):
        read_definition(body)


def test_a_step_in_a_place_that_is_not_known_is_named_with_its_place() -> None:
    with pytest.raises(UnreadableDefinition, match=r"node-8 at variables\[0\].action"):
        read_definition(BROKEN["a step in a place that is not known"])
