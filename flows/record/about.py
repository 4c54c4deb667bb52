"""What lists tell of a run, kept beside its record so that they need not read that: its org, its plan, what came of it.

It decides nothing.
"""

from reports.frames.short import in_short
from reports.report import Report, Run
from tasks.running.warning import warn
from tasks.storage import ResultStorage
from tasks.storage.stored import Stored
from timeouts.model.org import Organization
from timeouts.model.values import Value


class AboutRun(Value):
    """What is told of a run in a list. `checksum`: of its plan, '' for none; `said`: what it found, planned or did.

    `said` is '' of a run that may be publishing, until it has said what came of it: no plan stands in for that.
    """

    run: Run
    org: Organization
    checksum: str = ""
    plan_until_ms: int | None = None
    said: str = ""


def keep_about(storage: ResultStorage, report: Report) -> None:
    """Keep what is told of a run, over what was told of it before; where that fails, it is logged. Call it in a run."""
    checksum = "" if report.plan is None or report.run.kind == "audit" else report.plan.checksum
    told = AboutRun(
        run=report.run,
        org=report.org,
        checksum=checksum,
        plan_until_ms=report.plan_until_ms,
        said=_said(report),
    )
    try:
        _stored(storage, report.run.id).put(told)
    except OSError as problem:
        warn("what is told of this run in lists could not be stored: %s", problem)


def _said(report: Report) -> str:
    return "" if report.may_have_written and report.has_work and not report.outcomes else in_short(report)


def about_run(storage: ResultStorage, run_id: str) -> AboutRun | None:
    """Return what is told of a run, None where nothing is kept here."""
    return _stored(storage, run_id).get()


def is_told_of(storage: ResultStorage, run_id: str) -> bool:
    """Tell whether anything is kept of a run, be it refused or not to be read."""
    return storage.has(_stored(storage, run_id).name)


def _stored(storage: ResultStorage, run_id: str) -> Stored[AboutRun]:
    def is_ours(about: AboutRun) -> bool:
        return about.run.id == run_id

    return Stored(storage, f"genesys-timeouts-run-{run_id}-about", AboutRun, is_ours=is_ours)
