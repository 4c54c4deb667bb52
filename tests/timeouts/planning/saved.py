"""A plan as a dry run in an org saves it."""

from typing import Any

from timeouts.planning.plan import Plan
from timeouts.planning.saved_plan import SavedPlan, save_plan


def saved_plan(plan: Plan, *, now_ms: int, **more: Any) -> SavedPlan:
    """The document of a plan that puts nothing back, and of which all that was named matches something."""
    usual: dict[str, Any] = {"files_options": (), "undoes": "", "unmatched": (), "protected": ()}
    return save_plan(plan, now_ms=now_ms, **usual | more)
