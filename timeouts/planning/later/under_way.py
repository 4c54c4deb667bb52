"""What a run may still bring after it has ended: a publish goes on at the platform when its run was ended or gave up.

A roll back that believed what is shown meanwhile would find all as before the run, and nothing to put back.
"""

from collections.abc import Collection, Iterator, Mapping

from timeouts.definitions import is_same_content
from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of
from timeouts.model.org import ArchitectFlow
from timeouts.model.steps import Reading
from timeouts.model.wording import duration_or
from timeouts.planning.changes import ActionChange, Change, Pin
from timeouts.planning.plan import Plan
from timeouts.text.labels import is_before


def under_way(inventory: Inventory, undone: Plan, in_doubt: Collection[str]) -> Mapping[str, str]:
    """Say of each Architect flow and action that is as before a run, by its id, why it may not stay so.

    `undone`: the plan of the run. `in_doubt`: the ids of those of which it is not known what came of them. A publish of
    an Architect flow needs the lock, or runs; nothing holds back the change of an action, or of `flowData`, that comes
    late (docs/decisions/0005). No file is in doubt: nothing but the run itself writes it.
    """
    if inventory.organization.is_files:
        return {}
    pins = (pin for pin in undone.pins if pin.architect_flow_id in in_doubt)
    found = {pin.architect_flow_id: _may_come(pin, undone.changes, inventory) for pin in pins}
    limits = (change for change in undone.action_changes if change.action_id in in_doubt)
    found |= {change.action_id: _limit_may_come(change, inventory) for change in limits}
    return {target: why for target, why in found.items() if why}


def moved_meanwhile(before: Inventory, now: Inventory, target_ids: Collection[str]) -> tuple[str, ...]:
    """Return the labels of those Architect flows and actions that are listed in a later version than they were."""
    known = _versions_of(before)
    return tuple(
        label
        for target, (label, version) in _versions_of(now).items()
        if target in target_ids and target in known and _is_later(version, known[target][1])
    )


def _versions_of(inventory: Inventory) -> Mapping[str, tuple[str, str | None]]:
    """Return label and version of all that is listed, by id; no action that is not known."""
    architect_flows = {each.id: (each.label, each.published_version) for each in inventory.architect_flows}
    known = (each for each in inventory.actions if each.version is not None)
    return architect_flows | {each.id: (each.label, str(each.version)) for each in known}


def _is_later(version: str | None, known: str | None) -> bool:
    return version != known and not is_before(version, known)  # an older one comes from a replica that lags behind


def _may_come(pin: Pin, changes: Collection[Change], now: Inventory) -> str:
    """Say why the publish of an Architect flow may still come, '' where it does not.

    A caller that was only republished has no changes of its own: its version tells.
    """
    shown = now.architect_flow(pin.architect_flow_id)
    if shown is None or (reading := now.reading(shown.id)).coverage != "read":
        return ""
    own = [change for change in changes if change.architect_flow_id == shown.id]
    if own and not any(_is_as_before(change, reading) for change in own):
        return ""
    if reading.kind == "flowData":
        return f"it is shown as before the run, and {_LATE_CHANGE}"
    why = "" if reading.version != pin.version else "; ".join(_signs_of_a_publish(shown))
    return (
        f"it is shown as before the run, and its publish may still be under way there ({why}); {_AGAIN}" if why else ""
    )


def _is_as_before(change: Change, reading: Reading) -> bool:
    steps = (step for step in reading.steps if step.id == change.step_id)
    return any(each.raw_timeout is not None and is_same_content(each.raw_timeout, change.original) for each in steps)


def _signs_of_a_publish(shown: ArchitectFlow) -> Iterator[str]:
    if shown.operation is not None and shown.operation.is_running:
        yield f"{shown.operation.action or 'an operation'} is running"
    if shown.locked_by is not None and shown.locked_by.kind == "client":
        yield f"{shown.locked_by.label} has locked it"


def _limit_may_come(change: ActionChange, now: Inventory) -> str:
    """Say why the change of an action may still come, '' where it does not: a PATCH names the version that it met."""
    action = now.action(change.action_id)
    if action is None or action.unknown_limit or action.version is None or limit_of(action) != change.before_ms:
        return ""
    if action.kind != "function" and action.version != change.version:
        return ""
    shown = duration_or("no limit", change.before_ms)
    return f"version {action.version} is shown with {shown}, as before the run, and {_LATE_CHANGE}"


_AGAIN = "roll the run back again once that has ended, or where no run goes on there, once it is unlocked"
_LATE_CHANGE = (
    "what came of the run is not known, so its change may still come; where it is shown so again later, there is "
    "nothing to put back"
)
