"""The tutorial's contract: steps in `flowData.nodes[]`, timeouts as milliseconds."""

from typing import Any

import pytest

from tests.timeouts.conftest import encoded, flow_data, set_to
from timeouts.definitions import EditRefusedError, read_definition
from timeouts.definitions.proof import compare_published, prove_edit
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting, Unreadable


def data_action(**content: Any) -> dict[str, Any]:
    return {"id": "n1", "type": "dataAction", "name": "Call CRM", "dataAction": content, "successNodeId": "n2"}


def setting_of(node: dict[str, Any]) -> TimeoutSetting:
    (step,) = read_definition(encoded(flow_data({"id": "n2", "type": "disconnect"}, node))).steps
    return step.setting


def test_a_data_action_is_found_with_what_it_says_of_its_action() -> None:
    content = {"actionId": "a1", "actionName": "Look up", "category": "CRM", "timeout": 5_000}
    (step,) = read_definition(encoded(flow_data(data_action(**content)))).steps

    assert (
        step.id,
        step.name,
        step.action_id,
        step.action_name,
        step.category,
    ) == ("n1", "Call CRM", "a1", "Look up", "CRM")


def test_a_timeout_in_milliseconds_is_a_literal() -> None:
    assert setting_of(data_action(timeout=5_000)) == LiteralTimeout(timeout_ms=5_000)


@pytest.mark.parametrize("node", [data_action(), {"id": "n1", "type": "dataAction"}])
def test_without_a_timeout_the_contract_decides_with_three_seconds(node: dict[str, Any]) -> None:
    (step,) = read_definition(encoded(flow_data(node))).steps

    assert (step.setting, step.default_ms) == (Suggested(), 3_000)


@pytest.mark.parametrize("timeout", [None, "5000", 5000.0, True, 0, -1, [], "x" * 200])
def test_a_timeout_that_is_no_number_of_milliseconds_is_unreadable(timeout: object) -> None:
    setting = setting_of(data_action(timeout=timeout))

    assert isinstance(setting, Unreadable)
    assert "not a number of milliseconds" in setting.reason


@pytest.mark.parametrize("content", [None, "slow", 5, []])
def test_a_data_action_that_is_no_object_is_unreadable(content: object) -> None:
    assert setting_of(data_action() | {"dataAction": content}) == Unreadable(reason="dataAction is not an object")


@pytest.mark.parametrize(
    ("member", "first", "key"),
    [
        ('"timeout":', '"timeout":1,', "timeout"),
        ('"dataAction":', '"dataAction":{},', "dataAction"),
        ('"id":"n1"', '"id":"n0",', "id"),
    ],
)
def test_a_key_that_stands_twice_is_unreadable(member: str, first: str, key: str) -> None:
    text = encoded(flow_data(data_action(timeout=5_000))).decode().replace(member, first + member, 1)

    assert read_definition(text.encode()).steps[0].setting == Unreadable(reason=f"the key {key} stands more than once")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (data_action(url="https://crm/?a=1", timeout=5_000), data_action(url="https://crm/?a=1", timeout=10_000)),
        (data_action(url="https://crm/?a=1"), data_action(url="https://crm/?a=1", timeout=10_000)),
        (data_action(), data_action(timeout=10_000)),
        ({"id": "n1", "type": "dataAction"}, {"id": "n1", "type": "dataAction", "dataAction": {"timeout": 10_000}}),
    ],
)
def test_an_edit_changes_or_adds_the_timeout_and_nothing_else_and_stands_the_proof(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    body = encoded(flow_data(before))
    edited = read_definition(body).with_edits(set_to({"n1": 10_000}))

    assert edited == encoded(flow_data(after))
    prove_edit(body, edited, set_to({"n1": 10_000}))


def test_an_unreadable_timeout_is_never_edited() -> None:
    definition = read_definition(encoded(flow_data(data_action(timeout="5000"))))

    with pytest.raises(EditRefusedError, match="not understood"):
        definition.with_edits(set_to({"n1": 10_000}))


def test_locks_and_counters_beside_flow_data_do_not_move_the_fingerprint() -> None:
    before = read_definition(encoded(flow_data(data_action(timeout=5_000))))
    after = read_definition(encoded(flow_data(data_action(timeout=5_000), version=8, lockedUser={"id": "u1"})))

    assert before.fingerprint == after.fingerprint


def test_fields_that_the_server_moves_are_normalised_and_a_new_name_is_foreign() -> None:
    expected = encoded(flow_data(data_action(timeout=5_000)))
    published = encoded(flow_data(data_action(timeout=5_000), version=8, dateModified="now", name="Sales"))
    compared = compare_published(expected, published)

    assert [difference.path for difference in compared.normalised] == ["$.version", "$.dateModified"]
    assert [str(difference) for difference in compared.foreign] == ['$.name: "Support" became "Sales"']
