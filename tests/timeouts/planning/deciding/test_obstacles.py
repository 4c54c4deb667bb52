"""What stands against raising the limit of an action is told with what to do about it."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.settings import Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

RAISE = {"name": "rule", "at_least": "10s"}
FIRST = {"name": "first", "match": {"action": "Look up*"}, "at_least": "10s"}


@pytest.mark.parametrize(
    ("is_files", "what_to_do"),
    [(True, "function_config): add it by hand"), (False, "(permission integrations:actionFunction:view)")],
)
def test_of_a_function_without_a_timeout_a_file_needs_a_line_and_an_org_a_permission(
    is_files: bool, what_to_do: str
) -> None:
    policy = Policy.model_validate({"rules": [{"name": "rule", "at_least": "10s"}], "levers": ["step", "action"]})
    found = action(limit_ms=3_000, kind="function", version=4)

    plan = compute_plan(
        inventory([listed()], [reading(step(1, Suggested()))], [found], limits_elsewhere=is_files), policy
    )

    assert plan.action_changes == ()
    assert plan.action_advice[0].note.endswith(what_to_do)


@pytest.mark.parametrize("coverage", ["unreadable", "not_read"])
@pytest.mark.parametrize(
    ("asked", "named", "note"),
    [
        (
            {"protected": ["Zahlung*"]},
            (),
            (
                "Zahlung Hotline is protected and could not be read: it may call this action; "
                "name it with --protected to have limits raised all the same"
            ),
        ),
        (
            {"rules": [{"name": "left", "match": {"named": "Zahlung*"}, "leave": True}, RAISE]},
            (),
            (
                "rule 'left' leaves Zahlung Hotline, which could not be read: it may call this action; "
                "take it out of the rule to have limits raised all the same"
            ),
        ),
        ({"protected": ["Zahlung*"]}, ("zahlung hotline",), None),
        ({"protected": ["Main*"]}, (), None),
        ({"rules": [FIRST, {"name": "rest", "match": {"architect_flow": "*"}, "leave": True}]}, (), None),
        ({"rules": [FIRST, {"name": "rest", "match": {"type": "**", "action": "*"}, "leave": True}]}, (), None),
    ],
)
def test_a_limit_stays_that_may_reach_what_is_kept_and_could_not_be_read(
    asked: dict[str, Any], named: tuple[str, ...], note: str | None, coverage: str
) -> None:
    policy = Policy.model_validate({"rules": [RAISE], "levers": ["step", "action"]} | asked)
    org = inventory(
        [listed("af-1", "Order line"), listed("af-2", "Zahlung Hotline")],
        [reading(step(1, Suggested())), reading(of="af-2", coverage=coverage, reason="odd")],
        [action(limit_ms=5_000, version=4)],
    )

    plan = compute_plan(org, policy, named=named)

    assert [each.note for each in plan.action_advice] == ([] if note is None else [note])
    assert [each.after_ms for each in plan.action_changes] == ([10_000] if note is None else [])


def test_a_protected_architect_flow_that_was_never_published_calls_nothing() -> None:
    policy = Policy.model_validate({"rules": [RAISE], "levers": ["action"], "protected": ["Zahlung*"]})
    readings = [reading(step(1, Suggested())), reading(of="af-2", coverage="not_published")]
    org = inventory([listed(), listed("af-2", "Zahlung")], readings, [action(limit_ms=5_000, version=4)])

    assert [each.after_ms for each in compute_plan(org, policy).action_changes] == [10_000]


def pinned_and_rest(*rules: dict[str, Any], levers: list[str]) -> Plan:
    """Two suggested steps that wait 5s; one of them is pinned to 10s, the other one wants 20s."""
    policy = Policy.model_validate({"rules": [*rules, {"name": "rest", "at_least": "20s"}], "levers": levers})
    org = inventory(
        [listed("af-1", "Orders"), listed("af-2", "Payments")],
        [reading(step(1, Suggested())), reading(step(1, Suggested()), of="af-2")],
        [action(limit_ms=5_000, version=4)],
    )
    return compute_plan(org, policy)


PIN = {"name": "pin", "match": {"architect_flow": "Payments"}, "exactly": "10s"}
SHORT_PIN = PIN | {"match": {"architect_flow": "Payments", "effective_below": "10s"}}
FOLLOWS = {"name": "follows", "match": {"architect_flow": "Payments"}, "at_least": "15s"}


@pytest.mark.parametrize(("rules", "levers"), [((PIN,), ["action"]), ((SHORT_PIN, FOLLOWS), ["step", "action"])])
def test_a_limit_carries_no_step_past_its_pin_where_the_step_itself_is_not_set(rules: Any, levers: list[str]) -> None:
    """The policy does not allow the lever on the step, or another rule would move it again."""
    plan = pinned_and_rest(*rules, levers=levers)

    assert (plan.changes, plan.action_changes) == ((), ())
    assert [each.note for each in plan.action_advice] == [
        "step Call CRM 1 of Payments would be affected, and rule 'pin' wants exactly 10s there"
    ]


def test_a_limit_goes_beyond_a_pin_that_the_step_itself_is_set_to() -> None:
    plan = pinned_and_rest(PIN, levers=["step", "action"])

    assert [each.after_ms for each in plan.action_changes] == [20_000]
    assert [(each.architect_flow_name, each.after_ms) for each in plan.changes] == [("Payments", 10_000)]
