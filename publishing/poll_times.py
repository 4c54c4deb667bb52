"""When to look whether a publish has ended: learned in a run from the publishes of that run, and forgotten with it.

How long publishes take differs from org to org and from hour to hour, so nothing is kept for the next run.
"""

import itertools
import math
import threading
from collections import deque
from dataclasses import dataclass

from publishing.poll_plan import LEAST_MS, Span, next_look

_SOONEST_MS = 500
_USUAL_MS = 20_500
_USUAL_POLLS = 6
_TAIL = 1.2
_LADDER = 1.15
# Of the values tried on shuffled runs of 40 publishes (2, 5 and 20 s; 1, 8 and 30 s; +-2 to 10 %) these lost least.
_DOUBT = 3
_WIDEST = 2.2
_WIDER = 0.1
_FEW = 5
_REMEMBERED = 60
_SLACK_MS = 20
"""So much later the same poll may be the first one to find an end: requests are not equally quick."""

_SOON_MS = 100
_GROWTH = 4
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Publishes that may all have taken equally long: where their intervals overlap, and how many they are."""

    low_ms: int
    high_ms: int
    count: int


class PollTimes:
    """What the publishes of a run have shown of how long they take. Shared by all of them, from any thread.

    A publish is seen to have ended between two polls. The next ones are polled where that is likely to happen again,
    at moments inside that interval as well, so that it narrows; and sparsely where nothing was seen so far. Where none
    took more than 20 s there are six polls until then, or until the longest that was seen, and then ever fewer: 19 in
    three minutes. All times are those at which polls are sent, in milliseconds after the start.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._intervals: deque[tuple[int, int]] = deque(maxlen=_REMEMBERED)
        self._asked = 0

    def learn(self, running_ms: int, ended_ms: int) -> None:
        """Take in that a poll at `running_ms` found a publish running, and one at `ended_ms` found it ended."""
        if running_ms < ended_ms:
            with self._lock:
                self._intervals.append((running_ms, ended_ms + _SLACK_MS))

    def next_ms(self, running_ms: int, polls: int) -> int:
        """Say how long after its start a publish is looked at next, in milliseconds.

        It was polled so often, and ran `running_ms` after its start: 0 where it was not polled yet.
        """
        with self._lock:
            intervals = list(self._intervals)
            self._asked += 1
            shift = self._asked * _GOLDEN % 1
        soonest_ms = running_ms + LEAST_MS
        clusters = _clusters(intervals)
        last_ms = _last_ms(clusters)
        polls_left = _USUAL_POLLS + max(0, int(math.log(last_ms / _USUAL_MS, _TAIL))) - polls
        if polls_left <= 0 or soonest_ms >= last_ms:
            return max(soonest_ms, _in_the_tail_ms(running_ms, clusters))
        ladder = _ladder(last_ms, _doubt(clusters))
        spans = [*(Span(one.low_ms, one.high_ms, one.count) for one in clusters), *ladder]
        rungs = (rung.high_ms * _LADDER ** (shift - 1) for rung in ladder[:-1])  # others each time, as inside clusters
        moments = {float(soonest_ms), float(last_ms), *(one.high_ms for one in clusters), *rungs}
        moments |= set(_inside(clusters, shift))
        chosen = sorted(moment for moment in moments if moment >= soonest_ms)
        widest = _WIDEST + _WIDER * len(intervals)
        return math.ceil(next_look(spans, chosen, running_ms, polls_left, widest))


def _clusters(intervals: list[tuple[int, int]]) -> list[_Cluster]:
    """Sort the intervals into as few clusters as can be, and keep of each what all its intervals have in common."""
    clusters: list[_Cluster] = []
    for low_ms, high_ms in sorted(intervals, key=lambda interval: interval[1]):
        last = clusters[-1] if clusters else None
        if last is not None and low_ms < last.high_ms:
            clusters[-1] = _Cluster(max(last.low_ms, low_ms), last.high_ms, last.count + 1)
        else:
            clusters.append(_Cluster(low_ms, high_ms, 1))
    return clusters


def _last_ms(clusters: list[_Cluster]) -> int:
    """Say until when the polls are chosen; after that come those of the tail.

    That is 20 s at least, unless the longest that was seen is so near that the first poll of the tail covers the rest.
    """
    longest_ms = max((cluster.high_ms for cluster in clusters), default=0)
    seen = sum(cluster.count for cluster in clusters)
    if seen >= _FEW and longest_ms * _TAIL > _USUAL_MS:
        return longest_ms
    return max(_USUAL_MS, longest_ms)


def _in_the_tail_ms(running_ms: int, clusters: list[_Cluster]) -> int:
    """Give the next poll of one that runs longer than was foreseen: soon where it is just over, then ever later."""
    later_ms = int(running_ms * _TAIL)
    longest_ms = max((cluster.high_ms for cluster in clusters), default=0)
    if running_ms < longest_ms - LEAST_MS or not longest_ms:
        return later_ms
    over_ms = max(0, running_ms - longest_ms)
    return min(later_ms, running_ms + _SOON_MS + _GROWTH * over_ms)


def _doubt(clusters: list[_Cluster]) -> float:
    """Say how much weight there is on what was not seen yet.

    By Good and Turing: as much as on what was seen once only; and more while little was seen at all.
    """
    seen = sum(cluster.count for cluster in clusters)
    return sum(cluster.count == 1 for cluster in clusters) + _DOUBT / max(seen, 1)


def _ladder(last_ms: int, weight: float) -> list[Span]:
    """Spread a weight over all durations up to `last_ms`: as much from 1 s to 2 s as from 10 s to 20 s."""
    rungs = math.ceil(math.log(last_ms / _SOONEST_MS, _LADDER))
    moments = [min(_SOONEST_MS * _LADDER**rung, last_ms) for rung in range(rungs + 1)]
    return [
        Span(low_ms, high_ms, weight / rungs) for low_ms, high_ms in itertools.pairwise(moments) if low_ms < high_ms
    ]


def _inside(clusters: list[_Cluster], shift: float) -> list[float]:
    """Two moments inside each cluster, others each time: publishes that run side by side narrow it together."""
    return [one.low_ms + (one.high_ms - one.low_ms) * (half + shift) / 2 for one in clusters for half in range(2)]
