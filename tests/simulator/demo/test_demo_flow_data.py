"""The org of the tutorial's kind (docs/platform.md#tutorial, steps 1 and 2)."""

import json
from collections import Counter
from typing import Any

import pytest

from simulator.demo.org import build_flow_data_org
from simulator.org.seeds import OrgSeed


@pytest.fixture(scope="module")
def org() -> OrgSeed:
    return build_flow_data_org()


@pytest.fixture(scope="module")
def flow_data(org: OrgSeed) -> dict[str, Any]:
    return {one.name: json.loads(one.configuration("1.0")) for one in org.architect_flows}


def calls(flow_data: dict[str, Any]) -> list[dict[str, Any]]:
    return [node for one in flow_data.values() for node in one["nodes"] if node["type"] == "dataAction"]


def test_it_is_of_the_tutorials_kind_and_has_eight_flow_objects(org: OrgSeed) -> None:
    assert org.kind == "flowData"
    assert [one.published_versions for one in org.architect_flows] == [("1.0",)] * 8


def test_a_data_action_has_the_keys_of_the_tutorial(flow_data: dict[str, Any]) -> None:
    for node in calls(flow_data):
        assert list(node) == ["id", "type", "name", "dataAction", "successNodeId", "failureNodeId"]
        assert list(node["dataAction"])[:4] == ["endpoint", "method", "headers", "body"]


def test_timeouts_are_absent_numbers_and_once_a_text(flow_data: dict[str, Any]) -> None:
    kinds = Counter(type(node["dataAction"].get("timeout")) for node in calls(flow_data))

    assert kinds[type(None)] >= 3
    assert kinds[int] >= 5
    assert kinds[str] == 1


def test_the_tutorials_own_step_is_there(flow_data: dict[str, Any]) -> None:
    assert [node["name"] for node in calls(flow_data)].count("MySlowDataAction") == 1


def test_a_name_occurs_twice_in_one_flow_object(flow_data: dict[str, Any]) -> None:
    names = [Counter(node["name"] for node in one["nodes"]) for one in flow_data.values()]

    assert max(count for one in names for count in one.values()) == 2


def test_every_reference_leads_to_a_node(flow_data: dict[str, Any]) -> None:
    for one in flow_data.values():
        ids = [node["id"] for node in one["nodes"]]
        assert len(set(ids)) == len(ids)
        for node in one["nodes"]:
            assert all(value in ids for key, value in node.items() if key.endswith("NodeId"))


def test_one_flow_object_is_locked_by_a_person(org: OrgSeed) -> None:
    assert [one.locked_by in org.people for one in org.architect_flows if one.locked_by] == [True]


def test_the_same_seed_gives_the_same_bytes(org: OrgSeed) -> None:
    again = build_flow_data_org()

    for one, other in zip(org.architect_flows, again.architect_flows, strict=True):
        assert (one.id, one.configuration("1.0")) == (other.id, other.configuration("1.0"))


def test_there_is_no_other_version(org: OrgSeed) -> None:
    with pytest.raises(ValueError, match="draft"):
        org.architect_flows[0].configuration("draft")
