"""Pause the work pool and wait until none of its runs is in a process: then workers can be stopped without harm.

A worker that is told to stop kills its runs within seconds, and the server goes on to believe that they run
(docs/measured.md#stops). `prefect work-pool resume genesys-timeouts` lets the work go on.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolUpdate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL

from deployments.automations import DEAD_AFTER
from deployments.register import POOL
from genesys import keep_loopback_direct

# What a worker holds a process for, or is about to. A run that waits for an approval has none.
_IN_A_PROCESS = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_POLL_S = 2.0

_ENDING_S = 10.0
"""A run is over before its process is, which still hands over its log and its events. A worker that is stopped while it
waits for such a process may not end until it is killed (seen twice, prefect 3.8.8)."""

_SEEN_WITHIN_S = 20.0
"""How long an event may take to the database. Where ours does not come, heartbeats do not either."""


def drain(pool: str, patience_s: float, say: Callable[[str], None] = typer.echo) -> list[FlowRun]:
    """Pause `pool`, then wait at most `patience_s` for its runs, and a little longer for their processes.

    Says what it waits for whenever that changes, and does not wait for a run whose heartbeats have stopped. A pool that
    somebody resumes meanwhile, as a registration does, is paused again. Returns the runs that are still going on, none
    when it is drained.
    """
    with get_client(sync_client=True) as client:
        client.update_work_pool(pool, WorkPoolUpdate(is_paused=True))
        deadline, told, dead = time.monotonic() + patience_s, "", set[UUID]()
        while True:
            runs = [run for run in _in_a_process(client, pool) if run.id not in dead]
            if silent := _silent(client, runs):
                dead |= silent
                for run in runs:
                    if run.id in silent:
                        say(f"not waited for: {_named(run)}, its heartbeats have stopped")
                continue
            waited_for = ", ".join(f"{_named(run)}, {run.state_name}" for run in runs)
            if runs and waited_for != told:
                say(f"waiting for {waited_for}")
                told = waited_for
            if runs and time.monotonic() > deadline:
                return runs
            time.sleep(_POLL_S if runs else _ENDING_S)
            if _stayed_paused(client, pool, say) and not runs:
                return []


def _stayed_paused(client: SyncPrefectClient, pool: str, say: Callable[[str], None]) -> bool:
    """Tell whether a pool is still paused, and pause it again where it is not."""
    if client.read_work_pool(pool).is_paused:
        return True
    say(f"somebody resumed {pool} meanwhile, as `genesys-timeouts register` does: it is paused again")
    client.update_work_pool(pool, WorkPoolUpdate(is_paused=True))
    return False


def _in_a_process(client: SyncPrefectClient, pool: str) -> list[FlowRun]:
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_IN_A_PROCESS))),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
    )


def _silent(client: SyncPrefectClient, runs: list[FlowRun]) -> set[UUID]:
    """Return the runs that have shown signs of life and show none any more: their processes are gone.

    Nothing is read from silence alone: the event that asks is sent the way of the heartbeats, and has to arrive.
    """
    if not any(_is_old(_heartbeat(client, run.id)) for run in runs) or not _events_arrive(client):
        return set()
    return {run.id for run in runs if _is_old(_heartbeat(client, run.id))}


def _is_old(heartbeat: datetime | None) -> bool:
    return heartbeat is not None and datetime.now(UTC) - heartbeat > DEAD_AFTER


def _heartbeat(client: SyncPrefectClient, run: UUID) -> datetime | None:
    """Read when a run last showed that it lives; None where it never has, as one that has not begun."""
    found = _events(
        client, event={"name": ["prefect.flow-run.heartbeat"]}, resource={"id": [f"prefect.flow-run.{run}"]}
    )
    return datetime.fromisoformat(found[0]["occurred"]) if found else None


def _events_arrive(client: SyncPrefectClient) -> bool:
    """Send an event, and say whether it comes to the database: after all that were sent before it."""
    resource, event = {"prefect.resource.id": "genesys-timeouts.drain"}, str(uuid4())
    sent = {
        "id": event,
        "occurred": datetime.now(UTC).isoformat(),
        "event": "genesys-timeouts.drain",
        "resource": resource,
    }
    client.request("POST", "/events", json=[sent])
    deadline = time.monotonic() + _SEEN_WITHIN_S
    while not _events(client, id={"id": [event]}):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def _events(client: SyncPrefectClient, **wanted: Any) -> list[dict[str, Any]]:
    """Read the newest event of those that are wanted."""
    answer = client.request("POST", "/events/filter", json={"filter": {**wanted, "order": "DESC"}, "limit": 1})
    found: list[dict[str, Any]] = answer.json()["events"]
    return found


def _named(run: FlowRun) -> str:
    return f"{run.name} ({run.id})"


def main(
    pool: Annotated[str, typer.Option(help="The work pool to pause.")] = POOL,
    patience: Annotated[float, typer.Option(metavar="SECONDS", help="How long to wait for its runs.")] = 3600,
) -> None:
    """Pause the work pool and wait until none of its runs is in a process; it stays paused either way."""
    keep_loopback_direct(os.environ)
    try:
        left = drain(pool, patience)
    except ObjectNotFound:
        raise typer.BadParameter(
            f"there is no work pool {pool} on the Prefect server at {PREFECT_API_URL.value()}, and nothing was paused: "
            "`prefect work-pool ls` shows which there are",
            param_hint="--pool",
        ) from None
    if left:
        raise typer.Exit(1)
    typer.echo(f"Drained: stop the workers, start the new ones, then: prefect work-pool resume {pool}")


if __name__ == "__main__":
    typer.run(main)
