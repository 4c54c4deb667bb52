"""What waiting costs: executions of data actions at once, now and in the worst case after a raise, and their volume.

An execution is held as long as a caller waits, and an org has a limited number (docs/platform.md#concurrency). By
Little's law as many are held at once as begin in a second, times the seconds that one lasts; measured in the busiest
hour.
"""

import typing
from collections.abc import Iterable, Sequence

from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of
from timeouts.model.org import ActionKind, DataAction
from timeouts.model.org_limits import DOCUMENTED_A_MINUTE, DOCUMENTED_CONCURRENT, OrgLimits
from timeouts.model.values import Value
from timeouts.planning.deciding.choice import LeverChoice, as_changed
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.evaluated import EvaluatedStep
from timeouts.policy.policy import Capacity

_SECONDS_AN_HOUR = 3_600
_MINUTES_AN_HOUR = 60
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

LimitSource = typing.Literal["policy", "org", "documented"]
"""Where a limit comes from: the policy's `capacity`, else the org's own limits, else Genesys' documentation."""


class Total(Value):
    """The sum over actions of one kind of limit, next to that limit. `of`: what is counted."""

    of: Counted
    now: float
    worst_now: float
    worst_after: float
    limit: int
    source: LimitSource = "policy"
    warning: str = ""


class Volume(Value):
    """Executions that began in a minute, on average over the org's busiest hour, next to the limit.

    A raise does not move it. Single minutes are above it: the figures know no minutes.
    """

    a_minute: float
    limit: int
    source: LimitSource
    warning: str = ""


class Load(Value):
    """The load of every action that was called, most in the worst case first, and the totals.

    `volume`: None where the busiest hour is not known. `problem`: why the org's own limits could not be read.
    """

    actions: tuple[ActionLoad, ...] = ()
    totals: tuple[Total, ...] = ()
    volume: Volume | None = None
    problem: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What comes near a limit of the org."""
        near = (*self.totals, *(() if self.volume is None else (self.volume,)))
        return tuple(each.warning for each in near if each.warning)


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
                name=action.label,
                kind=action.kind,
                calls_an_hour=found.busiest_hour_calls,
                now=round(a_second * found.mean_ms / 1_000, _DIGITS),
                worst_now=round(a_second * now_ms / 1_000, _DIGITS),
                worst_after=round(a_second * after_ms / 1_000, _DIGITS),
            )
        )
    loads.sort(key=lambda load: (-load.worst_after, load.name.casefold(), load.action_id))
    capacity = context.policy.capacity
    return Load(
        actions=tuple(loads),
        totals=_totals(loads, capacity, inventory.limits),
        volume=_volume(context.evidence.busiest_hour_calls, capacity, inventory.limits),
        problem=inventory.limits.problem,
    )


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


class _Limit(typing.NamedTuple):
    """A limit, and where it comes from."""

    value: int
    source: LimitSource

    def __str__(self) -> str:
        whose = {"policy": "the policy's", "org": "the org's", "documented": "the documented"}[self.source]
        return f"{whose} {self.value:,}"


def _limit(asked: int | None, own: int | None) -> _Limit | None:
    """Take what the policy says, else what the org says; None where neither does."""
    if asked is not None:
        return _Limit(asked, "policy")
    return None if own is None else _Limit(own, "org")


def _totals(loads: Sequence[ActionLoad], capacity: Capacity, own: OrgLimits) -> tuple[Total, ...]:
    """Sum up all executions, and those of functions, which are a part of them (docs/platform.md#concurrency)."""
    concurrent = _limit(capacity.concurrent, own.concurrent) or _Limit(DOCUMENTED_CONCURRENT, "documented")
    of_functions = _limit(capacity.function_concurrent, own.function_concurrent)
    totals = [_total("data actions", loads, concurrent, capacity.warn_above)]
    if of_functions is not None:
        functions = [load for load in loads if load.kind == "function"]
        totals.append(_total("function data actions", functions, of_functions, capacity.warn_above))
    return tuple(totals)


def _total(of: Counted, loads: Sequence[ActionLoad], limit: _Limit, warn_above: float) -> Total:
    now, worst_now, worst_after = (
        round(sum(values), _DIGITS)
        for values in (
            [load.now for load in loads],
            [load.worst_now for load in loads],
            [load.worst_after for load in loads],
        )
    )
    share = worst_after / limit.value
    before = "as now" if worst_now == worst_after else f"{worst_now:g} now"
    near = f"in the worst case {worst_after:g} {of} run at once ({before}), {share:.0%} of {limit}"
    return Total(
        of=of,
        now=now,
        worst_now=worst_now,
        worst_after=worst_after,
        limit=limit.value,
        source=limit.source,
        warning=f"{near}; warned above {warn_above:g}%" if share * 100 > warn_above else "",
    )


def _volume(busiest_hour_calls: int, capacity: Capacity, own: OrgLimits) -> Volume | None:
    if not busiest_hour_calls:
        return None
    limit = _limit(capacity.a_minute, own.a_minute) or _Limit(DOCUMENTED_A_MINUTE, "documented")
    a_minute = round(busiest_hour_calls / _MINUTES_AN_HOUR, _DIGITS)
    share = a_minute / limit.value
    near = f"in the busiest hour {a_minute:g} data actions begin in a minute on average, {share:.0%} of {limit}"
    warned = f"{near}, and more in single minutes; warned above {capacity.warn_above:g}%"
    return Volume(
        a_minute=a_minute,
        limit=limit.value,
        source=limit.source,
        warning=warned if share * 100 > capacity.warn_above else "",
    )
