"""Applying a saved plan: exactly what was shown is published, on an org with everything that gets in the way."""

import pytest

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from tests.flows.conftest import report_of
from timeouts.policy.policy import Policy


@pytest.mark.usefixtures("demo")
def test_a_plan_with_architect_flows_that_people_hold_is_applied_and_reported_whole() -> None:
    dry = report_of(raise_timeouts(policy=Policy.raise_to(10_000), return_state=True))
    assert dry.plan is not None
    held = {pin.architect_flow_id for pin in dry.plan.held}

    state = apply_plan(dry.run.id, return_state=True)
    outcomes = {outcome.target.id: outcome.outcome for outcome in report_of(state).outcomes}

    assert state.is_completed(), state.message
    assert held
    assert {"skipped"} == {outcomes[architect_flow_id] for architect_flow_id in held}
    assert {"published"} == {outcome for key, outcome in outcomes.items() if key not in held}
