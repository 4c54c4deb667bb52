"""Applying a saved plan: exactly what was shown is published, on an org with everything that gets in the way."""

import pytest

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from simulator.server import Running
from tests.flows.clocks import DAY_MS, MachineClock
from tests.flows.conftest import live_contents, report_of
from tests.flows.waiting import another_run_in
from timeouts.policy.policy import Policy


@pytest.mark.usefixtures("demo")
def test_a_plan_with_architect_flows_that_people_hold_is_applied_and_reported_whole() -> None:
    released = ("Kundenservice Düsseldorf",)
    dry = report_of(raise_timeouts(policy=Policy.raise_to(10_000), protected=released, return_state=True))
    assert dry.plan is not None
    held = {pin.architect_flow_id for pin in dry.plan.held}

    state = apply_plan(dry.run.id, return_state=True)
    outcomes = {outcome.target.id: outcome.outcome for outcome in report_of(state).outcomes}

    assert state.is_completed(), state.message
    assert report_of(state).run.protected == released  # for the command that makes such a plan again
    assert held
    assert {"skipped"} == {outcomes[architect_flow_id] for architect_flow_id in held}
    assert {"published"} == {outcome for key, outcome in outcomes.items() if key not in held}


def test_a_plan_that_expires_while_the_run_waits_for_another_one_is_not_applied(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its age was asked only before the wait, which may take half an hour."""
    dry = report_of(raise_timeouts(policy=Policy.raise_to(10_000), return_state=True))
    before, clock = live_contents(small_org.org), MachineClock(monkeypatch)

    with another_run_in(small_org.org.seed.id, lambda: clock.move(DAY_MS)):
        state = apply_plan(dry.run.id, return_state=True)

    assert (state.is_failed(), live_contents(small_org.org) == before) == (True, True)
    assert "when this run's turn came, the plan had expired" in str(state.message)
    assert "make a new dry run" in str(state.message)
