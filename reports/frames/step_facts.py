"""What a report says of one step, whether it is an Architect flow's own or a copy in a snapshot."""

from typing import Any

from timeouts.inventory import Inventory
from timeouts.model.effective import is_limit_known, limit_of
from timeouts.model.org import DataAction
from timeouts.model.steps import Step


def step_facts(inventory: Inventory, step: Step, action: DataAction | None) -> dict[str, Any]:
    """Return the fields that both records of steps have; `action`: the listed one that it calls."""
    return {
        "container": step.container,
        "step_id": step.id,
        "step": step.name,
        "kind": step.kind,
        "tracking_id": step.tracking_id,
        "action_id": step.action_id,
        "action": step.action_name,
        "setting": step.setting,
        "action_limit_ms": limit_of(action),
        "is_limit_known": is_limit_known(step, action),
        "effective_ms": inventory.effective_ms(step),
    }
