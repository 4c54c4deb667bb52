"""Computing a plan: all changes that a policy asks for in an org, by the levers that it allows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from timeouts.inventory import Inventory
from timeouts.model.durations import format_duration
from timeouts.model.effective import limit_of
from timeouts.model.org import ArchitectFlow
from timeouts.model.settings import LiteralTimeout
from timeouts.model.step_edits import ArchyRawTimeout
from timeouts.model.steps import Step
from timeouts.planning.action_changes import action_changes_of
from timeouts.planning.advice import Waiting, advise
from timeouts.planning.changes import (
    ActionChange,
    Change,
    Counts,
    LeftAlone,
    StepOnlyAlternative,
    StepWarning,
    by_step,
    identity_of,
)
from timeouts.planning.concurrency import load_of
from timeouts.planning.copies import NOT_ASKED, LaggingCopy, Settled, lagging_copies, republished_by
from timeouts.planning.deciding.choice import ByAction, LeverChoice, StepDecision, as_changed
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.decide import Decided, decide
from timeouts.planning.deciding.evaluated import EvaluatedStep, caller_kept_back_by
from timeouts.planning.deciding.levers import choose_levers
from timeouts.planning.deciding.verdicts import EitherLever, Fine, Leave, RaiseLimit, SetStep, is_useless, judge
from timeouts.planning.limits import violations_of
from timeouts.planning.plan import Plan, pins_of
from timeouts.policy.policy import Policy

_BECOMES_LITERAL = "the file names no timeout, so the suggested one applies: this makes it a literal"


def compute_plan(inventory: Inventory, policy: Policy, *, named: Iterable[str] = ()) -> Plan:
    """Compute what a policy changes in an org, by the levers that it allows.

    What a suggested timeout is worth is what the policy says. `named`: names or ids, in full, of Architect flows that
    may change although the policy protects them.
    """
    evidence, moved = inventory.evidence, inventory.moved_resources
    decided = decide(inventory, policy, named)
    context, evaluated, choice = decided.context, decided.steps, decided.choice
    changes = sorted(_changes(evaluated, choice, context), key=by_step)
    left_alone = sorted(_left_alone(evaluated, choice), key=by_step)
    action_changes = action_changes_of(decided.callers, choice, context)
    changed = {change.architect_flow_id for change in changes}
    copies = _copies(decided, inventory, changed)
    published = changed | republished_by(copies)
    held = {line.architect_flow_id for line in left_alone if line.why == "held"}
    return Plan(
        organization=inventory.organization,
        policy=policy,
        pins=pins_of(inventory, published),
        ships_problem=moved.problem if moved is not None and published else "",
        held=pins_of(inventory, held),
        action_changes=action_changes,
        changes=tuple(changes),
        copies=copies,
        left_alone=tuple(left_alone),
        action_advice=advise(_waiting(evaluated, choice), choice.refused),
        warnings=tuple(sorted(_warnings(evaluated), key=by_step)),
        violations=violations_of(
            policy.limits,
            len(published),
            len(changes),
            len(evaluated),
            actions=len(action_changes),
            affected=_count_affected(action_changes),
        ),
        step_only=_step_only(decided) if "action" in policy.levers else None,
        load=None if evidence is None or evidence.problem else load_of(decided.callers, choice, inventory, context),
        counts=_counts(evaluated, choice),
    )


def _count_affected(action_changes: Iterable[ActionChange]) -> int:
    """Return how many steps changed action limits affect; copies of modules' steps are none."""
    affected = (step for change in action_changes for step in change.affected_steps if not step.copy_of)
    return len({(step.architect_flow_id, step.step_id) for step in affected})


def _changes(evaluated: Iterable[EvaluatedStep], choice: LeverChoice, context: PlanningContext) -> Iterable[Change]:
    for one in evaluated:
        decision = choice.decisions[one.key]
        if not isinstance(decision, SetStep):
            continue
        assert one.step.raw_timeout is not None, "what can be changed was kept as text"
        assert one.rule is not None, "a rule asks for every change"
        changed, action = as_changed(one, choice)
        yield Change(
            **identity_of(one.architect_flow.id, one.architect_flow.label, one.step),
            before=one.step.setting,
            after=changed.setting,
            original=one.step.raw_timeout,
            action_limit_ms=limit_of(action),
            before_effective_ms=context.effective_ms(one.step, one.action),
            after_effective_ms=context.effective_ms(changed, action),
            rule=one.rule.name,
            reason=_with_note(decision, one.step),
        )


def _with_note(decision: SetStep, step: Step) -> str:
    """Return why a step is set, and what that brings with it in a text that says nothing of its timeout."""
    if not isinstance(step.raw_timeout, ArchyRawTimeout) or step.raw_timeout.timeout is not None:
        return decision.reason
    return f"{decision.reason}; {_BECOMES_LITERAL}"


def _copies(decided: Decided, inventory: Inventory, changed: Collection[str]) -> tuple[LaggingCopy, ...]:
    """Return the copies of steps that the plan changes, or finds as a rule wants them."""
    context, choice = decided.context, decided.choice

    def why_stays(architect_flow: ArchitectFlow) -> str:
        kept_back = caller_kept_back_by(architect_flow, context)
        if kept_back is not None:
            return kept_back.reason
        return choice.shortened.get(architect_flow.id) or ("" if context.policy.republish_callers else NOT_ASKED)

    valued = replace(inventory, suggested_default_ms=context.policy.suggested_default)
    return lagging_copies(valued, _settled(decided), changed, why_stays)


def _settled(decided: Decided) -> Mapping[tuple[str, str], Settled]:
    """Return the steps that the plan changes, or that are as a rule wants them, as the plan leaves them."""
    choice = decided.choice
    settled = [one for one in decided.steps if isinstance(choice.decisions[one.key], SetStep | ByAction | Fine)]
    unmatched = {one.key: one for one in decided.steps if choice.decisions[one.key] is None}
    of_copies = ((unmatched.get((copy.module_id, copy.step.id)), copy) for copy in decided.copies)
    settled += [of for of, copy in of_copies if of is not None and _is_as_its_copy_wants(of, copy, decided)]
    return {one.key: Settled(*as_changed(one, choice)) for one in settled}


def _is_as_its_copy_wants(of: EvaluatedStep, copy: EvaluatedStep, decided: Decided) -> bool:
    """Return whether a module's step that no rule matches is as a rule wants it that matches what its copy still says.

    A rule for what is short, or suggested, does not match the step any more once a run has raised it.
    """
    context = decided.context
    says = replace(of.step, setting=copy.step.setting, default_ms=copy.step.default_ms)
    rule = context.rules.first_match(of.architect_flow, says, of.action, context.effective_ms(copy.step, copy.action))
    return rule is not None and isinstance(judge(rule, *as_changed(of, decided.choice), context), Fine)


def _left_alone(evaluated: Iterable[EvaluatedStep], choice: LeverChoice) -> Iterable[LeftAlone]:
    for one in evaluated:
        decision = choice.decisions[one.key]
        if isinstance(decision, Leave):
            assert one.rule is not None, "a rule matched it"
            identity = identity_of(one.architect_flow.id, one.architect_flow.label, one.step)
            yield LeftAlone(
                **identity, before=one.step.setting, rule=one.rule.name, why=decision.why, reason=decision.reason
            )


def _waiting(evaluated: Iterable[EvaluatedStep], choice: LeverChoice) -> Iterable[Waiting]:
    """Return the steps that a longer limit would help; one that is kept from a change that it needs besides is none."""
    for one in evaluated:
        verdict, decision = one.verdict, choice.decisions[one.key]
        if one.action is None or one.action.id in choice.limits_ms or not isinstance(decision, Leave):
            continue
        if isinstance(verdict, EitherLever) or (isinstance(verdict, RaiseLimit) and decision.why == verdict.why):
            yield Waiting(one.action, one.architect_flow.id, verdict.wanted_ms)


def _warnings(evaluated: Iterable[EvaluatedStep]) -> Iterable[StepWarning]:
    for one in evaluated:
        if is_useless(one.step):
            assert isinstance(one.step.setting, LiteralTimeout), "only a literal can be useless"
            waits = format_duration(one.step.setting.timeout_ms)
            identity = identity_of(one.architect_flow.id, one.architect_flow.label, one.step)
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


def _step_only(decided: Decided) -> StepOnlyAlternative:
    """Say what the same policy comes to without the lever on the action."""
    by_steps = decided.context.policy.model_copy(update={"levers": ("step",)})
    context = replace(decided.context, policy=by_steps)
    choice = choose_levers(decided.steps, context, all_read=decided.all_read, copies=decided.copies)
    changed = [one for one in decided.steps if isinstance(choice.decisions[one.key], SetStep)]
    return StepOnlyAlternative(
        changes=len(changed),
        architect_flows=len({one.architect_flow.id for one in changed}),
        unserved=sum(1 for _ in _waiting(decided.steps, choice)),
    )
