"""What the org's own figures say of an action: how often it was called, how long that took, how often it failed.

Durations are of all callers, scripts and agents included: the platform's figures know no Architect flow
(docs/platform.md#analytics). They are cut off at the limit that was in force: a call that would have needed longer than
the action's limit shows as one that took as long as the limit.
"""

import typing
from collections.abc import Sequence
from fractions import Fraction

from timeouts.model.durations import format_duration
from timeouts.model.values import Value
from timeouts.text.phrases import number_of


class Failures(Value):
    """Calls that failed in one way. `error_type` and `response_status` are the platform's own words."""

    error_type: str
    response_status: str = ""
    calls: int


class Slower(Value):
    """How many calls took `from_ms` or longer."""

    from_ms: int
    calls: int


class ActionEvidence(Value):
    """The figures of one action. Times in milliseconds.

    `p95_ms`, `p99_ms`: None where the platform does not give them. `slower`: for growing bounds, how many calls took
    that long. `busiest_hour_calls`: calls in the hour that had most.
    """

    action_id: str
    calls: int
    failures: tuple[Failures, ...] = ()
    mean_ms: int
    max_ms: int
    p95_ms: int | None = None
    p99_ms: int | None = None
    slower: tuple[Slower, ...] = ()
    busiest_hour_calls: int = 0

    @property
    def lost(self) -> int:
        """Calls that failed, whatever the reason."""
        return sum(failure.calls for failure in self.failures)

    @property
    def lost_share(self) -> float:
        """The share of the calls that were lost, 0 to 1."""
        return self.lost / self.calls if self.calls else 0.0

    def calls_from(self, duration_ms: int) -> int | None:
        """Return how many calls took `duration_ms` or longer; None where no bound of the figures says so."""
        return next((slower.calls for slower in self.slower if slower.from_ms == duration_ms), None)


class Evidence(Value):
    """The figures of an org over a period.

    `asked_days`: the days that were asked for. `covered_days`: those of them for which the platform has any call at
    all. `busiest_hour_calls`: calls of all actions in the hour that had most, 0 where that is not known. `problem` says
    why there are no figures, empty where there are (also where nobody called anything).
    """

    asked_days: int
    covered_days: int = 0
    actions: tuple[ActionEvidence, ...] = ()
    busiest_hour_calls: int = 0
    problem: str = ""

    @property
    def asked(self) -> str:
        """The days that were asked for, in words."""
        return number_of(self.asked_days, "day")

    @property
    def period(self) -> str:
        """The period in words, with its gaps."""
        return self.asked if self.covered_days == self.asked_days else f"{self.covered_days} of {self.asked}"

    def of(self, action_id: str) -> ActionEvidence | None:
        """Return the figures of one action, None where nobody called it."""
        return next((action for action in self.actions if action.action_id == action_id), None)


class Percentile(typing.NamedTuple):
    """Where a percentile lies: `over_ms` < it <= `upto_ms`; both are the same where the platform gives it."""

    over_ms: int
    upto_ms: int

    def __str__(self) -> str:
        """Say it in words."""
        if self.over_ms == self.upto_ms:
            return format_duration(self.upto_ms)
        return f"{format_duration(self.over_ms)} to {format_duration(self.upto_ms)}"


def percentile_of(found: ActionEvidence, percent: float) -> Percentile:
    """Return the duration within which `percent` of the calls were answered, or the bounds between which it lies."""
    exact_ms = {95.0: found.p95_ms, 99.0: found.p99_ms}.get(percent)
    if exact_ms is not None:
        return Percentile(exact_ms, exact_ms)
    late = _calls_beyond(found, percent)
    under = [slower.from_ms for slower in found.slower if slower.calls > late]
    over = [slower.from_ms for slower in found.slower if slower.calls <= late]
    upto_ms = min([*over, found.max_ms])
    return Percentile(min(max(under, default=0), upto_ms), upto_ms)


def ended_at(found: ActionEvidence, limit_ms: int | None) -> int:
    """Return how many calls took as long as a limit lets them, or longer; 0 where that is not known."""
    return 0 if limit_ms is None else found.calls_from(limit_ms) or 0


def is_cut_off(found: ActionEvidence, percent: float, limit_ms: int | None) -> bool:
    """Return whether more calls ended at a limit than a percentile leaves: how long those would take, nobody knows."""
    return ended_at(found, limit_ms) > _calls_beyond(found, percent)


def _calls_beyond(found: ActionEvidence, percent: float) -> Fraction:
    """Return how many calls a percentile leaves: exactly, for 99.9 as a binary number leaves a little less than one."""
    return found.calls * (100 - Fraction(str(percent))) / 100


def percentile_in_words(found: ActionEvidence, percent: float, limit_ms: int | None) -> str:
    """Write a percentile; where the limit cut it off, that it is more."""
    if limit_ms is not None and is_cut_off(found, percent, limit_ms):
        return f"over {format_duration(limit_ms)}"
    return str(percentile_of(found, percent))


def usual_bounds(limits_ms: Sequence[int]) -> tuple[int, ...]:
    """Return the bounds to ask the platform for, growing: a grid that is finer where it is short, and each limit."""
    return tuple(sorted({*_GRID_MS, *limits_ms}))


_GRID_MS = (
    *(250, 500, 750, 1_000, 1_500, 2_000, 2_500, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000),
    *(12_000, 15_000, 20_000, 25_000, 30_000, 45_000, 60_000),
)
