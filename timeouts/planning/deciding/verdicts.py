"""What a rule means for one step: which lever helps, or why it stays as it is (docs/design.md#which-lever)."""

import typing
from dataclasses import dataclass

from timeouts.model.durations import format_duration
from timeouts.model.effective import (
    LONGEST_FUNCTION_LIMIT_MS,
    LONGEST_LIMIT_MS,
    is_limit_known,
    limit_of,
    own_bound,
)
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    Unreadable,
    literal_ms,
)
from timeouts.model.steps import Step
from timeouts.model.wording import in_words
from timeouts.planning.changes import Why
from timeouts.planning.deciding.context import PlanningContext
from timeouts.policy.recommendation import NotEnough, Recommended, recommend
from timeouts.policy.rules import Rule


@dataclass(frozen=True, slots=True)
class SetStep:
    """The lever on the step helps."""

    after_ms: int
    reason: str


@dataclass(frozen=True, slots=True)
class RaiseLimit:
    """The action's limit is too short; the step has to change as well where `step` says so."""

    wanted_ms: int
    wanted: str
    step: SetStep | None = None

    @property
    def why(self) -> Why:
        """Why the step is left alone where the limit stays."""
        return "action_limit" if self.step is None else "masked"

    @property
    def reason(self) -> str:
        """The same in words."""
        alone = "only the action limit helps" if self.step is None else "a change of the step alone would be masked"
        return f"{self.wanted}: {alone}"


@dataclass(frozen=True, slots=True)
class EitherLever:
    """The action sets no limit and the platform's default is too short: the step helps, or a limit on the action."""

    step: SetStep

    @property
    def wanted_ms(self) -> int:
        """What the action's limit would have to be."""
        return self.step.after_ms


@dataclass(frozen=True, slots=True)
class Leave:
    """The step stays as it is."""

    why: Why
    reason: str


@dataclass(frozen=True, slots=True)
class Fine:
    """The step does what the rule asks for."""


Verdict = SetStep | RaiseLimit | EitherLever | Leave | Fine


def first_match(
    context: PlanningContext, architect_flow: ArchitectFlow, step: Step, action: DataAction | None
) -> Rule | None:
    """Return the rule that decides about a step, None where no rule matches."""
    effective_ms = context.effective_ms(step, action)
    return context.rules.first_match(architect_flow, step, action, effective_ms)


def judge(rule: Rule, step: Step, action: DataAction | None, context: PlanningContext) -> Verdict:
    """Return what a rule that matches a step means for it; `action` is the listed action that the step calls."""
    match step.setting:
        case _ if step.kind == "bridge":
            return Leave("bridge", "it calls a bridge, not an integration action: read and shown, never changed")
        case _ if rule.leave:
            return Leave("leave", "the rule leaves it")
        case Expression(text=text):
            return Leave("expression", f"computed at run time: {text}")
        case Unreadable(reason=reason):
            return Leave("unreadable", reason)
        case Suggested() | LiteralTimeout() | LiteralOrSuggested():
            target = _target(rule, step, action, context)
            return target if isinstance(target, Leave) else _lever(rule, target, step, action, context)
        case _:
            typing.assert_never(step.setting)


def _lever(rule: Rule, target: "_Target", step: Step, action: DataAction | None, context: PlanningContext) -> Verdict:
    limit_ms = limit_of(action)
    if limit_ms is not None and limit_ms < target.ms:
        return _behind_limit(rule, target, limit_ms, step, context)
    if rule.exactly is not None:
        return _pinned(target, step, action, context)
    return _raised(target, step, action, context)


class _Target(typing.NamedTuple):
    """How long the rule wants the step to wait, and the figures behind it, '' where the rule says so itself."""

    ms: int
    figures: str = ""

    def __str__(self) -> str:
        return format_duration(self.ms)

    def explained(self, reason: str) -> str:
        return f"{reason} ({self.figures})" if self.figures else reason


def _target(rule: Rule, step: Step, action: DataAction | None, context: PlanningContext) -> _Target | Leave:
    if rule.by_evidence is None:
        assert rule.fixed_ms is not None, "a rule that does not leave names a timeout"
        return _Target(rule.fixed_ms)
    if not is_limit_known(step, action):
        return _unknown_action(step, action)
    limit_ms = limit_of(action)
    recommended = recommend(
        context.evidence,
        step.action_id,
        rule.by_evidence,
        ceiling_ms=context.policy.ceiling,
        limit_ms=context.policy.suggested_default if limit_ms is None else limit_ms,
    )
    match recommended:
        case Recommended(timeout_ms=timeout_ms, figures=figures):
            return _Target(timeout_ms, figures)
        case NotEnough(reason=reason):
            return Leave("no_evidence", reason)
        case _:
            typing.assert_never(recommended)


def _behind_limit(rule: Rule, target: _Target, limit_ms: int, step: Step, context: PlanningContext) -> RaiseLimit:
    wanted = target.explained(f"the action waits {format_duration(limit_ms)}, {target} is wanted")
    own_ms = own_bound(step.setting, step.default_ms)
    is_lower = isinstance(step.setting, LiteralTimeout) and step.setting.timeout_ms > target.ms
    may_set = context.policy.allow_lowering or not is_lower
    pinned = rule.exactly is not None and literal_ms(step.setting) != target.ms and may_set
    if not pinned and (own_ms is None or own_ms >= target.ms):
        return RaiseLimit(target.ms, wanted)
    said = "the action's limit" if own_ms is None else format_duration(own_ms)
    change = SetStep(target.ms, f"pinned to {target} instead of {said}" if pinned else _waits_less(own_ms, target))
    return RaiseLimit(target.ms, wanted, change)


def _waits_less(own_ms: int | None, target: _Target) -> str:
    assert own_ms is not None, "what the action decides is no wait of the step's own"
    return target.explained(f"waits {format_duration(own_ms)}, less than {target}")


def _raised(target: _Target, step: Step, action: DataAction | None, context: PlanningContext) -> Verdict:
    own_ms = own_bound(step.setting, step.default_ms)
    if own_ms is not None and own_ms >= target.ms:
        return Fine()
    if not is_limit_known(step, action) and not _can_only_help(step, target, context):
        return _unknown_action(step, action)
    if own_ms is not None:
        return SetStep(target.ms, _waits_less(own_ms, target))
    if limit_of(action) is not None or context.policy.suggested_default >= target.ms:
        return Fine()
    worth = format_duration(context.policy.suggested_default)
    reason = f"the action sets no limit, which is worth {worth}; {target} is wanted"
    if isinstance(step.setting, LiteralOrSuggested):
        return Leave("suggested_default", f"{reason}: the step says {in_words(step.setting)}, so only a limit helps")
    return EitherLever(SetStep(target.ms, target.explained(reason)))


def _pinned(target: _Target, step: Step, action: DataAction | None, context: PlanningContext) -> Verdict:
    if step.setting == LiteralTimeout(timeout_ms=target.ms):
        return Fine()
    if literal_ms(step.setting) == target.ms:
        return _raised(target, step, action, context)
    chosen_ms = chosen_wait(step, action)
    if chosen_ms is not None and chosen_ms > target.ms and not context.policy.allow_lowering:
        is_own = isinstance(step.setting, LiteralTimeout)
        now = "somebody chose" if is_own else "the step waits as long as its action, whose limit is"
        reason = f"{now} {format_duration(chosen_ms)}; {target} would lower it, which needs allow_lowering"
        return Leave("lowering", reason)
    if not is_limit_known(step, action) and not _can_only_help(step, target, context):
        return _unknown_action(step, action)
    if chosen_ms is not None:
        return SetStep(target.ms, f"pinned to {target} instead of {format_duration(chosen_ms)}")
    default_ms = context.effective_ms(step, action)
    assert default_ms is not None, "the limit is known"
    return SetStep(
        target.ms, f"pinned to {target} instead of the default of {format_duration(default_ms)}, which nobody chose"
    )


def _can_only_help(step: Step, target: _Target, context: PlanningContext) -> bool:
    """Return whether a longer timeout of a step helps or does nothing, whatever the limit of its action is elsewhere.

    It does where the step has a shorter one of its own: what is suggested may wait longer than the new one.
    """
    own = step.setting
    return context.limits_elsewhere and isinstance(own, LiteralTimeout) and own.timeout_ms < target.ms


def _unknown_action(step: Step, action: DataAction | None) -> Leave:
    if action is not None:
        reason = f"the limit of its action {action.label} is not understood, so no change is certain to take effect"
        return Leave("unknown_limit", f"{reason}: {action.unknown_limit}")
    called = f"the action {step.action_name or step.action_id}" if step.action_name or step.action_id else "no action"
    reason = f"it calls {called}, which is not listed: its limit is not known, so no change is certain to take effect"
    return Leave("unknown_action", reason)


def chosen_wait(step: Step, action: DataAction | None) -> int | None:
    """Return the wait that somebody set, on the step or on the action; None where only defaults apply."""
    if isinstance(step.setting, LiteralTimeout):
        return step.setting.timeout_ms
    return None if action is None or step.default_ms is not None else limit_that_somebody_set(action)


def limit_that_somebody_set(action: DataAction) -> int | None:
    """Return the limit that the action names itself, None where the platform's own applies."""
    chosen_ms = None if action.function_ms == LONGEST_FUNCTION_LIMIT_MS else action.function_ms
    return min((each for each in (action.limit_ms, chosen_ms) if each is not None), default=None)


def is_useless(step: Step) -> bool:
    """Return whether a step waits longer than any action does (docs/platform.md#action-limits)."""
    own_ms = step.setting.timeout_ms if isinstance(step.setting, LiteralTimeout) else 0
    return own_ms > LONGEST_LIMIT_MS and step.kind != "bridge"
