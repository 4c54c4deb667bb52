"""Which state a run ends in: green only when everything was seen and everything planned is done."""

from collections.abc import Sequence
from typing import Any

from prefect.client.schemas.objects import State

from reports.effect_report import EffectReport
from reports.frames.compared.effect import effect_sentence
from reports.frames.doctor import diagnosis_sentence
from reports.frames.planned.limits import refused_by
from reports.frames.planned.unmatched import unmatched_sentences
from reports.report import Report
from reports.words import joined, missing_in, published_in
from tasks.running.states import cancelled, completed, failed
from timeouts.doctor.finding import Diagnosis
from timeouts.planning.outcomes import Outcome, counts_of, of_kind
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of


def ending(report: Report) -> State[Any]:
    """Return the state in which a run ends.

    Failed when any outcome is failed or unknown or the plan is over its limits, Incomplete when not all was read,
    NothingMatched when no rule that asks for a wait matches any step. `Incomplete` and `NothingMatched` are states of
    type FAILED: red in the UI, and what automations on failure listen to.
    """
    if report.failed:
        return failed(f"{_counted(report.failed)} failed or unknown: {_named(report)}")
    if report.run.mode == "apply" and report.refusals:
        return failed(
            f"nothing was {published_in(report.org)}: " + "; ".join(refusal.text for refusal in report.refusals)
        )
    unmatched = unmatched_sentences(report) if report.matched_nothing else []
    if missing := missing_in(report.coverage, report.notes):
        return incomplete(_done(report) if report.run.mode == "apply" else "", (*missing, *unmatched))
    if unmatched:
        return failed(" ".join(unmatched), name="NothingMatched")
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
    """Return the state of a run that somebody, or its window, ended in the middle: what it had begun, it finished."""
    outcomes = report.outcomes
    done = published_in(report.org)
    closed = any(outcome.is_left_by_window for outcome in outcomes)
    if all(outcome.outcome == "skipped" for outcome in outcomes):
        what = "its window" if closed else "the run"
        return cancelled(f"{what} ended before anything was {done}: nothing was changed", name="Interrupted")
    published = [outcome for outcome in outcomes if outcome.outcome == "published"]
    left = [outcome for outcome in outcomes if not outcome.is_done]
    are_live, are_left = (f"{_counted(each)} {'is' if len(each) == 1 else 'are'}" for each in (published, left))
    said = f"{are_live} {done}{_unchanged(report, outcomes)}, {are_left} not done"
    why = "its window ended: " if closed else ""
    return cancelled(f"{why}{said}; the next run goes on from there", name="Interrupted")


def _unchanged(report: Report, outcomes: Sequence[Outcome]) -> str:
    """Say how many were live already, which is no work of this run's; '' for none."""
    unchanged = counts_of(outcomes)["unchanged"]
    already = "there already" if report.org.is_files else "live already"
    return f", {unchanged} unchanged ({already})" if unchanged else ""


def _counted(outcomes: Sequence[Outcome]) -> str:
    """Say how many they are; of the two kinds, only those are named of which there are some."""
    actions = len(of_kind(outcomes, "action"))
    architect_flows = len(outcomes) - actions
    said = (
        number_of(actions, "action") if actions else "",
        number_of(architect_flows, "Architect flow") if architect_flows or not actions else "",
    )
    return joined(said, " and ")


def _named(report: Report) -> str:
    return "; ".join(f"{outcome.target.name}: {outcome.reason}" for outcome in report.failed)


def _done(report: Report) -> str:
    seen = f"{number_of(len(report.steps), 'step')} in {number_of(report.coverage.read, 'Architect flow')}"
    if report.plan is None:
        return seen
    if report.plan.changes_nothing:
        left = report.plan.counts.left_alone
        return f"{seen}, nothing to do{f', {left} left alone' if left else ''}"
    return f"{seen}, {_published(report, report.plan) if report.is_applied else _planned(report, report.plan)}"


def _planned(report: Report, plan: Plan) -> str:
    """Say what a dry run, or an audit with a policy, would come to."""
    limits, callers = len(plan.action_changes), len(plan.republished)
    changes = number_of(len(plan.changes), "step") if limits else str(len(plan.changes))
    actions = f" and {number_of(limits, 'action limit')}" if limits else ""
    republished = f", {number_of(callers, 'caller')} of modules would be republished" if callers else ""
    limits_over = refused_by(report)
    refused = f", which is refused: over the limit {', '.join(limits_over)}" if limits_over else ""
    return f"{changes}{actions} would change{republished}{refused} (plan {plan.checksum[:19]})"


def _published(report: Report, plan: Plan) -> str:
    """Say what a run came to that published; what was live already, and what was left, are counted apart."""
    of_architect_flows, of_actions = of_kind(report.outcomes, "architect_flow"), of_kind(report.outcomes, "action")
    counts, raised = counts_of(of_architect_flows), counts_of(of_actions)["published"]
    actions = (
        f", {number_of(raised, 'action limit')} changed{_others(report, of_actions)}" if plan.action_changes else ""
    )
    published = number_of(counts["published"], "Architect flow")
    return f"{published} {published_in(report.org)}{_others(report, of_architect_flows)}{actions}"


def _others(report: Report, outcomes: Sequence[Outcome]) -> str:
    skipped = counts_of(outcomes)["skipped"]
    return f"{_unchanged(report, outcomes)}{f', {skipped} skipped' if skipped else ''}"
