"""What a rule means for one step: the table of docs/design.md#which-lever, row by row, and what lies beyond it."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.org import DataAction
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting, Unreadable
from timeouts.planning.changes import ActionAdvice, Change, LeftAlone
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

LITERAL_3, LITERAL_20 = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=20_000)


def plan_for(
    setting: TimeoutSetting,
    called: DataAction | None,
    *,
    rule: dict[str, Any],
    default_ms: int | None = None,
    **asked: Any,
) -> Plan:
    policy = Policy.model_validate({"rules": [{"name": "rule", **rule}]} | asked)
    read = reading(step(1, setting, default_ms=default_ms))
    return compute_plan(inventory([listed()], [read], [] if called is None else [called]), policy)


def at_least(setting: TimeoutSetting, called: DataAction | None, **more: Any) -> Plan:
    return plan_for(setting, called, rule={"at_least": "10s"}, **more)


def exactly(setting: TimeoutSetting, called: DataAction | None, **more: Any) -> Plan:
    return plan_for(setting, called, rule={"exactly": "10s"}, **more)


def change_of(plan: Plan) -> Change:
    (change,) = plan.changes
    return change


def left_by(plan: Plan) -> LeftAlone:
    assert plan.changes == ()
    (line,) = plan.left_alone
    return line


def advice_of(plan: Plan) -> ActionAdvice:
    (advice,) = plan.action_advice
    return advice


def is_fine(plan: Plan) -> bool:
    return (plan.counts.fine, plan.changes, plan.left_alone, plan.action_advice) == (1, (), (), ())


@pytest.mark.parametrize("limit_ms", [None, 10_000, 60_000])
def test_a_short_literal_is_raised_on_the_step_where_the_action_waits_long_enough(limit_ms: int | None) -> None:
    change = change_of(at_least(LITERAL_3, action(limit_ms=limit_ms)))

    assert (change.before, change.after_ms, change.before_effective_ms, change.after_effective_ms) == (
        LITERAL_3,
        10_000,
        3_000,
        10_000,
    )


def test_a_raise_that_the_action_would_mask_is_not_made_and_is_advice() -> None:
    plan = at_least(LITERAL_3, action(limit_ms=5_000))

    assert (left_by(plan).why, advice_of(plan).limit_ms, advice_of(plan).wanted_ms) == ("masked", 5_000, 10_000)


@pytest.mark.parametrize("setting", [LITERAL_20, Suggested(stored_ms=60_000)])
def test_where_only_the_action_is_too_short_only_the_action_helps(setting: TimeoutSetting) -> None:
    plan = at_least(setting, action(limit_ms=5_000))

    assert (left_by(plan).why, advice_of(plan).steps) == ("action_limit", 1)


@pytest.mark.parametrize(
    ("setting", "called"),
    [
        (Suggested(), action()),
        (Suggested(), action(limit_ms=10_000)),
        (Suggested(), action(kind="function")),
        (LITERAL_20, action()),
        (LiteralTimeout(timeout_ms=10_000), action(limit_ms=10_000)),
        (LITERAL_20, None),
    ],
)
def test_a_step_that_waits_long_enough_is_fine(setting: TimeoutSetting, called: DataAction | None) -> None:
    assert is_fine(at_least(setting, called))


def test_where_the_platforms_default_is_too_short_the_step_is_given_a_wait_of_its_own() -> None:
    change = change_of(at_least(Suggested(), action(), suggested_default="5s"))

    assert (change.before_effective_ms, change.after_effective_ms) == (5_000, 10_000)
    assert change.reason == "the action sets no limit, which is worth 5s; 10s is wanted"


@pytest.mark.parametrize(
    ("setting", "why"), [(Expression(text="Flow.wait"), "expression"), (Unreadable(reason="odd"), "unreadable")]
)
@pytest.mark.parametrize("rule", [{"at_least": "10s"}, {"exactly": "10s"}])
def test_what_is_computed_or_not_understood_is_left_alone(
    setting: TimeoutSetting, why: str, rule: dict[str, Any]
) -> None:
    assert left_by(plan_for(setting, action(), rule=rule)).why == why


def test_a_rule_can_leave_steps_alone() -> None:
    assert left_by(plan_for(LITERAL_3, action(), rule={"leave": True})).why == "leave"


@pytest.mark.parametrize("setting", [LITERAL_3, Suggested()])
@pytest.mark.parametrize("rule", [{"at_least": "10s"}, {"exactly": "10s"}])
def test_a_step_whose_action_is_not_listed_is_left_alone(setting: TimeoutSetting, rule: dict[str, Any]) -> None:
    line = left_by(plan_for(setting, None, rule=rule))

    assert (line.why, "Look up customer, which is not listed" in line.reason) == ("unknown_action", True)


@pytest.mark.parametrize("setting", [LITERAL_3, Suggested()])
@pytest.mark.parametrize("rule", [{"at_least": "10s"}, {"exactly": "10s"}])
@pytest.mark.parametrize("kind", [{}, {"kind": "function", "function_ms": 3_000}])
@pytest.mark.parametrize("default_ms", [None, 3_000])
def test_a_step_whose_action_sets_a_limit_that_is_not_understood_is_left_alone(
    setting: TimeoutSetting, rule: dict[str, Any], kind: dict[str, Any], default_ms: int | None
) -> None:
    called = action(version=4, **kind, unknown_limit="config.timeoutSeconds is '3'")
    plan = plan_for(
        setting, called, rule=rule, default_ms=default_ms, levers=["step", "action"], suggested_default="5s"
    )
    line = left_by(plan)

    assert (line.why, "Look up customer is not understood" in line.reason) == ("unknown_limit", True)
    assert "config.timeoutSeconds is '3'" in line.reason
    assert (plan.action_changes, plan.action_advice) == ((), ())


def test_a_step_that_calls_no_action_is_left_alone() -> None:
    read = reading(step(1, LITERAL_3, action_id="", action_name=""))
    plan = compute_plan(inventory([listed()], [read]), Policy.raise_to(10_000))

    assert "it calls no action" in left_by(plan).reason


@pytest.mark.parametrize("setting", [LITERAL_3, Suggested()])
def test_exactly_pins_a_step_whatever_it_said(setting: TimeoutSetting) -> None:
    assert change_of(exactly(setting, action())).after_ms == 10_000


def test_a_pin_in_place_of_a_default_says_that_nobody_chose_it() -> None:
    change = change_of(exactly(Suggested(), action()))

    assert change.reason == "pinned to 10s instead of the default of 1m, which nobody chose"


def test_a_pin_in_place_of_a_choice_names_it() -> None:
    assert change_of(exactly(LITERAL_3, action())).reason == "pinned to 10s instead of 3s"


def test_a_suggested_timeout_is_pinned_at_its_actions_own_limit() -> None:
    assert change_of(exactly(Suggested(), action(limit_ms=10_000))).before_effective_ms == 10_000


@pytest.mark.parametrize(
    ("setting", "limit_ms", "now"),
    [
        (LITERAL_20, None, "somebody chose 20s"),
        (Suggested(), 20_000, "the step waits as long as its action, whose limit is 20s"),
    ],
)
def test_a_pin_that_lowers_a_wait_is_refused_and_says_whose_it_is(
    setting: TimeoutSetting, limit_ms: int | None, now: str
) -> None:
    line = left_by(exactly(setting, action(limit_ms=limit_ms)))

    assert (line.why, line.reason) == ("lowering", f"{now}; 10s would lower it, which needs allow_lowering")


@pytest.mark.parametrize(("setting", "limit_ms"), [(LITERAL_20, None), (Suggested(), 20_000)])
def test_a_pin_may_lower_where_lowering_is_allowed(setting: TimeoutSetting, limit_ms: int | None) -> None:
    assert change_of(exactly(setting, action(limit_ms=limit_ms), allow_lowering=True)).after_effective_ms == 10_000


def test_at_least_never_lowers_even_where_lowering_is_allowed() -> None:
    assert is_fine(at_least(LITERAL_20, action(), allow_lowering=True))


def test_a_step_that_is_pinned_already_is_fine() -> None:
    assert is_fine(exactly(LiteralTimeout(timeout_ms=10_000), action()))


@pytest.mark.parametrize("setting", [LITERAL_3, LITERAL_20, Suggested(), LiteralTimeout(timeout_ms=10_000)])
def test_a_pin_behind_a_shorter_action_limit_is_advice(setting: TimeoutSetting) -> None:
    assert advice_of(exactly(setting, action(limit_ms=5_000))).wanted_ms == 10_000


def test_a_pin_behind_a_raised_limit_does_not_lower_the_step_itself_without_leave() -> None:
    levers = {"levers": ["step", "action"]}
    raised = exactly(LITERAL_20, action(limit_ms=5_000, version=4), **levers)

    assert (raised.changes, [change.after_ms for change in raised.action_changes]) == ((), [10_000])
    assert change_of(exactly(LITERAL_20, action(limit_ms=5_000, version=4), allow_lowering=True, **levers)).after_ms


@pytest.mark.parametrize("rule", [{"at_least": "10s"}, {"exactly": "10s"}])
def test_where_the_definition_decides_a_missing_timeout_is_set_on_the_step(rule: dict[str, Any]) -> None:
    change = change_of(plan_for(Suggested(), None, rule=rule, default_ms=3_000))

    assert (change.before_effective_ms, change.after_effective_ms) == (3_000, 10_000)


@pytest.mark.parametrize(
    ("kind", "limit_ms", "wanted", "note"),
    [
        ("custom", 5_000, "20s", ""),
        ("static", 5_000, "20s", "owned by Genesys: not ours to change"),
        ("custom_auth", 5_000, "20s", "a custom authentication action takes no limit"),
        ("function", 5_000, "15s", ""),
        ("function", None, "20s", "a function data action waits 15s at most"),
    ],
)
def test_advice_says_what_stands_in_the_way_of_a_longer_limit(
    kind: str, limit_ms: int | None, wanted: str, note: str
) -> None:
    plan = plan_for(LITERAL_3, action(kind=kind, limit_ms=limit_ms), rule={"at_least": wanted})

    assert advice_of(plan).note == note
