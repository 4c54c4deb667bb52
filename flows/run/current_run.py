"""The current Prefect flow run: its name, and a line at its end that says what it asked of the platform."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from prefect import get_run_logger, runtime
from prefect.context import FlowRunContext

from flows.record.figures import label_run
from flows.sources.sources import Source
from genesys import fields, of_org
from reports.report import Kind, Mode, Report, Run
from reports.words import utc


class _Typed(NamedTuple):
    """What a command line said, as it was typed."""

    org: str = ""
    policy: str = ""


_NOTHING = _Typed()
_typed: ContextVar[_Typed] = ContextVar("typed", default=_NOTHING)


@contextmanager
def as_typed(org: str | None, policy_file: Path | None = None) -> Iterator[None]:
    """Let the runs in this context know how a command line named their org and their policy; None where it did not."""
    token = _typed.set(_Typed(org or "", "" if policy_file is None else str(policy_file)))
    try:
        yield
    finally:
        _typed.reset(token)


def this_run(
    kind: Kind,
    mode: Mode,
    source: Source | None = None,
    *,
    undoes: str = "",
    protected: Sequence[str] = (),
    waived: Sequence[str] = (),
) -> Run:
    """Return what names the current Prefect flow run, and when it began here.

    `source`: what it works on, None for the org of its parameters. `undoes`: what a roll back puts back. `protected`:
    the protected Architect flows that its plan may change. `waived`: the limits that it may exceed.
    """
    context = FlowRunContext.get()
    assert context is not None, "called in the body of a Prefect flow"
    began_ms = round(context.start_time.timestamp() * 1000)
    return Run(
        id=str(runtime.flow_run.id),
        name=str(runtime.flow_run.name),
        kind=kind,
        mode=mode,
        org_option=_typed.get().org or _block_of_this_run(),
        files_options=() if source is None else source.options,
        compared_options=() if source is None else source.compared_options,
        undoes=undoes,
        policy_option=_typed.get().policy,
        protected=tuple(protected),
        waived=tuple(waived),
        began_ms=began_ms,
        began=utc(began_ms),
    )


def _block_of_this_run() -> str:
    """Return the name of the credentials block that a deployment's run was given; '' for none."""
    org = runtime.flow_run.parameters.get("org")
    return getattr(org, "_block_document_name", None) or ""


def say_figures(report: Report) -> None:
    """Say it in the log of the run, and to the Prefect server. Call it in the body of a Prefect flow, at its end."""
    run, counts = report.run, report.requests
    extra = fields(of_org(report.org), {"requests": counts.total, "wait_ms": counts.waiting_ms})
    get_run_logger().info("%s (%s) of %s: %s", run.kind, run.mode, report.org.name, counts.in_words, extra=extra)
    label_run(report)
