"""The way back: a plan that puts back what an earlier run changed, where nobody has changed it since.

It is computed against the definitions as they are now, so that what other people edited in the meantime survives. It
may lower, and no limit stops it: it goes no further than the run that it undoes was allowed to.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from timeouts.definitions import is_same_content, raw_timeout_after
from timeouts.inventory import Inventory
from timeouts.model.effective import effective_timeout, limit_of, with_limit
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Step
from timeouts.model.wording import duration_or, in_words
from timeouts.planning.changes import (
    ActionChange,
    ActionLeft,
    AffectedStep,
    Change,
    Counts,
    LeftAlone,
    StepIdentity,
    Why,
    WhyActionLeft,
    by_step,
    identity_of,
)
from timeouts.planning.copies import LaggingCopy, Settled, lagging_copies, republished_by
from timeouts.planning.deciding.evaluated import held_by_people
from timeouts.planning.later.places import DoneChanges, KnownPlaces, LostStep
from timeouts.planning.plan import Plan, pins_of

RULE = "roll back"
"""What tables and plans call the rule behind the changes of a roll back."""

_NO_PLACES = KnownPlaces()


@dataclass(slots=True)
class _Draft:
    """A roll back in the making."""

    action_changes: list[ActionChange] = field(default_factory=list)
    actions_left: list[ActionLeft] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    left_alone: list[LeftAlone] = field(default_factory=list)
    fine: int = 0


def compute_roll_back(
    undone: Plan, may_be_live: Collection[str], inventory: Inventory, known: KnownPlaces = _NO_PLACES
) -> Plan:
    """Compute what undoes a run, against the org as it is now. Waits are valued as that run valued them.

    `may_be_live`: the ids of the Architect flows and actions that the run published, or may have. Of these, what the
    steps say now decides: one that says what it said before the run is fine; one that says neither is left and named.
    The same holds for the limits of actions. Nothing else of the plan is looked at: what is live there is the work of
    others. The result is a plan like any other: it is published by the same protocol, and can be rolled back itself.
    `known`: what tells its steps in YAML, where they have no ids; one that is not told for certain is left and named.

    Raises `ValueError` where the run was in another org.
    """
    organization = inventory.organization
    if organization.key != undone.organization.key:
        raise ValueError(
            f"that run was in the org {undone.organization.name} ({undone.organization.key}), this one is "
            f"{organization.name} ({organization.key}): nothing was changed"
        )
    now = replace(inventory, suggested_default_ms=undone.policy.suggested_default)
    draft = _Draft()
    done = [change for change in undone.changes if change.architect_flow_id in may_be_live]
    for action_change in undone.action_changes:
        if action_change.action_id in may_be_live:
            _undo_action(draft, action_change, now)
    changes = DoneChanges(done, known)
    for change in done:
        _undo(draft, change, now, changes)
    return _as_plan(draft, undone, now, len(done), may_be_live)


def _as_plan(draft: _Draft, undone: Plan, now: Inventory, done: int, may_be_live: Collection[str]) -> Plan:
    changed = {change.architect_flow_id for change in draft.changes}
    copies = _copies_to_put_back(draft, undone, now, may_be_live)
    return Plan(
        undoes=undone.checksum,
        organization=now.organization,
        policy=undone.policy,
        pins=pins_of(now, changed | republished_by(copies)),
        copies=copies,
        action_changes=tuple(_with_affected(change, draft, now) for change in draft.action_changes),
        actions_left=tuple(draft.actions_left),
        changes=tuple(sorted(draft.changes, key=by_step)),
        left_alone=tuple(sorted(draft.left_alone, key=by_step)),
        counts=Counts(
            steps=len(undone.changes),
            changed=len(draft.changes),
            left_alone=len(draft.left_alone),
            fine=draft.fine,
            not_matched=len(undone.changes) - done,
        ),
    )


def _copies_to_put_back(
    draft: _Draft, undone: Plan, now: Inventory, may_be_live: Collection[str]
) -> tuple[LaggingCopy, ...]:
    """Return the copies of the steps that go back; the callers that the run republished are republished again."""
    settled: dict[tuple[str, str], Settled] = {}
    for change in draft.changes:
        step = next(each for each in now.reading(change.architect_flow_id).steps if each.id == change.step_id)
        back = replace(step, setting=change.after)
        settled[change.architect_flow_id, change.step_id] = Settled(back, now.action(step.action_id))
    ours = republished_by(undone.copies).intersection(may_be_live)

    def why_stays(architect_flow: ArchitectFlow) -> str:
        if architect_flow.id not in ours:
            return "the run did not republish it"
        return held_by_people(architect_flow)

    found = lagging_copies(now, settled, {change.architect_flow_id for change in draft.changes}, why_stays)
    return tuple(_with_waits(copy, settled[copy.module_id, copy.step_id], draft, now) for copy in found)


def _with_waits(copy: LaggingCopy, back: Settled, draft: _Draft, now: Inventory) -> LaggingCopy:
    """Return a copy with its waits by the limits as they are put back, which reach it at once."""
    own, later = _put_back_limit(now.action(copy.action_id), draft), _put_back_limit(back.action, draft)
    worth_ms = now.suggested_default_ms
    said, says = (replace(back.step, setting=setting) for setting in (copy.before, copy.after))
    waits = {
        "action_limit_ms": limit_of(later),
        "before_effective_ms": effective_timeout(said, own, suggested_default_ms=worth_ms),
        "after_effective_ms": effective_timeout(says, later, suggested_default_ms=worth_ms),
    }
    return copy.model_copy(update=waits)


def _put_back_limit(action: DataAction | None, draft: _Draft) -> DataAction | None:
    """Return an action as it is once its limit is put back, where it is."""
    undone = {change.action_id: change.after_ms for change in draft.action_changes}
    return with_limit(action, undone[action.id]) if action is not None and action.id in undone else action


def _undo(draft: _Draft, done: Change, now: Inventory, changes: DoneChanges) -> None:
    architect_flow = now.architect_flow(done.architect_flow_id)
    if architect_flow is None:
        _leave(draft, done, "gone", "the Architect flow does not exist any more")
        return
    reading = now.reading(architect_flow.id)
    if reading.coverage != "read":
        _leave(draft, done, "not_read", f"what it says now is not known: {reading.reason or 'it was not read'}")
        return
    step = changes.step_now(done, reading)
    if isinstance(step, LostStep):
        _leave(draft, done, step.why, step.reason)
    elif step.raw_timeout is not None and is_same_content(step.raw_timeout, done.original):
        draft.fine += 1
    elif step.raw_timeout is None or not is_same_content(step.raw_timeout, raw_timeout_after(done.edit, done.original)):
        said = f"the run left {in_words(done.after)}, now it says {in_words(step.setting)}"
        _leave(draft, done, "changed_since", f"{said}: somebody changed it after the run", step)
    else:
        draft.changes.append(_put_back(done, architect_flow, step, draft, now))


def _put_back(done: Change, architect_flow: ArchitectFlow, step: Step, draft: _Draft, now: Inventory) -> Change:
    assert step.raw_timeout is not None, "it says what the run had written"
    action = now.action(step.action_id)
    restored = replace(step, setting=done.before)
    later = _put_back_limit(action, draft)
    return Change(
        **identity_of(architect_flow.id, architect_flow.label, step),
        before=step.setting,
        after=done.before,
        original=step.raw_timeout,
        restores=done.original,
        action_limit_ms=limit_of(action),
        before_effective_ms=now.effective_ms(step),
        after_effective_ms=effective_timeout(restored, later, suggested_default_ms=now.suggested_default_ms),
        rule=RULE,
        reason=f"put back to {in_words(done.before)}, as before the run",
    )


def _leave(draft: _Draft, done: Change, why: Why, reason: str, step: Step | None = None) -> None:
    identity = {name: getattr(done, name) for name in StepIdentity.model_fields}
    before = done.after if step is None else step.setting
    draft.left_alone.append(LeftAlone(**identity, before=before, rule=RULE, why=why, reason=reason))


def _undo_action(draft: _Draft, done: ActionChange, now: Inventory) -> None:
    computed = next((each for each in now.unjoined_actions if each.id == done.action_id), None)
    action = now.action(done.action_id) or computed
    unknown = "" if action is None else action.unknown_limit or _unread_function(action, now)
    if action is not None and unknown:
        is_newer = action.unknown_limit and action.version is not None and action.version > done.version
        if is_newer or action is computed:  # the run wrote a number into that file
            said = f"the run left {duration_or('no limit', done.after_ms)}, now it is not known: {unknown}"
            _leave_action(draft, done, "changed_since", f"{said}; somebody changed it after the run")
        else:
            _leave_action(draft, done, "not_read", f"its limit now is not known: {unknown}")
        return
    if action is None or action.version is None:
        _leave_action(draft, done, "gone", "the action does not exist any more, or this client may not see it")
        return
    limit_ms = limit_of(action)
    if limit_ms == done.before_ms:
        return
    if limit_ms != done.after_ms:
        said = f"the run left {duration_or('no limit', done.after_ms)}, now it is {duration_or('no limit', limit_ms)}"
        _leave_action(draft, done, "changed_since", f"{said}: somebody changed it after the run")
        return
    before = duration_or("no limit", done.before_ms)
    draft.action_changes.append(
        done.model_copy(
            update={
                "version": action.version,
                "before_ms": limit_ms,
                "after_ms": done.before_ms,
                "rules": (RULE,),
                "reason": f"put back to {before}, as before the run",
                "obstacle": "",
                "spared_architect_flows": 0,
            }
        )
    )


def _unread_function(action: DataAction, now: Inventory) -> str:
    is_unread = action.kind == "function" and action.function_ms is None and not now.organization.is_files
    return "the function behind it could not be read" if is_unread else ""  # a file that says nothing of it was read


def _with_affected(back: ActionChange, draft: _Draft, now: Inventory) -> ActionChange:
    """Return it with the steps that it affects, as they are now; those that were not read, as the run found them."""
    asked = {_key(step) for step in back.affected_steps if step.asked}
    unread = [_reversed(step) for step in back.affected_steps if not _is_read(step.architect_flow_id, now)]
    read = [step.model_copy(update={"asked": _key(step) in asked}) for step in _affected_now(back, draft, now)]
    return back.model_copy(update={"affected_steps": tuple(sorted((*unread, *read), key=by_step))})


def _affected_now(back: ActionChange, draft: _Draft, now: Inventory) -> Iterator[AffectedStep]:
    """Return the steps and copies that were read and at which the limit counts, before they are put back or after."""
    put_back = {(change.architect_flow_id, change.step_id): change.after for change in draft.changes}
    called = now.action(back.action_id)
    assert called is not None, "its limit is put back"
    later = with_limit(called, back.after_ms)
    own = ((each.architect_flow, each.step, "") for each in now.steps)
    copies = ((each.architect_flow, each.step, each.snapshot.module_id) for each in now.copies)
    for architect_flow, step, copy_of in (*own, *copies):
        if step.action_id != back.action_id:
            continue
        setting = step.setting if copy_of else put_back.get((architect_flow.id, step.id), step.setting)
        restored = replace(step, setting=setting)
        reached_ms = now.effective_ms(restored, later)
        is_felt = now.effective_ms(step, later) != now.effective_ms(step) or reached_ms != now.effective_ms(restored)
        if is_felt or reached_ms is None:
            yield AffectedStep(
                **identity_of(architect_flow.id, architect_flow.label, step),
                before_effective_ms=now.effective_ms(step),
                after_effective_ms=reached_ms,
                asked=False,
                copy_of=copy_of,
            )


def _is_read(architect_flow_id: str, now: Inventory) -> bool:
    return now.architect_flow(architect_flow_id) is not None and now.reading(architect_flow_id).coverage == "read"


def _key(step: AffectedStep) -> tuple[str, str, str]:
    return step.architect_flow_id, step.copy_of, step.step_id


def _reversed(step: AffectedStep) -> AffectedStep:
    before_ms, after_ms = step.before_effective_ms, step.after_effective_ms
    return step.model_copy(update={"before_effective_ms": after_ms, "after_effective_ms": before_ms})


def _leave_action(draft: _Draft, done: ActionChange, why: WhyActionLeft, reason: str) -> None:
    draft.actions_left.append(ActionLeft(action_id=done.action_id, name=done.name, why=why, reason=reason))
