"""What an org shows in an older version than a run of ours made: a replica lags behind, so nothing is known of it.

A roll back that believed it would find everything as it was before the run, and nothing to put back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of
from timeouts.model.steps import Reading
from timeouts.model.wording import duration_or
from timeouts.planning.changes import ActionChange
from timeouts.text.labels import is_before


def older_than(
    inventory: Inventory, made: Mapping[str, str], action_changes: Sequence[ActionChange] = ()
) -> Mapping[str, str]:
    """Say of each Architect flow and action that is shown in an older version, by its id, why it is not believed.

    `made`: by the ids of the targets of a run, the versions that it made of them. `action_changes`: what it changed of
    actions, for a function carries no version: its limit from before may be shown under the version that the run made.
    """
    shown = {each.id: each.published_version for each in inventory.architect_flows}
    shown |= {each.id: str(each.version) for each in inventory.actions if each.version is not None}
    older = {
        target: f"version {shown[target] or 'none'} is shown, and the run made {version}: the answers lag behind, or "
        f"somebody {'put an older one back' if shown[target] else 'unpublished it'}; run it again"
        for target, version in made.items()
        if target in shown and is_before(shown[target], version)
    }
    return older | dict(_older_functions(inventory, made, action_changes))


def not_believing(inventory: Inventory, why_not: Mapping[str, str]) -> Inventory:
    """Return the inventory in which these count as not read, and the limits of these actions as unknown.

    `why_not`: by the ids of Architect flows and actions, why what is shown of them is not believed.
    """
    if not why_not:
        return inventory
    not_read = {each: Reading(architect_flow_id=each, coverage="not_read", reason=why) for each, why in why_not.items()}
    readings = tuple(not_read.get(each.architect_flow_id, each) for each in inventory.readings)
    actions = tuple(
        each.model_copy(update={"unknown_limit": why_not[each.id], "version": None}) if each.id in why_not else each
        for each in inventory.actions
    )
    return replace(inventory, readings=readings, actions=actions)


def _older_functions(
    inventory: Inventory, made: Mapping[str, str], action_changes: Sequence[ActionChange]
) -> Iterator[tuple[str, str]]:
    for change in action_changes:
        action = inventory.action(change.action_id)
        if action is None or action.function_ms is None or str(action.version) != made.get(change.action_id):
            continue
        if limit_of(action) == change.before_ms:
            shown, made_ms = (duration_or("no limit", each) for each in (change.before_ms, change.after_ms))
            why = (
                f"version {action.version} is shown with {shown}, as before the run, which made it with {made_ms}: the "
                "answers lag behind; run it again"
            )
            yield change.action_id, why
