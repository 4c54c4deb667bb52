"""What waiting costs: executions of data actions at once, now and in the worst case after a raise.

An execution is held as long as a caller waits, and an org has a limited number (docs/platform.md#concurrency). By
Little's law as many are held at once as begin in a second, times the seconds that one lasts; measured in the busiest
hour.
"""

import typing
from collections.abc import Iterable, Sequence

from timeouts.effective import limit_of
from timeouts.evaluated import EvaluatedStep
from timeouts.inventory import Inventory
from timeouts.levers import LeverChoice, as_changed
from timeouts.org import ActionKind, DataAction
from timeouts.policy import Capacity
from timeouts.values import Value
from timeouts.verdicts import PlanningContext

_SECONDS_AN_HOUR = 3_600
_DIGITS = 2


class ActionLoad(Value):
    """Executions of one action at once, in its busiest hour.

    `now` as measured; `worst_now` and `worst_after` if every call waited as long as it may, before and after.
    """

    action_id: str
    name: str
    kind: ActionKind
    calls_an_hour: int
    now: float
    worst_now: float
    worst_after: float


Counted = typing.Literal["data actions", "function data actions"]


class Total(Value):
    """The sum over actions of one kind of limit, next to that limit. `of`: what is counted."""

    of: Counted
    now: float
    worst_now: float
    worst_after: float
    limit: int
    warning: str = ""


class Load(Value):
    """The load of every action that was called, most in the worst case first, and the totals."""

    actions: tuple[ActionLoad, ...] = ()
    totals: tuple[Total, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The totals that come near a limit of the org."""
        return tuple(total.warning for total in self.totals if total.warning)


def load_of(
    evaluated: Iterable[EvaluatedStep], choice: LeverChoice, inventory: Inventory, context: PlanningContext
) -> Load:
    """Compute the load from the evidence in `context`; actions without calls are left out."""
    assert context.evidence is not None, "there is no load without figures"
    waits = _longest_waits(evaluated, choice, inventory.actions, context)
    loads = []
    for found in context.evidence.actions:
        action = inventory.action(found.action_id)
        if action is None:
            continue  # deleted since: nobody waits for it any more
        a_second = found.busiest_hour_calls / _SECONDS_AN_HOUR
        now_ms, after_ms = waits[action.id]
        loads.append(
            ActionLoad(
                action_id=action.id,
                name=action.name,
                kind=action.kind,
                calls_an_hour=found.busiest_hour_calls,
                now=round(a_second * found.mean_ms / 1_000, _DIGITS),
                worst_now=round(a_second * now_ms / 1_000, _DIGITS),
                worst_after=round(a_second * after_ms / 1_000, _DIGITS),
            )
        )
    loads.sort(key=lambda load: (-load.worst_after, load.name.casefold(), load.action_id))
    return Load(actions=tuple(loads), totals=_totals(loads, context.policy.capacity))


def _longest_waits(
    evaluated: Iterable[EvaluatedStep], choice: LeverChoice, actions: Iterable[DataAction], context: PlanningContext
) -> dict[str, tuple[int, int]]:
    """Return the longest wait of a caller by action, before and after, in milliseconds.

    Where a step computes its timeout, and where no step calls the action, the action's own limit counts.
    """
    default_ms = context.policy.suggested_default
    limits = {each.id: limit_of(each) or default_ms for each in actions}
    waits: dict[str, list[tuple[int, int]]] = {action_id: [] for action_id in limits}
    for one in evaluated:
        if one.action is not None:
            limit_ms = limits[one.action.id]
            after_limit_ms = choice.limits_ms.get(one.action.id, limit_ms)
            now_ms, after_ms = (
                context.effective_ms(one.step, one.action),
                context.effective_ms(*as_changed(one, choice)),
            )
            waits[one.action.id].append((now_ms or limit_ms, after_ms or after_limit_ms))
    return {
        action_id: (max(now for now, _ in found), max(after for _, after in found))
        if found
        else (limits[action_id], choice.limits_ms.get(action_id, limits[action_id]))
        for action_id, found in waits.items()
    }


def _totals(loads: Iterable[ActionLoad], capacity: Capacity) -> tuple[Total, ...]:
    loads = tuple(loads)
    if capacity.function_concurrent is None:
        return (_total("data actions", loads, capacity.concurrent, capacity),)
    functions = tuple(load for load in loads if load.kind == "function")
    others = tuple(load for load in loads if load.kind != "function")
    return (
        _total("data actions", others, capacity.concurrent, capacity),
        _total("function data actions", functions, capacity.function_concurrent, capacity),
    )


def _total(of: Counted, loads: Sequence[ActionLoad], limit: int, capacity: Capacity) -> Total:
    now, worst_now, worst_after = (
        round(sum(values), _DIGITS)
        for values in (
            [load.now for load in loads],
            [load.worst_now for load in loads],
            [load.worst_after for load in loads],
        )
    )
    share = worst_after / limit
    before = "as now" if worst_now == worst_after else f"{worst_now:g} now"
    near = f"in the worst case {worst_after:g} {of} run at once ({before}), {share:.0%} of the org's {limit}"
    return Total(
        of=of,
        now=now,
        worst_now=worst_now,
        worst_after=worst_after,
        limit=limit,
        warning=f"{near}; warned above {capacity.warn_above:g}%" if share * 100 > capacity.warn_above else "",
    )
