"""What a run found, planned or did, in a few words: for a list of runs, and for the question before a publish."""

from reports.report import Report
from reports.words import joined
from timeouts.planning.outcomes import counted
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of


def in_short(report: Report) -> str:
    """Return what is known of a run in a few words."""
    if report.outcomes:
        return counted(report.outcomes, is_files=report.org.is_files)
    if report.plan is None or report.run.kind == "audit":
        return f"{number_of(len(report.steps), 'step')} in {number_of(report.coverage.read, 'Architect flow')}"
    if report.plan.changes_nothing:
        return "nothing to do"
    refused = ", ".join(refusal.limit for refusal in report.refusals)
    return joined((planned_in_short(report.plan), refused and f"over the limit: {refused}"))


def planned_in_short(plan: Plan) -> str:
    """Return how much a plan changes."""
    changed = len(plan.pins) - len(plan.republished)
    steps = f"{number_of(len(plan.changes), 'change')} in {number_of(changed, 'Architect flow')}" if changed else ""
    limits = number_of(len(plan.action_changes), "action limit") if plan.action_changes else ""
    callers = len(plan.republished)
    taken_along = f"{number_of(callers, 'caller')} of modules republished" if callers else ""
    return joined((steps, limits, taken_along), ", ") or "nothing to do"
