"""What the patterns of a rule are held against: the names of a step, of its action, and of its Architect flow.

A definition holds the name and the category that an action had when it was saved; the org shows those that it has now.
Whoever writes a rule may have read either, so either will do.
"""

from collections.abc import Mapping

from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Step

PATTERN_FIELDS = ("action", "category", "step", "architect_flow", "type", "division", "named")
"""The fields of a `Match` that are wildcard patterns."""


def names_of(architect_flow: ArchitectFlow, step: Step, action: DataAction | None) -> Mapping[str, tuple[str, ...]]:
    """Return what the patterns are held against, by field of a `Match`.

    `action`: the one that the step calls, as it is listed now; None where it is not.
    """
    of_architect_flow = names_of_architect_flow(architect_flow)
    now = () if action is None else (action.name, action.label)
    called = tuple(dict.fromkeys((step.action_name, *now, step.action_id)))
    category = (step.category,) if action is None else tuple(dict.fromkeys((step.category, action.category)))
    return {
        **of_architect_flow,
        "action": called,
        "category": category,
        "step": (step.name,),
        "named": (*of_architect_flow["named"], *called),
    }


def names_of_architect_flow(architect_flow: ArchitectFlow) -> Mapping[str, tuple[str, ...]]:
    """Return the same of the fields that an Architect flow fits without a step of its own."""
    return {
        "architect_flow": architect_flow.names,
        "type": (architect_flow.type,),
        "division": (architect_flow.division_name, architect_flow.division_id),
        "named": architect_flow.names,
    }
