"""What a run asked of the platform: a line at its end, and a table in the Prefect UI."""

from prefect import get_run_logger
from prefect.artifacts import create_table_artifact

from flows.report import Report
from genesys import fields, of_org
from tasks.artifact_keys import key_of


def leave_figures(report: Report) -> None:
    """Say it and leave the table `timeouts-requests-<org>`. Call it in the body of a Prefect flow, at its end.

    The table is for looking at: a Prefect server that does not take it must not turn a publish that is done into a
    failed run.
    """
    run, counts = report.run, report.requests
    extra = fields(of_org(report.org), {"requests": counts.total, "wait_ms": counts.waiting_ms})
    get_run_logger().info("%s (%s) of %s: %s", run.kind, run.mode, report.org.name, counts.in_words, extra=extra)
    try:
        create_table_artifact(
            key=key_of("timeouts-requests", report.org),
            table=counts.as_rows,
            description=f"What the run asked of the platform: {counts.in_words}",
        )
    except Exception as problem:  # noqa: BLE001 - whatever it is
        get_run_logger().warning("the table of requests was not left: %s", problem, extra=extra)
