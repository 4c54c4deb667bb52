"""The plan: all changes that a policy asks for, pinned to what they were computed from, with a checksum."""

import hashlib
import json
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from timeouts.advice import Waiting, advise
from timeouts.changes import (
    ActionAdvice,
    Change,
    Counts,
    LeftAlone,
    Pin,
    StepIdentity,
    StepWarning,
    Violation,
    identity_of,
)
from timeouts.durations import format_duration
from timeouts.effective import effective_literal, effective_timeout, limit_of
from timeouts.limits import violations_of
from timeouts.org import ArchitectFlow, DataAction, Organization
from timeouts.policy import Policy
from timeouts.settings import Literal
from timeouts.step_edits import SetTimeout, StepEdit
from timeouts.steps import Reading, Step
from timeouts.values import Value
from timeouts.verdicts import Fine, Leave, SetStep, decide, is_useless


class Plan(Value):
    """What a run would change and what it would not. All lists are sorted; it round-trips through JSON.

    `held` are the Architect flows that would change and that a person has locked or drafted: they are skipped.
    `undoes` is the checksum of the plan that this one rolls back, empty where a policy asks for the changes; the
    policy of a roll back is that of the run it undoes.
    """

    schema_version: typing.Literal[1] = 1
    undoes: str = ""
    organization: Organization
    policy: Policy
    pins: tuple[Pin, ...] = ()
    held: tuple[Pin, ...] = ()
    changes: tuple[Change, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()
    action_advice: tuple[ActionAdvice, ...] = ()
    warnings: tuple[StepWarning, ...] = ()
    violations: tuple[Violation, ...] = ()
    counts: Counts

    @property
    def checksum(self) -> str:
        """`sha256:` and the hash of the whole plan; the order in which an org was listed does not move it."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"

    def publish_order(self) -> tuple[Pin, ...]:
        """Give the Architect flows that change, common modules before those that may use them."""
        return tuple(sorted(self.pins, key=lambda pin: (pin.type.casefold() != "commonmodule", *by_name(pin))))

    def edits_of(self, architect_flow_id: str) -> dict[str, StepEdit]:
        """Give the edits to make in one Architect flow, by step id."""
        return {change.step_id: change.edit for change in self.changes if change.architect_flow_id == architect_flow_id}

    def timeouts_of(self, architect_flow_id: str) -> dict[str, int]:
        """Give the timeouts to set in one Architect flow, step id to milliseconds, without what is restored."""
        edits = self.edits_of(architect_flow_id)
        return {step_id: edit.timeout_ms for step_id, edit in edits.items() if isinstance(edit, SetTimeout)}


@dataclass(slots=True)
class _Draft:
    """A plan in the making; `released` are the protected Architect flows that the run names."""

    released: frozenset[str]
    changes: list[Change] = field(default_factory=list)
    left_alone: list[LeftAlone] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    warnings: list[StepWarning] = field(default_factory=list)
    steps: int = 0
    fine: int = 0
    not_matched: int = 0


def compute_plan(
    organization: Organization,
    architect_flows: Iterable[ArchitectFlow],
    readings: Iterable[Reading],
    actions: Iterable[DataAction],
    policy: Policy,
    *,
    named: Iterable[str] = (),
) -> Plan:
    """Compute what a policy changes in an org, on steps alone; what only an action limit would help is advice.

    `named`: names or ids, in full, of Architect flows that may change although the policy protects them. Raises
    `ValueError` where an Architect flow was read but not listed, or read twice with different results.
    """
    listed = {architect_flow.id: architect_flow for architect_flow in architect_flows}
    known = {action.id: action for action in actions}
    read = by_architect_flow(readings, listed)
    draft = _Draft(released=frozenset(name.casefold() for name in named))
    for architect_flow_id, reading in read.items():
        for step in reading.steps:
            _add(draft, listed[architect_flow_id], step, known.get(step.action_id), policy)
    changed = {change.architect_flow_id for change in draft.changes}
    held = {line.architect_flow_id for line in draft.left_alone if line.why == "held"}
    return Plan(
        organization=organization,
        policy=policy,
        pins=tuple(sorted((pin_of(listed[key], read[key]) for key in changed), key=by_name)),
        held=tuple(sorted((pin_of(listed[key], read[key]) for key in held), key=by_name)),
        changes=tuple(sorted(draft.changes, key=by_step)),
        left_alone=tuple(sorted(draft.left_alone, key=by_step)),
        action_advice=advise(draft.waiting),
        warnings=tuple(sorted(draft.warnings, key=by_step)),
        violations=violations_of(policy.limits, len(changed), len(draft.changes), draft.steps),
        counts=Counts(
            steps=draft.steps,
            changed=len(draft.changes),
            left_alone=len(draft.left_alone),
            fine=draft.fine,
            not_matched=draft.not_matched,
        ),
    )


def by_architect_flow(readings: Iterable[Reading], listed: Mapping[str, ArchitectFlow]) -> dict[str, Reading]:
    """Give the readings by Architect flow; raises ValueError for one not listed, or for two that differ."""
    read: dict[str, Reading] = {}
    for reading in readings:
        architect_flow_id = reading.architect_flow_id
        if architect_flow_id not in listed:
            raise ValueError(f"Architect flow {architect_flow_id} was read but not listed")
        if read.setdefault(architect_flow_id, reading) != reading:
            raise ValueError(f"Architect flow {architect_flow_id} was read twice, with different results")
    return read


def _add(draft: _Draft, architect_flow: ArchitectFlow, step: Step, action: DataAction | None, policy: Policy) -> None:
    draft.steps += 1
    identity = identity_of(architect_flow.id, architect_flow.name, step)
    if is_useless(step):
        assert isinstance(step.setting, Literal)
        waits = format_duration(step.setting.timeout_ms)
        draft.warnings.append(StepWarning(**identity, text=f"waits {waits}, but no action waits longer than 1m"))
    decision = decide(policy, architect_flow, step, action)
    if decision is None:
        draft.not_matched += 1
        return
    rule, verdict = decision
    if isinstance(verdict, SetStep):
        verdict = _kept_back(architect_flow, policy, draft.released) or verdict
    match verdict:
        case Fine():
            draft.fine += 1
        case Leave(why=why, reason=reason, wanted_ms=wanted_ms):
            draft.left_alone.append(LeftAlone(**identity, before=step.setting, rule=rule.name, why=why, reason=reason))
            if wanted_ms is not None and action is not None:
                draft.waiting.append(Waiting(action, architect_flow.id, wanted_ms))
        case SetStep(after_ms=after_ms, reason=reason):
            before_ms = effective_timeout(step, action, suggested_default_ms=policy.suggested_default)
            assert step.written is not None, "what can be changed was kept as text"
            change = Change(
                **identity,
                before=step.setting,
                after=Literal(timeout_ms=after_ms),
                original=step.written,
                action_limit_ms=limit_of(action),
                before_effective_ms=before_ms,
                after_effective_ms=effective_literal(step, action, after_ms),
                rule=rule.name,
                reason=reason,
            )
            draft.changes.append(change)
        case _:
            typing.assert_never(verdict)


def _kept_back(architect_flow: ArchitectFlow, policy: Policy, released: frozenset[str]) -> Leave | None:
    """Say why nothing of an Architect flow may change, whatever its steps say; None where it may."""
    own = {architect_flow.name.casefold(), architect_flow.id.casefold()}
    if policy.protects(architect_flow) and own.isdisjoint(released):
        return Leave("protected", "the policy protects its Architect flow: name it to have it changed")
    held = held_by_people(architect_flow)
    return Leave("held", held) if held else None


def held_by_people(architect_flow: ArchitectFlow) -> str:
    """Say who holds an Architect flow, or whose draft it carries, as it was listed; empty where nobody does.

    A lock of an OAuth client does not count: it may be our own, left by a run that died, which publishing takes up.
    """
    holder = architect_flow.locked_by
    return "" if holder is not None and holder.kind == "client" else obstacle_to(architect_flow)


def pin_of(architect_flow: ArchitectFlow, reading: Reading) -> Pin:
    """Hold an Architect flow to what was read of it."""
    return Pin(
        architect_flow_id=architect_flow.id,
        name=architect_flow.name,
        type=architect_flow.type,
        version=reading.version,
        fingerprint=reading.fingerprint,
        obstacle=obstacle_to(architect_flow),
    )


def obstacle_to(architect_flow: ArchitectFlow) -> str:
    """Say what stands in the way of publishing an Architect flow as it was listed; empty where nothing does."""
    if architect_flow.locked_by is not None:
        return f"locked by {architect_flow.locked_by.label}"
    if architect_flow.newer_draft is None:
        return ""
    # A saved draft's label is an id that tells people nothing (genesys-cloud.md 3.2).
    draft = "a saved draft" if architect_flow.saved_version is not None else f"draft {architect_flow.newer_draft}"
    return f"{draft} is newer than the published version {architect_flow.published_version or 'none'}"


def by_name(pin: Pin) -> tuple[str, str, str]:
    """Give the key that sorts Architect flows."""
    return pin.name.casefold(), pin.name, pin.architect_flow_id


def by_step(line: StepIdentity) -> tuple[str, str, str, int, str]:
    """Give the key that sorts the lines of a plan."""
    named = line.architect_flow_name.casefold(), line.architect_flow_name, line.architect_flow_id
    return *named, line.tracking_id or 0, line.step_id
