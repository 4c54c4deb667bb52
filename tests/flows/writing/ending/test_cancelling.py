"""Cancel in Prefect's UI on a run that no worker holds, as a terminal's is: nobody ends its process, it ends itself."""

from typing import Any

import pytest
from prefect import get_client, runtime
from prefect.flow_engine import run_flow
from prefect.states import Cancelling

from flows.guards.places import at_the_server, held, place_of
from flows.raise_timeouts import raise_timeouts
from flows.run.progress import listening
from simulator.server import Running
from tests.contents import ours, published
from tests.environment import wait_for
from tests.flows.conftest import report_of
from tests.flows.waiting import another_run_in
from tests.flows.writing.ending.test_suspension import POLICY
from tests.publishing.scenes import org_seed


def test_a_run_that_is_cancelled_at_the_server_finishes_what_is_in_flight_and_begins_nothing_more(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It published all that it had planned, for it never asked."""
    monkeypatch.setattr("flows.guards.places.RENEWED_EVERY_S", 0.05)
    small_org.org.reseed(org_seed(3))

    def renewals() -> int:
        with at_the_server() as server:
            there = held(server, place_of(small_org.org.seed.id))
        assert there is not None
        return there.holder.renewals

    def cancel_after_the_first(stage: str, done: int, _total: int) -> None:
        if stage == "Publishing Architect flows" and done == 1:
            with get_client(sync_client=True) as client:
                client.set_flow_run_state(runtime.flow_run.id, Cancelling(), force=True)
            before = renewals()
            wait_for(lambda: renewals() > before + 1)  # the one between the two has seen it

    with listening(cancel_after_the_first):
        ended = raise_timeouts(policy=POLICY, mode="apply", return_state=True)

    assert (ended.type.value, ended.name) == ("CANCELLED", "Interrupted"), ended.message
    assert sorted(published(small_org).values(), key=str) == ["4.0", "4.0", "5.0"]
    assert [each.outcome for each in report_of(ended).outcomes] == ["published", "skipped", "skipped"]
    assert ours(small_org) == []


def test_a_run_that_is_cancelled_while_it_waits_for_another_one_publishes_nothing_when_its_turn_comes(
    small_org: Running,
) -> None:
    small_org.org.reseed(org_seed(3))
    with get_client(sync_client=True) as client:
        run = client.create_flow_run(raise_timeouts)
    parameters = {"policy": POLICY, "mode": "apply"}

    def cancel() -> None:
        with get_client(sync_client=True) as client:
            client.set_flow_run_state(run.id, Cancelling(), force=True)

    with another_run_in(small_org.org.seed.id, cancel):
        ended: Any = run_flow(raise_timeouts, flow_run=run, parameters=parameters, return_type="state")

    assert ended.name == "Interrupted"
    assert set(published(small_org).values()) == {"4.0"}
