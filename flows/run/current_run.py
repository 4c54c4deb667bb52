"""The current Prefect flow run: its name, and a line at its end that says what it asked of the platform."""

from prefect import get_run_logger, runtime
from prefect.context import FlowRunContext

from genesys import fields, of_org
from reports.report import Kind, Mode, Report, Run
from tasks.running.clock import format_utc


def this_run(kind: Kind, mode: Mode) -> Run:
    """Return what names the current Prefect flow run, and when it began here."""
    context = FlowRunContext.get()
    assert context is not None, "called in the body of a Prefect flow"
    began_ms = round(context.start_time.timestamp() * 1000)
    return Run(
        id=str(runtime.flow_run.id),
        name=str(runtime.flow_run.name),
        kind=kind,
        mode=mode,
        began_ms=began_ms,
        began=format_utc(began_ms),
    )


def say_figures(report: Report) -> None:
    """Say it in the log of the run. Call it in the body of a Prefect flow, at its end."""
    run, counts = report.run, report.requests
    extra = fields(of_org(report.org), {"requests": counts.total, "wait_ms": counts.waiting_ms})
    get_run_logger().info("%s (%s) of %s: %s", run.kind, run.mode, report.org.name, counts.in_words, extra=extra)
