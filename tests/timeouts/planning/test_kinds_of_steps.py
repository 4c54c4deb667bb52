"""Secure steps are planned, changed and proved like data steps; bridge steps are read, shown and never changed."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, architect, encoded, inventory, listed, literal, node, reading, step
from timeouts.definitions import EditRefusedError, read_definition
from timeouts.definitions.proof import prove_edit
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting
from timeouts.model.step_edits import SetTimeout
from timeouts.model.steps import Step
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

LITERAL_3, LITERAL_90 = LiteralTimeout(timeout_ms=3_000), LiteralTimeout(timeout_ms=90_000)


def bridge(number: int, setting: TimeoutSetting) -> Step:
    """A bridge step as it is read: its action is none of the integration actions, and its text is not kept."""
    return step(number, setting, "bridge-1", kind="bridge", raw_timeout=None)


def planned(*steps: Step, **rule: Any) -> Plan:
    policy = Policy.model_validate({"rules": [{"name": "rule", **rule}], "levers": ["step", "action"]})
    return compute_plan(inventory([listed()], [reading(*steps)], [action()]), policy)


def test_a_secure_step_is_planned_edited_and_proved_like_a_data_step() -> None:
    before = encoded(architect(node(1, literal(3_000), __type="SecureAction"), node(2, literal(3_000))))
    definition = read_definition(before)

    plan = planned(*definition.steps, at_least="10s")
    after = definition.with_edits(plan.edits_of("af-1"))

    assert [(change.kind, change.after_ms) for change in plan.changes] == [("secure", 10_000), ("data", 10_000)]
    prove_edit(before, after, plan.edits_of("af-1"))
    assert [each.setting for each in read_definition(after).steps] == [LiteralTimeout(timeout_ms=10_000)] * 2


def test_a_secure_step_is_put_back_to_the_byte() -> None:
    before = encoded(architect(node(1, suggested=True, __type="SecureAction")))
    plan = planned(*read_definition(before).steps, exactly="10s")
    after = read_definition(read_definition(before).with_edits(plan.edits_of("af-1")))
    now = inventory([listed()], [reading(*after.steps)], [action()])

    assert after.with_edits(compute_roll_back(plan, {"af-1"}, now).edits_of("af-1")) == before


@pytest.mark.parametrize("setting", [LITERAL_3, LITERAL_90, Suggested(), Expression(text="Flow.wait")])
@pytest.mark.parametrize("rule", [{"at_least": "10s"}, {"exactly": "10s"}, {"at_least": "evidence"}, {"leave": True}])
def test_a_bridge_step_that_a_rule_matches_is_left_whatever_it_says(
    setting: TimeoutSetting, rule: dict[str, Any]
) -> None:
    plan = planned(bridge(1, setting), **rule)

    assert [(line.kind, line.why) for line in plan.left_alone] == [("bridge", "bridge")]
    assert (plan.changes, plan.action_changes, plan.warnings) == ((), (), ())


def test_a_bridge_step_whose_action_is_listed_all_the_same_moves_no_limit() -> None:
    plan = compute_plan(
        inventory([listed()], [reading(bridge(1, Suggested()))], [action("bridge-1", 5_000, version=1)]),
        Policy.raise_to(10_000, levers=("step", "action")),
    )

    assert (plan.changes, plan.action_changes, plan.counts.left_alone) == ((), (), 1)


def test_an_edit_of_a_bridge_step_is_refused() -> None:
    found = read_definition(encoded(architect(node(1, literal(3_000), __type="BridgeServerAction"))))

    with pytest.raises(EditRefusedError, match="it is a bridge step, and those are never changed"):
        found.with_edits({"node-1": SetTimeout(timeout_ms=10_000)})


def test_a_rule_may_be_for_secure_steps_alone() -> None:
    plan = planned(step(1, LITERAL_3), step(2, LITERAL_3, kind="secure"), match={"kind": ["secure"]}, at_least="10s")

    assert [(change.step_id, change.kind) for change in plan.changes] == [("node-2", "secure")]
    assert plan.counts.not_matched == 1


def test_what_a_caller_waits_at_a_bridge_step_is_not_known() -> None:
    org = inventory([listed()], [reading(bridge(1, LITERAL_3))], [action()])

    assert [org.effective_ms(found.step) for found in org.steps] == [None]
    assert org.gaps == ()
