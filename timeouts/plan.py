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
from timeouts.steps import Reading, Step
from timeouts.values import Value
from timeouts.verdicts import Fine, Leave, SetStep, decide, is_useless


class Plan(Value):
    """What a run would change and what it would not. All lists are sorted; it round-trips through JSON."""

    schema_version: typing.Literal[1] = 1
    organization: Organization
    policy: Policy
    pins: tuple[Pin, ...] = ()
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
        return tuple(sorted(self.pins, key=lambda pin: (pin.type.casefold() != "commonmodule", *_by_name(pin))))

    def timeouts_of(self, architect_flow_id: str) -> dict[str, int]:
        """Give the timeouts to set in one Architect flow, step id to milliseconds."""
        return {
            change.step_id: change.after_ms for change in self.changes if change.architect_flow_id == architect_flow_id
        }


@dataclass(slots=True)
class _Draft:
    """A plan in the making."""

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
) -> Plan:
    """Compute what a policy changes in an org, on steps alone; what only an action limit would help is advice.

    Raises `ValueError` where an Architect flow was read but not listed, or read twice with different results.
    """
    listed = {architect_flow.id: architect_flow for architect_flow in architect_flows}
    known = {action.id: action for action in actions}
    read = _by_architect_flow(readings, listed)
    draft = _Draft()
    for architect_flow_id, reading in read.items():
        for step in reading.steps:
            _add(draft, listed[architect_flow_id], step, known.get(step.action_id), policy)
    changed = {change.architect_flow_id for change in draft.changes}
    return Plan(
        organization=organization,
        policy=policy,
        pins=tuple(sorted((_pin(listed[key], read[key]) for key in changed), key=_by_name)),
        changes=tuple(sorted(draft.changes, key=_by_step)),
        left_alone=tuple(sorted(draft.left_alone, key=_by_step)),
        action_advice=advise(draft.waiting),
        warnings=tuple(sorted(draft.warnings, key=_by_step)),
        violations=violations_of(policy.limits, len(changed), len(draft.changes), draft.steps),
        counts=Counts(
            steps=draft.steps,
            changed=len(draft.changes),
            left_alone=len(draft.left_alone),
            fine=draft.fine,
            not_matched=draft.not_matched,
        ),
    )


def _by_architect_flow(readings: Iterable[Reading], listed: Mapping[str, ArchitectFlow]) -> dict[str, Reading]:
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
    match verdict:
        case Fine():
            draft.fine += 1
        case Leave(why=why, reason=reason, wanted_ms=wanted_ms):
            draft.left_alone.append(LeftAlone(**identity, before=step.setting, rule=rule.name, why=why, reason=reason))
            if wanted_ms is not None and action is not None:
                draft.waiting.append(Waiting(action, architect_flow.id, wanted_ms))
        case SetStep(after_ms=after_ms, reason=reason):
            before_ms = effective_timeout(step, action, suggested_default_ms=policy.suggested_default)
            change = Change(
                **identity,
                before=step.setting,
                after_ms=after_ms,
                action_limit_ms=limit_of(action),
                before_effective_ms=before_ms,
                after_effective_ms=effective_literal(step, action, after_ms),
                rule=rule.name,
                reason=reason,
            )
            draft.changes.append(change)
        case _:
            typing.assert_never(verdict)


def _pin(architect_flow: ArchitectFlow, reading: Reading) -> Pin:
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
    obstacles = []
    if architect_flow.locked_by is not None:
        obstacles.append(f"locked by {architect_flow.locked_by.label}")
    if architect_flow.newer_draft is not None:
        live = architect_flow.published_version or "none"
        obstacles.append(f"draft {architect_flow.newer_draft} is newer than the published version {live}")
    return "; ".join(obstacles)


def _by_name(pin: Pin) -> tuple[str, str, str]:
    return pin.name.casefold(), pin.name, pin.architect_flow_id


def _by_step(line: StepIdentity) -> tuple[str, str, str, int, str]:
    named = line.architect_flow_name.casefold(), line.architect_flow_name, line.architect_flow_id
    return *named, line.tracking_id or 0, line.step_id
