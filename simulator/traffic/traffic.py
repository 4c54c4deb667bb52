"""What an integration action went through: how often it is called, and how long the system behind it takes.

All is worked out from the clock and a distribution and nothing is drawn, so that the figures of an hour are the same
in whatever interval they are asked for, and add up to those of its day.
"""

import bisect
import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal, NamedTuple

HOUR_MS = 3_600_000
_FIRST_MONDAY_MS = 4 * 24 * HOUR_MS
"""Since 1970, which began on a Thursday."""

_WORKDAY = (1, 1, 1, 1, 1, 2, 4, 12, 30, 45, 60, 60, 40, 45, 58, 58, 45, 35, 25, 15, 9, 5, 3, 2)
"""How busy each hour is: quiet nights, peaks from 10 to 12 and from 14 to 16."""

OFFICE_WEEK = (
    *_WORKDAY * 5,
    *(max(weight // 3, 1) for weight in _WORKDAY),
    *(max(weight // 6, 1) for weight in _WORKDAY),
)
"""The weights of the 168 hours of a week, from Monday 00:00 UTC."""

FAILURE_SIGMA = 0.4
_STANDARD = NormalDist()
_LEAST_LEVEL = 1e-6
"""The outermost quantile that is asked for: the distribution itself has no ends."""


class Ending(NamedTuple):
    """How a call ended, in the words of analytics (docs/platform.md#analytics)."""

    error_type: str
    response_status: str


ANSWERED = Ending("NONE", "200")
TIMED_OUT = Ending("TIMEOUT", "408")
"""Neither word is documented; a switch puts another error type in the place of this one.

Source: docs/platform.md#open-analytics.
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail that is no time-out: the backend says no, and does so fast.

    `share`: of all calls. Durations are lognormal around `median_ms` with FAILURE_SIGMA.
    """

    error_type: str
    response_status: str
    share: float
    median_ms: int = 150

    @property
    def ending(self) -> Ending:
        """How such a call ended."""
        return Ending(self.error_type, self.response_status)


Reaction = Literal["helps", "hangs", "overloads"]
"""What a longer wait does: late calls are answered after all, they hang all the same, or the system behind, now held
by more of them at once, refuses others (reactions.py)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionTraffic:
    """The calls of one action, week by week the same.

    `calls_a_day`: on average over a week, which has a whole number of calls. `median_ms` and `sigma`: the lognormal
    time that the system behind takes. `limit_ms`: the wait that was in force; a call that takes longer ended there as
    a time-out, so that no duration above it was ever recorded. `profile`: the weights of the hours of a week, from
    Monday 00:00 UTC. `offset`: shifts which of its calls are the long ones (recorded_calls.py). `reaction`: what a
    longer wait does. `hangs_after_ms`: calls that take longer are never answered, None where all are in the end.
    """

    calls_a_day: float
    median_ms: int
    sigma: float
    limit_ms: int = 60_000
    failures: tuple[Failure, ...] = ()
    profile: tuple[int, ...] = OFFICE_WEEK
    offset: int = 0
    reaction: Reaction = "helps"
    hangs_after_ms: int | None = None

    @property
    def answers_within_ms(self) -> int:
        """The longest duration that an answer was recorded with."""
        return self.limit_ms if self.hangs_after_ms is None else min(self.limit_ms, self.hangs_after_ms)

    @property
    def calls_a_week(self) -> int:
        """How many calls any seven days have."""
        return round(self.calls_a_day * 7)

    @property
    def patient_share(self) -> float:
        """The share of calls that neither fail nor are refused: they wait for the system behind."""
        return 1 - sum(failure.share for failure in self.failures)


def calls_until(traffic: ActionTraffic, at_ms: int) -> int:
    """Return the number of the first call at or after a moment (milliseconds since 1970).

    Numbers only count up, and are those of calls that came before 1970 when negative. Exact: whole numbers throughout.
    """
    hours, rest_ms = divmod(at_ms - _FIRST_MONDAY_MS, HOUR_MS)
    weeks, hour = divmod(hours, len(traffic.profile))
    a_week = sum(traffic.profile)
    passed = (weeks * a_week + sum(traffic.profile[:hour])) * HOUR_MS + traffic.profile[hour] * rest_ms
    return traffic.calls_a_week * passed // (a_week * HOUR_MS)


def share_at_least(traffic: ActionTraffic, bound_ms: int) -> float:
    """Return the share of calls that are recorded with so many milliseconds or more, 0 to 1.

    At the limit it is the share of time-outs, above it nothing.
    """
    if bound_ms > traffic.limit_ms:
        return 0.0
    failed = sum(one.share * _longer(one.median_ms, FAILURE_SIGMA, bound_ms) for one in traffic.failures)
    late_ms = min(bound_ms, traffic.answers_within_ms)
    return failed + traffic.patient_share * _longer(traffic.median_ms, traffic.sigma, late_ms)


def quantile_ms(traffic: ActionTraffic, share: float) -> int:
    """Return the shortest duration in milliseconds that so many of the recorded calls (0 to 1) do not exceed."""
    return bisect.bisect_left(
        range(traffic.limit_ms), share, key=lambda duration_ms: 1 - share_at_least(traffic, duration_ms + 1)
    )


def mean_ms(traffic: ActionTraffic) -> float:
    """Return the mean of the recorded durations in milliseconds, before they are cut to whole ones."""
    limit_ms, late_ms = traffic.limit_ms, traffic.answers_within_ms
    failed = sum(one.share * _mean(one.median_ms, FAILURE_SIGMA, limit_ms, limit_ms) for one in traffic.failures)
    return failed + traffic.patient_share * _mean(traffic.median_ms, traffic.sigma, late_ms, limit_ms)


def call_at(traffic: ActionTraffic, level: float) -> tuple[Ending, int]:
    """Return the call at one place between all others, 0 to 1: how it ended, and its duration in milliseconds.

    First come the failures, kind by kind, then the rest from the fastest to those that ended at the limit.
    """
    for failure in traffic.failures:
        if level < failure.share:
            lasts_ms = _lasts(failure.median_ms, FAILURE_SIGMA, level / failure.share)
            return failure.ending, min(lasts_ms, traffic.limit_ms)
        level -= failure.share
    lasts_ms = _lasts(traffic.median_ms, traffic.sigma, level / traffic.patient_share)
    return (ANSWERED, lasts_ms) if lasts_ms <= traffic.answers_within_ms else (TIMED_OUT, traffic.limit_ms)


def _longer(median_ms: int, sigma: float, bound_ms: int) -> float:
    return 1.0 if bound_ms < 1 else _STANDARD.cdf((math.log(median_ms) - math.log(bound_ms)) / sigma)


def _lasts(median_ms: int, sigma: float, level: float) -> int:
    inside = min(max(level, _LEAST_LEVEL), 1 - _LEAST_LEVEL)
    return int(median_ms * math.exp(sigma * _STANDARD.inv_cdf(inside)))


def _mean(median_ms: int, sigma: float, late_ms: int, limit_ms: int) -> float:
    """Return the mean of a lognormal duration of which all that is longer than `late_ms` lasts until a limit."""
    at = math.log(late_ms / median_ms) / sigma
    below = median_ms * math.exp(sigma**2 / 2) * _STANDARD.cdf(at - sigma)
    return below + limit_ms * _STANDARD.cdf(-at)
