"""Proof that an edit did what the plan asks for and nothing else, before it is saved and after it is published."""

import itertools
import typing
from collections.abc import Callable, Iterable, Mapping

from timeouts.definitions import (
    Definition,
    UnreadableDefinition,
    is_same_content,
    raw_timeout_after,
    read_definition,
)
from timeouts.definitions.differences import Difference, LocatedDifference, find_differences
from timeouts.definitions.interface import Path
from timeouts.model.durations import format_duration
from timeouts.model.settings import literal_ms
from timeouts.model.step_edits import Restore, SetTimeout, StepEdit
from timeouts.model.steps import Step
from timeouts.model.values import Value

_MOST_TOLD = 100
"""Differences; one alone is enough to stop."""


class ProofFailed(ValueError):  # noqa: N818 - the name says what happened, and the errors of callers read like it
    """An edit that is not exactly what was planned; `problems` names each difference. Nothing may be saved."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class PublishedComparison(Value):
    """What differs between the configuration that was sent and the one that is live.

    `normalised`: keys that the server added outside of steps, fields that it moves by itself, and what it may hide.
    `foreign`: everything else, which is not ours. What the publish took in from embedded modules is in neither.
    """

    normalised: tuple[Difference, ...] = ()
    foreign: tuple[Difference, ...] = ()


def prove_edit(
    before: bytes,
    after: bytes,
    edits: Mapping[str, StepEdit],
    read: Callable[[bytes], Definition] = read_definition,
) -> None:
    """Raise `ProofFailed` unless `after` is `before` with exactly these edits of steps (by id) made.

    `read` raises `UnreadableDefinition`, and nothing else.

    Proved is, apart from the code that edits, that outside the timeouts of these steps no content differs, and that a
    fresh reading gives each of these steps its new timeout or the very text that was to be restored; and that a new
    timeout lost nothing that stood beside the old one. Of a text that people keep, such as YAML, every character beside
    the timeouts is the same, too. Raises `UnreadableDefinition` for `before`.
    """
    original = read(before)
    try:
        edited = read(after)
    except UnreadableDefinition as problem:
        raise ProofFailed([f"the edited definition cannot be read: {problem.reason}"]) from problem
    places = _Places(original)
    stray = (
        f"not planned: {found.difference}"
        for found in find_differences(original.content, edited.content)
        if not _is_planned(original, places, found.path, edits)
    )
    problems = list(itertools.islice(stray, _MOST_TOLD))
    if outside := original.differs_outside(edited, edits):
        problems.append(f"not planned: {outside}")
    problems += itertools.islice(_missing(original, edited, edits), _MOST_TOLD)
    if problems:
        raise ProofFailed(problems)


def _nothing(_path: str) -> bool:
    return False


def compare_published(
    expected: bytes, published: bytes, may_hide: Callable[[str], bool] = _nothing
) -> PublishedComparison:
    """Tell what the server's normalisation changed from what is not ours, in what is live.

    Order of keys, white space and escape forms are no difference. `may_hide`: whether the server may keep a key to
    itself, by the path of its difference; asked of keys that stand in no list and hold no step. Raises
    `UnreadableDefinition` for `expected`.
    """
    sent = read_definition(expected)
    try:
        live = read_definition(published)
    except UnreadableDefinition as problem:
        reason = f"cannot be read: {problem.reason}"
        return PublishedComparison(foreign=(Difference(path="$", before="the definition sent", after=reason),))
    normalised: list[Difference] = []
    foreign: list[Difference] = []
    places = _Places(sent)
    for found in find_differences(sent.content, live.content):
        if not sent.is_taken_in(found.path):
            is_hidden = places.is_hideable(found) and may_hide(found.difference.path)
            told = normalised if is_hidden or _is_servers_own(sent, places, found) else foreign
            if len(told) < _MOST_TOLD:
                told.append(found.difference)
    return PublishedComparison(normalised=tuple(normalised), foreign=tuple(foreign))


def _is_planned(original: Definition, places: "_Places", path: Path, edits: Mapping[str, StepEdit]) -> bool:
    found = places.step_at(path)
    return found is not None and found[0] in edits and original.sets_timeout(found[1])


def _missing(original: Definition, edited: Definition, edits: Mapping[str, StepEdit]) -> Iterable[str]:
    before, after = ({step.id: step for step in definition.steps} for definition in (original, edited))
    for step_id, edit in edits.items():
        problem = _shortcoming(before.get(step_id), after.get(step_id), edit)
        if problem:
            yield f"missing: step {step_id} {problem}"


def _shortcoming(before: Step | None, after: Step | None, edit: StepEdit) -> str:
    """Say what a step lacks after an edit; empty where it has all that the edit gives it."""
    match edit:
        case SetTimeout(timeout_ms=timeout_ms):
            if after is None or literal_ms(after.setting) != timeout_ms:
                return f"does not wait {format_duration(timeout_ms)}"
            if before is None or before.raw_timeout is None or after.raw_timeout is None:
                return "was not one that can be changed"
            kept = is_same_content(after.raw_timeout, raw_timeout_after(edit, before.raw_timeout))
            return "" if kept else "lost something of its timeout beside the duration"
        case Restore(original=original):
            restored = after is not None and after.raw_timeout == original
            return "" if restored else "does not have the text that was to be restored"
        case _:
            typing.assert_never(edit)


def _is_servers_own(sent: Definition, places: "_Places", found: LocatedDifference) -> bool:
    if sent.is_server_owned(found.path):
        return True
    return found.added_key and places.step_at(found.path) is None


class _Places:
    """Where the nodes of a definition's steps stand."""

    def __init__(self, definition: Definition) -> None:
        self._steps = {place: step_id for step_id, place in definition.locations.items()}
        self._longest = max(map(len, self._steps), default=0)

    def step_at(self, path: Path) -> tuple[str, Path] | None:
        """Return the id of the innermost step in whose node a path leads, and the path from there; None: in none."""
        for end in range(min(len(path), self._longest), 0, -1):
            if path[:end] in self._steps:
                return self._steps[path[:end]], path[end:]
        return None

    def is_hideable(self, found: LocatedDifference) -> bool:
        """Return whether a key went away that is no part of any node, all of which stand in lists, and holds none."""
        path = found.path
        is_in_no_list = found.lost_key and all(isinstance(each, str) for each in path)
        return is_in_no_list and not any(place[: len(path)] == path for place in self._steps)
