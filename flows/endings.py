"""Which state a run ends in: green only when everything was seen and everything planned is done."""

from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Failed

from flows.report import Report
from timeouts.action_outcomes import ActionOutcome
from timeouts.outcomes import Outcome, Published, Unchanged


def ending(report: Report) -> State[Any]:
    """Failed when any outcome is failed or unknown or the plan is over its limits, Incomplete when not all was read.

    `Incomplete` is a state of type FAILED: red in the UI, and what automations on failure listen to.
    """
    if report.failed:
        return Failed(message=f"{_counted(report.failed)} failed or are unknown: {_named(report)}")
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
    outcomes = (*report.action_outcomes, *report.outcomes)
    if all(outcome.outcome == "skipped" for outcome in outcomes):
        return Cancelled(name="Interrupted", message="interrupted before anything was published: nothing was changed")
    done = [outcome for outcome in outcomes if _is_done(outcome)]
    left = len(outcomes) - len(done)
    return Cancelled(
        name="Interrupted",
        message=f"interrupted: {_counted(done)} are done, {left} are not; the next run goes on from there",
    )


def _is_done(outcome: Outcome | ActionOutcome) -> bool:
    return outcome.is_done if isinstance(outcome, ActionOutcome) else isinstance(outcome, Published | Unchanged)


def _counted(outcomes: Sequence[Outcome | ActionOutcome]) -> str:
    """Say how many they are; actions are named only where there are some."""
    actions = sum(isinstance(outcome, ActionOutcome) for outcome in outcomes)
    architect_flows = f"{len(outcomes) - actions} Architect flows"
    return f"{actions} actions and {architect_flows}" if actions else architect_flows


def _named(report: Report) -> str:
    return "; ".join(f"{outcome.name}: {outcome.reason}" for outcome in report.failed)


def _done(report: Report) -> str:
    seen = f"{len(report.steps)} steps in {report.coverage.read} Architect flows"
    if report.plan is None:
        return seen
    if report.plan.changes_nothing:
        return f"{seen}, nothing to do"
    limits = len(report.plan.action_changes)
    if report.run.mode != "apply":
        actions = f" steps and {limits} action limits" if limits else ""
        return f"{seen}, {len(report.plan.changes)}{actions} would change (plan {report.plan.checksum[:19]})"
    published = sum(outcome.outcome == "published" for outcome in report.outcomes)
    raised = sum(outcome.outcome == "published" for outcome in report.action_outcomes)
    return f"{seen}, {published} Architect flows published{f', {raised} action limits changed' if limits else ''}"
