"""What a run asked of the platform: a line at its end."""

from prefect import get_run_logger

from flows.report import Report
from genesys import fields, of_org


def say_figures(report: Report) -> None:
    """Say it in the log of the run. Call it in the body of a Prefect flow, at its end."""
    run, counts = report.run, report.requests
    extra = fields(of_org(report.org), {"requests": counts.total, "wait_ms": counts.waiting_ms})
    get_run_logger().info("%s (%s) of %s: %s", run.kind, run.mode, report.org.name, counts.in_words, extra=extra)
