"""Which lever moves which step: the limits of actions to raise and the steps to set, with the fewest touches.

A limit of an action republishes no Architect flow, but affects every caller of the action. It is raised where only
that helps, and where either lever would do and the steps alone would republish more Architect flows.
"""

import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from timeouts.model.durations import format_duration, whole_seconds
from timeouts.model.effective import with_limit
from timeouts.model.org import DataAction
from timeouts.model.steps import Step
from timeouts.planning.deciding.choice import ByAction, LeverChoice, StepDecision, as_changed, as_set
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.planning.deciding.obstacles import impossible, limit_change_blocker
from timeouts.planning.deciding.shortening import shortened_by_publish
from timeouts.planning.deciding.verdicts import (
    EitherLever,
    Fine,
    Leave,
    RaiseLimit,
    SetStep,
    Verdict,
    first_match,
    judge,
)

NO_STEPS = "the policy does not allow the lever on the step"


@dataclass(slots=True)
class _Bans:
    """What is not moved, and why: another rule would move it again in the next run, or a copy would wait less."""

    actions: dict[str, str] = field(default_factory=dict)
    steps: dict[tuple[str, str], str] = field(default_factory=dict)
    architect_flows: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.actions) + len(self.steps) + len(self.architect_flows)


def choose_levers(
    evaluated: Sequence[EvaluatedStep],
    context: PlanningContext,
    *,
    all_read: bool,
    copies: Sequence[EvaluatedStep] = (),
) -> LeverChoice:
    """Choose the levers. `all_read`: every Architect flow that may call an action was read.

    `copies` of modules' steps wait for actions, too, and get a change of their module's step with a republish only.

    A move that another rule would follow up with a second one is not made: a run right after this one has to find
    nothing to do. Neither is one that would publish an Architect flow with a module that waits less than its copy.
    """
    bans = _Bans()
    while True:
        choice = _Chooser(evaluated, context, bans, copies, all_read=all_read).chosen()
        banned = len(bans)
        published = {key[0] for key, decision in choice.decisions.items() if isinstance(decision, SetStep)}
        for one in evaluated:
            _ban_what_disagrees(one, choice, context, bans, is_published=one.architect_flow.id in published)
        if len(bans) == banned:  # by now the steps of modules say what they will say
            bans.architect_flows = {**shortened_by_publish(evaluated, copies, choice, context), **bans.architect_flows}
        if len(bans) == banned:
            return choice


class _Chooser:
    """One choice of levers, under the bans known so far."""

    def __init__(
        self,
        evaluated: Sequence[EvaluatedStep],
        context: PlanningContext,
        bans: _Bans,
        copies: Sequence[EvaluatedStep],
        *,
        all_read: bool,
    ) -> None:
        self._evaluated = evaluated
        self._context = context
        self._bans = bans
        self._all_read = all_read
        self._levers = context.policy.levers
        self._callers = _by_action([*evaluated, *copies], lambda _: True)
        self._copies: dict[tuple[str, str], list[EvaluatedStep]] = defaultdict(list)
        for copy in copies:
            self._copies[copy.module_id, copy.step.id].append(copy)
        self._limits_ms: dict[str, int] = {}
        self._refused: dict[str, str] = {}

    def chosen(self) -> LeverChoice:
        if "action" in self._levers:
            self._raise_what_only_the_action_can()
            self._raise_what_spares_architect_flows()
        decisions = {one.key: self._decision(one) for one in self._evaluated}
        return LeverChoice(self._limits_ms, self._refused, decisions, self._bans.architect_flows)

    def _raise_what_only_the_action_can(self) -> None:
        for action_id, wanting in _by_action(self._evaluated, self._is_served).items():
            self._try_limit(action_id, max(wanted_ms_of(one) for one in wanting))

    def _raise_what_spares_architect_flows(self) -> None:
        """Choose where either lever would do: steps that are republished anyway need no other lever.

        Copies of a module's steps need none only where their callers are, too: a limit reaches them at once.
        """
        either = _by_action(self._evaluated, lambda one: isinstance(one.verdict, EitherLever))
        for action_id in either:
            self._try_limit(action_id, self._for_all_steps_ms(action_id))
        spared = {action_id for action_id in either if action_id in self._limits_ms}
        republished = self._republished()
        for action_id in spared:
            copies = [one for one in self._callers[action_id] if one.module_id]
            if all(self._may_set(one) and one.architect_flow.id in republished for one in either[action_id] + copies):
                del self._limits_ms[action_id]

    def _republished(self) -> set[str]:
        """Return the ids of the Architect flows that are published for steps, as the choice stands."""
        found = set()
        for one in self._evaluated:
            decision = self._decision(one)
            if isinstance(decision, SetStep):
                found |= {one.architect_flow.id, *self._callers_left_behind(one, decision.after_ms)}
        return found

    def _callers_left_behind(self, one: EvaluatedStep, after_ms: int) -> Iterator[str]:
        """Return the ids of the callers that are republished because a step of their module is set."""
        after = as_set(one.step, after_ms)
        copies = self._copies[one.key] if self._context.policy.republish_callers else []
        for copy in copies:
            lags = self._waits_ms(copy.step, copy.action) != self._waits_ms(after, one.action)
            if lags and copy.kept_back is None and copy.architect_flow.id not in self._bans.architect_flows:
                yield copy.architect_flow.id

    def _waits_ms(self, step: Step, action: DataAction | None) -> int | None:
        """Return how long a caller waits at a step once the limits are as chosen so far."""
        limit_ms = None if action is None else self._limits_ms.get(action.id)
        moved = action if action is None or limit_ms is None else with_limit(action, limit_ms)
        return self._context.effective_ms(step, moved)

    def _for_all_steps_ms(self, action_id: str) -> int:
        """Return the first limit of an action that masks none of its steps' own changes and shortens nobody's wait."""
        callers = self._callers[action_id]
        wanted = (wanted_ms_of(one) for one in callers if isinstance(one.verdict, EitherLever) or self._may_set(one))
        waited = (self._context.longest_ms(one.step, one.action) or 0 for one in callers)
        return max(*wanted, *waited)

    def _try_limit(self, action_id: str, wanted_ms: int) -> None:
        limit_ms = whole_seconds(wanted_ms)
        against = self._bans.actions.get(action_id) or limit_change_blocker(
            self._callers[action_id], limit_ms, self._context, all_read=self._all_read, may_set=self._may_set
        )
        if against:
            self._refused[action_id] = against
        else:
            self._limits_ms[action_id] = limit_ms

    def _is_served(self, one: EvaluatedStep) -> bool:
        """Return whether only a longer limit helps a step: where it has to change too, it must be allowed to."""
        return isinstance(one.verdict, RaiseLimit) and (one.verdict.step is None or self._may_set(one))

    def _may_set(self, one: EvaluatedStep) -> bool:
        is_banned = one.key in self._bans.steps or one.architect_flow.id in self._bans.architect_flows
        return "step" in self._levers and one.kept_back is None and not is_banned

    def _decision(self, one: EvaluatedStep) -> StepDecision:
        action_id = "" if one.action is None else one.action.id
        match one.verdict:
            case None | Leave() | Fine():
                return one.verdict
            case SetStep():
                return self._set(one, one.verdict)
            case RaiseLimit():
                return self._behind_limit(one, one.verdict, action_id)
            case EitherLever(step=step):
                if action_id in self._limits_ms:
                    return ByAction()
                if "step" in self._levers:
                    return self._set(one, step)
                against = self._refused.get(action_id, NO_STEPS)
                return Leave("suggested_default", f"{step.reason}; the action stays: {against}")
            case _:
                typing.assert_never(one.verdict)

    def _behind_limit(self, one: EvaluatedStep, verdict: RaiseLimit, action_id: str) -> StepDecision:
        if action_id in self._limits_ms:
            return ByAction() if verdict.step is None else self._set(one, verdict.step)
        against = self._refused.get(action_id, "")
        if verdict.step is not None and "action" in self._levers and not against:
            # The limit was not tried: of the steps that need it, none may be set.
            assert one.action is not None, "its limit is too short"
            against = impossible(one.action, whole_seconds(verdict.wanted_ms), self._context)
            kept = self._set(one, verdict.step)
            if isinstance(kept, Leave) and not against:
                return kept
        return Leave(verdict.why, f"{verdict.reason}; it stays: {against}" if against else verdict.reason)

    def _set(self, one: EvaluatedStep, change: SetStep) -> SetStep | Leave:
        if one.kept_back is not None:
            return one.kept_back
        if "step" not in self._levers:
            return Leave("lever", f"{change.reason}; {NO_STEPS}")
        if one.key in self._bans.steps:
            return Leave("rules_disagree", self._bans.steps[one.key])
        if one.architect_flow.id in self._bans.architect_flows:
            return Leave("shortens", self._bans.architect_flows[one.architect_flow.id])
        return change


def _by_action(
    evaluated: Iterable[EvaluatedStep], counts: Callable[[EvaluatedStep], bool]
) -> dict[str, list[EvaluatedStep]]:
    found: dict[str, list[EvaluatedStep]] = defaultdict(list)
    for one in evaluated:
        if one.action is not None and counts(one):
            found[one.action.id].append(one)
    return found


def wanted_ms_of(one: EvaluatedStep) -> int:
    """Return the least limit of its action that a step needs for what its rule wants, 0 where it needs none."""
    match one.verdict:
        case RaiseLimit(wanted_ms=wanted_ms):
            return wanted_ms
        case SetStep(after_ms=after_ms) | EitherLever(step=SetStep(after_ms=after_ms)):
            return after_ms
        case None | Leave() | Fine():
            return 0
        case _:
            typing.assert_never(one.verdict)


def _ban_what_disagrees(
    one: EvaluatedStep, choice: LeverChoice, context: PlanningContext, bans: _Bans, *, is_published: bool
) -> None:
    """Ban the move of a step, or of its action, after which another rule would move it again.

    `is_published`: a step of its Architect flow is set, so that this one is published by us by then.
    """
    decision = choice.decisions[one.key]
    raised_ms = None if one.action is None else choice.limits_ms.get(one.action.id)
    if not isinstance(decision, SetStep) and raised_ms is None:
        return
    step, action = as_changed(one, choice)
    architect_flow = one.architect_flow.as_ours() if is_published else one.architect_flow
    rule = first_match(context, architect_flow, step, action)
    second_ms = None if rule is None else _moved_again_to(judge(rule, step, action, context), one, choice, context)
    if rule is None or second_ms is None:
        return
    then = f"and then rule {rule.name!r} would set {format_duration(second_ms)}: let one of them decide"
    if isinstance(decision, SetStep):
        bans.steps[one.key] = f"this rule would set {format_duration(decision.after_ms)}, {then}"
    elif one.action is not None and raised_ms is not None:
        bans.actions[one.action.id] = f"its limit would go to {format_duration(raised_ms)}, {then}"


def _moved_again_to(again: Verdict, one: EvaluatedStep, choice: LeverChoice, context: PlanningContext) -> int | None:
    """Return what a second run would set the step or its action to, None where it would leave both."""
    is_left = one.kept_back is not None or one.architect_flow.id in choice.shortened
    can_set = "step" in context.policy.levers and not is_left
    can_raise = "action" in context.policy.levers and one.action is not None and one.action.id not in choice.refused
    match again:
        case SetStep(after_ms=after_ms):
            return after_ms if can_set else None
        case RaiseLimit(wanted_ms=wanted_ms, step=step):
            return wanted_ms if can_raise and (step is None or can_set) else None
        case EitherLever(step=step):
            return step.after_ms if can_set or can_raise else None
        case Leave() | Fine():
            return None
        case _:
            typing.assert_never(again)
