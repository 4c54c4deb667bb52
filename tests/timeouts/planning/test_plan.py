"""Plans: changes, pins, order, advice, warnings and limits."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tests.timeouts.conftest import (
    action,
    inventory,
    listed,
    reading,
    set_to,
    step,
)
from timeouts.model.org import DEACTIVATED, ArchitectFlow, Holder, Publisher
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.steps import Reading
from timeouts.planning.changes import Pin
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

RAISE = Policy.raise_to(10_000)
SHORT = LiteralTimeout(timeout_ms=3_000)


def planned(policy: Policy, *architect_flows: ArchitectFlow, steps: int = 1, setting: TimeoutSetting = SHORT) -> Plan:
    readings = [reading(*(step(n, setting) for n in range(1, steps + 1)), of=one.id) for one in architect_flows]
    return compute_plan(inventory(architect_flows, readings, [action()]), policy)


def test_a_change_names_the_step_and_the_rule() -> None:
    (change,) = planned(RAISE, listed()).changes

    assert change.model_dump(exclude={"before", "original"}) == {
        "architect_flow_id": "af-1",
        "architect_flow_name": "Support",
        "step_id": "node-1",
        "step_name": "Call CRM 1",
        "kind": "data",
        "container": "Greeting",
        "tracking_id": 1,
        "action_id": "custom_-_crm",
        "action_name": "Look up customer",
        "after": {"kind": "literal", "timeout_ms": 10_000},
        "restores": None,
        "action_limit_ms": None,
        "before_effective_ms": 3_000,
        "after_effective_ms": 10_000,
        "rule": "at least 10s",
        "reason": "waits 3s, less than 10s",
    }


def test_an_architect_flow_that_changes_is_pinned_to_what_was_read() -> None:
    assert planned(RAISE, listed()).pins == (
        Pin(architect_flow_id="af-1", name="Support", type="INBOUNDCALL", version="4.0", fingerprint="sha256:1"),
    )


@pytest.mark.parametrize(("kind", "may_be_overwritten"), [("client", True), ("person", False), ("us", False)])
def test_a_pin_says_who_published_and_whether_a_deploy_may_overwrite_it(kind: Any, may_be_overwritten: bool) -> None:
    by = Publisher(kind=kind, id="1")
    (pin,) = planned(RAISE, listed(published_by=by)).pins

    assert (pin.published_by, pin.may_be_overwritten) == (by, may_be_overwritten)


def test_an_architect_flow_that_does_not_change_is_not_pinned() -> None:
    assert planned(RAISE, listed(), setting=LiteralTimeout(timeout_ms=10_000)).pins == ()


@pytest.mark.parametrize(
    ("changed", "obstacle"),
    [
        ({"locked_by": Holder(kind="person", id="u1", name="Ada")}, "locked by Ada"),
        ({"is_deactivated": True}, DEACTIVATED),
        ({"is_deactivated": True, "locked_by": Holder(kind="client", id="c1")}, DEACTIVATED),
        ({"saved_version": "s1"}, "a saved draft is newer than the published version 4.0"),
        ({"checked_in_version": "5.0"}, "draft 5.0 is newer than the published version 4.0"),
    ],
)
def test_an_architect_flow_that_a_person_holds_is_held_and_not_changed(changed: dict[str, Any], obstacle: str) -> None:
    plan = planned(RAISE, listed(**changed))

    assert (plan.changes, plan.pins, plan.held[0].obstacle) == ((), (), obstacle)
    assert [(line.why, line.reason) for line in plan.left_alone] == [("held", obstacle)]


def test_a_lock_of_an_oauth_client_may_be_our_own_and_is_left_to_publishing() -> None:
    plan = planned(RAISE, listed(locked_by=Holder(kind="client", id="c1"), saved_version="s1"))

    assert (len(plan.changes), plan.held) == (1, ())
    assert "locked by client c1" in plan.pins[0].obstacle


@pytest.mark.parametrize("label", ["4.0", "3.0"])
def test_a_checked_in_version_that_is_live_or_from_before_it_is_no_draft(label: str) -> None:
    assert planned(RAISE, listed(checked_in_version=label)).pins[0].obstacle == ""


def test_the_first_rule_that_matches_decides() -> None:
    rules = [
        {"name": "not these", "match": {"step": "*1"}, "leave": True},
        {"name": "these", "match": {"step": "*2"}, "at_least": "12s"},
        {"name": "the rest", "at_least": "10s"},
    ]
    plan = planned(Policy.model_validate({"rules": rules}), listed(), steps=3)

    assert {change.step_id: (change.rule, change.after_ms) for change in plan.changes} == {
        "node-2": ("these", 12_000),
        "node-3": ("the rest", 10_000),
    }


def test_common_modules_are_published_before_those_that_may_use_them() -> None:
    architect_flows = [listed("1", "Alpha"), listed("2", "beta"), listed("3", "Zulu", type="COMMONMODULE")]

    assert [pin.name for pin in planned(RAISE, *architect_flows).publish_order()] == ["Zulu", "Alpha", "beta"]


def test_a_plan_gives_the_edits_of_one_architect_flow() -> None:
    plan = planned(RAISE, listed("1", "A"), listed("2", "B"), steps=2)

    assert plan.edits_of("2") == set_to({"node-1": 10_000, "node-2": 10_000})


def test_advice_counts_the_steps_and_architect_flows_that_wait() -> None:
    architect_flows = [listed("1", "A"), listed("2", "B")]
    readings = [reading(step(1, SHORT), step(2, Suggested()), of=one.id) for one in architect_flows]
    (advice,) = compute_plan(inventory(architect_flows, readings, [action(limit_ms=5_000)]), RAISE).action_advice

    assert (advice.steps, advice.architect_flows) == (4, 2)


def test_a_literal_that_no_action_can_use_is_a_warning() -> None:
    (warning,) = planned(RAISE, listed(), setting=LiteralTimeout(timeout_ms=90_000)).warnings

    assert warning.text == "waits 1m30s, but no action waits longer than 1m"


@pytest.mark.parametrize(
    ("short", "told"), [(9, []), (10, ["10 of 30 steps would change, 33.3% of them; the limit is 25%"])]
)
def test_too_large_a_share_of_the_steps_is_a_violation_from_ten_steps_on(short: int, told: list[str]) -> None:
    steps = [step(n, SHORT if n <= short else LiteralTimeout(timeout_ms=10_000)) for n in range(1, 31)]
    plan = compute_plan(inventory([listed()], [reading(*steps)], [action()]), RAISE)

    assert [violation.text for violation in plan.violations] == told


def test_a_reading_without_steps_changes_nothing() -> None:
    unread = Reading(architect_flow_id="af-1", coverage="unreadable", reason="not JSON")

    assert compute_plan(inventory([listed()], [unread]), RAISE).counts.steps == 0


def test_a_reading_of_what_was_not_listed_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="af-1 was read but not listed"):
        inventory([], [reading()])


def test_two_different_readings_of_one_architect_flow_are_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="af-1 was read twice"):
        inventory([listed()], [reading(), reading(step(1, SHORT))])


def test_the_same_reading_twice_counts_once() -> None:
    plan = compute_plan(inventory([listed()], [reading(step(1, SHORT))] * 2, [action()]), RAISE)

    assert plan.counts.steps == 1


def test_a_plan_of_another_schema_is_not_taken_for_ours() -> None:
    stored = json.loads(planned(RAISE, listed()).model_dump_json()) | {"schema_version": 1}

    with pytest.raises(ValidationError):
        Plan.model_validate(stored)


def test_a_step_that_two_rules_would_change_in_turn_is_left_alone() -> None:
    rules = [
        {"name": "pin", "match": {"setting": ["suggested"]}, "exactly": "8s"},
        {"name": "raise", "at_least": "10s"},
    ]
    (line,) = planned(Policy.model_validate({"rules": rules}), listed(), setting=Suggested()).left_alone

    assert line.reason == "this rule would set 8s, and then rule 'raise' would set 10s: let one of them decide"
