"""Whether fewer calls were lost after a change than before: a rule that anybody can recompute by hand.

Before n calls of which x were lost, after m calls of which y were lost. One call that was lost and one that was not are
added to either side (Agresti and Caffo, 2000: without them a stretch in which nothing was lost would pass for certain):

    p = (x + 1) / (n + 2)        q = (y + 1) / (m + 2)
    shift = q - p
    margin = 3 * sqrt(p * (1 - p) / (n + 2) + q * (1 - q) / (m + 2))

more lost             shift - margin is above 0
fewer lost            shift + margin is below 0
no change             both lie within one percentage point of 0
too few calls to say  all else, and whenever one of the stretches has fewer than 100 calls

Three standard errors, not two: a run touches dozens of actions, and calls are lost in bunches.
"""

import math
import typing

Verdict = typing.Literal["more lost", "fewer lost", "no change", "too few calls to say", "no verdict"]
"""In the order in which people read them; `no verdict`: there is nothing that could be compared."""

VERDICTS: tuple[Verdict, ...] = typing.get_args(Verdict)

LEAST_CALLS = 100
_STANDARD_ERRORS = 3
_NO_CHANGE = 0.01


class Shift(typing.NamedTuple):
    """By how much the share of calls lost moved, 0.01 for a percentage point, and how far off that may be."""

    shift: float
    margin: float


def shift_of(calls_before: int, lost_before: int, calls_after: int, lost_after: int) -> Shift:
    """Return how the share of calls lost moved, as above."""
    before, after = (lost_before + 1) / (calls_before + 2), (lost_after + 1) / (calls_after + 2)
    variance = before * (1 - before) / (calls_before + 2) + after * (1 - after) / (calls_after + 2)
    return Shift(after - before, _STANDARD_ERRORS * math.sqrt(variance))


def verdict_of(calls_before: int, lost_before: int, calls_after: int, lost_after: int) -> Verdict:
    """Return what the figures of two equal stretches say."""
    if min(calls_before, calls_after) < LEAST_CALLS:
        return "too few calls to say"
    shift, margin = shift_of(calls_before, lost_before, calls_after, lost_after)
    least, most = shift - margin, shift + margin
    if least > 0:
        return "more lost"
    if most < 0:
        return "fewer lost"
    return "no change" if least >= -_NO_CHANGE and most <= _NO_CHANGE else "too few calls to say"
