"""The changes of action limits that a plan makes, each with every step of the org that it affects."""

from collections.abc import Iterable, Sequence

from timeouts.model.effective import limit_of
from timeouts.planning.changes import ActionChange, AffectedStep, by_step, identity_of
from timeouts.planning.deciding.choice import ByAction, LeverChoice, as_changed
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.planning.deciding.verdicts import EitherLever, RaiseLimit, SetStep


def action_changes_of(
    evaluated: Sequence[EvaluatedStep], choice: LeverChoice, context: PlanningContext
) -> tuple[ActionChange, ...]:
    """Return one change for each action whose limit is raised, sorted by name; `evaluated`: copies included."""
    made = (_change(action_id, evaluated, choice, context) for action_id in choice.limits_ms)
    return tuple(sorted(made, key=lambda change: (change.name.casefold(), change.action_id)))


def _change(
    action_id: str, evaluated: Iterable[EvaluatedStep], choice: LeverChoice, context: PlanningContext
) -> ActionChange:
    callers = [one for one in evaluated if one.action is not None and one.action.id == action_id]
    action = callers[0].action
    assert action is not None, "each caller calls it"
    assert action.version is not None, "an action without a version is not changed"
    assert action.kind in {"custom", "function"}, "no other kind takes a limit"
    after_ms = choice.limits_ms[action_id]
    served = [one for one in callers if _is_served(one, choice)]
    spared = [one for one in served if isinstance(one.verdict, EitherLever)]
    return ActionChange(
        action_id=action.id,
        name=action.label,
        category=action.category,
        kind="function" if action.kind == "function" else "custom",
        version=action.version,
        before_ms=limit_of(action),
        after_ms=after_ms,
        rules=tuple(sorted({one.rule.name for one in served if one.rule is not None})),
        reason=_reason(served),
        spared_architect_flows=len({one.architect_flow.id for one in spared}),
        affected_steps=_affected_steps(callers, choice, context),
    )


def _is_served(one: EvaluatedStep, choice: LeverChoice) -> bool:
    """Return whether a rule asks for the longer limit at a step."""
    return isinstance(one.verdict, RaiseLimit | EitherLever) and isinstance(
        choice.decisions[one.key], SetStep | ByAction
    )


def _reason(served: Iterable[EvaluatedStep]) -> str:
    """Return the reason of the step that wants most; of several the first by its key."""
    reasons: list[tuple[int, tuple[str, str], str]] = []
    for one in served:
        match one.verdict:
            case RaiseLimit(wanted_ms=wanted_ms, wanted=wanted):
                reasons.append((-wanted_ms, one.key, wanted))
            case EitherLever(step=step):
                reasons.append((-step.after_ms, one.key, step.reason))
            case _:
                continue
    return min(reasons)[2]


def _affected_steps(
    callers: Iterable[EvaluatedStep], choice: LeverChoice, context: PlanningContext
) -> tuple[AffectedStep, ...]:
    """Return the steps that the new limit of their action affects; computed ones may."""
    affected = []
    for one in callers:
        step, action = as_changed(one, choice)
        reached_ms = context.effective_ms(step, action)
        if reached_ms is not None and reached_ms == context.effective_ms(step, one.action):
            continue
        affected.append(
            AffectedStep(
                **identity_of(one.architect_flow.id, one.architect_flow.label, one.step),
                before_effective_ms=context.effective_ms(one.step, one.action),
                after_effective_ms=reached_ms,
                asked=_is_served(one, choice),
                copy_of=one.module_id,
            )
        )
    return tuple(sorted(affected, key=by_step))
