"""Finding the steps of a file among those that are live, or among those that it had earlier.

An export has the ids of the org that it was made in. Archy YAML has none: there a step is known by its names.
"""

import dataclasses
import typing
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

from timeouts.as_code.as_code import MatchedBy
from timeouts.as_code.names import has_placeholder
from timeouts.model.steps import Reading, Step, names_of_step
from timeouts.text.folding import composed


class StepPair(typing.NamedTuple):
    """A step of the file and the live one that it is; None where one of the two has no such step."""

    file: Step | None
    live: Step | None
    matched_by: MatchedBy | None


def pairs_of(file: Reading, live: Reading) -> Iterator[StepPair]:
    """Return every step of both: those that are live as they stand there, then those that are only in the file."""
    matching = _Matching(file.steps, live.steps)
    if file.kind != "archy":
        matching.match(_by_id)
    matching.match(_by_place)
    matching.match(_by_action_in_place, _is_unnamed)
    matching.match(_by_own_name_in_place, lambda step: has_placeholder(step.action_name) and not _is_unnamed(step))
    matching.match(_by_name)
    matching.match(_by_action, _is_unnamed)
    yield from matching.pairs()


def pairs_in_time(was: Sequence[Step], now: Sequence[Step]) -> Iterator[tuple[Step | None, Step | None]]:
    """Return every step that a file had, or has, without ids: as it was and as it is, None where there is none.

    Of several of the same names, each is the one that comes as late among them. One whose names are found nowhere is
    renamed where it stands, if it calls the same action.
    """
    matching = _Matching(was, now)
    matching.match(_by_place)
    matching.match(_by_name)
    matching.match(_by_action_on_the_spot)
    yield from ((pair.file, pair.live) for pair in matching.pairs())


def _is_unnamed(step: Step) -> bool:
    """Whether a step of the file has no name of its own: a YAML leaves out the editor's, and a deploy fills in some."""
    return not step.name or has_placeholder(step.name)


def _by_id(step: Step) -> Hashable:
    return step.id


def _by_place(step: Step) -> Hashable:
    return names_of_step(step.container, step.kind, step.name, step.action_name)


def _by_name(step: Step) -> Hashable:
    return composed(step.name), _by_action(step)


def _by_own_name_in_place(step: Step) -> Hashable:
    """Return what is left to know a step by whose action a deploy fills in; in another container that is too little."""
    return composed(step.container), step.kind, composed(step.name)


def _by_action_in_place(step: Step) -> Hashable:
    return composed(step.container), _by_action(step)


def _by_action(step: Step) -> Hashable:
    """Return what is left to know a step by that has no name."""
    return step.kind, composed(step.action_name)


def _by_action_on_the_spot(step: Step) -> Hashable:
    """Return the place of a step in its file, which is its id there, and its action."""
    return step.id, _by_action(step)


_Key = Callable[[Step], Hashable]


class _Matching:
    """The steps of a file and of what is live, matched by one key after the other, surest first.

    A step is known here by its place among all of its side. `_doubtful_*`: of those that are still alone, what was one
    of several that a surer key did not tell apart.
    """

    def __init__(self, in_file: Sequence[Step], alive: Sequence[Step]) -> None:
        self._in_file, self._alive = dict(enumerate(in_file)), dict(enumerate(alive))
        self._all_in_file, self._all_alive = in_file, alive
        self._doubtful_in_file: set[int] = set()
        self._doubtful_alive: set[int] = set()
        self._found: dict[int, tuple[int, MatchedBy]] = {}

    def match(self, key: _Key, of_file: Callable[[Step], bool] = lambda _: True) -> None:
        """Match those that are still alone and of one key, in their order; `of_file`: which ones of the file."""
        waiting = _grouped({place: step for place, step in self._in_file.items() if of_file(step)}, key)
        several = _grouped(self._alive, key)
        for each in waiting.keys() & several.keys():
            ours, theirs = waiting[each], several[each]
            how = self._how(ours, theirs, "id" if key is _by_id else "name")
            if how == "order":
                self._doubtful_in_file.update(ours)
                self._doubtful_alive.update(theirs)
            for mine, its in zip(ours, theirs, strict=False):
                self._found[its] = mine, how
                del self._in_file[mine], self._alive[its]

    def pairs(self) -> Iterator[StepPair]:
        """Return every step of both sides."""
        for place, step in enumerate(self._all_alive):
            mine, matched_by = self._found.get(place, (None, None))
            yield StepPair(None if mine is None else self._all_in_file[mine], step, matched_by)
        for step in self._in_file.values():
            yield StepPair(step, None, None)

    def _how(self, in_file: Sequence[int], alive: Sequence[int], surely: MatchedBy) -> MatchedBy:
        """Return how surely the steps of one key are found: which of several is which, the key does not tell.

        It does not matter where as many are live and no plan tells them apart: then each of the file gets the same.
        """
        if not self._doubtful_in_file.isdisjoint(in_file) or not self._doubtful_alive.isdisjoint(alive):
            return "order"
        if len(in_file) == len(alive) == 1:
            return surely
        first, *others = (_as_planned(self._alive[place]) for place in alive)
        return "alike" if len(in_file) == len(alive) and all(step == first for step in others) else "order"


def _grouped(steps: Mapping[int, Step], key: _Key) -> Mapping[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, step in steps.items():
        groups[key(step)].append(place)
    return groups


def _as_planned(step: Step) -> Step:
    """Return all of a step that a plan goes by."""
    return dataclasses.replace(step, id="", tracking_id=None, container="")
