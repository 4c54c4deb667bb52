"""Which lever moves which step: the table of docs/design.md#which-lever with both levers, and what forbids one."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.org import ArchitectFlow, DataAction, Holder
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.steps import Reading
from timeouts.planning.changes import ActionChange
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

LITERAL_3, LITERAL_20 = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=20_000)
AT_LEAST_10 = {"name": "rule", "at_least": "10s"}


def crm(limit_ms: int | None = None, **changed: Any) -> DataAction:
    return action(limit_ms=limit_ms, **{"version": 4} | changed)


def policy(*rules: dict[str, Any], **asked: Any) -> Policy:
    return Policy.model_validate({"rules": rules or (AT_LEAST_10,), "levers": ["step", "action"]} | asked)


def planned(
    *settings: TimeoutSetting,
    calling: DataAction,
    asked: Policy | None = None,
    others: tuple[tuple[ArchitectFlow, Reading], ...] = (),
    named: tuple[str, ...] = (),
    **flow: Any,
) -> Plan:
    steps = [step(number, setting) for number, setting in enumerate(settings, 1)]
    return compute_plan(
        inventory(
            [listed(**flow), *(architect_flow for architect_flow, _ in others)],
            [reading(*steps), *(found for _, found in others)],
            [calling],
        ),
        asked or policy(),
        named=named,
    )


def limits_of(plan: Plan) -> list[tuple[int | None, int | None]]:
    return [(change.before_ms, change.after_ms) for change in plan.action_changes]


def raised(plan: Plan) -> ActionChange:
    (change,) = plan.action_changes
    return change


@pytest.mark.parametrize("limit_ms", [None, 10_000, 60_000])
def test_a_short_literal_needs_only_the_step_where_the_action_waits_long_enough(limit_ms: int | None) -> None:
    plan = planned(LITERAL_3, calling=crm(limit_ms))

    assert (len(plan.changes), plan.action_changes) == (1, ())


def test_a_short_literal_behind_a_shorter_limit_needs_the_step_and_the_action() -> None:
    plan = planned(LITERAL_3, calling=crm(5_000))

    assert limits_of(plan) == [(5_000, 10_000)]
    (change,) = plan.changes
    assert (change.after_ms, change.action_limit_ms, change.after_effective_ms) == (10_000, 10_000, 10_000)
    assert plan.actions_needed_by("af-1") == plan.action_changes


@pytest.mark.parametrize("setting", [LITERAL_20, Suggested(stored_ms=60_000)])
def test_where_only_the_action_is_too_short_no_architect_flow_is_touched(setting: TimeoutSetting) -> None:
    plan = planned(setting, calling=crm(5_000))

    assert (limits_of(plan), plan.changes, plan.pins) == ([(5_000, 10_000)], (), ())
    assert (plan.counts.by_action, plan.action_advice, plan.actions_needed_by("af-1")) == (1, (), ())


def test_without_the_lever_by_name_no_action_is_changed() -> None:
    plan = planned(Suggested(), calling=crm(5_000), asked=Policy.raise_to(10_000))

    assert (plan.action_changes, [advice.note for advice in plan.action_advice]) == ((), [""])


def test_without_the_lever_on_the_step_a_literal_is_left_alone_and_told() -> None:
    plan = planned(LITERAL_3, Suggested(), calling=crm(10_000), asked=policy(levers=["action"]))

    assert [(line.step_id, line.why) for line in plan.left_alone] == [("node-1", "lever")]


@pytest.mark.parametrize(("asked", "limit_ms"), [("2500ms", 3_000), ("10s", 10_000), ("9001ms", 10_000)])
def test_a_limit_is_whole_seconds_rounded_up(asked: str, limit_ms: int) -> None:
    plan = planned(Suggested(), calling=crm(2_000), asked=policy({"name": "r", "at_least": asked}))

    assert limits_of(plan) == [(2_000, limit_ms)]


def test_a_limit_that_rounds_up_over_the_ceiling_is_not_set() -> None:
    asked = policy({"name": "r", "at_least": "9500ms"}, ceiling="9500ms")

    assert "is over the ceiling of 9.5s" in planned(Suggested(), calling=crm(5_000), asked=asked).action_advice[0].note


def test_a_limit_serves_the_step_that_wants_most() -> None:
    asked = policy({"name": "more", "match": {"step": "*2"}, "at_least": "20s"}, AT_LEAST_10)
    plan = planned(Suggested(), Suggested(), LITERAL_3, calling=crm(5_000), asked=asked)

    assert limits_of(plan) == [(5_000, 20_000)]
    assert raised(plan).rules == ("more", "rule")
    assert "20s is wanted" in raised(plan).reason


def test_every_step_that_feels_a_longer_limit_is_listed_asked_or_not() -> None:
    asked = policy({"name": "r", "match": {"step": "*1"}, "at_least": "10s"})
    plan = planned(Suggested(), Suggested(), LITERAL_3, Expression(text="x"), calling=crm(5_000), asked=asked)

    assert [
        (step.step_id, step.before_effective_ms, step.after_effective_ms, step.asked)
        for step in raised(plan).affected_steps
    ] == [
        ("node-1", 5_000, 10_000, True),
        ("node-2", 5_000, 10_000, False),
        ("node-4", None, None, False),
    ]


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"kind": "static"}, "owned by Genesys: not ours to change"),
        ({"kind": "custom_auth"}, "a custom authentication action takes no limit"),
        ({"version": None}, "the platform shows no version of it"),
        ({"kind": "function"}, "the function behind it could not be read"),
        ({"kind": "function", "function_ms": 15_000}, "its configuration sets a limit of 5s"),
    ],
)
def test_an_action_that_cannot_be_changed_is_told_with_the_reason(changed: dict[str, Any], note: str) -> None:
    plan = planned(Suggested(), LITERAL_3, calling=crm(5_000, **changed))

    assert (plan.action_changes, plan.changes) == ((), ())
    assert note in plan.action_advice[0].note
    assert [line.why for line in plan.left_alone] == ["action_limit", "masked"]
    assert all(note in line.reason for line in plan.left_alone)


@pytest.mark.parametrize("mirrored", [True, False])
def test_a_function_is_raised_where_its_function_is_what_is_too_short(mirrored: bool) -> None:
    plan = planned(Suggested(), calling=crm(5_000 if mirrored else None, kind="function", function_ms=5_000))

    assert (raised(plan).kind, limits_of(plan)) == ("function", [(5_000, 10_000)])


def test_a_function_is_never_raised_over_15_seconds() -> None:
    asked = policy({"name": "r", "at_least": "20s"})
    plan = planned(Suggested(), calling=crm(kind="function", function_ms=5_000), asked=asked)

    assert (plan.action_changes, plan.action_advice[0].note) == ((), "a function data action waits 15s at most")


def test_an_action_that_a_step_under_a_leave_rule_would_feel_is_not_raised() -> None:
    asked = policy({"name": "theirs", "match": {"step": "*2"}, "leave": True}, AT_LEAST_10)
    plan = planned(Suggested(), Suggested(), calling=crm(5_000), asked=asked)

    assert plan.action_changes == ()
    assert "step Call CRM 2 of Support would be affected, and rule 'theirs' leaves" in plan.action_advice[0].note


def test_a_step_under_a_leave_rule_that_would_not_feel_it_is_no_obstacle() -> None:
    asked = policy({"name": "theirs", "match": {"step": "*2"}, "leave": True}, AT_LEAST_10)

    assert limits_of(planned(Suggested(), LITERAL_3, calling=crm(5_000), asked=asked)) == [(5_000, 10_000)]


@pytest.mark.parametrize(("named", "raises"), [((), False), (("Main line",), True)])
def test_an_action_that_a_protected_architect_flow_would_feel_is_raised_only_where_that_is_named(
    named: tuple[str, ...], raises: bool
) -> None:
    main_line = (listed("af-2", "Main line"), reading(step(1, Suggested()), of="af-2"))
    asked = policy(protected=["Main*"])
    plan = planned(Suggested(), calling=crm(5_000), asked=asked, others=(main_line,), named=named)

    assert bool(plan.action_changes) is raises
    assert raises or "protects that Architect flow" in plan.action_advice[0].note


@pytest.mark.parametrize(("pinned", "raises"), [("5s", False), ("10s", True)])
def test_an_action_is_not_raised_past_a_pin_that_cannot_be_made(pinned: str, raises: bool) -> None:
    asked = policy({"name": "pin", "match": {"step": "*2"}, "exactly": pinned}, AT_LEAST_10)
    plan = planned(Suggested(), LITERAL_20, calling=crm(5_000), asked=asked)

    assert bool(plan.action_changes) is raises or "wants exactly 5s" in plan.action_advice[0].note


def test_an_architect_flow_that_a_person_holds_is_still_helped_by_its_action() -> None:
    plan = planned(Suggested(), calling=crm(5_000), locked_by=Holder(kind="person", id="u1", name="Ada"))

    assert (limits_of(plan), plan.held) == ([(5_000, 10_000)], ())


def test_an_action_is_not_raised_for_steps_alone_that_cannot_change() -> None:
    plan = planned(LITERAL_3, calling=crm(5_000), locked_by=Holder(kind="person", id="u1", name="Ada"))

    assert (plan.action_changes, [line.why for line in plan.left_alone]) == ((), ["held"])


def test_exactly_behind_a_shorter_limit_pins_the_step_and_raises_the_action() -> None:
    plan = planned(Suggested(), calling=crm(5_000), asked=policy({"name": "r", "exactly": "10s"}))

    assert (limits_of(plan), [change.after_ms for change in plan.changes]) == ([(5_000, 10_000)], [10_000])


def test_a_raise_that_another_rule_would_follow_up_is_not_made() -> None:
    asked = policy(
        {"name": "first", "match": {"effective_below": "10s"}, "at_least": "10s"}, {"name": "then", "at_least": "20s"}
    )
    plan = planned(Suggested(), calling=crm(5_000), asked=asked)

    assert plan.action_changes == ()
    assert plan.action_advice[0].note == (
        "its limit would go to 10s, and then rule 'then' would set 20s: let one of them decide"
    )


class TestEither:
    """No limit on the action, and the platform's default is too short: either lever would do."""

    ASKED = policy(suggested_default="5s")

    def test_a_limit_on_the_action_spares_its_architect_flows(self) -> None:
        plan = planned(Suggested(), Suggested(), calling=crm(), asked=self.ASKED)

        assert (limits_of(plan), plan.changes) == ([(None, 10_000)], ())
        assert raised(plan).spared_architect_flows == 1

    def test_steps_alone_do_where_their_architect_flows_are_republished_anyway(self) -> None:
        slow = action("slow", 60_000, version=1)
        steps = reading(step(1, Suggested()), step(2, LITERAL_3, "slow"))
        plan = compute_plan(inventory([listed()], [steps], [crm(), slow]), self.ASKED)

        assert (plan.action_changes, len(plan.changes), len(plan.pins)) == ((), 2, 1)

    def test_steps_alone_do_where_the_policy_does_not_allow_the_action(self) -> None:
        asked = policy(suggested_default="5s", levers=["step"])

        assert [change.after_ms for change in planned(Suggested(), calling=crm(), asked=asked).changes] == [10_000]

    def test_a_first_limit_is_as_long_as_whoever_waits_longest(self) -> None:
        plan = planned(Suggested(), LITERAL_20, calling=crm(), asked=self.ASKED)

        assert (limits_of(plan), plan.changes) == ([(None, 20_000)], ())

    def test_a_first_limit_that_would_shorten_somebodys_wait_is_not_set(self) -> None:
        plan = planned(Suggested(), LiteralTimeout(timeout_ms=40_000), calling=crm(), asked=self.ASKED)

        assert (plan.action_changes, len(plan.changes)) == ((), 1)

    def test_a_first_limit_is_not_set_where_a_step_computes_its_wait(self) -> None:
        plan = planned(Suggested(), Expression(text="x"), calling=crm(), asked=self.ASKED)

        assert (plan.action_changes, len(plan.changes)) == ((), 1)

    def test_a_first_limit_is_not_set_where_an_architect_flow_could_not_be_read(self) -> None:
        broken = (listed("af-2"), Reading(architect_flow_id="af-2", coverage="unreadable", reason="odd"))
        plan = planned(Suggested(), calling=crm(), asked=self.ASKED, others=(broken,))

        assert (plan.action_changes, len(plan.changes)) == ((), 1)

    def test_a_first_limit_does_not_mask_what_another_rule_sets_on_a_step(self) -> None:
        asked = policy({"name": "long", "match": {"step": "*2"}, "exactly": "20s"}, AT_LEAST_10, suggested_default="5s")
        plan = planned(Suggested(), Suggested(), calling=crm(), asked=asked)

        assert all(change.after_effective_ms == change.after_ms for change in plan.changes)

    def test_without_either_lever_on_the_step_and_a_possible_limit_it_is_told(self) -> None:
        asked = policy(suggested_default="5s", levers=["action"])
        plan = planned(Suggested(), LiteralTimeout(timeout_ms=40_000), calling=crm(), asked=asked)

        assert [line.why for line in plan.left_alone] == ["suggested_default"]


def test_the_plan_says_what_the_steps_alone_would_have_come_to() -> None:
    plan = planned(LITERAL_3, Suggested(), calling=crm(5_000))

    assert plan.step_only is not None
    assert (plan.step_only.changes, plan.step_only.architect_flows, plan.step_only.unserved) == (0, 0, 2)


def test_too_many_actions_and_too_wide_a_reach_are_violations() -> None:
    limits = {"actions": 1, "reach": "10%"}
    steps = [step(number, Suggested(), f"a{number % 2}") for number in range(20)]
    known = [action(f"a{number}", 5_000, version=1) for number in range(2)]
    plan = compute_plan(inventory([listed()], [reading(*steps)], known), policy(limits=limits))

    assert {violation.limit: violation.text for violation in plan.violations} == {
        "actions": "the limits of 2 actions would change, the limit of the policy is 1",
        "reach": "20 of 20 steps would be affected by a changed action limit, 100% of them; the limit is 10%",
    }
