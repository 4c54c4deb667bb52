"""Asking the Prefect server for what metrics are made of: runs that have ended, and what is there at the moment.

A reading asks at most 12 times, and once more for each 200 runs that have ended since the last one.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prefect import get_client
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_REQUEST_TIMEOUT, PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from deployments.automations import BAD_ENDS
from deployments.register import POOL
from flows.record.figures import RunFigures, figures_in
from flows.record.listed import WHAT

KINDS = {**WHAT, "doctor": "doctor"}
"""Our Prefect flows, and what people call their runs."""

ENDS = frozenset({"Completed", "Cancelled", "Rejected", *BAD_ENDS})
"""The names of the states in which runs end (flows/run/endings.py, flows/approval); others go by their type."""

MOST_RUNS = 50_000
"""So many runs are read at once, the latest ones: those of 1,000 orgs in 35 nights, and some more."""

_PAGE = 200
_FAST_CLOCKS = timedelta(days=1)
_A_MOMENT = timedelta(microseconds=1)
_MOST_WAITING = 200
_REQUEST_SECONDS = 10.0
_ONCE = {PREFECT_API_REQUEST_TIMEOUT: _REQUEST_SECONDS, PREFECT_CLIENT_MAX_RETRIES: 0}
"""A request that fails is not repeated: the next reading is."""

_STATES = {
    "running": StateType.RUNNING,
    "pending": StateType.PENDING,
    "cancelling": StateType.CANCELLING,
    "suspended": StateType.PAUSED,
}

_LATE_SECONDS = 60.0
"""What should have begun so long ago is late, whether or not Prefect's own service has come to say so."""


@dataclass(frozen=True, slots=True)
class EndedRun:
    """A run that has ended: `kind` and `end` are words out of few. Times in seconds since 1970.

    `is_deployed`: a deployment ran it, and no terminal. `figures`: None where it ended before it had any.
    """

    id: str
    kind: str
    end: str
    ended: float
    is_deployed: bool
    figures: RunFigures | None


@dataclass(frozen=True, slots=True)
class WaitingPlan:
    """A run that is suspended until its plan is approved, and when it began."""

    since: float
    figures: RunFigures | None


@dataclass(frozen=True, slots=True)
class Moment:
    """What is there now. `late_since`: when the oldest late run should have begun; None where none is late.

    `runs`: how many are in each state. `workers`: how many are online and offline; both are None without a work pool.
    """

    runs: dict[str, int]
    late_since: float | None
    plans: Sequence[WaitingPlan]
    workers: dict[str, int] | None
    is_paused: bool | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the server said, all of it or nothing."""

    ended: Sequence[EndedRun]
    moment: Moment


def read_server(since: float) -> Reading:
    """Read what has ended since a time (seconds since 1970), and what is there now.

    Whatever Prefect's client and its HTTP library raise is passed on. It waits 10 s for an answer at most.
    """
    with temporary_settings(_ONCE), get_client(sync_client=True) as client:
        flows = client.read_flows(flow_filter=_ours())
        kinds = {str(flow.id): KINDS[flow.name] for flow in flows if flow.name in KINDS}
        return Reading(list(_ended(client, kinds, since)), _moment(client))


def _ours() -> FlowFilter:
    return FlowFilter(name=FlowFilterName(any_=list(KINDS)))


def _ended(client: SyncPrefectClient, kinds: dict[str, str], since: float) -> Iterator[EndedRun]:
    """Yield what has ended, the latest first, some twice: by time, for an offset costs the more the farther it is."""
    before = datetime.now(UTC) + _FAST_CLOCKS
    for _ in range(MOST_RUNS // _PAGE):
        runs = client.read_flow_runs(
            flow_filter=_ours(),
            flow_run_filter=FlowRunFilter(
                end_time=FlowRunFilterEndTime(after_=datetime.fromtimestamp(since, UTC), before_=before),
                state=_in(StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED),
            ),
            sort=FlowRunSort.END_TIME_DESC,
            limit=_PAGE,
        )
        yield from (_ended_run(run, kinds) for run in runs if run.end_time is not None and str(run.flow_id) in kinds)
        if len(runs) < _PAGE or (earliest := runs[-1].end_time) is None:
            return
        before = earliest if earliest < before else before - _A_MOMENT


def _ended_run(run: FlowRun, kinds: dict[str, str]) -> EndedRun:
    assert run.end_time is not None, "others were left out"
    name, type_ = run.state_name or "", run.state_type.value.title() if run.state_type else "Failed"
    return EndedRun(
        id=str(run.id),
        kind=kinds[str(run.flow_id)],
        end=name if name in ENDS else type_,
        ended=run.end_time.timestamp(),
        is_deployed=run.deployment_id is not None,
        figures=figures_in(run.labels),
    )


def _moment(client: SyncPrefectClient) -> Moment:
    chosen = {word: FlowRunFilter(state=_in(type_)) for word, type_ in _STATES.items()}
    chosen["late"] = _late()
    runs = {word: client.count_flow_runs(flow_filter=_ours(), flow_run_filter=which) for word, which in chosen.items()}
    late = _first(client, chosen["late"], 1) if runs["late"] else []
    suspended = _first(client, chosen["suspended"], _MOST_WAITING) if runs["suspended"] else []
    workers, is_paused = _pool(client)
    return Moment(
        runs=runs,
        late_since=min((due.timestamp() for run in late if (due := run.next_scheduled_start_time)), default=None),
        plans=[WaitingPlan(run.start_time.timestamp(), figures_in(run.labels)) for run in suspended if run.start_time],
        workers=workers,
        is_paused=is_paused,
    )


def _in(*types: StateType) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=list(types)))


def _late() -> FlowRunFilter:
    due = datetime.fromtimestamp(time.time() - _LATE_SECONDS, UTC)
    return FlowRunFilter(
        state=_in(StateType.SCHEDULED), next_scheduled_start_time=FlowRunFilterNextScheduledStartTime(before_=due)
    )


def _first(client: SyncPrefectClient, chosen: FlowRunFilter, most: int) -> list[FlowRun]:
    """Return those of the chosen runs that are to begin, or were, before the others."""
    return client.read_flow_runs(
        flow_filter=_ours(), flow_run_filter=chosen, sort=FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC, limit=most
    )


def _pool(client: SyncPrefectClient) -> tuple[dict[str, int] | None, bool | None]:
    """Return how many workers the work pool has, and whether it is paused; None where there is no such pool."""
    try:
        pool = client.read_work_pool(POOL)
        workers = client.read_workers_for_work_pool(POOL)
    except ObjectNotFound:
        return None, None
    online = sum(worker.status.value == "ONLINE" for worker in workers)
    return {"online": online, "offline": len(workers) - online}, pool.is_paused
