"""An org beside the files that it is deployed from: read, compared, and a patch of what a plan sets there."""

from collections.abc import Iterator, Sequence
from contextlib import closing

from files import patch
from files.errors import FilesError
from files.folders import Folders
from files.writing import FilesDraft
from flows.run.reading import take_inventory
from flows.sources.sources import FilesSource
from tasks.compare_with_files import compare_with_files
from tasks.running.opaque_to_prefect import opaque_to_prefect
from timeouts.as_code.as_code import AsCode, NotCompared
from timeouts.as_code.file_edits import FileEdits, file_edits
from timeouts.as_code.undone import Undone
from timeouts.inventory import Inventory
from timeouts.text.visible import one_line


def read_files(folders: Folders | None) -> Inventory | None:
    """Read folders of files; None for none. Call it in the body of a Prefect flow, before the org is read."""
    if folders is None:
        return None
    with FilesSource(folders).reader() as reader:
        return take_inventory(reader)


def compared(org: Inventory, files: Inventory | None) -> AsCode | None:
    """Say what files say beside an org; None where a run was given none. Call it in the body of a Prefect flow."""
    return None if files is None else compare_with_files(opaque_to_prefect(org), opaque_to_prefect(files))


def patch_of(folders: Folders, undone: Sequence[Undone]) -> patch.Patch:
    """Return the diff after which a deploy of the files undoes nothing of a plan. No file is written."""
    edits = file_edits(undone)
    with closing(FilesDraft(folders)) as draft:
        left = (*edits.left, *_refused(draft, edits))
        return patch.Patch(patch.patch_of(draft), tuple(f"{each.path}: {each.reason}" for each in left))


def _refused(draft: FilesDraft, edits: FileEdits) -> Iterator[NotCompared]:
    """Make all edits that can be made; yields those that a file refuses, or is too new for."""
    for limit in edits.limits:
        try:
            draft.write(draft.with_limit(limit.action_id, limit.version, limit.limit_ms))
        except FilesError as problem:
            yield NotCompared(path=limit.action_id, name=limit.name, reason=one_line(str(problem)))
    for flow in edits.flows:
        try:
            draft.write(draft.with_edits(flow.path, flow.fingerprint, flow.edits))
        except FilesError as problem:
            yield NotCompared(path=flow.path, name=flow.name, reason=one_line(str(problem)))
