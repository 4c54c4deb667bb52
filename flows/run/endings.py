"""Which state a run ends in: green only when everything was seen and everything planned is done."""

from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.objects import State

from reports.effect_report import EffectReport
from reports.frames.doctor import diagnosis_sentence
from reports.frames.effect import effect_sentence
from reports.report import Report
from reports.words import missing_in
from tasks.running.states import cancelled, completed, failed
from timeouts.doctor.finding import Diagnosis
from timeouts.planning.outcomes import Outcome, counts_of, of_kind


def ending(report: Report) -> State[Any]:
    """Return the state in which a run ends.

    Failed when any outcome is failed or unknown or the plan is over its limits, Incomplete when not all was read.
    `Incomplete` is a state of type FAILED: red in the UI, and what automations on failure listen to.
    """
    if report.failed:
        return failed(f"{_counted(report.failed)} failed or are unknown: {_named(report)}")
    if report.run.mode == "apply" and report.refusals:
        return failed("nothing was published: " + "; ".join(refusal.text for refusal in report.refusals))
    if missing := missing_in(report.coverage, report.notes):
        return incomplete(_done(report) if report.run.mode == "apply" else "", missing)
    return completed(_done(report))


def ending_of_effect(report: EffectReport) -> State[Any]:
    """Return the state in which an effect run ends, holding its report: Incomplete where there are no figures."""
    if report.effect.problem:
        return failed(effect_sentence(report.effect), name="Incomplete", data=report)
    return completed(effect_sentence(report.effect), data=report)


def ending_of_doctor(diagnosis: Diagnosis) -> State[Any]:
    """Return the state in which a diagnosis ends, holding it: Incomplete where something could not be told."""
    said = diagnosis_sentence(diagnosis)
    if diagnosis.missing:
        return failed(said, data=diagnosis)
    if diagnosis.untold:
        return failed(said, name="Incomplete", data=diagnosis)
    return completed(said, data=diagnosis)


def incomplete(done: str, missing: Sequence[str]) -> State[Any]:
    """Return the state of a run that did all that it could and has not seen everything; `done`: what it did."""
    return failed("; ".join(part for part in (done, *missing) if part), name="Incomplete")


def interrupted(report: Report) -> State[Any]:
    """Return the state of a run that somebody ended in the middle: what it had begun, it has finished."""
    outcomes = report.outcomes
    if all(outcome.outcome == "skipped" for outcome in outcomes):
        return cancelled("interrupted before anything was published: nothing was changed", name="Interrupted")
    published = [outcome for outcome in outcomes if outcome.outcome == "published"]
    left = sum(not outcome.is_done for outcome in outcomes)
    said = f"{_counted(published)} are published{_unchanged(outcomes)}, {left} are not done"
    return cancelled(f"interrupted: {said}; the next run goes on from there", name="Interrupted")


def _unchanged(outcomes: Sequence[Outcome]) -> str:
    """Say how many were live already, which is no work of this run's; '' for none."""
    unchanged = counts_of(outcomes)["unchanged"]
    return f", {unchanged} unchanged (live already)" if unchanged else ""


def _counted(outcomes: Sequence[Outcome]) -> str:
    """Say how many they are; actions are named only where there are some."""
    actions = len(of_kind(outcomes, "action"))
    architect_flows = f"{len(outcomes) - actions} Architect flows"
    return f"{actions} actions and {architect_flows}" if actions else architect_flows


def _named(report: Report) -> str:
    return "; ".join(f"{outcome.target.name}: {outcome.reason}" for outcome in report.failed)


def _done(report: Report) -> str:
    seen = f"{len(report.steps)} steps in {report.coverage.read} Architect flows"
    if report.plan is None:
        return seen
    if report.plan.changes_nothing:
        return f"{seen}, nothing to do"
    limits = len(report.plan.action_changes)
    if report.run.mode != "apply":
        actions = f" steps and {limits} action limits" if limits else ""
        callers = len(report.plan.republished)
        republished = f", {callers} callers of modules would be republished" if callers else ""
        planned = f"{len(report.plan.changes)}{actions} would change{republished}"
        return f"{seen}, {planned} (plan {report.plan.checksum[:19]})"
    of_architect_flows, of_actions = of_kind(report.outcomes, "architect_flow"), of_kind(report.outcomes, "action")
    published, raised = counts_of(of_architect_flows)["published"], counts_of(of_actions)["published"]
    actions = f", {raised} action limits changed{_unchanged(of_actions)}" if limits else ""
    return f"{seen}, {published} Architect flows published{_unchanged(of_architect_flows)}{actions}"
