"""What a run leaves of itself besides its tables: figures of its requests, and an event for what it changed."""

import asyncio
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event as Flag
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.events import Event
from prefect.events.clients import get_events_subscriber
from prefect.events.filters import EventFilter, EventNameFilter
from prefect.events.worker import EventsWorker

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from tests.flows.conftest import report_of
from timeouts.model.durations import parse_duration
from timeouts.policy.policy import Policy

CONFIGURATION = Match(path="/api/v2/flows/*/versions/*/configuration")
RAISE = Policy.raise_to(10_000)


@contextmanager
def events_of_ours() -> Iterator[list[Event]]:
    """Listen to the server, as an automation does; what came is there when the block has ended."""
    came: list[Event] = []
    listens, over = Flag(), Flag()

    async def listen() -> None:
        ours = EventFilter(event=EventNameFilter(prefix=["genesys-timeouts."]))
        async with get_events_subscriber(filter=ours) as subscriber:
            listens.set()
            while not over.is_set():
                try:
                    async with asyncio.timeout(1):
                        came.append(await anext(subscriber))
                except TimeoutError:
                    continue

    with ThreadPoolExecutor(1) as threads:
        listening = threads.submit(asyncio.run, listen())
        assert listens.wait(30)
        try:
            yield came
            EventsWorker.drain_all(timeout=10)
        finally:
            over.set()
        listening.result(30)


def table_of_requests(run_id: str) -> dict[str, Any]:
    wanted = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]))
    with get_client(sync_client=True) as client:
        (found,) = [each for each in client.read_artifacts(artifact_filter=wanted) if "requests" in str(each.key)]
    assert found.key == "timeouts-requests-small-org-66666666"
    return {row["request"]: row["times"] for row in json.loads(str(found.data))}


def test_a_table_and_a_line_tell_what_was_asked_of_the_platform(
    small_org: Running, caplog: pytest.LogCaptureFixture
) -> None:
    small_org.org.add_fault(Fault(kind="status", status=429, retry_after="2", match=CONFIGURATION))
    state = audit(return_state=True)

    table = table_of_requests(str(state.state_details.flow_run_id))
    assert table["GET /api/v2/flows/{flowId}/versions/{versionId}/configuration"] == 2
    assert table["answered 429 (rate limit)"] == 1
    assert parse_duration(table["waited for the platform"]) > 0  # a busy machine is late; tests of the counts are exact
    assert table["all requests"] == report_of(state).requests.total
    (line,) = [each for each in caplog.records if "waited for the platform" in each.getMessage()]
    assert line.levelno == logging.INFO
    assert line.getMessage().startswith(f"audit (read only) of Small org: {table['all requests']} requests, 0 reads")
    assert vars(line)["org_name"] == "Small org"


def test_a_run_that_ends_in_an_error_tells_it_as_well(small_org: Running, caplog: pytest.LogCaptureFixture) -> None:
    small_org.org.add_fault(Fault(kind="empty", match=Match(path="/api/v2/flows", times=None)))
    audit(return_state=True)

    (line,) = [each for each in caplog.records if "the run ends early" in each.getMessage()]
    assert "requests, 4 reads repeated" in line.getMessage()


def test_what_a_run_has_changed_is_an_event_that_reaches_the_server(small_org: Running) -> None:
    with events_of_ours() as came:
        state = raise_timeouts(policy=RAISE, mode="apply", return_state=True)

    (event,) = came
    report = report_of(state)
    assert report.plan is not None
    assert event.event == "genesys-timeouts.changes-applied"
    assert event.resource.id == f"genesys-timeouts.org.{small_org.org.seed.id}"
    nothing = {"published": 0, "unchanged": 0, "skipped": 0, "failed": 0, "unknown": 0}
    assert event.payload == {
        "run": report.run.id,
        "organization": "Small org",
        "kind": "raise",
        "mode": "apply",
        "plan": report.plan.checksum,
        "architect_flows": {**nothing, "published": 1},
        "actions": nothing,
    }
    assert f"prefect.flow-run.{report.run.id}" in [related.id for related in event.related]


@pytest.mark.usefixtures("small_org")
def test_a_roll_back_tells_of_itself_and_runs_that_change_nothing_do_not() -> None:
    first = report_of(raise_timeouts(policy=RAISE, mode="apply", return_state=True))
    with events_of_ours() as came:
        audit(return_state=True)
        raise_timeouts(policy=RAISE, mode="apply", return_state=True)
        roll_back(first.run.id, return_state=True)
        roll_back(first.run.id, mode="apply", return_state=True)

    assert [event.payload["kind"] for event in came if event.event.endswith("changes-applied")] == ["roll back"]
