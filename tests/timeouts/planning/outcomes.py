"""Outcomes of Architect flows and of actions, as a run comes to them."""

from typing import Any

from timeouts.planning.outcomes import Outcome, OutcomeKind, Target, TargetKind


def became(
    outcome: OutcomeKind, of: str = "af-1", name: str = "Support", kind: TargetKind = "architect_flow", **more: Any
) -> Outcome:
    """What became of one Architect flow, or of one action; `more` are fields of the outcome."""
    return Outcome(target=Target(kind=kind, id=of, name=name), outcome=outcome, **more)
