"""From two snapshots of an org to what has moved between them.

What one of the two audits could not read is no drift: nobody knows whether it moved, and that is said.
"""

import typing
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from timeouts.as_code.steps import pairs_in_time
from timeouts.drift.drift import (
    ActionDrift,
    ArchitectFlowDrift,
    ArchitectFlowMove,
    Drift,
    NotCompared,
    StepDrift,
    StepMove,
)
from timeouts.drift.modules import TakenIn, taken_in
from timeouts.drift.snapshot import SeenArchitectFlow, Snapshot, has_known_limit, says
from timeouts.model.effective import effective_timeout, limit_of
from timeouts.model.org import DataAction
from timeouts.model.steps import Step, is_place
from timeouts.planning.changes import identity_of

Ours = Mapping[tuple[str, str], str]
"""Names of our own runs, by the id of an Architect flow and the version of it that they published."""


def drift_between(
    before: Snapshot,
    after: Snapshot,
    *,
    suggested_default_ms: int,
    ours: Ours | None = None,
    client_id: str = "",
) -> Drift:
    """Say what moved from one snapshot of an org to a later one.

    `ours` and `client_id` tell our own publishes from those of others: by the versions that our runs published, and by
    the OAuth client's id, which is what the platform shows of a client without a name (docs/platform.md#flow-fields).
    """
    comparison = _Comparison(before, after, suggested_default_ms)
    steps: list[StepDrift] = []
    architect_flows: list[ArchitectFlowDrift] = []
    unknown = list(comparison.unknown_actions())
    for pair in comparison.pairs():
        moved: list[StepDrift] = []
        if pair.why_unknown:
            there = pair.there
            unknown.append(NotCompared(architect_flow_id=there.id, name=there.name, reason=pair.why_unknown))
        else:
            moved = list(comparison.steps(pair))
        steps += moved
        own = sum(not step.by_action for step in moved)
        took_in = () if pair.why_unknown else pair.took_in
        if own or pair.has_moved or took_in:
            architect_flows.append(_architect_flow(pair, own, took_in, ours or {}, client_id))
    return Drift(
        since=before.stamp,
        actions=tuple(comparison.actions(steps)),
        steps=tuple(sorted(steps, key=_step_order)),
        architect_flows=tuple(sorted(architect_flows, key=_architect_flow_order)),
        unknown=tuple(unknown),
    )


class _Pair(typing.NamedTuple):
    """One Architect flow in both snapshots; None where it is not listed."""

    was: SeenArchitectFlow | None
    now: SeenArchitectFlow | None

    @property
    def there(self) -> SeenArchitectFlow:
        """How it is called: as it is now, where it is."""
        there = self.now or self.was
        assert there is not None, "a pair has at least one"
        return there

    @property
    def has_moved(self) -> bool:
        """Whether it is new, gone, or live in another version."""
        return self.was is None or self.now is None or self.was.version != self.now.version

    @property
    def took_in(self) -> tuple[TakenIn, ...]:
        """The modules that it took in; none where it is new or gone, which says more."""
        return () if self.was is None or self.now is None else tuple(taken_in(self.was, self.now))

    @property
    def why_unknown(self) -> str:
        """Why its steps cannot be compared, '' where they can."""
        if self.now is not None and not self.now.is_known:
            return self.now.why_unknown
        if self.was is not None and not self.was.is_known:
            return f"the earlier audit could not read it: {self.was.why_unknown}"
        return ""


class _Comparison:
    """Two snapshots side by side."""

    def __init__(self, before: Snapshot, after: Snapshot, default_ms: int) -> None:
        self._before, self._after, self._default_ms = before, after, default_ms
        self._actions_before, self._actions_after = _aligned(before, after)
        self._same_actions = self._actions_before == self._actions_after

    def pairs(self) -> Iterator[_Pair]:
        was = {each.id: each for each in self._before.architect_flows}
        for now in self._after.architect_flows:
            yield _Pair(was.pop(now.id, None), now)
        for gone in was.values():
            yield _Pair(gone, None)

    def steps(self, pair: _Pair) -> Iterator[StepDrift]:
        if self._same_actions and pair.was is pair.now:
            return  # most nights it is the same value twice: 20,000 steps need not be compared with themselves
        was, now = (() if each is None else each.steps for each in (pair.was, pair.now))
        pairs_of = pairs_in_time if any(is_place(step.id) for step in (*was, *now)) else _by_id
        for one, other in pairs_of(was, now):
            yield from self._step(pair.there, one, other)

    def actions(self, steps: list[StepDrift]) -> Iterator[ActionDrift]:
        affected = Counter(step.action_id for step in steps if step.by_action)
        for action_id, now in self._actions_after.items():
            was = self._actions_before.get(action_id)
            if was is not None and limit_of(was) != limit_of(now):
                yield ActionDrift(
                    action_id=action_id,
                    name=now.label,
                    before_ms=limit_of(was),
                    after_ms=limit_of(now),
                    affected=affected[action_id],
                )

    def unknown_actions(self) -> Iterator[NotCompared]:
        if bool(self._before.actions) != bool(self._after.actions):
            yield NotCompared(name="all integration actions", reason="one of the two audits was shown none")
            return
        was = {each.id: each for each in self._before.actions}
        for now in self._after.actions:
            if not all(map(has_known_limit, filter(None, (now, was.get(now.id))))):
                what = now if now.unknown_limit else was.get(now.id, now)
                why = (
                    "its limit is not understood"
                    if what.unknown_limit
                    else "the limit of its function could not be read"
                )
                yield NotCompared(name=now.label, reason=why)

    def _step(self, there: SeenArchitectFlow, was: Step | None, now: Step | None) -> Iterator[StepDrift]:
        before_ms = self._wait(was, self._actions_before)
        after_ms = self._wait(now, self._actions_after)
        same = was is not None and now is not None and says(was) == says(now)
        if same and before_ms == after_ms:
            return
        step = now or was
        assert step is not None, "a pair has at least one"
        yield StepDrift(
            **identity_of(there.id, there.name, step),
            type=there.type,
            move=_move(was, now, before_ms, after_ms),
            before=was and was.setting,
            after=now and now.setting,
            before_effective_ms=before_ms,
            after_effective_ms=after_ms,
            by_action=same and was is not None and was.action_id == step.action_id,
        )

    def _wait(self, step: Step | None, actions: Mapping[str, DataAction]) -> int | None:
        if step is None:
            return None
        return effective_timeout(step, actions.get(step.action_id), suggested_default_ms=self._default_ms)


def _by_id(was: Sequence[Step], now: Sequence[Step]) -> Iterator[tuple[Step | None, Step | None]]:
    old = {step.id: step for step in was}
    for step in now:
        yield old.pop(step.id, None), step
    for step in old.values():
        yield step, None


def _aligned(before: Snapshot, after: Snapshot) -> tuple[dict[str, DataAction], dict[str, DataAction]]:
    """Return the actions of both; a limit that one of them could not read counts as what the other one read.

    One that was shown no action at all saw none: a role that lost them made each step look changed.
    """
    was, now = (
        {each.id: each for each in one.actions or other.actions} for one, other in ((before, after), (after, before))
    )
    for action_id in was.keys() & now.keys():
        if not has_known_limit(now[action_id]):
            now[action_id] = was[action_id]
        elif not has_known_limit(was[action_id]):
            was[action_id] = now[action_id]
    return was, now


def _move(was: Step | None, now: Step | None, before_ms: int | None, after_ms: int | None) -> StepMove:
    if was is None:
        return "new"
    if now is None:
        return "gone"
    if before_ms is None or after_ms is None or before_ms == after_ms:
        return "changed"
    return "raised" if before_ms < after_ms else "lowered"


def _architect_flow(
    pair: _Pair, steps: int, took_in: tuple[TakenIn, ...], ours: Ours, client_id: str
) -> ArchitectFlowDrift:
    was, now, there = pair.was, pair.now, pair.there
    run = None if now is None else ours.get((now.id, now.version or ""))
    by_us = run is not None or bool(now and (now.is_ours or (client_id and now.published_by == client_id)))
    by = "" if now is None else now.published_by
    if by_us:
        by = "our OAuth client" if run is None else f"our run {run}"
    return ArchitectFlowDrift(
        architect_flow_id=there.id,
        name=there.name,
        type=there.type,
        move="new" if was is None else "gone" if now is None else "published",
        version_before=was and was.version,
        version_after=now and now.version,
        published_by=by,
        ours=by_us,
        steps=steps,
        took_in=took_in,
    )


_MOVES = {move: place for place, move in enumerate(typing.get_args(StepMove))}
_FLOW_MOVES = {move: place for place, move in enumerate(typing.get_args(ArchitectFlowMove))}


def _step_order(step: StepDrift) -> tuple[object, ...]:
    """Put what affects callers first, and what follows from a change of an action behind changes of steps."""
    return (step.by_action, _MOVES[step.move], step.architect_flow_name.casefold(), step.architect_flow_id)


def _architect_flow_order(line: ArchitectFlowDrift) -> tuple[object, ...]:
    return (_FLOW_MOVES[line.move], not line.steps, line.name.casefold(), line.architect_flow_id)
