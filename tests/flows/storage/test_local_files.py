"""Our files in a folder of this machine: for their owner alone, and no link leads anybody out of it."""

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from prefect.filesystems import LocalFileSystem

from tasks.storage import ResultStorage
from tasks.storage.results import WRITES
from tasks.storage.seals import RefusedFile

NAME = "genesys-timeouts-plan-1"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "made" / "here"


def kept_in(root: Path, area: str = WRITES) -> ResultStorage:
    return ResultStorage(LocalFileSystem(basepath=str(root)), area)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_and_the_folders_that_are_made_for_them_are_for_their_owner_alone(root: Path) -> None:
    before = os.umask(0)
    try:
        kept_in(root).write(NAME, b"content")
        kept_in(root).export("steps.csv", b"a,b")
    finally:
        os.umask(before)

    assert [mode_of(each) for each in (root.parent, root, root / WRITES)] == [0o700] * 3
    assert [mode_of(root / WRITES / name) for name in (NAME, "steps.csv")] == [0o600] * 2


def test_a_file_of_an_earlier_version_that_others_could_read_is_replaced_by_one_that_they_cannot(root: Path) -> None:
    (root / WRITES).mkdir(parents=True)
    (root / WRITES / NAME).write_bytes(b"older")
    (root / WRITES / NAME).chmod(0o644)
    kept_in(root).write(NAME, b"content")

    assert mode_of(root / WRITES / NAME) == 0o600


PLANTED: dict[str, Callable[[Path, Path], None]] = {
    "a link": lambda path, elsewhere: path.symlink_to(elsewhere),
    "a link to nothing": lambda path, elsewhere: path.symlink_to(elsewhere.with_name("nothing")),
    "a pipe": lambda path, _: os.mkfifo(path),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_no_file_is_refused_by_name_and_not_waited_for(root: Path, tmp_path: Path, planted: str) -> None:
    kept_in(root).write("another", b"")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes((root / WRITES / "another").read_bytes())
    PLANTED[planted](root / WRITES / NAME, elsewhere)

    with pytest.raises(RefusedFile, match=f"{NAME} is a link, a pipe or a folder, and no file: it is not read"):
        kept_in(root).read(NAME)


@pytest.mark.parametrize("planted", PLANTED)
def test_a_file_takes_the_place_of_what_is_no_file_and_goes_nowhere_else(
    root: Path, tmp_path: Path, planted: str
) -> None:
    kept_in(root).write("another", b"")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"of somebody")
    PLANTED[planted](root / WRITES / NAME, elsewhere)

    kept_in(root).write_and_check(NAME, b"content")

    assert stat.S_ISREG((root / WRITES / NAME).lstat().st_mode)
    assert elsewhere.read_bytes() == b"of somebody"
    assert not elsewhere.with_name("nothing").exists()


def test_a_file_that_may_not_be_read_is_named_with_its_folder(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system names what it was asked for: a name in a folder that was opened before."""
    kept_in(root).write(NAME, b"content")
    opening = os.open

    def refuse(path: str | Path, *more: int, dir_fd: int | None = None) -> int:
        if path == NAME:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opening(path, *more, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)

    with pytest.raises(PermissionError, match=f"Permission denied: '{root / WRITES / NAME}'"):
        kept_in(root).read(NAME)


def test_an_area_that_leads_elsewhere_is_refused_by_name(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    kept_in(elsewhere).write(NAME, b"content")
    root.mkdir(parents=True)
    (root / WRITES).symlink_to(elsewhere / WRITES)

    for reach in (lambda: kept_in(root).read(NAME), lambda: kept_in(root).write("another", b"content")):
        with pytest.raises(NotADirectoryError, match=r"it is a link, or no folder: .*writes"):
            reach()
    assert [path.name for path in (elsewhere / WRITES).iterdir()] == [NAME]


def test_the_storage_itself_may_be_a_link_of_the_operators(root: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    root.parent.mkdir()
    root.symlink_to(tmp_path / "disk")
    kept_in(root).write(NAME, b"content")

    assert kept_in(tmp_path / "disk").read(NAME) == b"content"


@pytest.mark.parametrize("name", ["../another", "a/b", "/etc/passwd", ".hidden", "", "two\nlines", "x" * 202])
def test_a_name_that_is_none_of_ours_is_neither_read_nor_written(root: Path, name: str) -> None:
    for reach in (
        lambda: kept_in(root).read(name),
        lambda: kept_in(root).write(name, b"content"),
        lambda: kept_in(root).export(f"../{name}.csv", b"a,b"),
    ):
        with pytest.raises(ValueError, match="is no name of a file of ours"):
            reach()
    assert not root.exists()
