"""How long callers wait at each step of an org, now and once a plan is carried out."""

from collections.abc import Iterable, Mapping, Sequence

from timeouts.effective import effective_timeout
from timeouts.org import DataAction
from timeouts.outcomes import Outcome
from timeouts.plan import Plan
from timeouts.steps import Reading

StepKey = tuple[str, str]
"""The ids of an Architect flow and of a step in it."""

Waits = Mapping[StepKey, int | None]
"""By step, how long a caller waits in milliseconds; None where that is not known."""


def waits_now(
    readings: Iterable[Reading], actions: Iterable[DataAction], *, suggested_default_ms: int
) -> dict[StepKey, int | None]:
    """Return the waits at every step that was read."""
    known = {action.id: action for action in actions}
    return {
        (reading.architect_flow_id, step.id): effective_timeout(
            step, known.get(step.action_id), suggested_default_ms=suggested_default_ms
        )
        for reading in readings
        for step in reading.steps
    }


def waits_after(
    now: Waits,
    plan: Plan | None,
    outcomes: Sequence[Outcome] | None = None,
) -> dict[StepKey, int | None]:
    """Return the waits as a plan makes them; with the outcomes of a run, only as far as it was carried out."""
    after = dict(now)
    if plan is None:
        return after
    done = None if outcomes is None else {each.target.id for each in outcomes if each.is_done}
    for limit in plan.action_changes:
        if done is None or limit.action_id in done:
            for step in limit.affected_steps:
                if (step.architect_flow_id, step.step_id) in after:
                    after[step.architect_flow_id, step.step_id] = step.after_effective_ms
    for change in plan.changes:
        if done is None or change.architect_flow_id in done:
            after[change.architect_flow_id, change.step_id] = change.after_effective_ms
    return after
