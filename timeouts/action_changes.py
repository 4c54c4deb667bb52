"""The changes of action limits that a plan makes, each with every step of the org that feels it."""

from collections.abc import Iterable, Sequence

from timeouts.changes import ActionChange, FeltStep, by_step, identity_of
from timeouts.effective import limit_of
from timeouts.judged import Judged
from timeouts.levers import ByAction, Moves, as_moved
from timeouts.verdicts import Asked, Either, RaiseLimit, SetStep


def action_changes_of(judged: Sequence[Judged], moves: Moves, asked: Asked) -> tuple[ActionChange, ...]:
    """Give one change for each action whose limit is raised, sorted by name."""
    made = (_change(action_id, judged, moves, asked) for action_id in moves.limits_ms)
    return tuple(sorted(made, key=lambda change: (change.name.casefold(), change.action_id)))


def _change(action_id: str, judged: Iterable[Judged], moves: Moves, asked: Asked) -> ActionChange:
    callers = [one for one in judged if one.action is not None and one.action.id == action_id]
    action = callers[0].action
    assert action is not None, "each caller calls it"
    assert action.version is not None, "an action without a version is not changed"
    assert action.kind in {"custom", "function"}, "no other kind takes a limit"
    after_ms = moves.limits_ms[action_id]
    served = [one for one in callers if _is_served(one, moves)]
    spared = [one for one in served if isinstance(one.verdict, Either)]
    return ActionChange(
        action_id=action.id,
        name=action.name,
        category=action.category,
        kind="function" if action.kind == "function" else "custom",
        version=action.version,
        before_ms=limit_of(action),
        after_ms=after_ms,
        rules=tuple(sorted({one.rule.name for one in served if one.rule is not None})),
        reason=_reason(served),
        spared_steps=len(spared),
        spared_architect_flows=len({one.architect_flow.id for one in spared}),
        felt_by=_felt_steps(callers, moves, asked),
    )


def _is_served(one: Judged, moves: Moves) -> bool:
    """Tell whether a rule asks for the longer limit at a step."""
    return isinstance(one.verdict, RaiseLimit | Either) and isinstance(moves.fates[one.key], SetStep | ByAction)


def _reason(served: Iterable[Judged]) -> str:
    """Give the reason of the step that wants most; of several the first by its key."""
    reasons: list[tuple[int, tuple[str, str], str]] = []
    for one in served:
        match one.verdict:
            case RaiseLimit(wanted_ms=wanted_ms, wanted=wanted):
                reasons.append((-wanted_ms, one.key, wanted))
            case Either(step=step):
                reasons.append((-step.after_ms, one.key, step.reason))
            case _:
                continue
    return min(reasons)[2]


def _felt_steps(callers: Iterable[Judged], moves: Moves, asked: Asked) -> tuple[FeltStep, ...]:
    """Give the steps at which callers feel the new limit of their action; computed ones may."""
    felt = []
    for one in callers:
        step, action = as_moved(one, moves)
        reached_ms = asked.effective_ms(step, action)
        if reached_ms is not None and reached_ms == asked.effective_ms(step, one.action):
            continue
        felt.append(
            FeltStep(
                **identity_of(one.architect_flow.id, one.architect_flow.name, one.step),
                before_effective_ms=asked.effective_ms(one.step, one.action),
                after_effective_ms=reached_ms,
                asked=_is_served(one, moves),
            )
        )
    return tuple(sorted(felt, key=by_step))
