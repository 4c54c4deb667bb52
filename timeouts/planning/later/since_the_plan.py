"""What has moved in an org since a plan was made of it, so that an Architect flow would not become what was planned.

Its own content is held to the plan by its pin, where it is published. This is about what its content does not say.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from timeouts.inventory import Inventory, is_outdated
from timeouts.model.effective import effective_timeout, is_limit_known, limit_of, longest_wait, with_limit
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Snapshot, Step
from timeouts.model.wording import duration_or
from timeouts.planning.changes import Change
from timeouts.planning.copies import LaggingCopy, Settled, may_shorten_unread, shortening
from timeouts.planning.plan import Plan
from timeouts.planning.shipping import must_not_ship, shipped_with, shipping_unknown


def stale_since(plan: Plan, now: Inventory, architect_flow_id: str, done: Collection[str] = ()) -> str:
    """Say why an Architect flow must not be published by a plan any more, by an org as it was read since; '' if it may.

    A limit that moved stands against it where its callers would not wait as long as was planned, or less than now
    although the plan may not lower; so does a module that waits less than its copy, or that may, and what a republish
    would ship by now, where the policy leaves that. `done`: the ids of what the plan itself has published, modules and
    actions. A roll back puts back what was written, whatever has moved.
    """
    if plan.undoes or now.architect_flow(architect_flow_id) is None:
        return ""
    lines = _lines(plan, now, architect_flow_id)
    limit = next((why for line, step in lines if (why := _moved_limit(plan, now, line, step))), "")
    shipped = shipped_with(now, architect_flow_id, but=done)
    ships = must_not_ship(shipped, shipping_unknown(now), plan.policy.leave_if_it_ships)
    why = limit or ships or ("" if plan.may_lower else _shorter_module(plan, now, architect_flow_id, done))
    return f"stale: {why}" if why else ""


def modules_to_read(plan: Plan, now: Inventory) -> tuple[ArchitectFlow, ...]:
    """Return the modules as listed that its publishes would take in and whose live version was not read.

    They are asked for where what a module says by now can make a plan stale.
    """
    if plan.may_lower:
        return ()
    pinned = (pin.architect_flow_id for pin in plan.pins if now.architect_flow(pin.architect_flow_id) is not None)
    snapshots = (snapshot for each in pinned for snapshot in now.reading(each).snapshots)
    found = {each.module_id: now.as_listed(each.module_id) for each in snapshots if _is_read_late(each, now)}
    return tuple(module for _, module in sorted(found.items()) if module is not None)


def _is_read_late(snapshot: Snapshot, now: Inventory) -> bool:
    module = now.as_listed(snapshot.module_id)
    published = None if module is None else module.published_version
    return published not in {None, snapshot.version} and now.reading_as_listed(snapshot.module_id) is None


def _lines(plan: Plan, now: Inventory, architect_flow_id: str) -> Iterator[tuple[Change | LaggingCopy, Step]]:
    """Return what a plan changes by publishing an Architect flow, each with the step or the copy as it is now."""
    reading = now.reading(architect_flow_id)
    steps = {step.id: step for step in reading.steps}
    copies = {(each.module_id, step.id): step for each in reading.snapshots for step in each.steps}
    for change in plan.changes:
        if change.architect_flow_id == architect_flow_id and change.step_id in steps:
            yield change, steps[change.step_id]
    for copy in plan.copies_in(architect_flow_id):
        if (copy.module_id, copy.step_id) in copies:
            yield copy, copies[copy.module_id, copy.step_id]


def _moved_limit(plan: Plan, now: Inventory, line: Change | LaggingCopy, step: Step) -> str:
    """Say that the limit of a step's action moved, where what the plan promised of that step does not hold any more.

    Where the plan changes that limit itself, an earlier attempt at it may have done so already.
    """
    called_id = line.action_id_then if isinstance(line, LaggingCopy) else line.action_id
    action, worth_ms = now.action(called_id), now.suggested_default_ms
    changed = (each.before_ms for each in plan.action_changes if each.action_id == called_id)
    planned_ms = (*changed, line.action_limit_ms)
    if is_limit_known(step, action) and limit_of(action) in planned_ms:
        return ""
    waits_ms = longest_wait(step, now.action(line.action_id), suggested_default_ms=worth_ms)
    after_ms = effective_timeout(replace(step, setting=line.after), action, suggested_default_ms=worth_ms)
    is_lower = waits_ms is not None and after_ms is not None and after_ms < waits_ms
    if line.after_effective_ms in {None, after_ms} and (plan.may_lower or not is_lower):
        return ""
    planned = f"planned on {duration_or('none', planned_ms[0])}"
    later_name = "" if action is None else action.label
    name = line.action_name if called_id == line.action_id else later_name
    return f"the limit of {name or called_id} is {_in_words(step, action)}, {planned}"


def _shorter_module(plan: Plan, now: Inventory, architect_flow_id: str, done: Collection[str]) -> str:
    """Say which module it would take in that waits less than its copy, though not as planned, or that may.

    That is one that did not go live, or that was published since. A newer one that nobody has read may wait less.
    """
    raised_ms = {each.action_id: each.after_ms for each in plan.action_changes if each.action_id in done}

    def called_by(step: Step) -> DataAction | None:
        action = now.action(step.action_id)
        return action if action is None or action.id not in raised_ms else with_limit(action, raised_ms[action.id])

    lines = {(copy.module_id, copy.step_id): copy for copy in plan.copies_in(architect_flow_id)}
    for snapshot in now.reading(architect_flow_id).snapshots:
        module = now.as_listed(snapshot.module_id)
        if module is None or module.id in done:
            continue
        reading = now.reading_as_listed(module.id)
        has_copies = bool(snapshot.steps) or not snapshot.is_shown
        if reading is None and has_copies and is_outdated(snapshot, module):
            return may_shorten_unread(module)
        steps = {step.id: step for step in (() if reading is None else reading.steps)}
        for copy in snapshot.steps:
            step = steps.get(copy.id)
            line = lines.get((module.id, copy.id))
            if step is None or (line is not None and line.shortens and line.after == step.setting):
                continue
            before, after = (Settled(each, called_by(each)) for each in (copy, step))
            if why := shortening(module, before, after, now.suggested_default_ms):
                return why
    return ""


def _in_words(step: Step, action: DataAction | None) -> str:
    if is_limit_known(step, action):
        return f"now {duration_or('not set', limit_of(action))}"
    return f"not known now ({'it is not listed' if action is None else action.unknown_limit})"
