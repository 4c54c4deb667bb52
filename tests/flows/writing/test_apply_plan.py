"""Applying a saved plan: exactly what was shown is published, on an org with everything that gets in the way."""

import threading

import pytest
from prefect import get_client

from flows.apply_plan import apply_plan
from flows.guards.places import Holder, give_back, place_of, taken
from flows.raise_timeouts import raise_timeouts
from flows.run.progress import listening
from simulator.server import Running
from tests.flows.clocks import DAY_MS, MachineClock
from tests.flows.conftest import live_contents, report_of
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


def test_a_plan_that_expires_while_the_run_waits_for_another_one_is_not_applied(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its age was asked only before the wait, which may take half an hour."""
    dry = report_of(raise_timeouts(policy=Policy.raise_to(10_000), return_state=True))
    before, clock = live_contents(small_org.org), MachineClock(monkeypatch)
    holder = Holder(run_id="a-run", run_name="the-other", org_name="an org", since_ms=0)
    with get_client(sync_client=True) as client:
        record = taken(client, place_of(small_org.org.seed.id), holder)
    assert record

    def let_a_day_pass_and_let_it_in() -> None:
        clock.move(DAY_MS)
        with get_client(sync_client=True) as client:
            give_back(client, record)

    def once_it_waits(stage: str, _done: int, total: int) -> None:
        if stage.startswith("Waiting for") and total == 0:
            threading.Thread(target=let_a_day_pass_and_let_it_in).start()

    with listening(once_it_waits):
        state = apply_plan(dry.run.id, return_state=True)

    assert (state.is_failed(), live_contents(small_org.org) == before) == (True, True)
    assert "when this run's turn came, the plan had expired" in str(state.message)
    assert "make a new dry run" in str(state.message)
