"""Putting the limits of actions back, where nobody has changed them since."""

import pytest

from tests.timeouts.conftest import action, copy_of, inventory, listed, raw_timeout, reading, step
from timeouts.model.org import DataAction
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.changes import ActionChange
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

BY_BOTH = Policy.raise_to(10_000, levers=("step", "action"))
SHORT, LONG = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=10_000)


def crm(limit_ms: int | None, version: int | None = 4) -> DataAction:
    return action("crm", limit_ms, version=version, name="CRM")


def raised() -> Plan:
    steps = reading(step(1, Suggested(), "crm"), step(2, SHORT, "crm"))
    return compute_plan(inventory([listed()], [steps], [crm(5_000)]), BY_BOTH)


def rolled_back(now: DataAction | None, may_be_live: str = "crm", *, obstacle: str = "") -> Plan:
    """The way back, after a run that published its Architect flow and, if nothing else is said, the action.

    `obstacle`: what was in the way when that run was planned.
    """
    steps = reading(step(1, Suggested(), "crm"), step(2, LONG, "crm", raw_timeout=raw_timeout(LONG)), version="5.0")
    known = [] if now is None else [now]
    return compute_roll_back(
        raised().with_obstacles(lambda _: obstacle),
        {"af-1", may_be_live},
        inventory([listed(published_version="5.0")], [steps], known),
    )


def put_back(plan: Plan) -> ActionChange:
    (change,) = plan.action_changes
    return change


def test_what_the_run_published_or_may_have_published_is_put_back() -> None:
    change = put_back(rolled_back(crm(10_000, 5)))

    assert (change.before_ms, change.after_ms, change.version) == (10_000, 5_000, 5)
    assert change.reason == "put back to 5s, as before the run"


def test_what_was_in_the_way_of_the_run_is_not_in_the_way_of_its_roll_back() -> None:
    assert put_back(rolled_back(crm(10_000, 5), obstacle="it is not committed in Git")).obstacle == ""


def test_what_the_run_did_not_change_is_left() -> None:
    assert rolled_back(crm(10_000, 5), "another").action_changes == ()


def test_a_limit_that_is_as_before_already_is_fine() -> None:
    plan = rolled_back(crm(5_000, 6))

    assert (plan.action_changes, plan.actions_left) == ((), ())


@pytest.mark.parametrize(
    ("now", "why", "reason"),
    [
        (crm(12_000, 6), "changed_since", "the run left 10s, now it is 12s: somebody changed it after the run"),
        (crm(None, 6), "changed_since", "the run left 10s, now it is no limit: somebody changed it after the run"),
        (
            action("crm", version=6, name="CRM", unknown_limit="config.timeoutSeconds is '3'"),
            "changed_since",
            "the run left 10s, now it is not known: config.timeoutSeconds is '3'; somebody changed it after the run",
        ),
        (None, "gone", "the action does not exist any more, or this client may not see it"),
        (crm(10_000, None), "gone", "the action does not exist any more, or this client may not see it"),
    ],
)
def test_an_action_that_somebody_changed_or_took_away_is_left_and_named(
    now: DataAction | None, why: str, reason: str
) -> None:
    plan = rolled_back(now)

    assert plan.action_changes == ()
    assert [(left.name, left.why, left.reason) for left in plan.actions_left] == [("CRM", why, reason)]


def test_a_limit_that_its_file_computes_since_is_left_and_told() -> None:
    computed = crm(None, None).model_copy(update={"unknown_limit": "config_timeout_seconds is var.t"})
    now = inventory([listed()], [reading()], limits_elsewhere=True, unjoined_actions=(computed,))

    (left,) = compute_roll_back(raised(), {"crm"}, now).actions_left

    assert (left.why, left.reason) == (
        "changed_since",
        "the run left 10s, now it is not known: config_timeout_seconds is var.t; somebody changed it after the run",
    )


def test_who_felt_the_raise_feels_the_way_back() -> None:
    affected = put_back(rolled_back(crm(10_000, 5))).affected_steps

    assert [(step.step_id, step.before_effective_ms, step.after_effective_ms) for step in affected] == [
        ("node-1", 10_000, 5_000),
        ("node-2", 10_000, 3_000),
    ]


def test_whom_the_way_back_affects_is_what_the_steps_say_now() -> None:
    """A colleague has shortened a step since; a new Architect flow calls the action, itself and by a copy."""
    ours = reading(step(1, Suggested(), "crm"), step(2, LiteralTimeout(timeout_ms=20_000), "crm"))
    run = compute_plan(inventory([listed()], [ours], [crm(5_000)]), BY_BOTH)
    moved = reading(step(1, Suggested(), "crm"), step(2, SHORT, "crm"), version="5.0")
    nine = LiteralTimeout(timeout_ms=9_000)
    new = reading(step(5, nine, "crm"), of="af-2", snapshots=(copy_of(step(6, Suggested(), "crm"), of="m-1"),))
    org = inventory([listed(published_version="5.0"), listed("af-2", "New")], [moved, new], [crm(10_000, 5)])

    affected = put_back(compute_roll_back(run, {"crm"}, org)).affected_steps

    assert {(each.step_id, each.copy_of): (each.before_effective_ms, each.after_effective_ms) for each in affected} == {
        ("node-1", ""): (10_000, 5_000),
        ("node-5", ""): (9_000, 5_000),
        ("node-6", "m-1"): (10_000, 5_000),
    }
    assert [each.step_id for each in affected if each.asked] == ["node-1"]


def test_where_an_architect_flow_is_not_read_again_the_waits_are_those_of_the_run() -> None:
    plan = compute_roll_back(raised(), {"crm"}, inventory([], [], [crm(10_000, 5)]))

    assert [(each.before_effective_ms, each.after_effective_ms) for each in put_back(plan).affected_steps] == [
        (10_000, 5_000),
        (10_000, 3_000),
    ]


def test_the_steps_are_put_back_with_the_limit_that_their_action_has_then() -> None:
    (change,) = rolled_back(crm(10_000, 5)).changes

    assert (change.before_effective_ms, change.after_effective_ms) == (10_000, 3_000)


def test_a_limit_that_was_not_there_is_taken_away_again() -> None:
    asked = BY_BOTH.model_copy(update={"suggested_default": 5_000})
    run = compute_plan(inventory([listed()], [reading(step(1, Suggested(), "crm"))], [crm(None)]), asked)
    plan = compute_roll_back(run, {"crm"}, inventory([listed()], [], [crm(10_000, 5)]))

    assert (put_back(plan).before_ms, put_back(plan).after_ms) == (10_000, None)
