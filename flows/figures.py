"""What a run asked of the platform: a line at its end, and a table in the Prefect UI."""

from prefect import get_run_logger

from flows.report import Report
from genesys import fields, of_org
from tasks.leave_requests import leave_requests


def leave_figures(report: Report) -> None:
    """Say it and leave the table `timeouts-requests-<org>`. Call it in the body of a Prefect flow, at its end.

    The table is for looking at: a Prefect server that does not take it must not turn a publish that is done into a
    failed run.
    """
    run, counts = report.run, report.requests
    extra = fields(of_org(report.org), {"requests": counts.total, "wait_ms": counts.waiting_ms})
    get_run_logger().info("%s (%s) of %s: %s", run.kind, run.mode, report.org.name, counts.in_words, extra=extra)
    left = leave_requests(report.org, counts, return_state=True)
    if not left.is_completed():
        get_run_logger().warning("the table of requests was not left: %s", left.message, extra=extra)
