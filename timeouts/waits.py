"""How long callers wait at each step of an org, now and once a plan is carried out."""

from collections.abc import Mapping, Sequence

from timeouts.action_outcomes import ActionOutcome
from timeouts.inventory import Inventory
from timeouts.outcomes import Outcome
from timeouts.plan import Plan

StepKey = tuple[str, str]
"""The ids of an Architect flow and of a step in it."""

Waits = Mapping[StepKey, int | None]
"""By step, how long a caller waits in milliseconds; None where that is not known."""


def waits_now(inventory: Inventory) -> dict[StepKey, int | None]:
    """Return the waits at every step that was read."""
    return {(each.architect_flow.id, each.step.id): inventory.effective_ms(each.step) for each in inventory.steps}


def waits_after(
    now: Waits,
    plan: Plan | None,
    outcomes: Sequence[Outcome] | None = None,
    action_outcomes: Sequence[ActionOutcome] | None = None,
) -> dict[StepKey, int | None]:
    """Give the waits as a plan makes them; with the outcomes of a run, only as far as it was carried out."""
    after = dict(now)
    if plan is None:
        return after
    actions = None if action_outcomes is None else {each.action_id for each in action_outcomes if each.is_done}
    architect_flows = None if outcomes is None else {each.architect_flow_id for each in outcomes if each.is_done}
    for limit in plan.action_changes:
        if actions is None or limit.action_id in actions:
            for felt in limit.felt_by:
                if (felt.architect_flow_id, felt.step_id) in after:
                    after[felt.architect_flow_id, felt.step_id] = felt.after_effective_ms
    for change in plan.changes:
        if architect_flows is None or change.architect_flow_id in architect_flows:
            after[change.architect_flow_id, change.step_id] = change.after_effective_ms
    return after
