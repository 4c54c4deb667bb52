"""What a run left in the Prefect server, as its UIs ask for it, and the events that it told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId
from prefect.client.schemas.objects import Artifact
from prefect.client.schemas.sorting import ArtifactSort
from prefect.events import Event
from prefect.events.clients import AssertingEventsClient
from prefect.events.worker import EventsWorker


def artifacts_of(run_id: object) -> list[Artifact]:
    """The artifacts of a run, the newest first."""
    with get_client(sync_client=True) as client:
        chosen = ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run_id]))
        return client.read_artifacts(artifact_filter=chosen, sort=ArtifactSort.CREATED_DESC)


def summary_of(run_id: object) -> str:
    """The Markdown summary of a run."""
    (summary,) = (artifact for artifact in artifacts_of(run_id) if str(artifact.key).startswith("timeouts-summary"))
    return str(summary.data)


def table_of(artifact: Artifact) -> list[dict[str, Any]]:
    """The rows of a table artifact."""
    found: list[dict[str, Any]] = json.loads(str(artifact.data))
    return found


def tables_of(run_id: object) -> dict[str, list[dict[str, Any]]]:
    """The tables of a run by their keys, in the order in which they were left."""
    return {
        str(artifact.key): table_of(artifact)
        for artifact in reversed(artifacts_of(run_id))
        if artifact.key and artifact.type == "table"
    }


@contextmanager
def told() -> Iterator[list[Event]]:
    """Collect the events of our own that are emitted; the list is full when the block has ended."""
    events: list[Event] = []
    EventsWorker.set_client_override(AssertingEventsClient)
    try:
        yield events
        EventsWorker.drain_all(timeout=30)
        seen = {event.id: event for client in AssertingEventsClient.all for event in client.events}
        events += [event for event in seen.values() if event.event.startswith("genesys-timeouts.")]
    finally:
        EventsWorker.set_client_override(None)
        AssertingEventsClient.reset()
