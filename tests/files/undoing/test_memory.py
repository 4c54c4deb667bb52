"""What a run of ours left is known again by the next one, and a limit is put back as it was written."""

from pathlib import Path

import pytest

from files.errors import FileBusy
from files.undoing.memory import Kept
from files.writing import FilesWriter
from tests.files.conftest import action_of, folders, write_files
from tests.files.samples import SampleAction, action_export, terraform_actions
from tests.git import committed

NAME = "a.custom.json"
TERRAFORM = "a.tf"


class OfThisTest:
    """What is kept for as long as a test lasts."""

    def __init__(self) -> None:
        self.files: dict[str, Kept] = {}

    def get(self, path: str) -> Kept:
        """Return what is kept of a file."""
        return self.files.get(path, Kept())

    def keep(self, path: str, kept: Kept) -> None:
        """Keep it."""
        self.files[path] = kept


@pytest.fixture
def memory() -> OfThisTest:
    return OfThisTest()


def write(folder: Path, memory: OfThisTest, limit_ms: int | None, action_id: str = NAME, *, undo: bool = False) -> None:
    """Change a limit as a run of its own."""
    writer = FilesWriter(folders(folder), memory=memory, undo=undo)
    try:
        writer.write(writer.with_limit(action_id, action_of(writer, action_id).version or 0, limit_ms))
    finally:
        writer.close()


def repository(folder: Path) -> Path:
    return committed(write_files(folder, {NAME: action_export()}))


def test_what_a_run_of_ours_left_is_not_in_the_way_of_the_next_one(tmp_path: Path, memory: OfThisTest) -> None:
    repository(tmp_path)

    for seconds in (20, 30, 40):
        write(tmp_path, memory, seconds * 1_000)

    assert (tmp_path / NAME).read_bytes() == action_export(timeout_seconds=40)


@pytest.mark.parametrize("theirs", [b"\n", b" "])
def test_what_somebody_made_of_it_is(tmp_path: Path, memory: OfThisTest, theirs: bytes) -> None:
    repository(tmp_path)
    write(tmp_path, memory, 20_000)
    with (tmp_path / NAME).open("ab") as file:
        file.write(theirs)

    with pytest.raises(FileBusy, match="it has changes that are not committed in Git"):
        write(tmp_path, memory, 30_000)


def test_a_copy_of_it_under_another_name_is(tmp_path: Path, memory: OfThisTest) -> None:
    repository(tmp_path)
    write(tmp_path, memory, 20_000)
    (tmp_path / "b.custom.json").write_bytes((tmp_path / NAME).read_bytes())

    with pytest.raises(FileBusy, match="it is not committed in Git"):
        write(tmp_path, memory, 30_000, "b.custom.json")


def test_a_file_that_a_roll_back_changed_over_somebody_s_work_is(tmp_path: Path, memory: OfThisTest) -> None:
    repository(tmp_path)
    (tmp_path / NAME).write_bytes(action_export(name="Theirs"))
    write(tmp_path, memory, 20_000, undo=True)

    with pytest.raises(FileBusy, match="it has changes that are not committed in Git"):
        write(tmp_path, memory, 30_000)


def test_a_run_that_was_killed_before_it_wrote_again_leaves_what_it_had_left_for_ours(
    tmp_path: Path, memory: OfThisTest
) -> None:
    repository(tmp_path)
    write(tmp_path, memory, 20_000)
    after_first = (tmp_path / NAME).read_bytes()
    write(tmp_path, memory, 30_000)

    (tmp_path / NAME).write_bytes(after_first)
    write(tmp_path, memory, 40_000)

    assert (tmp_path / NAME).read_bytes() == action_export(timeout_seconds=40)


def test_a_run_that_was_killed_between_two_actions_of_a_file_is_taken_up(tmp_path: Path, memory: OfThisTest) -> None:
    committed(write_files(tmp_path, {TERRAFORM: terraform_actions([SampleAction(), SampleAction("b")])}))
    write(tmp_path, memory, 20_000, f"{TERRAFORM}#look_up_customer")

    write(tmp_path, memory, 20_000, f"{TERRAFORM}#b")

    assert (tmp_path / TERRAFORM).read_bytes().count(b"config_timeout_seconds = 20") == 2


def test_what_was_made_outside_of_git_is_not_ours_once_git_is_there(tmp_path: Path, memory: OfThisTest) -> None:
    write_files(tmp_path, {NAME: action_export()})
    write(tmp_path, memory, 20_000)
    committed(write_files(tmp_path / "else", {"x": b""}))
    (tmp_path / "else" / ".git").rename(tmp_path / ".git")

    with pytest.raises(FileBusy, match="it is not committed in Git"):
        write(tmp_path, memory, 30_000)


@pytest.mark.parametrize("written", ["0", "5", '"5"', "007", "5 # agreed", "5 /* why */"])
def test_a_limit_of_terraform_is_put_back_as_it_was_written(tmp_path: Path, memory: OfThisTest, written: str) -> None:
    before = terraform_actions([SampleAction(timeout=written), SampleAction("b", timeout="3")])
    write_files(tmp_path, {TERRAFORM: before})
    action_id = f"{TERRAFORM}#look_up_customer"
    limit_ms = action_of(FilesWriter(folders(tmp_path)), action_id).limit_ms

    write(tmp_path, memory, 20_000, action_id)
    assert (tmp_path / TERRAFORM).read_bytes() != before
    write(tmp_path, memory, limit_ms, action_id, undo=True)

    assert (tmp_path / TERRAFORM).read_bytes() == before


@pytest.mark.parametrize(("own", "function", "limit_ms"), [("20", "4", 4_000), ("4", "4", 4_000), ("10", "04", 4_000)])
def test_the_limit_of_a_function_and_that_of_its_action_go_back_together(
    tmp_path: Path, memory: OfThisTest, own: str, function: str, limit_ms: int
) -> None:
    before = terraform_actions([SampleAction(timeout=own, function_timeout=function, has_function=True)])
    write_files(tmp_path, {TERRAFORM: before})
    action_id = f"{TERRAFORM}#look_up_customer"

    write(tmp_path, memory, 10_000, action_id)
    assert (tmp_path / TERRAFORM).read_bytes() != before
    write(tmp_path, memory, limit_ms, action_id, undo=True)

    assert (tmp_path / TERRAFORM).read_bytes() == before


@pytest.mark.parametrize("written", [b"null", b"7.0", b"7"])
def test_a_limit_of_an_export_is_put_back_as_it_was_written(tmp_path: Path, memory: OfThisTest, written: bytes) -> None:
    before = action_export(timeout_seconds=7).replace(b'"timeoutSeconds": 7', b'"timeoutSeconds": ' + written)
    write_files(tmp_path, {NAME: before})
    limit_ms = action_of(FilesWriter(folders(tmp_path)), NAME).limit_ms

    write(tmp_path, memory, 20_000)
    write(tmp_path, memory, limit_ms, undo=True)

    assert (tmp_path / NAME).read_bytes() == before


def test_several_raises_are_put_back_one_by_one(tmp_path: Path, memory: OfThisTest) -> None:
    before = action_export(timeout_seconds=7).replace(b'"timeoutSeconds": 7', b'"timeoutSeconds": null')
    write_files(tmp_path, {NAME: before})

    write(tmp_path, memory, 20_000)
    write(tmp_path, memory, 30_000)
    write(tmp_path, memory, 20_000, undo=True)
    assert (tmp_path / NAME).read_bytes() == action_export(timeout_seconds=20)
    write(tmp_path, memory, None, undo=True)

    assert (tmp_path / NAME).read_bytes() == before


def test_without_a_memory_no_limit_is_put_back_as_no_line(tmp_path: Path, memory: OfThisTest) -> None:
    write_files(tmp_path, {TERRAFORM: terraform_actions([SampleAction(timeout="0")])})
    action_id = f"{TERRAFORM}#look_up_customer"

    write(tmp_path, memory, 20_000, action_id)
    write(tmp_path, OfThisTest(), None, action_id, undo=True)

    assert (tmp_path / TERRAFORM).read_bytes() == terraform_actions([SampleAction()])
