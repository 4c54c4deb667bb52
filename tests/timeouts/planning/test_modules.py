"""Plans with common modules: whose waits count only after a republish, and who is republished, in which order."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.effect.changes import touched_actions
from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, Holder
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.model.steps import Snapshot, Step
from timeouts.planning.computing import compute_plan
from timeouts.planning.copies import NOT_ASKED, modules_first
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

SHORT, LONG = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=10_000)


def module(number: int = 1) -> ArchitectFlow:
    return listed(f"module-{number}", f"Module {number}", type="commonmodule")


def snapshot(*steps: Step, of: int = 1, version: str = "4.0") -> Snapshot:
    return Snapshot(module_id=f"module-{of}", name=f"Module {of}", version=version, steps=steps)


def one_caller(
    in_module: Any = SHORT, in_caller: Any = SHORT, limit_ms: int | None = 20_000, **caller: Any
) -> Inventory:
    """A module with one step, and a caller that embeds it."""
    return inventory(
        [listed("caller", "Caller", **caller), module()],
        [reading(of="caller", snapshots=(snapshot(step(1, in_caller)),)), reading(step(1, in_module), of="module-1")],
        [action(limit_ms=limit_ms, version=1)],
    )


def plan_of(org: Inventory, **asked: Any) -> Plan:
    return compute_plan(org, Policy.model_validate({"rules": [{"name": "r", "at_least": "10s"}]} | asked))


def pinned(plan: Plan) -> list[str]:
    return [pin.architect_flow_id for pin in plan.publish_order()]


def test_a_raise_in_a_module_names_the_callers_that_go_on_waiting_as_before() -> None:
    plan = plan_of(one_caller())

    assert pinned(plan) == ["module-1"]
    (copy,) = plan.copies
    assert (copy.architect_flow_name, copy.module_name, copy.module_version) == ("Caller", "Module 1", "4.0")
    assert (copy.before_effective_ms, copy.after_effective_ms, copy.stays) == (3_000, 10_000, NOT_ASKED)


def test_callers_are_republished_after_their_module_where_the_policy_says_so() -> None:
    plan = plan_of(one_caller(), republish_callers=True)

    assert pinned(plan) == ["module-1", "caller"]
    assert plan.edits_of("caller") == {}
    assert [copy.after for copy in plan.copies_in("caller")] == [LONG]
    assert plan.pins[0].embeds == ("module-1",)


def test_copies_are_no_steps_and_count_nowhere_among_them() -> None:
    plan = plan_of(one_caller(), republish_callers=True)

    assert (plan.counts.steps, plan.counts.changed) == (1, 1)


def test_a_caller_that_lags_behind_since_an_earlier_run_is_taken_along() -> None:
    """A run that raised the module alone must not be the end: the callers wait as before, and the next plan says so."""
    org = one_caller(in_module=LONG)

    assert [copy.stays for copy in plan_of(org).copies] == [NOT_ASKED]
    assert pinned(plan_of(org, republish_callers=True)) == ["caller"]


@pytest.mark.parametrize(
    ("in_module", "in_caller", "rule", "taken_along"),
    [
        (LONG, SHORT, {"effective_below": "10s"}, ["caller"]),
        (LONG, LONG, {"effective_below": "10s"}, []),
        (LONG, LiteralTimeout(timeout_ms=15_000), {"effective_below": "10s"}, []),
        (LONG, SHORT, {"effective_below": "10s", "architect_flow": "Caller"}, []),
        (LiteralTimeout(timeout_ms=9_000), SHORT, {"effective_below": "5s"}, []),
    ],
)
def test_a_rule_for_what_is_short_takes_along_a_caller_whose_module_is_short_no_more(
    in_module: Any, in_caller: Any, rule: Any, taken_along: list[str]
) -> None:
    """Once an earlier run raised the module's step, such a rule fits its copies alone."""
    asked = {"rules": [{"name": "r", "at_least": "10s", "match": rule}]}
    org = one_caller(in_module, in_caller)

    assert pinned(plan_of(org, republish_callers=True, **asked)) == taken_along
    assert [copy.stays for copy in plan_of(org, **asked).copies] == [NOT_ASKED for _ in taken_along]


def test_nothing_is_left_to_do_once_module_and_caller_say_the_same() -> None:
    plan = plan_of(one_caller(in_module=LONG, in_caller=LONG), republish_callers=True)

    assert plan.changes_nothing
    assert plan.copies == ()


def test_a_copy_of_what_no_rule_asks_for_is_nobodys_business() -> None:
    asked = {
        "rules": [{"name": "r", "at_least": "10s", "match": {"step": "something else"}}],
        "republish_callers": True,
    }

    assert plan_of(one_caller(in_module=LONG), **asked).changes_nothing


def test_a_raised_limit_reaches_copies_at_once_and_republishes_nobody() -> None:
    org = one_caller(Suggested(), Suggested(), limit_ms=5_000)

    plan = plan_of(org, levers=["action"], republish_callers=True)

    assert pinned(plan) == []
    assert plan.copies == ()
    (change,) = plan.action_changes
    assert [(each.architect_flow_id, each.copy_of) for each in change.affected_steps] == [
        ("caller", "module-1"),
        ("module-1", ""),
    ]


def test_a_limit_is_raised_rather_than_a_module_and_its_callers_republished() -> None:
    """The module is republished anyway for another step, its caller is not: the limit reaches it at once."""
    steps = (step(1, Suggested(), "a"), step(2, SHORT, "b"))
    org = inventory(
        [listed("caller", "Caller"), module()],
        [reading(of="caller", snapshots=(snapshot(steps[0]),)), reading(*steps, of="module-1")],
        [action("a", version=1), action("b", version=1, limit_ms=20_000)],
    )

    asked = {"levers": ["step", "action"], "suggested_default": "5s"}

    assert [change.action_id for change in plan_of(org, **asked).action_changes] == ["a"]


def test_a_caller_that_is_published_anyway_brings_its_copies_up_to_date() -> None:
    org = inventory(
        [listed("caller", "Caller"), module()],
        [
            reading(step(9, SHORT), of="caller", snapshots=(snapshot(step(1, SHORT)),)),
            reading(step(1, SHORT), of="module-1"),
        ],
        [action(limit_ms=20_000, version=1)],
    )

    plan = plan_of(org)

    assert pinned(plan) == ["module-1", "caller"]
    assert [copy.stays for copy in plan.copies] == [""]


@pytest.mark.parametrize(
    ("caller", "asked", "why"),
    [
        ({"locked_by": Holder(kind="person", id="u", name="Ada")}, {}, "locked by Ada"),
        ({}, {"protected": ["Caller"]}, "the policy protects"),
    ],
)
def test_a_caller_that_must_not_be_published_stays_and_says_why(caller: Any, asked: Any, why: str) -> None:
    plan = plan_of(one_caller(**caller), republish_callers=True, **asked)

    assert pinned(plan) == ["module-1"]
    assert why in plan.copies[0].stays


def test_modules_that_call_modules_are_published_from_the_inside_out() -> None:
    inner, outer = snapshot(step(1, SHORT), of=1), snapshot(step(2, SHORT), of=2)
    org = inventory(
        [listed("caller", "A caller"), module(2), module(1)],
        [
            reading(of="caller", snapshots=(outer, inner)),
            reading(step(2, SHORT), of="module-2", snapshots=(inner,)),
            reading(step(1, SHORT), of="module-1"),
        ],
        [action(limit_ms=20_000, version=1)],
    )

    assert pinned(plan_of(org, republish_callers=True)) == ["module-1", "module-2", "caller"]


def test_republished_callers_count_against_the_limit_of_architect_flows() -> None:
    plan = plan_of(one_caller(), republish_callers=True, limits={"architect_flows": 1})

    assert [each.limit for each in plan.violations] == ["architect_flows"]


def test_a_first_limit_must_not_shorten_the_wait_of_a_copy() -> None:
    org = one_caller(Suggested(), LiteralTimeout(timeout_ms=25_000), limit_ms=None)

    plan = plan_of(org, levers=["action"], suggested_default="5s")

    assert [change.after_ms for change in plan.action_changes] == [25_000]


def test_modules_that_embed_each_other_have_an_order_all_the_same() -> None:
    assert set(modules_first({"a": ["b"], "b": ["a"], "c": ["a"]})) == {"a", "b", "c"}
    assert modules_first({"a": ["b"], "b": [], "c": ["a", "b"]}) == {"b": 0, "a": 1, "c": 2}


def test_the_effect_of_a_republish_is_that_of_the_actions_that_its_copies_call() -> None:
    plan = plan_of(one_caller(in_module=LONG), republish_callers=True)

    (touched,) = touched_actions(plan, {"caller"})

    assert (touched.action_id, touched.steps, touched.limit_after_ms) == ("custom_-_crm", 1, 20_000)
    assert touched_actions(plan, set()) == ()


def test_callers_that_are_published_unchanged_are_told_apart_from_those_that_change() -> None:
    plan = plan_of(one_caller(), republish_callers=True)

    assert [pin.architect_flow_id for pin in plan.republished] == ["caller"]
