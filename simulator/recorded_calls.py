"""The calls that analytics knows of, one by one: counts, sums, extremes and percentiles are those of the same calls.

None is drawn. The calls of an action are numbered (traffic.py), and 1,024 of them make a cycle: as many equal shares
of all its calls, dealt in bit-reversed order, so that any stretch of numbers is spread over the whole distribution.
"""

import functools
import itertools
import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.traffic import ActionTraffic, Ending, call_at, calls_until

_BITS = 10
CYCLE = 1 << _BITS


@dataclass(frozen=True, slots=True)
class Pile:
    """The calls of a cycle that ended in one way: their durations in milliseconds, as dealt and in ascending order.

    `dealt`: by place in the cycle, how many of the pile came before.
    """

    ending: Ending
    durations_ms: tuple[int, ...]
    ascending_ms: tuple[int, ...]
    dealt: tuple[int, ...]

    def rank(self, number: int) -> int:
        """Return how many of the pile, round after round, come before a call."""
        rounds, place = divmod(number, CYCLE)
        return rounds * len(self.durations_ms) + self.dealt[place]

    def stretch(self, first: int, last: int) -> "Stretch":
        """Take the calls from one rank up to (and without) another one."""
        whole = len(self.durations_ms)
        rounds, left = divmod(last - first, whole)
        start = first % whole
        end = start + left
        return Stretch(self, rounds, self.durations_ms[start:end] + self.durations_ms[: max(end - whole, 0)])


@dataclass(frozen=True, slots=True)
class Stretch:
    """Calls of one pile in a row: the whole pile `rounds` times, and the durations in milliseconds of a rest."""

    pile: Pile
    rounds: int
    rest_ms: tuple[int, ...]


class RecordedCalls:
    """Calls of whatever actions and endings, as one. Durations in milliseconds; all but counts need a call."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        kept = list(stretches)
        self._rest_ms = sorted(itertools.chain.from_iterable(stretch.rest_ms for stretch in kept))
        self._whole = [(stretch.rounds, stretch.pile.ascending_ms) for stretch in kept if stretch.rounds]
        self.count = len(self._rest_ms) + sum(rounds * len(pile) for rounds, pile in self._whole)

    @property
    def total_ms(self) -> int:
        """How long they took together."""
        return sum(self._rest_ms) + sum(rounds * sum(pile) for rounds, pile in self._whole)

    @property
    def shortest_ms(self) -> int:
        """The shortest duration."""
        return min([*self._rest_ms[:1], *(pile[0] for _, pile in self._whole)])

    @property
    def longest_ms(self) -> int:
        """The longest duration."""
        return max([*self._rest_ms[-1:], *(pile[-1] for _, pile in self._whole)])

    def between(self, least_ms: float | None = None, bound_ms: float | None = None) -> int:
        """Count those that took at least so long, and less than a bound; None: no such bound."""
        below = self.count if bound_ms is None else self._below(bound_ms)
        return below if least_ms is None else max(below - self._below(least_ms), 0)

    def quantile_ms(self, share: float) -> int:
        """Return the shortest duration that so many of them (0 to 1) do not exceed."""
        wanted = math.ceil(share * self.count)
        return bisect_left(range(self.longest_ms), wanted, key=lambda lasts_ms: self._below(lasts_ms + 1))

    def _below(self, bound_ms: float) -> int:
        found = bisect_left(self._rest_ms, bound_ms)
        return found + sum(rounds * bisect_left(pile, bound_ms) for rounds, pile in self._whole)


def recorded_calls(traffic: ActionTraffic, from_ms: int, until_ms: int, ending: Ending | None = None) -> RecordedCalls:
    """Return the calls of an interval (milliseconds since 1970, its end not included); `ending`: only such calls."""
    numbers = call_numbers(traffic, (from_ms, until_ms))
    chosen = [pile for pile in piles(traffic) if ending in {None, pile.ending}]
    return RecordedCalls(stretch for pile in chosen for stretch in stretches(pile, numbers).values())


def call_numbers(traffic: ActionTraffic, boundaries_ms: Sequence[int]) -> list[int]:
    """Return the number of the first call at or after each moment (milliseconds since 1970), as piles count them."""
    return [calls_until(traffic, at_ms) + traffic.offset for at_ms in boundaries_ms]


def stretches(pile: Pile, numbers: Sequence[int]) -> dict[int, Stretch]:
    """Cut a pile at these calls: by place of the interval between two of them, and only where there are calls."""
    ranks = [pile.rank(number) for number in numbers]
    return {
        place: pile.stretch(first, last)
        for place, (first, last) in enumerate(itertools.pairwise(ranks))
        if first < last
    }


@functools.lru_cache(maxsize=256)
def piles(traffic: ActionTraffic) -> tuple[Pile, ...]:
    """Deal a cycle of an action's calls, and sort them by how they ended."""
    cycle = [call_at(traffic, (_reversed(number) + 0.5) / CYCLE) for number in range(CYCLE)]
    return tuple(_pile(ending, cycle) for ending in dict.fromkeys(ending for ending, _ in cycle))


def _pile(ending: Ending, cycle: Sequence[tuple[Ending, int]]) -> Pile:
    durations_ms = tuple(lasts_ms for one, lasts_ms in cycle if one == ending)
    dealt = tuple(itertools.accumulate((one == ending for one, _ in cycle), initial=0))
    return Pile(ending, durations_ms, tuple(sorted(durations_ms)), dealt)


def _reversed(number: int) -> int:
    return int(f"{number:0{_BITS}b}"[::-1], 2)
