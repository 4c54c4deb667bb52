"""What a run changed, seen from the actions: whose limits it set, and which of them its published steps call."""

from collections import Counter
from collections.abc import Collection

from timeouts.model.org import Organization
from timeouts.model.values import Value
from timeouts.planning.changes import Change
from timeouts.planning.copies import LaggingCopy
from timeouts.planning.plan import Plan


class TouchedAction(Value):
    """An action that a run touched: it changed the action's limit, or published steps that call it, or both.

    `limit_*_ms`: the action's limit before and after the run, None where it sets none. `steps`: how many steps that
    call it were changed, the copies that republished callers took in among them. `is_known`: False where something of
    that may not have gone live.
    """

    action_id: str
    name: str
    limit_before_ms: int | None
    limit_after_ms: int | None
    is_limit_changed: bool = False
    steps: int = 0
    is_known: bool = True


class RunChanges(Value):
    """What one run published, or may have, and between which moments (milliseconds since 1970).

    `is_known`: False where its record cannot be read, so that it may have touched any action.
    """

    organization: Organization
    run_id: str
    run_name: str
    began_ms: int
    ended_ms: int
    actions: tuple[TouchedAction, ...] = ()
    is_known: bool = True

    def touches(self, action_id: str) -> bool:
        """Return whether the run touched an action, or may have."""
        return not self.is_known or any(action.action_id == action_id for action in self.actions)


def touched_actions(
    plan: Plan, may_be_live: Collection[str], in_doubt: Collection[str] = ()
) -> tuple[TouchedAction, ...]:
    """Return the actions that a run touched, sorted by name; where some share one, with their ids behind it.

    `may_be_live`: the ids of the Architect flows and actions that the run published, or may have; `in_doubt`: those of
    these of which it is not known what came of them.
    """
    found: dict[str, TouchedAction] = {}
    for limit in plan.action_changes:
        if limit.action_id in may_be_live:
            found[limit.action_id] = TouchedAction(
                action_id=limit.action_id,
                name=limit.name,
                limit_before_ms=limit.before_ms,
                limit_after_ms=limit.after_ms,
                is_limit_changed=True,
                is_known=limit.action_id not in in_doubt,
            )
    changed: list[Change | LaggingCopy] = [*plan.changes, *(copy for copy in plan.copies if not copy.stays)]
    for change in changed:
        if change.architect_flow_id in may_be_live and change.action_id:
            action = found.get(change.action_id) or TouchedAction(
                action_id=change.action_id,
                name=change.action_name or change.action_id,
                limit_before_ms=change.action_limit_ms,
                limit_after_ms=change.action_limit_ms,
            )
            is_known = action.is_known and change.architect_flow_id not in in_doubt
            found[change.action_id] = action.model_copy(update={"steps": action.steps + 1, "is_known": is_known})
    names = Counter(action.name for action in found.values())
    apart = (
        action.model_copy(update={"name": f"{action.name} ({action.action_id})"}) if names[action.name] > 1 else action
        for action in found.values()
    )
    return tuple(sorted(apart, key=lambda action: (action.name.casefold(), action.name, action.action_id)))
