"""The task leave-artifacts: the tables that people find in the Prefect UI after a run."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from tasks.artifact_keys import history_key, key_of
from tasks.inventory import Inventory
from tasks.storage import ResultStorage, storage_of_run
from timeouts.action_tables import action_outcomes_table, actions_table, felt_table, load_table
from timeouts.action_use import ActionUse
from timeouts.drift import Drift
from timeouts.drift_words import drift_sentence, drift_table
from timeouts.histories import MOST_HISTORIES, History, histories_of_drift, histories_of_run
from timeouts.markdown import escaped, linked
from timeouts.org import Organization
from timeouts.plan import Plan
from timeouts.shown import (
    Rank,
    ShownTable,
    as_csv,
    changed_then_odd_then_shortest,
    problems_first,
    shortest_now,
    what_matters,
)
from timeouts.summary import Became
from timeouts.tables import Addresses, outcomes_table, plan_table, rows, steps_table, verified_table

if TYPE_CHECKING:
    import pandas as pd

_PATIENCE = 2
"""So many artifacts in a row that the Prefect server does not take, and the rest is not tried: each takes a minute."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found and did, as far as its artifacts show it. `became` is None unless a plan was applied.

    `uses`: every action that was listed, with the steps that were read and call it.
    """

    inventory: Inventory
    uses: tuple[ActionUse, ...]
    plan: Plan | None
    became: Became | None
    drift: Drift | None
    run_id: str
    run_name: str
    suggested_default_ms: int
    addresses: Addresses


@dataclass(frozen=True, slots=True)
class _Table:
    what: str
    title: str
    table: "pd.DataFrame"
    rank: Rank | None = None
    sentence: str = ""


class Shelf:
    """Where a run puts its artifacts. One that the Prefect server does not take is logged, and the run goes on.

    What a run did is stored before, and artifacts are for looking at: none of them may cost a run its outcome. They go
    out one after another, while the next ones are made; leaving a `with` block waits for all.
    """

    def __init__(self) -> None:
        self._refused = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shelf")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait until all have gone out."""
        self._thread.shutdown()

    def put(self, key: str, create: Callable[..., Any], **given: Any) -> None:
        """Create an artifact as soon as those before it are there."""
        self._thread.submit(copy_context().run, self._create, key, create, given)  # context: which run it belongs to

    def _create(self, key: str, create: Callable[..., Any], given: Mapping[str, Any]) -> None:
        if self._refused >= _PATIENCE:
            get_run_logger().warning("no artifact %s: the Prefect server took none before", key)
            return
        try:
            create(key=key, **given)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the run goes on
            self._refused += 1
            get_run_logger().warning("no artifact %s: %s", key, problem)
        else:
            self._refused = 0


@task(name="leave-artifacts", cache_policy=NO_CACHE)
def leave_artifacts(found: Found) -> tuple[ShownTable, ...]:
    """Leave the tables, each with its whole as a CSV file, and the history of each Architect flow that moved.

    Gives what was left, for the summary.
    """
    storage, organization = storage_of_run(), found.inventory.listing.organization
    with Shelf() as shelf:
        for history in _histories(found):
            _leave_history(shelf, organization, history, found.addresses)
        return tuple(_leave(shelf, storage, organization, table, found.run_id) for table in _tables_of(found))


def _leave(shelf: Shelf, storage: ResultStorage, organization: Organization, table: _Table, run_id: str) -> ShownTable:
    shown = what_matters(table.table, table.rank)
    where = _stored(storage, f"genesys-timeouts-run-{run_id}-{table.what.removeprefix('timeouts-')}.csv", table.table)
    left = ShownTable(
        title=table.title,
        key=key_of(table.what, organization),
        shown=len(shown),
        rows=len(table.table),
        where=where,
    )
    cut = "" if left.is_whole else f" The {left.shown:,} of {left.rows:,} rows that matter most."
    csv = f" The whole as CSV: `{where}`" if where else ""
    said = f" {escaped(table.sentence)}" if table.sentence else ""
    shelf.put(left.key, create_table_artifact, table=rows(shown), description=f"{table.title}.{said}{cut}{csv}")
    return left


def _stored(storage: ResultStorage, name: str, table: "pd.DataFrame") -> str:
    """Store a whole table as CSV; gives where it is, '' where it could not be stored."""
    try:
        storage.write(name, as_csv(table))
    except Exception as problem:  # noqa: BLE001 - a table that is not stored must not cost the run its outcome
        get_run_logger().warning("%s could not be stored: %s", name, problem)
        return ""
    return storage.where(name)


def _histories(found: Found) -> list[History]:
    histories: list[History] = []
    if found.plan is not None and found.became is not None:
        histories += histories_of_run(found.plan, found.became.outcomes, found.run_name)
    if found.drift is not None:
        histories += histories_of_drift(found.drift, found.run_name)
    if len(histories) > MOST_HISTORIES:
        get_run_logger().warning(
            "%d Architect flows moved: the histories of the first %d are left, the tables show all",
            len(histories),
            MOST_HISTORIES,
        )
    return histories[:MOST_HISTORIES]


def _leave_history(shelf: Shelf, organization: Organization, history: History, addresses: Mapping[str, str]) -> None:
    where = linked(history.name, addresses.get(history.architect_flow_id, ""))
    shelf.put(
        history_key(organization, history.architect_flow_id),
        create_table_artifact,
        table=rows(history.table),
        description=f"{where}: {escaped(history.sentence)}",
    )


def _tables_of(found: Found) -> Iterator[_Table]:
    """Give the tables of a run, those that matter most first."""
    listing, readings, plan, became = found.inventory.listing, found.inventory.readings, found.plan, found.became
    addresses, default_ms = found.addresses, found.suggested_default_ms
    if found.drift is not None:
        moved, sentence = drift_table(found.drift, addresses), drift_sentence(found.drift)
        yield _Table("timeouts-drift", "What moved since the last audit", moved, sentence=sentence)
    if plan is not None:
        if became is not None:
            yield from _outcome_tables(plan, became, addresses)
        yield from _plan_tables(plan, addresses)
    steps = steps_table(
        listing.architect_flows,
        readings,
        listing.actions,
        plan,
        suggested_default_ms=default_ms,
        addresses=addresses,
    )
    title = "Every Call Data Action step as it was found"
    yield _Table("timeouts-steps", title, steps, changed_then_odd_then_shortest)
    if listing.is_whole:
        actions = actions_table(found.uses, found.inventory.evidence, plan)
        yield _Table("timeouts-actions", "Every integration action and who uses it", actions)


def _plan_tables(plan: Plan, addresses: Addresses) -> Iterable[_Table]:
    planned = f"Before and after, as planned: {plan.checksum}"
    yield _Table("timeouts-plan", planned, plan_table(plan, addresses), shortest_now)
    if plan.action_changes:
        felt = "Every step that feels a changed action limit, before and after, as planned"
        yield _Table("timeouts-action-plan", felt, felt_table(plan, addresses), shortest_now)
    if plan.load is not None:
        yield _Table("timeouts-cost", "What waiting costs: executions at once", load_table(plan.load))


def _outcome_tables(plan: Plan, became: Became, addresses: Addresses) -> Iterable[_Table]:
    if became.action_outcomes:
        actions = action_outcomes_table(became.action_outcomes)
        yield _Table("timeouts-action-outcomes", "What became of each action", actions)
    outcomes = outcomes_table(became.outcomes, plan, addresses)
    yield _Table("timeouts-outcomes", "What became of each Architect flow", outcomes, problems_first)
    verified = verified_table(became.outcomes, plan, addresses)
    yield _Table("timeouts-verified", "Before and after, read back from the platform", verified, problems_first)
