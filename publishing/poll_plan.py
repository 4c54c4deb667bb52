"""Which moments to look at, given how likely something is to end when: arithmetic, without a clock or a memory."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST_MS = 250
"""No two looks are closer together than this."""

_LOOK_MS = 5
"""What one look is worth in waiting: next to nothing, but where nothing is gained by a look there is none."""


_FIRST_STEP_MS = 3_000
"""The first look may be that late, however wide the steps are."""


@dataclass(frozen=True, slots=True)
class Span:
    """How likely it is (`weight`, relative to others) that the end lies in `(low_ms, high_ms]`; evenly spread."""

    low_ms: float
    high_ms: float
    weight: float

    def before(self, moment_ms: float) -> tuple[float, float]:
        """Give the weight up to a moment, and that times the mean of its ends."""
        high_ms = min(max(moment_ms, self.low_ms), self.high_ms)
        weight = self.weight * (high_ms - self.low_ms) / (self.high_ms - self.low_ms)
        return weight, weight * (self.low_ms + high_ms) / 2


def next_look(spans: Sequence[Span], moments: Sequence[float], seen_ms: float, looks: int, widest: float) -> float:
    """Choose among `moments` those at which to look, so that the end is noticed soonest; gives the first of them.

    There are at most `looks`, the last of the moments is one of them, and none is later than `widest` times the one
    before it (the first may be 3 s after the beginning): what is likely is guessed from a few. Where `looks` do not
    suffice for that, the last moment is next. At `seen_ms` it had not ended. All in milliseconds since the beginning;
    the moments ascend, and each is later than `seen_ms` by `LEAST_MS` or more.
    """
    nodes = [seen_ms, *moments]
    weights, ends = zip(*(_before(spans, moment) for moment in nodes), strict=True)
    total = sum(span.weight for span in spans)
    last = len(nodes) - 1
    costs = [float("inf")] * last + [0.0]
    follows = [last] * len(nodes)
    for _ in range(looks):
        better, after = list(costs), list(follows)
        for here in range(last):
            widest_ms = max(_FIRST_STEP_MS, nodes[here] * widest)
            look = _LOOK_MS * (total - weights[here])
            for there in range(here + 1, len(nodes)):
                if nodes[there] - nodes[here] < LEAST_MS or nodes[there] > widest_ms:
                    continue
                late = nodes[there] * (weights[there] - weights[here]) - (ends[there] - ends[here])
                if look + late + costs[there] < better[here]:
                    better[here], after[here] = look + late + costs[there], there
        if better == costs:
            break
        costs, follows = better, after
    return nodes[follows[0]]


def _before(spans: Sequence[Span], moment_ms: float) -> tuple[float, float]:
    parts = [span.before(moment_ms) for span in spans]
    return sum(weight for weight, _ in parts), sum(ends for _, ends in parts)
