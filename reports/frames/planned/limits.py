"""The limits that a plan exceeds: whether they were waived, and what they keep a run from."""

from collections.abc import Sequence
from typing import NamedTuple

from reports.frames.planned.windows import opens_in_time
from reports.report import Report
from reports.words import published_in
from timeouts.planning.changes import LimitName


class ExceededLimit(NamedTuple):
    """One of them. `text`: the arithmetic. `is_waived`: the run was told by its name to go beyond it."""

    limit: LimitName
    text: str
    is_waived: bool

    @property
    def sentence(self) -> str:
        """What people read of it."""
        return f"Over the limit {self.limit}{', waived by name' if self.is_waived else ''}: {self.text}"


def exceeded_limits(report: Report) -> list[ExceededLimit]:
    """Return the limits that a run's plan exceeds, those that were waived first; none without a plan."""
    if report.plan is None:
        return []
    if report.run.mode == "read only":  # an audit publishes nothing, so nothing can be waived for it
        return [ExceededLimit(each.limit, each.text, is_waived=False) for each in report.plan.violations]
    waived = [each for each in report.plan.violations if each not in report.refusals]
    return [
        *(ExceededLimit(each.limit, each.text, is_waived=True) for each in waived),
        *(ExceededLimit(each.limit, each.text, is_waived=False) for each in report.refusals),
    ]


def refusal_sentence(report: Report) -> str:
    """Return what follows from the limits that are exceeded and not waived; '' where there are none.

    The command that waives them is one of the next steps (reports/commands/next_steps.py).
    """
    standing = [each for each in exceeded_limits(report) if not each.is_waived]
    if not standing:
        return ""
    others = [each for each in standing if each.limit != "window"]
    mend = f"Narrow the rules, change the policy, or waive {'it' if len(others) == 1 else 'them'} by name."
    if len(others) < len(standing):
        mend = f"{mend} The window has to be open, too." if others else _waiting(report)
    match report.run.mode:
        case "apply":
            return f"Nothing was {published_in(report.org)}. {mend}"
        case "dry run":
            verb = "Writing" if report.org.is_files else "Publishing"
            return f"{verb} this would be refused{'' if others else ' now'}. {mend}"
        case "read only":
            return f"A raise by this policy would be refused. {mend}"


def _waiting(report: Report) -> str:
    """Say how a plan is published that nothing but its window stands against."""
    if not opens_in_time(report):
        return "The window opens only after the plan has expired."
    return f"The plan can be {published_in(report.org)} while the window is open."


def refused_by(report: Report) -> Sequence[str]:
    """Return the names of the limits that are exceeded and not waived."""
    return [each.limit for each in exceeded_limits(report) if not each.is_waived]
