"""The plan: all changes that a policy asks for, pinned to what they were computed from, with a checksum."""

import hashlib
import json
import typing
from collections.abc import Collection, Iterable

from timeouts.inventory import Inventory
from timeouts.model.durations import format_duration
from timeouts.model.effective import effective_literal, limit_of
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.settings import LiteralTimeout
from timeouts.model.step_edits import RawTimeout, StepEdit
from timeouts.model.steps import Reading
from timeouts.model.values import Value
from timeouts.planning.action_changes import action_changes_of
from timeouts.planning.advice import Waiting, advise
from timeouts.planning.changes import (
    ActionAdvice,
    ActionChange,
    ActionLeft,
    Change,
    Counts,
    LeftAlone,
    Pin,
    StepOnlyAlternative,
    StepWarning,
    Violation,
    by_step,
    identity_of,
)
from timeouts.planning.concurrency import Load, load_of
from timeouts.planning.evaluated import EvaluatedStep, evaluate_all, publish_blocker
from timeouts.planning.levers import ByAction, LeverChoice, StepDecision, as_changed, choose_levers
from timeouts.planning.limits import violations_of
from timeouts.planning.verdicts import EitherLever, Leave, PlanningContext, RaiseLimit, SetStep, is_useless
from timeouts.policy.policy import Policy

SCHEMA_VERSION: typing.Literal[3] = 3


class Plan(Value):
    """What a run would change and what it would not. All lists are sorted; it round-trips through JSON.

    `held` are the Architect flows that would change and that a person has locked or drafted: they are skipped.
    `undoes` is the checksum of the plan that this one rolls back, empty where a policy asks for the changes; the
    policy of a roll back is that of the run it undoes. `step_only`: what the policy would come to without the lever
    on the action, None where it does not allow that lever. `load`: what the waiting costs, None without evidence.
    """

    schema_version: typing.Literal[3] = SCHEMA_VERSION
    undoes: str = ""
    organization: Organization
    policy: Policy
    pins: tuple[Pin, ...] = ()
    held: tuple[Pin, ...] = ()
    action_changes: tuple[ActionChange, ...] = ()
    changes: tuple[Change, ...] = ()
    left_alone: tuple[LeftAlone, ...] = ()
    action_advice: tuple[ActionAdvice, ...] = ()
    actions_left: tuple[ActionLeft, ...] = ()
    warnings: tuple[StepWarning, ...] = ()
    violations: tuple[Violation, ...] = ()
    step_only: StepOnlyAlternative | None = None
    load: Load | None = None
    counts: Counts

    @property
    def checksum(self) -> str:
        """`sha256:` and the hash of the whole plan; the order in which an org was listed does not move it."""
        canonical = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"

    @property
    def changes_nothing(self) -> bool:
        """Whether there is nothing to publish."""
        return not self.changes and not self.action_changes

    def publish_order(self) -> tuple[Pin, ...]:
        """Return the Architect flows that change, common modules before those that may use them."""
        return tuple(sorted(self.pins, key=lambda pin: (pin.type.casefold() != "commonmodule", *_by_name(pin))))

    def edits_of(self, architect_flow_id: str) -> dict[str, StepEdit]:
        """Return the edits to make in one Architect flow, by step id."""
        return {change.step_id: change.edit for change in self.changes if change.architect_flow_id == architect_flow_id}

    def originals_of(self, architect_flow_id: str) -> dict[str, RawTimeout]:
        """Return what the definition had written of the timeouts that change in one Architect flow, by step id."""
        return {
            change.step_id: change.original for change in self.changes if change.architect_flow_id == architect_flow_id
        }

    @property
    def may_lower(self) -> bool:
        """Whether a wait may become shorter: by its policy, or because it puts back what was there."""
        return bool(self.undoes) or self.policy.allow_lowering

    def actions_needed_by(self, architect_flow_id: str) -> tuple[ActionChange, ...]:
        """Return the action changes without which a change of one Architect flow would be masked."""
        after_ms: dict[str, int] = {}
        for change in self.changes:
            if change.architect_flow_id == architect_flow_id and change.after_ms is not None:
                after_ms[change.action_id] = max(change.after_ms, after_ms.get(change.action_id, 0))
        return tuple(
            change
            for change in self.action_changes
            if change.before_ms is not None and after_ms.get(change.action_id, 0) > change.before_ms
        )


def compute_plan(inventory: Inventory, policy: Policy, *, named: Iterable[str] = ()) -> Plan:
    """Compute what a policy changes in an org, by the levers that it allows.

    What a suggested timeout is worth is what the policy says. `named`: names or ids, in full, of Architect flows that
    may change although the policy protects them.
    """
    evidence = inventory.evidence
    context = PlanningContext(policy, evidence)
    evaluated = tuple(evaluate_all(inventory, context, frozenset(name.casefold() for name in named)))
    choice = choose_levers(evaluated, context, all_read=inventory.is_read)
    changes = sorted(_changes(evaluated, choice, context), key=by_step)
    left_alone = sorted(_left_alone(evaluated, choice), key=by_step)
    action_changes = action_changes_of(evaluated, choice, context)
    changed = {change.architect_flow_id for change in changes}
    held = {line.architect_flow_id for line in left_alone if line.why == "held"}
    affected = len({(step.architect_flow_id, step.step_id) for each in action_changes for step in each.affected_steps})
    return Plan(
        organization=inventory.organization,
        policy=policy,
        pins=pins_of(inventory, changed),
        held=pins_of(inventory, held),
        action_changes=action_changes,
        changes=tuple(changes),
        left_alone=tuple(left_alone),
        action_advice=advise(_waiting(evaluated, choice), choice.refused),
        warnings=tuple(sorted(_warnings(evaluated), key=by_step)),
        violations=violations_of(
            policy.limits, len(changed), len(changes), len(evaluated), actions=len(action_changes), affected=affected
        ),
        step_only=_step_only(evaluated, context, all_read=inventory.is_read) if "action" in policy.levers else None,
        load=None if evidence is None or evidence.problem else load_of(evaluated, choice, inventory, context),
        counts=_counts(evaluated, choice),
    )


def _changes(evaluated: Iterable[EvaluatedStep], choice: LeverChoice, context: PlanningContext) -> Iterable[Change]:
    for one in evaluated:
        decision = choice.decisions[one.key]
        if not isinstance(decision, SetStep):
            continue
        assert one.step.raw_timeout is not None, "what can be changed was kept as text"
        assert one.rule is not None, "a rule asks for every change"
        _, after = as_changed(one, choice)
        yield Change(
            **identity_of(one.architect_flow.id, one.architect_flow.name, one.step),
            before=one.step.setting,
            after=LiteralTimeout(timeout_ms=decision.after_ms),
            original=one.step.raw_timeout,
            action_limit_ms=limit_of(after),
            before_effective_ms=context.effective_ms(one.step, one.action),
            after_effective_ms=effective_literal(one.step, after, decision.after_ms),
            rule=one.rule.name,
            reason=decision.reason,
        )


def _left_alone(evaluated: Iterable[EvaluatedStep], choice: LeverChoice) -> Iterable[LeftAlone]:
    for one in evaluated:
        decision = choice.decisions[one.key]
        if isinstance(decision, Leave):
            assert one.rule is not None, "a rule matched it"
            identity = identity_of(one.architect_flow.id, one.architect_flow.name, one.step)
            yield LeftAlone(
                **identity, before=one.step.setting, rule=one.rule.name, why=decision.why, reason=decision.reason
            )


def _waiting(evaluated: Iterable[EvaluatedStep], choice: LeverChoice) -> Iterable[Waiting]:
    for one in evaluated:
        if one.action is None or not isinstance(choice.decisions[one.key], Leave):
            continue
        if isinstance(one.verdict, RaiseLimit | EitherLever) and one.action.id not in choice.limits_ms:
            yield Waiting(one.action, one.architect_flow.id, one.verdict.wanted_ms)


def _warnings(evaluated: Iterable[EvaluatedStep]) -> Iterable[StepWarning]:
    for one in evaluated:
        if is_useless(one.step):
            assert isinstance(one.step.setting, LiteralTimeout), "only a literal can be useless"
            waits = format_duration(one.step.setting.timeout_ms)
            identity = identity_of(one.architect_flow.id, one.architect_flow.name, one.step)
            yield StepWarning(**identity, text=f"waits {waits}, but no action waits longer than 1m")


def _counts(evaluated: tuple[EvaluatedStep, ...], choice: LeverChoice) -> Counts:
    decisions: list[StepDecision] = [choice.decisions[one.key] for one in evaluated]
    changed = sum(isinstance(decision, SetStep) for decision in decisions)
    by_action = sum(isinstance(decision, ByAction) for decision in decisions)
    left_alone = sum(isinstance(decision, Leave) for decision in decisions)
    not_matched = sum(decision is None for decision in decisions)
    return Counts(
        steps=len(decisions),
        changed=changed,
        by_action=by_action,
        left_alone=left_alone,
        fine=len(decisions) - changed - by_action - left_alone - not_matched,
        not_matched=not_matched,
    )


def _step_only(
    evaluated: tuple[EvaluatedStep, ...], context: PlanningContext, *, all_read: bool
) -> StepOnlyAlternative:
    """Say what the same policy comes to without the lever on the action."""
    step_only_context = PlanningContext(context.policy.model_copy(update={"levers": ("step",)}), context.evidence)
    choice = choose_levers(evaluated, step_only_context, all_read=all_read)
    changed = [one for one in evaluated if isinstance(choice.decisions[one.key], SetStep)]
    return StepOnlyAlternative(
        changes=len(changed),
        architect_flows=len({one.architect_flow.id for one in changed}),
        unserved=sum(1 for _ in _waiting(evaluated, choice)),
    )


def pins_of(inventory: Inventory, architect_flow_ids: Collection[str]) -> tuple[Pin, ...]:
    """Return what holds these Architect flows to what was read of them, sorted by name."""
    pins = (
        _pin(each, inventory.reading(each.id)) for each in inventory.architect_flows if each.id in architect_flow_ids
    )
    return tuple(sorted(pins, key=_by_name))


def _pin(architect_flow: ArchitectFlow, reading: Reading) -> Pin:
    return Pin(
        architect_flow_id=architect_flow.id,
        name=architect_flow.name,
        type=architect_flow.type,
        version=reading.version,
        fingerprint=reading.fingerprint,
        obstacle=publish_blocker(architect_flow),
        published_by=architect_flow.published_by,
    )


def _by_name(pin: Pin) -> tuple[str, str, str]:
    return pin.name.casefold(), pin.name, pin.architect_flow_id
