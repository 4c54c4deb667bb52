"""What a rule means for one step: change it, leave it alone and why, or nothing to do (design.md "Which lever")."""

import typing
from dataclasses import dataclass

from timeouts.changes import Why
from timeouts.durations import format_duration
from timeouts.effective import LONGEST_LIMIT_MS, effective_timeout, is_limit_known, limit_of
from timeouts.org import ArchitectFlow, DataAction
from timeouts.policy import Policy, Rule
from timeouts.settings import Expression, Literal, Suggested, Unreadable
from timeouts.steps import Step


@dataclass(frozen=True, slots=True)
class SetStep:
    """The lever on the step helps."""

    after_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class Leave:
    """The step stays as it is. `wanted_ms` is set where the action's limit is what would have to change."""

    why: Why
    reason: str
    wanted_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Fine:
    """The step does what the rule asks for."""


Verdict = SetStep | Leave | Fine


def decide(
    policy: Policy, architect_flow: ArchitectFlow, step: Step, action: DataAction | None
) -> tuple[Rule, Verdict] | None:
    """Give the first rule that matches a step and what it means for it; None where no rule matches.

    A change that another rule would change again in the next run is not made: a run right after this one has to
    find nothing to do.
    """
    rule = _first_match(policy, architect_flow, step)
    if rule is None:
        return None
    verdict = judge(rule, step, action, policy)
    if not isinstance(verdict, SetStep):
        return rule, verdict
    changed = step.model_copy(update={"setting": Literal(timeout_ms=verdict.after_ms)})
    other = _first_match(policy, architect_flow, changed)
    again = None if other is None else judge(other, changed, action, policy)
    if other is None or not isinstance(again, SetStep):
        return rule, verdict
    first, second = format_duration(verdict.after_ms), format_duration(again.after_ms)
    in_turn = f"this rule would set {first}, and then rule {other.name!r} would set {second}"
    return rule, Leave("rules_disagree", f"{in_turn}: let one of them decide")


def _first_match(policy: Policy, architect_flow: ArchitectFlow, step: Step) -> Rule | None:
    return next((rule for rule in policy.rules if rule.match.fits(architect_flow, step)), None)


def judge(rule: Rule, step: Step, action: DataAction | None, policy: Policy) -> Verdict:
    """Give what a rule that matches a step means for it; `action` is the listed action that the step calls."""
    match step.setting:
        case _ if rule.target_ms is None:
            return Leave("leave", "the rule leaves it")
        case Expression(text=text):
            return Leave("expression", f"computed at run time: {text}")
        case Unreadable(reason=reason):
            return Leave("unreadable", reason)
        case Suggested() | Literal():
            limit_ms = limit_of(action)
            if limit_ms is not None and limit_ms < rule.target_ms:
                return _behind_limit(rule.target_ms, limit_ms, step)
            if rule.exactly is not None:
                return _pinned(rule.exactly, step, action, policy)
            return _raised(rule.target_ms, step, action, policy)
        case _:
            typing.assert_never(step.setting)


def _behind_limit(target_ms: int, limit_ms: int, step: Step) -> Leave:
    wanted = f"the action waits {format_duration(limit_ms)}, {format_duration(target_ms)} is wanted"
    own_ms = _own_timeout(step)
    if own_ms is None or own_ms >= target_ms:
        return Leave("action_limit", f"{wanted}: only the action limit helps", target_ms)
    return Leave("masked", f"{wanted}: a change of the step alone would be masked", target_ms)


def _raised(target_ms: int, step: Step, action: DataAction | None, policy: Policy) -> Verdict:
    own_ms = _own_timeout(step)
    if own_ms is not None and own_ms >= target_ms:
        return Fine()
    if not is_limit_known(step, action):
        return _unknown_action(step)
    if own_ms is None:
        return _by_action_only(target_ms, action, policy)
    return SetStep(target_ms, f"waits {format_duration(own_ms)}, less than {format_duration(target_ms)}")


def _by_action_only(target_ms: int, action: DataAction | None, policy: Policy) -> Verdict:
    """Judge a suggested timeout whose action's limit is no shorter than the target, or not set."""
    if limit_of(action) is not None or policy.suggested_default >= target_ms:
        return Fine()
    worth, wanted = format_duration(policy.suggested_default), format_duration(target_ms)
    reason = f"the action sets no limit, which is worth {worth}; {wanted} is wanted: only an action limit helps"
    return Leave("suggested_default", reason, target_ms)


def _pinned(target_ms: int, step: Step, action: DataAction | None, policy: Policy) -> Verdict:
    if step.setting == Literal(timeout_ms=target_ms):
        return Fine()
    chosen_ms = _chosen_wait(step, action)
    wanted = format_duration(target_ms)
    if chosen_ms is not None and chosen_ms > target_ms and not policy.allow_lowering:
        reason = f"somebody chose {format_duration(chosen_ms)}; {wanted} would lower it, which needs allow_lowering"
        return Leave("lowering", reason)
    if not is_limit_known(step, action):
        return _unknown_action(step)
    if chosen_ms is not None:
        return SetStep(target_ms, f"pinned to {wanted} instead of {format_duration(chosen_ms)}")
    default_ms = effective_timeout(step, action, suggested_default_ms=policy.suggested_default)
    assert default_ms is not None, "the limit is known"
    return SetStep(
        target_ms, f"pinned to {wanted} instead of the default of {format_duration(default_ms)}, which nobody chose"
    )


def _unknown_action(step: Step) -> Leave:
    called = f"the action {step.action_name or step.action_id}" if step.action_name or step.action_id else "no action"
    reason = f"it calls {called}, which is not listed: its limit is not known, so no change is certain to take effect"
    return Leave("unknown_action", reason)


def _own_timeout(step: Step) -> int | None:
    """Give what the definition itself makes the step wait; None where the action decides."""
    return step.setting.timeout_ms if isinstance(step.setting, Literal) else step.default_ms


def _chosen_wait(step: Step, action: DataAction | None) -> int | None:
    """Give the wait that somebody set, on the step or on the action; None where only defaults apply."""
    if isinstance(step.setting, Literal):
        return step.setting.timeout_ms
    return None if action is None or step.default_ms is not None else action.limit_ms


def is_useless(step: Step) -> bool:
    """Tell whether a step waits longer than any action does (genesys-cloud.md 5)."""
    return isinstance(step.setting, Literal) and step.setting.timeout_ms > LONGEST_LIMIT_MS
