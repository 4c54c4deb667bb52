"""Publishing what people find of a run in the Prefect UI: its tables, histories and requests, and the summary."""

from collections.abc import Callable
from typing import Any

from prefect import get_run_logger, task

from reports.histories import MOST_HISTORIES, histories_of
from reports.keys import history_key, key_of
from reports.markdown.summary import PublishedTable, markdown_summary
from reports.markdown.text import linked
from reports.pictures.charts import charts_of
from reports.report import Report, Run
from reports.table import MOST_ROWS, Addresses, Table
from reports.tables import tables_of
from tasks.running.artifacts import create_markdown, create_table
from tasks.running.opaque_to_prefect import opaque_to_prefect
from tasks.running.retries import OURS
from tasks.storage import storage_of_run
from timeouts.model.org import Organization
from timeouts.text.outlets import escaped

_MOST_REFUSED = 2
"""So many artifacts in a row that the Prefect server does not take, and the rest is not tried: each takes a minute."""


def publish_artifacts(report: Report, addresses: Addresses) -> None:
    """Publish all artifacts of a run. Call it in the body of a Prefect flow, once all else is stored.

    `addresses`: where to open each Architect flow, by its id. Nothing of it raises: artifacts are for looking at.

    Prefect's UIs list the artifacts of a run by their ids, which are random: nothing decides which one comes first
    (prefect 3.8.8). The first of the two UIs lists those of the run itself above those of its tasks; so the summary is
    published from here and the rest from a task. The second UI mixes them; so its description says where to begin.
    """
    log = get_run_logger()
    tables = publish_tables(opaque_to_prefect(report), opaque_to_prefect(addresses), return_state=True).result(
        raise_on_failure=False
    )
    if isinstance(tables, BaseException):
        log.error("the run's tables could not be published: %s", tables)
        tables = []
    try:
        Publisher().publish(
            key_of("timeouts-summary", report.org),
            create_markdown,
            markdown=markdown_summary(report, addresses, pictures=charts_of(report, "png"), tables=tables),
            description=f"**Begin here.** Call Data Action timeouts of {escaped(report.org.name)}",
        )
    except Exception:
        log.exception("the run's summary could not be published; what it found and did is stored")


@task(name="publish-tables", **OURS)
def publish_tables(report: Report, addresses: Addresses) -> list[PublishedTable]:
    """Publish the tables of a run, each as a CSV file too, and the history of each Architect flow that moved.

    Returns what is published, for the summary.
    """
    publisher = Publisher()
    histories = histories_of(report)
    if len(histories) > MOST_HISTORIES:
        get_run_logger().warning(
            "%d Architect flows moved: the histories of the first %d are published, the tables show all",
            len(histories),
            MOST_HISTORIES,
        )
    for history in histories[:MOST_HISTORIES]:
        where = linked(history.name, addresses.get(history.architect_flow_id, ""))
        publisher.publish(
            history_key(report.org, history.architect_flow_id),
            create_table,
            rows=history.rows,
            description=f"{where}: {escaped(history.sentence)}",
        )
    if not report.org.is_files:
        publisher.publish(
            key_of("timeouts-requests", report.org),
            create_table,
            rows=report.requests.as_rows,
            description=f"What the run asked of the platform: {report.requests.in_words}",
        )
    return [publish_table(publisher, report.run, report.org, table) for table in tables_of(report, addresses)]


class Publisher:
    """Creates artifacts one after another. One that the Prefect server does not take is logged, and the run goes on.

    What a run did is stored before: none of them may cost a run its outcome.
    """

    def __init__(self) -> None:
        self._refused = 0

    def publish(self, key: str, create: Callable[..., Any], **content: Any) -> None:
        """Create an artifact; after two that were refused, no more are tried."""
        if self._refused >= _MOST_REFUSED:
            get_run_logger().warning("no artifact %s: the Prefect server took none before", key)
            return
        try:
            create(key=key, **content)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the run goes on
            self._refused += 1
            get_run_logger().warning("no artifact %s: %s", key, problem)
        else:
            self._refused = 0


def publish_table(publisher: Publisher, run: Run, organization: Organization, table: Table) -> PublishedTable:
    """Publish a table, and store the whole of it as CSV."""
    where = _stored(f"genesys-timeouts-run-{run.id}-{table.what.removeprefix('timeouts-')}.csv", table.csv())
    rows = table.rows(most=MOST_ROWS)
    published = PublishedTable(
        title=table.title, key=key_of(table.what, organization), shown=len(rows), rows=len(table.cells), where=where
    )
    said = f" {escaped(table.sentence)}" if table.sentence else ""
    missing = "" if published.is_whole else f" The {len(rows):,} of {published.rows:,} rows that matter most."
    csv = f" The whole as CSV: `{where}`" if where else ""
    publisher.publish(published.key, create_table, rows=rows, description=f"{table.title}.{said}{missing}{csv}")
    return published


def _stored(name: str, csv: bytes) -> str:
    """Store a whole table as CSV; returns where it is, '' where it could not be stored."""
    storage = storage_of_run()
    try:
        storage.export(name, csv)
    except OSError as problem:  # a table that is not stored must not cost the run its outcome
        get_run_logger().warning("%s could not be stored: %s", name, problem)
        return ""
    return storage.where(name)
