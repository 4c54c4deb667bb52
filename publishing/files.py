"""Changing a file: read, compare with the plan, edit the text, prove the edit, write it whole, and read it again.

| step    | what is found                          | then                                             |
|---------|----------------------------------------|--------------------------------------------------|
| compare | what the plan asks for is there        | unchanged                                        |
|         | another content than the plan's        | skipped: stale                                   |
| edit    | the edit cannot be proved              | failed; the file is as it was                    |
| write   | dirty, locked, changed meanwhile       | skipped; the file is as it was                   |
|         | no permission, a full disk             | failed; the file is as it was                    |
|         | written                                | published                                        |
| verify  | the bytes that were written            | published                                        |
|         | others that say what the plan asks for | published, with a note                           |
|         | others, or none that can be read       | unknown: ours was there, and may be there still  |

A file is written whole or not at all, so that no run leaves half a change. There are no versions: what a file held
before is in Git, and in the record of the run.
"""

import typing

from files.contents import hash_of
from files.errors import FileBusy, FileChanged, FileRefused, FilesError
from files.listing import fingerprint_of
from files.reader import FileChange, FilesReader
from files.writing import FilesDraft, FilesWriter
from publishing.order import ActionOrder, ArchitectFlowOrder, Order, Publication, Timing
from timeouts.planning.outcomes import INTERRUPTED_BEFORE, Outcome

_FILE = "file"
"""The part whose fingerprint a publication expects: the whole file."""

_INTERRUPTED = f"{INTERRUPTED_BEFORE}written"
_ALREADY = "the file says it already"


def write_to_files(writer: FilesWriter | FilesDraft, order: Order, pace: Timing) -> Publication:
    """Make the planned change in the file that holds the target, or leave it as it was and say why."""
    try:
        return _write(writer, order, pace)
    except FileChanged as problem:
        ended = order.outcome("skipped", f"stale: {problem}")
    except FileBusy as problem:
        ended = order.outcome("skipped", str(problem))
    except FileRefused as problem:
        ended = order.outcome("failed", str(problem)).refused()
    except FilesError as problem:
        ended = order.outcome("failed", str(problem))
    return Publication(outcome=ended)


def _write(writer: FilesWriter | FilesDraft, order: Order, pace: Timing) -> Publication:
    change = _change(writer, order)
    if change.is_there:
        return Publication(outcome=order.outcome("unchanged", _ALREADY))
    if pace.stopped():
        return Publication(outcome=order.outcome("skipped", _INTERRUPTED))
    writer.write(change)
    fingerprint = fingerprint_of(hash_of(change.after))
    outcome = order.outcome("published").model_copy(update={"fingerprint_after": fingerprint})
    return Publication(outcome=outcome, expected={_FILE: fingerprint})


def verify_in_files(reader: FilesReader, order: Order, publication: Publication) -> Outcome:
    """Compare the file, read anew, with what was written to it: what was proved then holds for the same bytes.

    Other bytes are somebody's later work. Whatever they say, what was written may be there still, so that a roll back
    has to look.
    """
    outcome = publication.outcome
    try:
        if reader.fingerprint_now(order.target.id) == publication.expected.get(_FILE):
            return outcome
        if _holds(reader, order):
            return outcome.noted("somebody changed the file after us; what was planned is there")
        why = "what was planned is not there"
    except FilesError as problem:
        why = f"it cannot be read again: {problem}"
    return outcome.turned("unknown", f"it was written, and somebody changed the file after us: {why}; look at it")


def _holds(reader: FilesReader, order: Order) -> bool:
    match order:
        case ArchitectFlowOrder():
            return reader.holds_edits(order.target.id, order.edits)
        case ActionOrder():
            return reader.holds_limit(order.target.id, order.after_ms)
        case never:
            typing.assert_never(never)


def _change(reader: FilesReader, order: Order) -> FileChange:
    match order:
        case ArchitectFlowOrder():
            return reader.with_edits(order.target.id, order.fingerprint, order.edits, order.originals)
        case ActionOrder():
            return reader.with_limit(order.target.id, order.version, order.after_ms)
        case never:
            typing.assert_never(never)
