"""What other runs published of the same plan, in sentences: to roll one run back leaves it."""

from reports.report import OtherRun, Report
from reports.words import joined
from timeouts.text.phrases import number_of
from timeouts.text.visible import one_line


def other_runs_sentences(report: Report) -> list[str]:
    """Return a sentence for each other run whose part of the plan a roll back leaves as it is; none for other runs."""
    if report.plan is None or not report.plan.undoes:
        return []
    return [f"{published_by(other, 'the same plan')}, which stay as they are." for other in report.other_runs]


def published_by(other: OtherRun, plan: str) -> str:
    """Say what another run published of a plan."""
    counts = (
        number_of(other.action_limits, "action limit") if other.action_limits else "",
        number_of(other.architect_flows, "Architect flow") if other.architect_flows else "",
    )
    what = joined(counts, " and ")
    return f"{one_line(other.name)} {f'published {what}' if what else 'may have published parts'} of {plan}"
