"""The task leave-artifacts: the tables that people find in the Prefect UI after a run."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from prefect import get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from tasks.artifact_keys import history_key, key_of
from tasks.kept_tables import STEPS, KeptTables
from tasks.storage import storage_of_run
from timeouts.action_tables import action_outcomes_table, actions_table, felt_table, load_table
from timeouts.action_use import ActionUse
from timeouts.drift import Drift
from timeouts.drift_words import drift_sentence, drift_table
from timeouts.histories import MOST_HISTORIES, History, histories_of_drift, histories_of_run
from timeouts.inventory import Inventory
from timeouts.markdown import escaped, linked
from timeouts.org import Organization
from timeouts.plan import Plan
from timeouts.request_figures import RequestCounts
from timeouts.shown import (
    Cut,
    Rank,
    ShownTable,
    changed_then_odd_then_shortest,
    problems_first,
    shortest_now,
)
from timeouts.summary import Became
from timeouts.tables import Addresses, outcomes_table, plan_table, rows, steps_table, verified_table

if TYPE_CHECKING:
    import pandas as pd

_PATIENCE = 2
"""So many artifacts in a row that the Prefect server does not take, and the rest is not tried: each takes a minute."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found and did, as far as its tables show it. `became` is None unless a plan was applied.

    `checksum`: of the plan, '' without one; making it takes as long as writing the plan. `uses`: every action that was
    listed, with the steps that were read and call it.
    """

    inventory: Inventory
    uses: tuple[ActionUse, ...]
    plan: Plan | None
    checksum: str
    became: Became | None
    run_id: str
    run_name: str
    addresses: Addresses
    requests: RequestCounts


@dataclass(frozen=True, slots=True)
class _Table:
    """A table that is not made yet. `says`: all that decides what it says, None where no two runs say the same."""

    what: str
    title: str
    make: Callable[[], "pd.DataFrame"]
    rank: Rank | None = None
    sentence: str = ""
    says: tuple[object, ...] | None = None

    def cut(self, kept: KeptTables) -> Cut:
        """Make it, or give it as it was made before."""

        def made() -> Cut:
            return Cut.of(self.make(), self.rank)

        if self.says is None:
            return made()
        rank = "" if self.rank is None else self.rank.__qualname__
        return kept.table(self.what, (rank, *self.says), made)


class Shelf:
    """Where a run puts its artifacts. One that the Prefect server does not take is logged, and the run goes on.

    What a run did is stored before, and artifacts are for looking at: none of them may cost a run its outcome. They go
    out one after another, while the next ones are made.
    """

    def __init__(self) -> None:
        self._refused = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="shelf")

    def close(self) -> None:
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


@task(name="leave-artifacts", cache_policy=NO_CACHE, persist_result=False)
def leave_artifacts(found: Found, shelf: Shelf) -> tuple[ShownTable, ...]:
    """Leave the tables, each with its whole as a CSV file, and the history of each Architect flow that changed.

    Gives what is left, for the summary. All of it is there when the caller closes the shelf.
    """
    organization = found.inventory.organization
    if found.plan is not None and found.became is not None:
        histories = histories_of_run(found.plan, found.became.outcomes, found.run_name)
        _leave_histories(shelf, organization, histories, found.addresses)
    shelf.put(
        key_of("timeouts-requests", organization),
        create_table_artifact,
        table=found.requests.as_rows,
        description=f"What the run asked of the platform: {found.requests.in_words}",
    )
    return _leave_all(shelf, organization, _tables_of(found), found.run_id)


def leave_drift(drift: Drift, found: Found, shelf: Shelf) -> tuple[ShownTable, ...]:
    """Leave the table of what moved since the last audit, and the history of each Architect flow that did.

    They belong to the task that calls this.
    """
    organization = found.inventory.organization
    _leave_histories(shelf, organization, histories_of_drift(drift, found.run_name), found.addresses)
    return _leave_all(shelf, organization, [_drift_table(drift, found.addresses)], found.run_id)


def _leave_all(
    shelf: Shelf, organization: Organization, tables: Iterable[_Table], run_id: str
) -> tuple[ShownTable, ...]:
    kept = KeptTables(storage_of_run(), organization.id)
    return tuple(_leave(shelf, organization, table, table.cut(kept), run_id) for table in tables)


def _leave(shelf: Shelf, organization: Organization, table: _Table, cut: Cut, run_id: str) -> ShownTable:
    where = _stored(f"genesys-timeouts-run-{run_id}-{table.what.removeprefix('timeouts-')}.csv", cut.csv)
    left = ShownTable(
        title=table.title,
        key=key_of(table.what, organization),
        shown=len(cut.shown),
        rows=cut.total,
        where=where,
    )
    missing = "" if left.is_whole else f" The {left.shown:,} of {left.rows:,} rows that matter most."
    csv = f" The whole as CSV: `{where}`" if where else ""
    said = f" {escaped(table.sentence)}" if table.sentence else ""
    shelf.put(left.key, create_table_artifact, table=cut.shown, description=f"{table.title}.{said}{missing}{csv}")
    return left


def _stored(name: str, csv: bytes) -> str:
    """Store a whole table as CSV; gives where it is, '' where it could not be stored."""
    storage = storage_of_run()
    try:
        storage.write(name, csv)
    except OSError as problem:  # a table that is not stored must not cost the run its outcome
        get_run_logger().warning("%s could not be stored: %s", name, problem)
        return ""
    return storage.where(name)


def _leave_histories(
    shelf: Shelf, organization: Organization, histories: Sequence[History], addresses: Addresses
) -> None:
    if len(histories) > MOST_HISTORIES:
        get_run_logger().warning(
            "%d Architect flows moved: the histories of the first %d are left, the tables show all",
            len(histories),
            MOST_HISTORIES,
        )
    for history in histories[:MOST_HISTORIES]:
        _leave_history(shelf, organization, history, addresses)


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
    plan, became = found.plan, found.became
    if plan is not None:
        if became is not None:
            yield from _outcome_tables(plan, became, found.addresses)
        yield from _plan_tables(plan, found.checksum, found.addresses)
    yield _steps_table(found)
    if found.inventory.is_whole:
        yield _actions_table(found)


def _drift_table(drift: Drift, addresses: Addresses) -> _Table:
    return _Table(
        "timeouts-drift",
        "What moved since the last audit",
        lambda: drift_table(drift, addresses),
        sentence=drift_sentence(drift),
        says=(drift.actions, drift.steps, drift.architect_flows, drift.unknown, addresses),
    )


def _steps_table(found: Found) -> _Table:
    inventory, plan, addresses = found.inventory, found.plan, found.addresses
    with_steps = [reading for reading in inventory.readings if reading.steps]
    listed = {each.id: each for each in inventory.architect_flows}
    return _Table(
        STEPS,
        "Every Call Data Action step as it was found",
        lambda: steps_table(inventory, plan, addresses=addresses),
        changed_then_odd_then_shortest,
        # A version never changes, and the fingerprint is that of the definition which the steps were read from.
        says=(
            [(each.architect_flow_id, each.version, each.kind, each.fingerprint) for each in with_steps],
            [(listed[each.architect_flow_id].name, listed[each.architect_flow_id].type) for each in with_steps],
            inventory.actions,
            found.checksum,
            inventory.suggested_default_ms,
            addresses,
        ),
    )


def _actions_table(found: Found) -> _Table:
    uses, evidence, plan = found.uses, found.inventory.evidence, found.plan
    return _Table(
        "timeouts-actions",
        "Every integration action and who uses it",
        lambda: actions_table(uses, evidence, plan),
        says=(uses, evidence, found.checksum),
    )


def _plan_tables(plan: Plan, checksum: str, addresses: Addresses) -> Iterator[_Table]:
    says = (checksum, addresses)
    planned = f"Before and after, as planned: {checksum}"
    yield _Table("timeouts-plan", planned, lambda: plan_table(plan, addresses), shortest_now, says=says)
    if plan.action_changes:
        felt = "Every step that feels a changed action limit, before and after, as planned"
        yield _Table("timeouts-action-plan", felt, lambda: felt_table(plan, addresses), shortest_now, says=says)
    if plan.load is not None:
        load = plan.load
        yield _Table("timeouts-cost", "What waiting costs: executions at once", lambda: load_table(load), says=says)


def _outcome_tables(plan: Plan, became: Became, addresses: Addresses) -> Iterator[_Table]:
    if became.action_outcomes:
        title = "What became of each action"
        yield _Table("timeouts-action-outcomes", title, lambda: action_outcomes_table(became.action_outcomes))
    title = "What became of each Architect flow"
    yield _Table("timeouts-outcomes", title, lambda: outcomes_table(became.outcomes, plan, addresses), problems_first)
    title = "Before and after, read back from the platform"
    yield _Table("timeouts-verified", title, lambda: verified_table(became.outcomes, plan, addresses), problems_first)
