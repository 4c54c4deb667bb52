"""Suspend and Resume in Prefect's UI while a run publishes: nothing half done, nothing twice, one run to roll back."""

from typing import Any

import pytest
from prefect import get_client
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.states import AwaitingRetry

from flows.guards.places import at_the_server, held, place_of
from flows.raise_timeouts import raise_timeouts
from flows.record.records import kept_attempts
from flows.roll_back import roll_back
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from tasks.storage import default_storage
from tests.contents import ours, published
from tests.flows.artifacts import tables_of
from tests.flows.conftest import plan_of
from tests.flows.suspending import suspended_as_soon_as
from tests.publishing.scenes import org_seed
from timeouts.policy.policy import Policy

SECOND_PUBLISH = Match(method="POST", path="/api/v2/flows/actions/publish", nth=2)
POLICY = Policy.model_validate({**Policy.raise_to(10_000).model_dump(mode="json"), "at_a_time": 1})


def is_publishing_the_second(org: Running) -> bool:
    operations = [each["operation"] for each in org.org.state()["architectFlows"].values()]
    return [one["action"] for one in operations if one] == ["PUBLISH"] * 2


def test_a_run_that_is_suspended_finishes_what_is_in_flight_and_publishes_the_rest_once_it_is_resumed(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prefect's Pause cut publishes off, left our locks and gave the org's place away."""
    monkeypatch.setenv("GENESYS_READ_TIMEOUT", "30s")
    org = small_org.org
    org.reseed(org_seed(4))
    org.add_fault(Fault(kind="slow_drip", match=SECOND_PUBLISH, drip_ms=100, drip_bytes=100))
    parameters: dict[str, Any] = {"policy": POLICY, "mode": "apply"}
    with get_client(sync_client=True) as client:
        run = client.create_flow_run(raise_timeouts)
        with suspended_as_soon_as(lambda: is_publishing_the_second(small_org), run.id), pytest.raises(Pause):
            run_flow(raise_timeouts, flow_run=run, parameters=parameters, return_type="state")

        suspended = client.read_flow_run(run.id)
        assert suspended.state is not None
        assert suspended.state.name == "Suspended"
        assert ours(small_org) == []
        assert sorted(published(small_org).values(), key=str) == ["4.0", "4.0", "5.0", "5.0"]
        (first,) = kept_attempts(default_storage(), str(run.id))
        assert [each.outcome for each in first.outcomes] == ["published"] * 2 + ["skipped"] * 2
        with at_the_server() as server:
            assert held(server, place_of(org.seed.id)) is None
        assert any(key.startswith("timeouts-outcomes") for key in tables_of(run.id))

        client.set_flow_run_state(run.id, AwaitingRetry(), force=True)  # Resume asks for a deployment
        resumed: Any = run_flow(
            raise_timeouts, flow_run=client.read_flow_run(run.id), parameters=parameters, return_type="state"
        )

    assert resumed.is_completed(), resumed.message
    assert set(published(small_org).values()) == {"5.0"}
    back = roll_back(str(run.id), mode="apply", return_state=True)
    assert back.is_completed(), back.message
    assert len(plan_of(back).pins) == 4
