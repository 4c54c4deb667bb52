"""What one target is to become, how patiently, and what came of publishing it."""

import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from timeouts.model.step_edits import RawTimeout, StepEdit
from timeouts.model.steps import DefinitionKind, Reading
from timeouts.model.values import Value
from timeouts.planning.changes import Shipped
from timeouts.planning.copies import LaggingCopy
from timeouts.planning.outcomes import Outcome, OutcomeKind, Target
from timeouts.planning.plan import Plan

_SLICE_MS = 250

LAG_MS = 25_000
"""Longer than the platform's replicas lag behind."""

TWICE = "the request may have come twice, or somebody made the same change"
"""What it may mean that a write was refused and that just what it asked for is live."""


class ArchitectFlowOrder(Value):
    """The planned timeouts of one Architect flow, pinned to what the plan was made from.

    `edits`: by step id, the timeout to set or the text to put back. `version` and `fingerprint` are the published
    version's at the time of the plan, and `originals`, by step id, what it had written of the timeouts; where the
    platform shows others, nothing is written. `may_lower`: whether a wait may become shorter than what is found there.
    `copies`: what the publish has to take in from embedded modules, which may be all that there is to do. `embeds`: the
    ids of the modules of the same plan that have to be live before. `embedded`: by id, the versions of all modules that
    it embeds, and `ships` what the plan said that the publish brings live besides.
    """

    target: Target
    kind: DefinitionKind
    version: str | None
    fingerprint: str
    edits: Mapping[str, StepEdit]
    originals: Mapping[str, RawTimeout]
    may_lower: bool = False
    copies: tuple[LaggingCopy, ...] = ()
    embeds: tuple[str, ...] = ()
    embedded: Mapping[str, frozenset[str]] = {}
    ships: tuple[Shipped, ...] = ()

    def outcome(self, kind: OutcomeKind, reason: str = "", version_after: str | None = None) -> Outcome:
        """Return what became of it."""
        return Outcome(
            target=self.target,
            outcome=kind,
            reason=reason,
            version_before=self.version,
            version_after=version_after,
        )


class ActionOrder(Value):
    """The planned limit of one action, in milliseconds (None: no limit), pinned to what the plan was made from.

    Where the platform shows another `version`, or another limit than `before_ms`, nothing is written; nor is a limit
    below the one that is live, unless the order `may_lower` it.
    """

    target: Target
    kind: typing.Literal["custom", "function"]
    version: int
    before_ms: int | None
    after_ms: int | None
    may_lower: bool = False

    def outcome(self, kind: OutcomeKind, reason: str = "", version_after: int | None = None) -> Outcome:
        """Return what became of it."""
        return Outcome(
            target=self.target,
            outcome=kind,
            reason=reason,
            version_before=str(self.version),
            version_after=None if version_after is None else str(version_after),
            limit_before_ms=self.before_ms,
            limit_after_ms=self.after_ms,
        )


Order = ArchitectFlowOrder | ActionOrder


class Publication(Value):
    """What came of one order. `expected`: the fingerprints of what must be live, by part; empty when unknown."""

    outcome: Outcome
    expected: Mapping[str, str] = {}


class DraftMarks(typing.Protocol):
    """Which actions have a draft that we made. Drafts carry no owner, so this has to outlive a killed run."""

    def has(self, action_id: str) -> bool:
        """Tell whether we made a draft of an action and have not seen its end."""

    def put(self, action_id: str) -> None:
        """Remember that we are about to make one. Raises OSError where that cannot be stored."""

    def drop(self, action_id: str) -> None:
        """Forget it: there is none of ours any more, and none can come."""


def _embedded(reading: Reading) -> Mapping[str, frozenset[str]]:
    found = {each.module_id for each in reading.snapshots}
    return {of: frozenset(each.version for each in reading.snapshots if each.module_id == of) for of in found}


def orders_for_architect_flows(plan: Plan, readings: Sequence[Reading]) -> list[ArchitectFlowOrder]:
    """Return one order for each Architect flow that a plan publishes, common modules before those that embed them."""
    read = {reading.architect_flow_id: reading for reading in readings}
    orders: list[ArchitectFlowOrder] = []
    before: set[str] = set()
    for pin in plan.publish_order():
        reading = read.get(pin.architect_flow_id)
        order = ArchitectFlowOrder(
            target=pin.target,
            kind="architect" if reading is None else reading.kind,
            version=pin.version,
            fingerprint=pin.fingerprint,
            edits=plan.edits_of(pin.architect_flow_id),
            originals=plan.originals_of(pin.architect_flow_id),
            may_lower=plan.may_lower,
            copies=plan.copies_in(pin.architect_flow_id),
            embeds=tuple(each for each in pin.embeds if each in before),
            embedded={} if reading is None else _embedded(reading),
            ships=pin.ships,
        )
        orders.append(order)
        before.add(pin.architect_flow_id)
    return orders


def orders_for_actions(plan: Plan) -> list[ActionOrder]:
    """Return one order for each action whose limit a plan changes."""
    return [
        ActionOrder(
            target=change.target,
            kind=change.kind,
            version=change.version,
            before_ms=change.before_ms,
            after_ms=change.after_ms,
            may_lower=plan.may_lower,
        )
        for change in plan.action_changes
    ]


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock, how long things are waited for, and whether to end early. All in milliseconds.

    `deadline_ms`: how long a publish is followed.
    `settle_ms`: how long the effect of a write whose answer was lost is waited for: longer than a gateway waits for
    what is behind it.
    `lag_ms`: how long reads that do not show what we have done are not believed.
    `grace_ms`: how long a lock of our own client must not move before the run that took it counts as dead: longer than
    a living run stands still, which settles, or waits for the rate limit.
    `last_ms`: how long a publish that was sent is still followed after a stop, so that its end is known and no lock
    is left: less than the 30 s after which Prefect kills a run that it cancels.
    `stopped`: whether the run was asked to end; asked before each step and several times a second while waiting.
    """

    now_ms: Callable[[], int]
    sleep_ms: Callable[[int], None]
    deadline_ms: int = 300_000
    settle_ms: int = 75_000
    lag_ms: int = LAG_MS
    grace_ms: int = 120_000
    last_ms: int = 15_000
    stopped: Callable[[], bool] = lambda: False

    def wait_ms(self, duration_ms: int) -> None:
        """Wait that long, or until a stop is asked for."""
        end_ms = self.now_ms() + duration_ms
        while (left_ms := end_ms - self.now_ms()) > 0 and not self.stopped():
            self.sleep_ms(min(left_ms, _SLICE_MS))
