"""Proof that an edit did what the plan asks for and nothing else, before it is saved and after it is published."""

import typing
from collections.abc import Iterable, Mapping

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
from timeouts.model.settings import LiteralTimeout
from timeouts.model.step_edits import Restore, SetTimeout, StepEdit
from timeouts.model.steps import Step
from timeouts.model.values import Value


class ProofFailed(ValueError):  # noqa: N818 - the name says what happened, and the errors of callers read like it
    """An edit that is not exactly what was planned; `problems` names each difference. Nothing may be saved."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


class PublishedComparison(Value):
    """What differs between the configuration that was sent and the one that is live.

    `normalised`: keys that the server added outside of steps, and fields that it moves by itself. `foreign`:
    everything else, which is not ours. What the publish took in from embedded modules is in neither.
    """

    normalised: tuple[Difference, ...] = ()
    foreign: tuple[Difference, ...] = ()


def prove_edit(before: bytes, after: bytes, edits: Mapping[str, StepEdit]) -> None:
    """Raise `ProofFailed` unless `after` is `before` with exactly these edits of steps (by id) made.

    Proved is, apart from the code that edits, that outside the timeouts of these steps no content differs, and that a
    fresh reading gives each of these steps its new timeout or the very text that was to be restored; and that a new
    timeout lost nothing that stood beside the old one. Raises `UnreadableDefinition` for `before`.
    """
    original = read_definition(before)
    try:
        edited = read_definition(after)
    except UnreadableDefinition as problem:
        raise ProofFailed([f"the edited definition cannot be read: {problem.reason}"]) from problem
    problems = [
        f"not planned: {found.difference}"
        for found in find_differences(before, after)
        if not _is_planned(original, found.path, edits)
    ]
    problems += _missing(original, edited, edits)
    if problems:
        raise ProofFailed(problems)


def compare_published(expected: bytes, published: bytes) -> PublishedComparison:
    """Tell what the server's normalisation changed from what is not ours, in what is live.

    Order of keys, white space and escape forms are no difference. Raises `UnreadableDefinition` for `expected`.
    """
    sent = read_definition(expected)
    try:
        read_definition(published)
    except UnreadableDefinition as problem:
        reason = f"cannot be read: {problem.reason}"
        return PublishedComparison(foreign=(Difference(path="$", before="the definition sent", after=reason),))
    normalised: list[Difference] = []
    foreign: list[Difference] = []
    for found in find_differences(expected, published):
        if not sent.is_taken_in(found.path):
            (normalised if _is_servers_own(sent, found) else foreign).append(found.difference)
    return PublishedComparison(normalised=tuple(normalised), foreign=tuple(foreign))


def _is_planned(original: Definition, path: Path, edits: Mapping[str, StepEdit]) -> bool:
    step_id = _step_at(original, path)
    if step_id is None or step_id not in edits:
        return False
    return original.sets_timeout(path[len(original.locations[step_id]) :])


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
            if after is None or after.setting != LiteralTimeout(timeout_ms=timeout_ms):
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


def _is_servers_own(sent: Definition, found: LocatedDifference) -> bool:
    if sent.is_server_owned(found.path):
        return True
    return found.added_key and _step_at(sent, found.path) is None


def _step_at(definition: Definition, path: Path) -> str | None:
    """Return the id of the step in whose node a path leads, or None."""
    places = {place: step_id for step_id, place in definition.locations.items()}
    return next((places[path[:end]] for end in range(1, len(path) + 1) if path[:end] in places), None)
