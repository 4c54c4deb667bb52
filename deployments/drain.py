"""Pause the work pool and wait until none of its runs is in a process: then workers can be stopped without harm.

A worker that is told to stop kills its runs within seconds, and the server goes on to believe that they run
(docs/measured.md#stops). `prefect work-pool resume genesys-timeouts` lets the work go on.
"""

import os
import time
from typing import Annotated

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

from deployments.register import POOL
from genesys import keep_loopback_direct

# What a worker holds a process for, or is about to. A run that waits for an approval has none.
_IN_A_PROCESS = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_POLL_S = 2.0

_ENDING_S = 10.0
"""A run is over before its process is, which still hands over its log and its events. A worker that is stopped while it
waits for such a process may not end until it is killed (seen twice, prefect 3.8.8)."""


def drain(pool: str, patience_s: float) -> list[FlowRun]:
    """Pause `pool`, then wait at most `patience_s` for its runs, and a little longer for their processes.

    Returns the runs that are still going on, none when it is drained.
    """
    with get_client(sync_client=True) as client:
        client.update_work_pool(pool, WorkPoolUpdate(is_paused=True))
        deadline = time.monotonic() + patience_s
        while (runs := _running(client, pool)) and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        if not runs:
            time.sleep(_ENDING_S)
        return runs


def _running(client: SyncPrefectClient, pool: str) -> list[FlowRun]:
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_IN_A_PROCESS))),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
    )


def main(
    pool: Annotated[str, typer.Option(help="The work pool to pause.")] = POOL,
    patience: Annotated[float, typer.Option(metavar="SECONDS", help="How long to wait for its runs.")] = 3600,
) -> None:
    """Pause the work pool and wait until none of its runs is in a process; it stays paused either way."""
    keep_loopback_direct(os.environ)
    runs = drain(pool, patience)
    for run in runs:
        typer.echo(f"still {run.state_name}: {run.name} ({run.id})")
    if runs:
        raise typer.Exit(1)
    typer.echo(f"Drained: stop the workers, start the new ones, then: prefect work-pool resume {pool}")


if __name__ == "__main__":
    typer.run(main)
