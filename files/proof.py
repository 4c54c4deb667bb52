"""Proof that an edited file is the file before with exactly the planned timeouts changed, before it is written."""

import typing
from collections.abc import Mapping

from files.errors import FileRefused
from files.formats.action_file import ActionFile
from files.formats.flow_file import FlowFile, UnreadableFile
from files.formats.reading import read_actions, read_flow
from files.walking import FoundFile
from timeouts.definitions.proof import ProofFailed, prove_edit
from timeouts.model.settings import literal_ms
from timeouts.model.step_edits import Restore, SetTimeout, StepEdit
from timeouts.model.steps import Step

_LEFT = "would hold more than the planned change, so it was left as it is"


def prove_steps(file: FoundFile, before: FlowFile, after: bytes, edits: Mapping[str, StepEdit]) -> None:
    """Raise FileRefused unless a file holds its Architect flow with exactly these edits of steps made.

    It is read anew from its bytes, and what was read is packed to the same bytes again.
    """
    try:
        again = read_flow(after, file.name)
        if again is None or again.pack(again.document) != after or again.unwritable:
            raise FileRefused(f"{file.shown} would not be read as it is written, so it was left as it is")
        prove_edit(before.document, again.document, edits, read=before.reread)
    except (ProofFailed, UnreadableFile) as problem:
        raise FileRefused(f"{file.shown} {_LEFT}: {problem}") from problem


def prove_limit(file: FoundFile, before: ActionFile, after: bytes, resource: str, limit_ms: int | None) -> None:
    """Raise FileRefused unless a file holds its actions with exactly the limit of one changed."""
    try:
        again = read_actions(after, file.name)
    except UnreadableFile as problem:
        raise FileRefused(f"{file.shown} {_LEFT}: {problem}") from problem
    new = {} if again is None else {each.resource: each for each in again.actions}
    if again is None or list(new) != [each.resource for each in before.actions]:
        raise FileRefused(f"{file.shown} {_LEFT}: it would hold other actions")
    if not new[resource].has_limit(limit_ms) or new[resource].unknown_limit:
        raise FileRefused(f"{file.shown} would not have the planned limit, so it was left as it is")
    if again.frame(resource) != before.frame(resource):
        raise FileRefused(f"{file.shown} {_LEFT}")


def is_as_edited(step: Step, edit: StepEdit) -> bool:
    """Return whether a step says already what an edit would make it say."""
    match edit:
        case SetTimeout(timeout_ms=timeout_ms):
            return literal_ms(step.setting) == timeout_ms
        case Restore(original=original):
            return step.raw_timeout == original
        case _:
            typing.assert_never(edit)
