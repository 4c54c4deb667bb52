"""Which state a run ends in: green only when everything was seen and everything planned is done."""

from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Failed

from flows.report import Report
from timeouts.outcomes import Published, Unchanged


def ending(report: Report) -> State[Any]:
    """Failed when any outcome is failed or unknown or the plan is over its limits, Incomplete when not all was read.

    `Incomplete` is a state of type FAILED: red in the UI, and what automations on failure listen to.
    """
    if report.failed:
        return Failed(message=f"{len(report.failed)} Architect flows failed or are unknown: {_named(report)}")
    if report.run.mode == "apply" and report.refusals:
        return Failed(message="nothing was published: " + "; ".join(refusal.text for refusal in report.refusals))
    if not report.coverage.complete:
        missing = len(report.coverage.problems)
        return Failed(
            name="Incomplete", message=f"{missing} of {report.coverage.listed} Architect flows could not be read"
        )
    return Completed(message=_done(report))


def interrupted(report: Report) -> State[Any]:
    """Give the state of a run that somebody ended in the middle: what it had begun, it has finished."""
    done = sum(isinstance(outcome, (Published, Unchanged)) for outcome in report.outcomes)
    left = len(report.outcomes) - done
    return Cancelled(name="Interrupted", message=f"interrupted: {done} Architect flows are done, {left} are not")


def _named(report: Report) -> str:
    return "; ".join(f"{outcome.name}: {outcome.reason}" for outcome in report.failed)


def _done(report: Report) -> str:
    seen = f"{len(report.steps)} steps in {report.coverage.read} Architect flows"
    if report.plan is None:
        return seen
    if not report.plan.changes:
        return f"{seen}, nothing to do"
    if report.run.mode != "apply":
        return f"{seen}, {len(report.plan.changes)} would change (plan {report.plan.checksum[:19]})"
    published = sum(outcome.outcome == "published" for outcome in report.outcomes)
    return f"{seen}, {published} Architect flows published"
