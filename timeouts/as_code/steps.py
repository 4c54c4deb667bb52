"""Finding the steps of a file among those that are live.

An export has the ids of the org that it was made in. Archy YAML has none: there a step is known by its names.
"""

import typing
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence

from timeouts.as_code.as_code import MatchedBy
from timeouts.model.steps import Reading, Step


class StepPair(typing.NamedTuple):
    """A step of the file and the live one that it is; None where one of the two has no such step."""

    file: Step | None
    live: Step | None
    matched_by: MatchedBy | None


def pairs_of(file: Reading, live: Reading) -> Iterator[StepPair]:
    """Return every step of both: those that are live as they stand there, then those that are only in the file."""
    found: dict[int, tuple[Step, MatchedBy]] = {}
    in_file, alive = list(file.steps), list(enumerate(live.steps))
    for key in _keys(file):
        in_file, alive = _match(in_file, alive, key, found)
    unnamed, alive = _match([step for step in in_file if not step.name], alive, _by_action, found)
    alone = {id(step) for step in unnamed}
    in_file = [step for step in in_file if step.name or id(step) in alone]
    for place, step in enumerate(live.steps):
        counterpart, matched_by = found.get(place, (None, None))
        yield StepPair(counterpart, step, matched_by)
    for step in in_file:
        yield StepPair(step, None, None)


_Key = Callable[[Step], Hashable]


def _keys(file: Reading) -> Sequence[_Key]:
    """Return what steps are known by, surest first."""
    named: Sequence[_Key] = (_by_place, _by_name)
    return named if file.kind == "archy" else (_by_id, *named)


def _by_id(step: Step) -> Hashable:
    return step.id


def _by_place(step: Step) -> Hashable:
    return step.container, _by_name(step)


def _by_name(step: Step) -> Hashable:
    return step.kind, step.name, step.action_name


def _by_action(step: Step) -> Hashable:
    """Return what is left to know a step by that has no name: a YAML leaves out the name that the editor gives."""
    return step.kind, step.action_name


def _match(
    in_file: Sequence[Step], alive: Sequence[tuple[int, Step]], key: _Key, found: dict[int, tuple[Step, MatchedBy]]
) -> tuple[list[Step], list[tuple[int, Step]]]:
    """Note the live steps that are in the file, by their places; return the steps of both that are still alone."""
    waiting: dict[Hashable, list[Step]] = defaultdict(list)
    several: dict[Hashable, int] = defaultdict(int)
    for step in in_file:
        waiting[key(step)].append(step)
    for _, step in alive:
        several[key(step)] += 1
    crowded = {each for each in waiting if max(len(waiting[each]), several[each]) > 1}
    for steps in waiting.values():
        steps.reverse()  # the first one is taken first
    alone = []
    for place, step in alive:
        if not waiting[key(step)]:
            alone.append((place, step))
            continue
        surely: MatchedBy = "id" if key is _by_id else "name"
        found[place] = waiting[key(step)].pop(), "order" if key(step) in crowded else surely
    left = {id(step) for steps in waiting.values() for step in steps}
    return [step for step in in_file if id(step) in left], alone
