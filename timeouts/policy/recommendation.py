"""From an action's figures to the timeout that a rule with `at_least: evidence` asks for, and the words for it."""

import math
from dataclasses import dataclass
from fractions import Fraction

from timeouts.model.durations import format_duration
from timeouts.model.evidence import ActionEvidence, Evidence, ended_at, is_cut_off, percentile_of
from timeouts.policy.rules import FromEvidence

_SECOND_MS = 1_000


@dataclass(frozen=True, slots=True)
class Recommended:
    """A timeout, in whole seconds, and the figures that it rests on."""

    timeout_ms: int
    figures: str


@dataclass(frozen=True, slots=True)
class NotEnough:
    """No timeout can be recommended, and why."""

    reason: str


Recommendation = Recommended | NotEnough


def recommend(
    evidence: Evidence | None, action_id: str, asked: FromEvidence, *, ceiling_ms: int, limit_ms: int | None
) -> Recommendation:
    """Return what the figures ask for: percentile times factor, within floor and ceiling, rounded up to whole seconds.

    Where a percentile is known by its bounds only, the upper one counts. Where more calls than the percentile allows
    ended at the action's limit, nobody knows how long they would have taken: the limit takes the percentile's place, or
    the percentile itself where the platform measured a little more, and the result is told as the least. The same
    figures ask for the same once the limit is raised to that.
    """
    if evidence is None or evidence.problem:
        return NotEnough(f"no figures: {evidence.problem if evidence else 'none were asked for'}")
    found = evidence.of(action_id)
    if found is None or found.calls < asked.calls:
        calls = 0 if found is None else found.calls
        return NotEnough(f"not enough calls: {calls} in {evidence.period}, {asked.calls} are needed")
    base_ms, figures = _base(found, asked.percentile, limit_ms)
    upper_ms = ceiling_ms if asked.ceiling is None else min(asked.ceiling, ceiling_ms)
    exact_ms = base_ms * Fraction(str(asked.factor))  # as it is written: 12.5s times 1.12 is 14s
    bounded_ms = min(max(exact_ms, Fraction(asked.floor)), Fraction(upper_ms))
    timeout_ms = min(_whole_seconds(bounded_ms), upper_ms)
    said = f"{figures}; times {asked.factor:g} is {format_duration(round(exact_ms))}"
    if bounded_ms != exact_ms:
        said += f", the {'floor' if bounded_ms > exact_ms else 'ceiling'} is {format_duration(round(bounded_ms))}"
    if timeout_ms != round(bounded_ms):
        said += f", rounded up {format_duration(timeout_ms)}"
    return Recommended(timeout_ms, f"of {found.calls:,} calls in {evidence.period}, {said}")


def _base(found: ActionEvidence, percent: float, limit_ms: int | None) -> tuple[int, str]:
    percentile = percentile_of(found, percent)
    if limit_ms is not None and is_cut_off(found, percent, limit_ms):
        at_limit = ended_at(found, limit_ms)
        share = f"{at_limit:,} ({at_limit / found.calls:.1%}) ended at the limit of {format_duration(limit_ms)}"
        least_ms = max(limit_ms, percentile.upto_ms)
        return least_ms, f"{share}, so that what {percent:g}% of them need is longer: {format_duration(least_ms)}"
    lies = "is" if percentile.over_ms == percentile.upto_ms else "lies in"
    return percentile.upto_ms, f"the p{percent:g} {lies} {percentile}"


def _whole_seconds(duration_ms: Fraction) -> int:
    return math.ceil(duration_ms / _SECOND_MS) * _SECOND_MS
