"""What has moved since the plan: an Architect flow that would not become what was planned is left, any other is not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.timeouts.conftest import action, copy_of, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.org import DataAction, MovedResource, MovedResources
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.steps import Reading, Snapshot
from timeouts.planning.computing import compute_plan
from timeouts.planning.later.since_the_plan import modules_to_read, stale_since
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

OF_POLICY = ("levers", "allow_lowering", "republish_callers", "leave_if_it_ships")
SHORT, PINNED = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=10_000)


def org(setting: TimeoutSetting, *actions: DataAction, **changed: Any) -> Inventory:
    """An Architect flow with one step."""
    return inventory([listed()], [reading(step(1, setting))], actions, **changed)


def plan_of(found: Inventory, **rule: Any) -> Plan:
    asked = {name: rule.pop(name) for name in OF_POLICY if name in rule}
    return compute_plan(found, Policy.model_validate({"rules": [{"name": "r", **rule}], **asked}))


def stale(plan: Plan, now: Inventory) -> str:
    return stale_since(plan, now, "af-1")


def test_a_suggested_step_is_not_pinned_below_the_limit_that_somebody_set_since() -> None:
    plan = plan_of(org(Suggested(), action(limit_ms=10_000)), exactly="10s")

    now = org(Suggested(), action(limit_ms=30_000))

    assert stale(plan, now) == "stale: the limit of Look up customer is now 30s, planned on 10s"


def test_a_raise_that_a_shorter_limit_would_mask_by_now_is_left() -> None:
    plan = plan_of(org(SHORT, action(limit_ms=12_000)), at_least="10s")

    now = org(SHORT, action(limit_ms=5_000))

    assert stale(plan, now) == "stale: the limit of Look up customer is now 5s, planned on 12s"


@pytest.mark.parametrize("limit_ms", [10_000, 11_000, 30_000, None])
def test_a_limit_that_moved_and_still_lets_the_step_decide_is_nobodys_loss(limit_ms: int | None) -> None:
    plan = plan_of(org(SHORT, action(limit_ms=12_000)), at_least="10s")

    assert stale(plan, org(SHORT, action(limit_ms=limit_ms))) == ""


def test_a_limit_that_was_taken_away_leaves_callers_waiting_longer_than_the_plan_would_have_them() -> None:
    plan = plan_of(org(Suggested(), action(limit_ms=10_000)), exactly="10s")

    now = org(Suggested(), action(limit_ms=None))

    assert stale(plan, now) == "stale: the limit of Look up customer is now not set, planned on 10s"


def test_a_limit_that_appeared_masks_the_raise() -> None:
    plan = plan_of(org(SHORT, action(limit_ms=None)), at_least="10s")

    assert stale(plan, org(SHORT, action(limit_ms=4_000))) == (
        "stale: the limit of Look up customer is now 4s, planned on none"
    )


def test_who_allows_lowering_gets_the_wait_that_the_plan_promised() -> None:
    plan = plan_of(org(Suggested(), action(limit_ms=10_000)), exactly="10s", allow_lowering=True)

    assert stale(plan, org(Suggested(), action(limit_ms=30_000))) == ""
    assert stale(plan, org(Suggested(), action(limit_ms=5_000))) != ""


@pytest.mark.parametrize(
    ("now", "why"),
    [
        ((), "it is not listed"),
        ((action(unknown_limit="it is no number"),), "it is no number"),
    ],
)
def test_a_limit_that_is_not_known_any_more_makes_no_change_certain(now: tuple[DataAction, ...], why: str) -> None:
    plan = plan_of(org(SHORT, action(limit_ms=12_000)), at_least="10s")

    assert stale(plan, org(SHORT, *now)) == (
        f"stale: the limit of Look up customer is not known now ({why}), planned on 12s"
    )


def test_what_was_planned_without_knowing_the_limit_promised_nothing_of_it() -> None:
    """As with files, which need not hold all actions."""
    plan = plan_of(org(SHORT, limits_elsewhere=True), at_least="10s")

    assert plan.changes
    assert stale(plan, org(SHORT, limits_elsewhere=True)) == ""
    assert stale(plan, org(SHORT, action(limit_ms=5_000), limits_elsewhere=True)) == ""


@pytest.mark.parametrize("limit_ms", [5_000, 10_000])
def test_a_limit_that_the_plan_itself_changes_may_be_as_before_or_as_after(limit_ms: int) -> None:
    """After: a first attempt at this plan has published the action, and died before the step."""
    plan = plan_of(org(SHORT, action(limit_ms=5_000, version=4)), at_least="10s", levers=["step", "action"])
    assert [(each.before_ms, each.after_ms) for each in plan.action_changes] == [(5_000, 10_000)]

    assert stale(plan, org(SHORT, action(limit_ms=limit_ms, version=5))) == ""
    assert stale(plan, org(SHORT, action(limit_ms=7_000, version=6))) == (
        "stale: the limit of Look up customer is now 7s, planned on 5s"
    )


def test_the_limit_of_a_function_is_what_its_action_waits() -> None:
    def function(limit_ms: int) -> DataAction:
        return action(kind="function", function_ms=limit_ms)

    plan = plan_of(org(SHORT, function(12_000)), at_least="10s")

    assert stale(plan, org(SHORT, function(12_000))) == ""
    assert "is now 5s, planned on 12s" in stale(plan, org(SHORT, function(5_000)))


def test_a_step_that_says_what_was_planned_already_is_lowered_by_nothing() -> None:
    """A first attempt has published it, before somebody set the longer limit."""
    plan = plan_of(org(Suggested(), action(limit_ms=10_000)), exactly="10s")

    assert stale(plan, org(PINNED, action(limit_ms=30_000))) == ""


def test_what_is_not_to_be_seen_any_more_is_told_by_the_protocol() -> None:
    plan = plan_of(org(SHORT, action(limit_ms=12_000)), at_least="10s")

    assert stale(plan, inventory([], [], [action(limit_ms=5_000)])) == ""
    assert stale(plan, inventory([listed()], [reading()], [action(limit_ms=5_000)])) == ""


def test_a_roll_back_puts_back_what_was_written_whatever_the_limits_are() -> None:
    plan = plan_of(org(SHORT, action(limit_ms=12_000)), at_least="10s").model_copy(update={"undoes": "sha256:1"})

    assert stale(plan, org(SHORT, action(limit_ms=5_000))) == ""


def test_a_caller_is_not_republished_for_a_copy_whose_limit_moved() -> None:
    """The module says what is wanted, and only its copy is short: the caller has no change of its own."""

    def with_caller(limit_ms: int) -> Inventory:
        caller = reading(snapshots=(copy_of(step(2, SHORT)),))
        module = reading(step(2, PINNED), of="module-1")
        modules = [listed(), listed("module-1", "Common login", type="commonmodule")]
        return inventory(modules, [caller, module], [action(limit_ms=limit_ms)])

    plan = plan_of(with_caller(12_000), at_least="10s", republish_callers=True)
    assert [pin.architect_flow_id for pin in plan.republished] == ["af-1"]

    assert stale(plan, with_caller(12_000)) == ""
    assert stale(plan, with_caller(5_000)) == "stale: the limit of Look up customer is now 5s, planned on 12s"


def test_a_copy_is_held_to_the_limit_of_the_action_that_its_module_calls_by_then() -> None:
    """The newer version of the module, which the republish takes in, calls another action than the copy does."""

    def moved_on(limit_ms: int | None = 20_000) -> Inventory:
        caller = reading(snapshots=(copy_of(step(2, SHORT, "v1")),))
        module = reading(step(2, PINNED, "v2", action_name="CRM v2"), of="module-1")
        modules = [listed(), listed("module-1", "Common login", type="commonmodule")]
        known = [] if limit_ms is None else [action("v2", limit_ms, name="CRM v2")]
        return inventory(modules, [caller, module], [action("v1", 5_000), *known])

    plan = plan_of(moved_on(), at_least="10s", republish_callers=True)
    assert [(copy.after_effective_ms, copy.stays) for copy in plan.copies] == [(10_000, "")]

    assert stale(plan, moved_on()) == ""
    assert stale(plan, moved_on(15_000)) == ""
    assert stale(plan, moved_on(4_000)) == "stale: the limit of CRM v2 is now 4s, planned on 20s"
    assert stale(plan, moved_on(None)) == "stale: the limit of v2 is not known now (it is not listed), planned on 20s"


def with_module(module_version: str, embedded: str = "3.0", **changed: Any) -> Inventory:
    """A caller with a step of its own that is short, and the module that it embeds."""
    caller = reading(step(1, SHORT), snapshots=(copy_of(step(2, PINNED), version=embedded),))
    listing = [listed(), listed("module-1", "Common login", type="commonmodule", published_version=module_version)]
    module = reading(step(2, PINNED), of="module-1", version=module_version)
    return inventory(listing, [caller, module], [action(limit_ms=12_000)], **changed)


LEAVING_MODULES: Any = {"at_least": "10s", "leave_if_it_ships": ["modules"]}


def test_a_module_that_was_published_since_is_not_shipped_where_the_policy_leaves_that() -> None:
    plan = plan_of(with_module("3.0"), **LEAVING_MODULES)
    assert plan.changes

    assert stale(plan, with_module("3.0")) == ""
    assert stale(plan, with_module("4.0")) == (
        "stale: a republish would also bring live module Common login (3.0 to 4.0), and the policy leaves such "
        "Architect flows"
    )


def test_the_part_of_an_org_that_a_plan_is_about_knows_which_versions_of_modules_are_published() -> None:
    now = with_module("4.0")
    part = replace(now, readings=now.readings[:1]).of({"af-1"})

    assert "module Common login (3.0 to 4.0)" in stale(plan_of(with_module("3.0"), **LEAVING_MODULES), part)
    assert part.architect_flow("module-1") is None


def test_a_module_that_the_plan_itself_has_published_is_taken_in_on_purpose() -> None:
    plan = plan_of(with_module("3.0"), **LEAVING_MODULES)

    assert stale_since(plan, with_module("4.0"), "af-1", done={"module-1"}) == ""


def test_where_no_policy_minds_it_a_newer_module_that_waits_no_less_stands_in_nobodys_way() -> None:
    assert stale(plan_of(with_module("3.0"), at_least="10s"), with_module("4.0")) == ""


def a_part(now: Inventory, *taken_in: Reading) -> Inventory:
    """As a saved plan is read: only what it is about, and of modules what was read besides."""
    return replace(replace(now, readings=now.readings[:1]).of({"af-1"}), taken_in=taken_in)


def since_a_wait(now: Inventory, *taken_in: Reading) -> Inventory:
    """As a run goes on that waited for another one: with what it had read itself, and what is listed now."""
    return replace(with_module("3.0"), listed=now.architect_flows, taken_in=taken_in)


@pytest.mark.parametrize("as_it_is", [a_part, since_a_wait])
def test_a_module_that_was_shortened_since_the_plan_is_taken_in_by_nobody(as_it_is: Callable[..., Inventory]) -> None:
    plan, now = plan_of(with_module("3.0"), at_least="10s"), with_module("4.0")
    of_module = reading(step(2, PINNED), of="module-1", version="4.0")
    shorter = reading(step(2, SHORT), of="module-1", version="4.0")

    assert [each.published_version for each in modules_to_read(plan, as_it_is(now))] == ["4.0"]
    assert "could not be read: it might shorten the copies in it" in stale(plan, as_it_is(now))
    assert modules_to_read(plan, as_it_is(now, of_module)) == ()
    assert stale(plan, as_it_is(now, of_module)) == ""
    assert "would shorten the copy of Call CRM 2 of Common login in it from 10s to 3s" in (
        stale(plan, as_it_is(now, shorter))
    )


@pytest.mark.parametrize(
    ("snapshot", "is_left"), [(copy_of(), False), (copy_of(is_shown=False), True), (copy_of(step(2, SHORT)), True)]
)
def test_a_newer_module_that_nobody_could_read_is_minded_where_it_may_hold_copies(
    snapshot: Snapshot, is_left: bool
) -> None:
    unread = reading(of="module-1", version="4.0", coverage="not_read", reason="500")
    listing = [listed(), listed("module-1", "Greeting", type="commonmodule", published_version="4.0")]
    now = inventory(listing, [reading(step(1, SHORT), snapshots=(snapshot,)), unread], [action(limit_ms=12_000)])
    plan = plan_of(with_module("3.0"), at_least="10s")

    assert bool(stale(plan, now)) is is_left


def test_who_may_lower_or_has_the_module_as_it_is_reads_none() -> None:
    lowering = plan_of(with_module("3.0"), at_least="10s", allow_lowering=True)

    assert modules_to_read(lowering, a_part(with_module("4.0"))) == ()
    assert stale(lowering, a_part(with_module("4.0"))) == ""
    assert modules_to_read(plan_of(with_module("3.0"), at_least="10s"), a_part(with_module("3.0"))) == ()


def test_a_prompt_that_was_recorded_since_counts_as_it_does_in_a_plan() -> None:
    asked: Any = {"at_least": "10s", "leave_if_it_ships": ["prompts"]}
    welcome = MovedResource(id="p1", name="Welcome", type="USERPROMPT")
    moved = MovedResources(by_architect_flow={"af-1": (welcome,)})
    plan = plan_of(with_module("3.0", moved_resources=MovedResources()), **asked)

    assert stale(plan, with_module("3.0", moved_resources=MovedResources())) == ""
    assert "would also bring live prompt Welcome" in stale(plan, with_module("3.0", moved_resources=moved))
    assert "is not known: 403" in stale(plan, with_module("3.0", moved_resources=MovedResources(problem="403")))
