"""Files in a Git repository are changed where Git can undo it, and nothing of the repository is run."""

import os
import tempfile
from pathlib import Path

import pytest

from files.errors import FileBusy, FileRefused, FilesError
from files.git import repository_of
from files.writing import FilesWriter
from tests.files.conftest import action_of, folders, without_rights, write_files
from tests.files.samples import SampleAction, action_export, terraform_actions
from tests.git import committed, git

NAME = "actions/a.custom.json"


def repository(folder: Path, *options: str, body: bytes | None = None) -> Path:
    write_files(folder, {NAME: action_export() if body is None else body})
    return committed(folder, *options)


def write(folder: Path, name: str = NAME, *, undo: bool = False) -> bytes:
    writer = FilesWriter(folders(folder), undo=undo)
    change = writer.with_limit(name, action_of(writer, name).version or 0, 20_000)
    try:
        writer.write(change)
    finally:
        writer.close()
    return change.path.read_bytes()


@pytest.mark.parametrize("options", [(), ("--object-format=sha256",)], ids=["SHA-1", "SHA-256"])
@pytest.mark.parametrize("is_packed", [False, True])
def test_a_file_as_it_was_committed_is_changed(tmp_path: Path, options: tuple[str, ...], is_packed: bool) -> None:
    repository(tmp_path, *options)
    if is_packed:
        git(tmp_path, "gc")

    assert write(tmp_path) == action_export(timeout_seconds=20)

    git(tmp_path, "checkout", "--", NAME)
    assert (tmp_path / NAME).read_bytes() == action_export()


def test_a_folder_in_a_repository_belongs_to_it(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / NAME).write_bytes(action_export(timeout_seconds=3))

    with pytest.raises(FileBusy, match="it has changes that are not committed in Git, so that Git could not undo"):
        write(tmp_path / "actions", "a.custom.json")


def test_a_file_that_is_not_committed_is_left(tmp_path: Path) -> None:
    repository(tmp_path)
    write_files(tmp_path, {"b.custom.json": action_export()})

    with pytest.raises(FileBusy, match="it is not committed in Git"):
        write(tmp_path, "b.custom.json")


def test_before_the_first_commit_nothing_is_changed(tmp_path: Path) -> None:
    write_files(tmp_path, {NAME: action_export()})
    git(tmp_path, "init")

    with pytest.raises(FileBusy, match="it is not committed in Git"):
        write(tmp_path)


def test_a_roll_back_may_change_what_is_not_committed_yet(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / NAME).write_bytes(action_export(timeout_seconds=3))

    assert write(tmp_path, undo=True) == action_export(timeout_seconds=20)


def test_a_second_change_of_a_run_finds_its_own_first_one(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.tf": terraform_actions([SampleAction(), SampleAction("b")])})
    committed(tmp_path)
    writer = FilesWriter(folders(tmp_path))

    for action in writer.listing().actions:
        writer.write(writer.with_limit(action.id, action.version or 0, 20_000))

    writer.close()
    assert (tmp_path / "a.tf").read_bytes().count(b"config_timeout_seconds = 20") == 2


def test_line_breaks_that_git_made_for_this_machine_are_no_change(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / NAME).write_bytes(action_export().replace(b"\n", b"\r\n"))

    assert write(tmp_path) == action_export(timeout_seconds=20).replace(b"\n", b"\r\n")


def test_while_git_is_at_work_nothing_is_changed(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / ".git" / "index.lock").touch()

    with pytest.raises(FileBusy, match=r"^Git is at work in .*: actions/a\.custom\.json was left as it is"):
        write(tmp_path)


def test_a_working_tree_beside_its_repository_is_one_of_it(tmp_path: Path) -> None:
    repository(tmp_path / "main")
    git(tmp_path / "main", "worktree", "add", "../tree", "-b", "other")
    lock = tmp_path / "main" / ".git" / "worktrees" / "tree" / "index.lock"
    lock.touch()

    with pytest.raises(FileBusy, match="Git is at work"):
        write(tmp_path / "tree")
    lock.unlink()

    assert write(tmp_path / "tree") == action_export(timeout_seconds=20)


def test_a_repository_in_another_one_counts_for_its_own_files(tmp_path: Path) -> None:
    write_files(tmp_path, {"inner/a.custom.json": action_export(), "b.custom.json": action_export()})
    committed(tmp_path / "inner")
    git(tmp_path, "init")

    assert write(tmp_path, "inner/a.custom.json") == action_export(timeout_seconds=20)
    with pytest.raises(FileBusy, match="it is not committed in Git"):
        write(tmp_path, "b.custom.json")


def test_a_folder_that_is_no_repository_is_passed_by_as_git_does(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / NAME).write_bytes(action_export(timeout_seconds=3))
    (tmp_path / "actions" / ".git").mkdir()

    with pytest.raises(FileBusy, match="it has changes that are not committed in Git"):
        write(tmp_path)


def test_a_repository_that_nobody_may_look_into_is_not_passed_by() -> None:
    with tempfile.TemporaryDirectory() as name:  # which a user without rights may enter
        folder = Path(name)
        folder.chmod(0o755)
        (folder / ".git").mkdir(mode=0)

        with without_rights(), pytest.raises(FilesError, match="cannot be read"):
            repository_of(folder)


def test_outside_of_git_there_is_nothing_to_ask(tmp_path: Path) -> None:
    write_files(tmp_path, {NAME: action_export(), ".git/nothing": b""})

    assert write(tmp_path) == action_export(timeout_seconds=20)


def test_a_commit_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    repository(tmp_path)
    for each in (tmp_path / ".git" / "objects").glob("??/*"):
        each.unlink()

    with pytest.raises(FileBusy, match="what Git has of it cannot be read"):
        write(tmp_path)


def test_a_repository_of_a_kind_that_is_not_known_is_told(tmp_path: Path) -> None:
    repository(tmp_path)
    git(tmp_path, "config", "core.repositoryformatversion", "9")

    with pytest.raises(FileRefused, match=r"the Git repository .* cannot be read"):
        write(tmp_path)


@pytest.mark.parametrize("name", ["HEAD", "config", "commondir", "packed-refs", "shallow", "refs/heads/main"])
def test_a_repository_with_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(tmp_path: Path, name: str) -> None:
    repository(tmp_path)
    (tmp_path / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / ".git" / name)

    with pytest.raises(
        FileRefused, match=r"the Git repository .* cannot be read: (\w|-)+ in it is no file|neither a file"
    ):
        write(tmp_path)


def test_a_repository_with_pipes_in_the_place_of_objects_keeps_nobody_waiting(tmp_path: Path) -> None:
    repository(tmp_path)
    for each in (tmp_path / ".git" / "objects").glob("??/*"):
        each.unlink()
        os.mkfifo(each)

    with pytest.raises(FileRefused, match="something below objects in it is neither a file nor a folder"):
        write(tmp_path)


def test_a_configuration_of_many_megabytes_is_not_read(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / ".git" / "config").write_bytes(b"[core]\n" + b"a = b\n" * 1_000_000)

    with pytest.raises(FileRefused, match="its config has more than 1,000,000 bytes"):
        write(tmp_path)


def test_a_head_that_leads_to_itself_is_told(tmp_path: Path) -> None:
    repository(tmp_path)
    (tmp_path / ".git" / "HEAD").write_text("ref: HEAD\n")

    with pytest.raises(FileBusy, match="what Git has of it cannot be read"):
        write(tmp_path)


def test_nothing_of_a_hostile_repository_is_run(tmp_path: Path) -> None:
    folder, mark = tmp_path / "checkout", tmp_path / "ran"
    repository(folder)
    run = tmp_path / "run"
    run.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    run.chmod(0o755)
    for key in (
        *(
            "core.fsmonitor",
            "core.hooksPath",
            "core.pager",
            "core.sshCommand",
            "core.editor",
            "core.alternateRefsCommand",
        ),
        *("filter.x.clean", "filter.x.smudge", "filter.x.process", "diff.x.textconv", "credential.helper"),
    ):
        git(folder, "config", key, str(run))
    (folder / ".git" / "info" / "attributes").write_text("* filter=x diff=x\n")
    for hook in ("pre-commit", "post-checkout", "post-index-change"):
        os.link(run, folder / ".git" / "hooks" / hook)
    mark.unlink(missing_ok=True)

    write(folder)

    assert not mark.exists()


def test_a_repository_is_found_upwards(tmp_path: Path) -> None:
    repository(tmp_path)

    found = repository_of(tmp_path / "actions")

    assert found is not None
    assert found.top == tmp_path
    found.close()
