"""Folders of small files, and what a test asks of them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from files.folders import Folders
from files.reader import FilesReader
from files.writing import FilesWriter
from timeouts.model.org import DataAction
from timeouts.model.step_edits import Restore, SetTimeout, StepEdit
from timeouts.model.steps import Reading

NOBODY = 65_534
ROOT_FOLDER = Path("/")


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files by their paths below a folder, and return it."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    """What is in the files of a folder by their paths below it; without what is Git's own."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def folders(*paths: Path, include: tuple[str, ...] = (), exclude: tuple[str, ...] = ()) -> Folders:
    return Folders(paths=tuple(map(str, paths)), include=include, exclude=exclude)


def reading_of(reader: FilesReader, architect_flow_id: str) -> Reading:
    """Read one Architect flow of the listing."""
    return next(reader.read(each) for each in reader.listing().architect_flows if each.id == architect_flow_id)


def action_of(reader: FilesReader, action_id: str) -> DataAction:
    """Return one action of the listing."""
    found = reader.listing().action(action_id)
    assert found is not None
    return found


def set_all(reading: Reading, timeout_ms: int) -> dict[str, StepEdit]:
    """Edits that set every step which can be changed."""
    return {step.id: SetTimeout(timeout_ms=timeout_ms) for step in reading.steps if step.raw_timeout is not None}


def put_back(reading: Reading) -> dict[str, StepEdit]:
    """Edits that put back what every step says in a reading."""
    return {step.id: Restore(original=step.raw_timeout) for step in reading.steps if step.raw_timeout is not None}


def raised(folder: Path, architect_flow_id: str, timeout_ms: int = 17_000) -> bytes:
    """Set every step of an Architect flow, and return what its file holds then."""
    writer = FilesWriter(folders(folder))
    reading = reading_of(writer, architect_flow_id)
    writer.write(writer.with_edits(architect_flow_id, reading.fingerprint, set_all(reading, timeout_ms)))
    writer.close()
    return (folder / architect_flow_id).read_bytes()


def limited(folder: Path, action_id: str, limit_ms: int | None) -> bytes:
    """Give an action another limit, and return what its file holds then."""
    writer = FilesWriter(folders(folder))
    action = action_of(writer, action_id)
    assert action.version is not None
    change = writer.with_limit(action_id, action.version, limit_ms)
    writer.write(change)
    writer.close()
    return change.path.read_bytes()


@contextmanager
def without_rights() -> Iterator[None]:
    """Do something as a user to whom nothing belongs; root, who may do everything, becomes one meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
