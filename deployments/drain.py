"""Pause the work pool and wait until none of its runs is in a process: then workers can be stopped without harm.

A worker that is told to stop kills its runs within seconds, and the server goes on to believe that they run
(prefect.md 12). `prefect work-pool resume genesys-timeouts` lets the work go on.
"""

import argparse
import time

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

POOL = "genesys-timeouts"
# What a worker holds a process for, or is about to. A run that waits for an approval has none.
_IN_A_PROCESS = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
_POLL_S = 2.0


def drain(pool: str, patience_s: float) -> list[FlowRun]:
    """Pause `pool`, then wait at most `patience_s`; gives the runs that are still going on, none when it is drained."""
    with get_client(sync_client=True) as client:
        client.update_work_pool(pool, WorkPoolUpdate(is_paused=True))
        deadline = time.monotonic() + patience_s
        while (runs := _running(client, pool)) and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        return runs


def _running(client: SyncPrefectClient, pool: str) -> list[FlowRun]:
    return client.read_flow_runs(
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=_IN_A_PROCESS))),
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool])),
    )


def main() -> int:
    """Drain, and say what holds it up; the pool stays paused either way."""
    parser = argparse.ArgumentParser(prog="python -m deployments.drain", description=str(__doc__).splitlines()[0])
    parser.add_argument("--pool", default=POOL)
    parser.add_argument("--patience", type=float, default=3600, metavar="SECONDS")
    options = parser.parse_args()
    runs = drain(options.pool, options.patience)
    for run in runs:
        print(f"still {run.state_name}: {run.name} ({run.id})")
    if not runs:
        print(f"Drained: stop the workers, start the new ones, then: prefect work-pool resume {options.pool}")
    return 1 if runs else 0


if __name__ == "__main__":
    raise SystemExit(main())
