"""How long callers wait at each step of an org, now and once a plan is applied."""

from collections.abc import Mapping

from reports.frames.steps import StepKey
from reports.report import Report

Waits = Mapping[StepKey, int | None]
"""By step, how long a caller waits in milliseconds; None where that is not known."""


def waits_now(report: Report) -> Waits:
    """Return the waits at every step that was read."""
    return {(step.architect_flow_id, step.step_id): step.effective_ms for step in report.steps}


def waits_after(report: Report) -> Waits:
    """Return the waits as the plan makes them; of a run that was applied, only as far as it was published."""
    after = dict(waits_now(report))
    if report.plan is None:
        return after
    done = {each.target.id for each in report.outcomes if each.is_done}
    for limit in report.plan.action_changes:
        if not report.is_applied or limit.action_id in done:
            for step in limit.affected_steps:
                if not step.copy_of and (step.architect_flow_id, step.step_id) in after:
                    after[step.architect_flow_id, step.step_id] = step.after_effective_ms
    for change in report.plan.changes:
        if not report.is_applied or change.architect_flow_id in done:
            after[change.architect_flow_id, change.step_id] = change.after_effective_ms
    return after
