"""What the patterns of a rule are held against: the names of a step, of its action, and of its Architect flow."""

from collections.abc import Mapping

from timeouts.model.org import ArchitectFlow
from timeouts.model.steps import Step

PATTERN_FIELDS = ("action", "category", "step", "architect_flow", "type", "division", "named")
"""The fields of a `Match` that are wildcard patterns."""


def names_of(architect_flow: ArchitectFlow, step: Step) -> Mapping[str, tuple[str, ...]]:
    """Return what the patterns are held against, by field of a `Match`."""
    of_architect_flow = names_of_architect_flow(architect_flow)
    action = step.action_name, step.action_id
    return {
        **of_architect_flow,
        "action": action,
        "category": (step.category,),
        "step": (step.name,),
        "named": (*of_architect_flow["named"], *action),
    }


def names_of_architect_flow(architect_flow: ArchitectFlow) -> Mapping[str, tuple[str, ...]]:
    """Return the same of the fields that an Architect flow fits without a step of its own."""
    return {
        "architect_flow": (architect_flow.name, architect_flow.id),
        "type": (architect_flow.type,),
        "division": (architect_flow.division_name, architect_flow.division_id),
        "named": (architect_flow.name, architect_flow.id),
    }
