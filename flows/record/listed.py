"""Which runs there were: Prefect's server knows all of them by name, those that ended before they left anything too.

What came of a run stands in its record; what a list tells of that is kept beside the record (about.py).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, islice
from uuid import UUID

from prefect import get_client
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterName,
    FlowRunFilterStartTime,
)
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound

from flows.record.about import AboutRun, about_run, is_told_of
from reports.run_list import RunLine
from tasks.storage import ResultStorage

WHAT = {
    "audit": "audit",
    "raise-timeouts": "raise",
    "raise-approved": "raise, approved",
    "apply-plan": "apply",
    "roll-back": "roll back",
    "set-timeout": "set",
    "effect": "effect",
    "fleet": "fleet",
}
"""Our Prefect flows, and what people call their runs."""

MAKE_PLANS = frozenset({"raise-timeouts", "raise-approved", "apply-plan", "roll-back", "set-timeout"})
"""Those whose runs have a plan."""

MOST_RUNS = 2_000
"""So many of the latest runs are searched for a beginning of an id; an older one is named by its name or whole id."""

_BEFORE_WHAT_WAS_RAISED = re.compile(r"\AFlow run encountered an exception: (?:\w+: )?")
"""Prefect's words, and ours (flows/run/our_flow.py), with the class: in a list, what the error says is enough."""

_PAGE = 200
"""What Prefect's API gives at once."""


class ServerNotAskedError(Exception):
    """The Prefect server did not say which runs there are."""


@dataclass(frozen=True, slots=True)
class ListedRun:
    """A run as Prefect's server knows it, and what is kept beside its record; None where that is not in reach.

    `what`: kind and mode in words. `state`: the name of the state that it is in; `message`: what that says. `began_ms`:
    milliseconds since 1970. `is_unreadable`: something is kept beside its record, and is refused or cannot be read.
    """

    id: str
    name: str
    prefect_flow: str
    what: str
    state: str
    message: str
    began_ms: int
    about: AboutRun | None = None
    is_unreadable: bool = False

    @property
    def checksum(self) -> str:
        """The checksum of its plan, '' where it made none or that is not known."""
        return "" if self.about is None else self.about.checksum


def listed_runs(*, name: str | None = None, most: int = MOST_RUNS) -> list[ListedRun]:
    """Return the latest runs that have begun, the latest first; of one name alone where it is given.

    Nothing is known of their records (`told`). Raises ServerNotAskedError.
    """
    chosen = FlowRunFilter(
        start_time=FlowRunFilterStartTime(is_null_=False),
        name=None if name is None else FlowRunFilterName(any_=[name]),
    )
    try:
        return list(islice(_at_the_server(chosen, min(most, _PAGE)), most))
    except Exception as problem:  # Prefect's client passes on those of its HTTP library
        raise ServerNotAskedError(str(problem) or type(problem).__name__) from problem


def told(run: ListedRun, storages: Sequence[ResultStorage]) -> ListedRun:
    """Return a run with what is kept beside its record, in the first of these storages that has it."""
    about = next((found for storage in storages if (found := about_run(storage, run.id)) is not None), None)
    if about is None:
        return replace(run, is_unreadable=any(is_told_of(storage, run.id) for storage in storages))
    what = "raise, approved" if run.prefect_flow == "raise-approved" else _what(about.run.kind, about.run.mode)
    return replace(run, what=what, about=about)


def state_going_on(run_id: str) -> str:
    """Return the name of the state of a run that has not ended, '' of one that has.

    Raises ServerNotAskedError where the Prefect server does not know the run, or does not answer.
    """
    try:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(UUID(run_id)).state
    except (ValueError, ObjectNotFound):
        raise ServerNotAskedError("this Prefect server does not know the run") from None
    except Exception as problem:  # as above
        raise ServerNotAskedError(str(problem) or type(problem).__name__) from problem
    if state is None:
        raise ServerNotAskedError("the Prefect server says nothing of its state")
    return "" if state.is_final() else state.name or state.type.value


def _at_the_server(chosen: FlowRunFilter, page: int) -> Iterator[ListedRun]:
    ours = FlowFilter(name=FlowFilterName(any_=list(WHAT)))
    with get_client(sync_client=True) as client:
        prefect_flows = {each.id: each.name for each in client.read_flows(flow_filter=ours)}
        for offset in count(0, page):
            runs = client.read_flow_runs(
                flow_filter=ours, flow_run_filter=chosen, sort=FlowRunSort.START_TIME_DESC, limit=page, offset=offset
            )
            yield from (_listed(run, prefect_flows.get(run.flow_id, "")) for run in runs)
            if len(runs) < page:
                return


def _listed(run: FlowRun, prefect_flow: str) -> ListedRun:
    assert run.start_time is not None, "only those that have begun were asked for"
    return ListedRun(
        id=str(run.id),
        name=run.name,
        prefect_flow=prefect_flow,
        what=_what(WHAT.get(prefect_flow, prefect_flow), str(run.parameters.get("mode", ""))),
        state=(run.state.name if run.state else None) or "",
        message=_BEFORE_WHAT_WAS_RAISED.sub("", (run.state.message if run.state else None) or ""),
        began_ms=int(run.start_time.timestamp() * 1000),
    )


def _what(kind: str, mode: str) -> str:
    return f"{kind}, {mode}" if mode in {"dry run", "apply"} and kind not in {"apply", "set"} else kind


def line_of(run: ListedRun) -> RunLine:
    """Return what a list says of a run."""
    about = run.about
    return RunLine(
        id=run.id,
        name=run.name,
        what=run.what,
        began_ms=run.began_ms,
        org="" if about is None else about.org.name,
        org_id="" if about is None else about.org.id,
        state=run.state,
        said=run.message if about is None or not about.said else about.said,
        checksum=run.checksum,
        is_kept=about is not None,
        is_unreadable=run.is_unreadable,
    )
