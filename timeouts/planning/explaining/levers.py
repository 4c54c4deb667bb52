"""What each lever would do for one step, and what the plan does with it."""

from timeouts.model.durations import whole_seconds
from timeouts.model.effective import effective_literal, limit_of, with_limit
from timeouts.planning.deciding.choice import LeverChoice
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.decide import Decided
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.planning.deciding.levers import NO_STEPS, wanted_ms_of
from timeouts.planning.deciding.obstacles import limit_change_blocker
from timeouts.planning.deciding.verdicts import EitherLever, Leave, SetStep
from timeouts.planning.explaining.explanation import LeverFact

_NO_ACTIONS = "the policy does not allow the lever on the action"


def levers_for(one: EvaluatedStep, decided: Decided) -> tuple[LeverFact, ...]:
    """Return what would help a step as its rule wants, and what the plan does with its action in any case."""
    wanted_ms = wanted_ms_of(one)
    found = [_by_step(one, wanted_ms, decided.choice, decided.context)] if wanted_ms else []
    limit_ms = _limit_meant(one, wanted_ms, decided.choice)
    if limit_ms is not None:
        found.append(_by_action(one, limit_ms, decided))
    return tuple(found)


def _by_step(one: EvaluatedStep, wanted_ms: int, choice: LeverChoice, context: PlanningContext) -> LeverFact:
    return LeverFact(
        lever="step",
        to_ms=wanted_ms,
        after_ms=effective_literal(one.step, one.action, wanted_ms),
        against=_against_setting(one, choice, context),
        is_planned=isinstance(choice.decisions[one.key], SetStep),
    )


def _against_setting(one: EvaluatedStep, choice: LeverChoice, context: PlanningContext) -> str:
    """Say why a step must not be set, empty where it may; `one` is no copy."""
    if one.kept_back is not None:
        return one.kept_back.reason
    if "step" not in context.policy.levers:
        return NO_STEPS
    decision = choice.decisions[one.key]
    if isinstance(decision, Leave) and decision.why in {"rules_disagree", "shortens"}:
        return decision.reason
    return ""


def _limit_meant(one: EvaluatedStep, wanted_ms: int, choice: LeverChoice) -> int | None:
    """Return the limit that the plan sets, else the one that the step would need; None where a limit is no lever."""
    if one.action is None:
        return None
    if (planned_ms := choice.limits_ms.get(one.action.id)) is not None or not wanted_ms:
        return planned_ms
    now_ms, limit_ms = limit_of(one.action), whole_seconds(wanted_ms)
    if now_ms is None:  # it does not end these calls; a first one may take the place of the default
        return limit_ms if isinstance(one.verdict, EitherLever) else None
    return limit_ms if now_ms < limit_ms else None  # a limit is never lowered


def _by_action(one: EvaluatedStep, limit_ms: int, decided: Decided) -> LeverFact:
    assert one.action is not None, "a limit is meant"
    action, choice, context = one.action, decided.choice, decided.context
    is_planned = action.id in choice.limits_ms
    same = [each for each in decided.callers if each.action is not None and each.action.id == action.id]
    raised = with_limit(action, limit_ms)
    moved = [
        each
        for each in same
        if each.key != one.key
        and context.effective_ms(each.step, raised) != context.effective_ms(each.step, each.action)
    ]
    own = [each for each in moved if not each.module_id]
    against = choice.refused.get(action.id) or limit_change_blocker(
        same,
        limit_ms,
        context,
        all_read=decided.all_read,
        may_set=lambda each: not each.module_id and not _against_setting(each, choice, context),
    )
    is_allowed = "action" in context.policy.levers
    return LeverFact(
        lever="action",
        to_ms=limit_ms,
        after_ms=context.effective_ms(one.step, raised),
        against="" if is_planned else against or ("" if is_allowed else _NO_ACTIONS),
        is_planned=is_planned,
        steps=len(own),
        architect_flows=len({each.architect_flow.id for each in own}),
        copies=len(moved) - len(own),
    )
