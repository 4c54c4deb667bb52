"""Which lever moves which step: the limits of actions to raise and the steps to set, with the fewest touches.

A limit of an action republishes no Architect flow, but is felt by every caller of the action. It is raised where only
that helps, and where either lever would do and the steps alone would republish more Architect flows.
"""

import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from timeouts.durations import format_duration
from timeouts.effective import with_limit
from timeouts.judged import Judged
from timeouts.obstacles import what_stands_against
from timeouts.org import DataAction
from timeouts.settings import Literal
from timeouts.steps import Step
from timeouts.verdicts import Asked, Either, Fine, Leave, RaiseLimit, SetStep, Verdict, first_match, judge

_SECOND_MS = 1_000
_NO_STEPS = "the policy does not allow the lever on the step"


@dataclass(frozen=True, slots=True)
class ByAction:
    """The raised limit of its action alone makes the step wait long enough."""


Fate = SetStep | ByAction | Leave | Fine | None
"""What becomes of a step; None where no rule matches it."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What a plan moves. `limits_ms`: the new limits by action id. `refused`: why an action's limit stays.

    `fates`: what becomes of each step, by `Judged.key`.
    """

    limits_ms: Mapping[str, int]
    refused: Mapping[str, str]
    fates: Mapping[tuple[str, str], Fate]


@dataclass(slots=True)
class _Bans:
    """What is not moved because another rule would move it again in the next run, and why."""

    actions: dict[str, str] = field(default_factory=dict)
    steps: dict[tuple[str, str], str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.actions) + len(self.steps)


def choose_moves(judged: Sequence[Judged], asked: Asked, *, all_read: bool) -> Moves:
    """Choose the levers. `all_read`: every Architect flow that may call an action was read.

    A move that another rule would follow up with a second one is not made: a run right after this one has to find
    nothing to do.
    """
    bans = _Bans()
    while True:
        moves = _Choice(judged, asked, bans, all_read=all_read).moves()
        banned = len(bans)
        for one in judged:
            _ban_what_disagrees(one, moves, asked, bans)
        if len(bans) == banned:
            return moves


class _Choice:
    """One choice of levers, under the bans known so far."""

    def __init__(self, judged: Sequence[Judged], asked: Asked, bans: _Bans, *, all_read: bool) -> None:
        self._judged = judged
        self._asked = asked
        self._bans = bans
        self._all_read = all_read
        self._levers = asked.policy.levers
        self._callers = _by_action(judged, lambda _: True)
        self._limits_ms: dict[str, int] = {}
        self._refused: dict[str, str] = {}

    def moves(self) -> Moves:
        if "action" in self._levers:
            self._raise_what_only_the_action_can()
            self._raise_what_spares_architect_flows()
        return Moves(self._limits_ms, self._refused, {one.key: self._fate(one) for one in self._judged})

    def _raise_what_only_the_action_can(self) -> None:
        for action_id, wanting in _by_action(self._judged, self._is_served).items():
            self._try_limit(action_id, max(_wanted_ms(one) for one in wanting))

    def _raise_what_spares_architect_flows(self) -> None:
        """Where either lever would do: steps of Architect flows that are republished anyway need no other lever."""
        either = _by_action(self._judged, lambda one: isinstance(one.verdict, Either))
        for action_id in either:
            self._try_limit(action_id, self._for_all_steps_ms(action_id))
        spared = {action_id for action_id in either if action_id in self._limits_ms}
        republished = {one.architect_flow.id for one in self._judged if isinstance(self._fate(one), SetStep)}
        for action_id in spared:
            if all(self._may_set(one) and one.architect_flow.id in republished for one in either[action_id]):
                del self._limits_ms[action_id]

    def _for_all_steps_ms(self, action_id: str) -> int:
        """Give the first limit of an action that masks none of its steps' own changes and shortens nobody's wait."""
        callers = self._callers[action_id]
        wanted = (_wanted_ms(one) for one in callers if isinstance(one.verdict, Either) or self._may_set(one))
        waited = (self._asked.effective_ms(one.step, one.action) or 0 for one in callers)
        return max(*wanted, *waited)

    def _try_limit(self, action_id: str, wanted_ms: int) -> None:
        limit_ms = -(-wanted_ms // _SECOND_MS) * _SECOND_MS  # a limit is whole seconds (docs/platform.md#action-limits)
        against = self._bans.actions.get(action_id) or what_stands_against(
            self._callers[action_id], limit_ms, self._asked, all_read=self._all_read
        )
        if against:
            self._refused[action_id] = against
        else:
            self._limits_ms[action_id] = limit_ms

    def _is_served(self, one: Judged) -> bool:
        """Tell whether only a longer limit helps a step: where it has to change too, it must be allowed to."""
        return isinstance(one.verdict, RaiseLimit) and (one.verdict.step is None or self._may_set(one))

    def _may_set(self, one: Judged) -> bool:
        return "step" in self._levers and one.kept_back is None and one.key not in self._bans.steps

    def _fate(self, one: Judged) -> Fate:
        action_id = "" if one.action is None else one.action.id
        match one.verdict:
            case None | Leave() | Fine():
                return one.verdict
            case SetStep():
                return self._set(one, one.verdict)
            case RaiseLimit():
                return self._behind_limit(one, one.verdict, action_id)
            case Either(step=step):
                if action_id in self._limits_ms:
                    return ByAction()
                if "step" in self._levers:
                    return self._set(one, step)
                against = self._refused.get(action_id, _NO_STEPS)
                return Leave("suggested_default", f"{step.reason}; the action stays: {against}")
            case _:
                typing.assert_never(one.verdict)

    def _behind_limit(self, one: Judged, verdict: RaiseLimit, action_id: str) -> Fate:
        if action_id not in self._limits_ms:
            against = f"; it stays: {self._refused[action_id]}" if action_id in self._refused else ""
            return Leave(verdict.why, f"{verdict.reason}{against}")
        return ByAction() if verdict.step is None else self._set(one, verdict.step)

    def _set(self, one: Judged, change: SetStep) -> SetStep | Leave:
        if one.kept_back is not None:
            return one.kept_back
        if "step" not in self._levers:
            return Leave("lever", f"{change.reason}; {_NO_STEPS}")
        if one.key in self._bans.steps:
            return Leave("rules_disagree", self._bans.steps[one.key])
        return change


def _by_action(judged: Iterable[Judged], counts: Callable[[Judged], bool]) -> dict[str, list[Judged]]:
    found: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        if one.action is not None and counts(one):
            found[one.action.id].append(one)
    return found


def _wanted_ms(one: Judged) -> int:
    """Give the least limit of its action that a step needs for what its rule wants, 0 where it needs none."""
    match one.verdict:
        case RaiseLimit(wanted_ms=wanted_ms):
            return wanted_ms
        case SetStep(after_ms=after_ms) | Either(step=SetStep(after_ms=after_ms)):
            return after_ms
        case None | Leave() | Fine():
            return 0
        case _:
            typing.assert_never(one.verdict)


def as_moved(one: Judged, moves: Moves) -> tuple[Step, DataAction | None]:
    """Give a step and its action as they are once all is moved."""
    step, action, fate = one.step, one.action, moves.fates[one.key]
    if isinstance(fate, SetStep):
        step = replace(step, setting=Literal(timeout_ms=fate.after_ms))
    if action is not None and action.id in moves.limits_ms:
        action = with_limit(action, moves.limits_ms[action.id])
    return step, action


def _ban_what_disagrees(one: Judged, moves: Moves, asked: Asked, bans: _Bans) -> None:
    """Ban the move of a step, or of its action, after which another rule would move it again."""
    fate = moves.fates[one.key]
    raised_ms = None if one.action is None else moves.limits_ms.get(one.action.id)
    if not isinstance(fate, SetStep) and raised_ms is None:
        return
    step, action = as_moved(one, moves)
    rule = first_match(asked, one.architect_flow, step, action)
    second_ms = None if rule is None else _moved_again_to(judge(rule, step, action, asked), one, moves, asked)
    if rule is None or second_ms is None:
        return
    then = f"and then rule {rule.name!r} would set {format_duration(second_ms)}: let one of them decide"
    if isinstance(fate, SetStep):
        bans.steps[one.key] = f"this rule would set {format_duration(fate.after_ms)}, {then}"
    elif one.action is not None and raised_ms is not None:
        bans.actions[one.action.id] = f"its limit would go to {format_duration(raised_ms)}, {then}"


def _moved_again_to(again: Verdict, one: Judged, moves: Moves, asked: Asked) -> int | None:
    """Give what a second run would set the step or its action to, None where it would leave both."""
    can_set = "step" in asked.policy.levers and one.kept_back is None
    can_raise = "action" in asked.policy.levers and one.action is not None and one.action.id not in moves.refused
    match again:
        case SetStep(after_ms=after_ms):
            return after_ms if can_set else None
        case RaiseLimit(wanted_ms=wanted_ms, step=step):
            return wanted_ms if can_raise and (step is None or can_set) else None
        case Either(step=step):
            return step.after_ms if can_set or can_raise else None
        case Leave() | Fine():
            return None
        case _:
            typing.assert_never(again)
