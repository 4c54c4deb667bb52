"""The current Prefect flow run: its name, and a line at its end that says what it asked of the platform."""

from prefect import get_run_logger, runtime

from genesys import fields, of_org
from reports.report import Kind, Mode, Report, Run


def this_run(kind: Kind, mode: Mode) -> Run:
    """Return what names the current Prefect flow run."""
    return Run(id=str(runtime.flow_run.id), name=str(runtime.flow_run.name), kind=kind, mode=mode)


def say_figures(report: Report) -> None:
    """Say it in the log of the run. Call it in the body of a Prefect flow, at its end."""
    run, counts = report.run, report.requests
    extra = fields(of_org(report.org), {"requests": counts.total, "wait_ms": counts.waiting_ms})
    get_run_logger().info("%s (%s) of %s: %s", run.kind, run.mode, report.org.name, counts.in_words, extra=extra)
