"""Roll backs of YAML in which steps have moved since: each gets back its own time, or is left and named."""

from pathlib import Path

import pytest

from files.folders import Folders
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from tests.files.conftest import write_files
from tests.files.samples import ArchyStep, archy_yaml
from tests.flows.conftest import plan_of, report_of, run_id_of
from timeouts.policy.policy import Policy

ORDERS = "Orders.yaml"
TO_15S = Policy.raise_to(15_000)


def orders(*steps: tuple[str, int]) -> bytes:
    """The file, with steps of these names that wait so many seconds."""
    return archy_yaml([ArchyStep(name=name, timeout=f"lit:\n  seconds: {seconds}") for name, seconds in steps])


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A folder of one file, in no Git repository."""
    write_files(tmp_path, {ORDERS: orders(("Look up", 2), ("Ask", 4), ("Ask", 5), ("Ask", 20))})
    return Folders(paths=(str(tmp_path),))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / ORDERS


def raised(folders: Folders) -> str:
    return run_id_of(raise_timeouts(files=folders, policy=TO_15S, mode="apply", return_state=True))


def test_equal_steps_go_back_byte_identical_while_nobody_edits_the_file_and_so_does_their_roll_back(
    folders: Folders, file: Path
) -> None:
    before = file.read_bytes()
    run = raised(folders)
    after = file.read_bytes()

    back = roll_back(run, files=folders, mode="apply", return_state=True)
    put_back = file.read_bytes()
    roll_back(run_id_of(back), files=folders, mode="apply", return_state=True)

    assert (put_back, file.read_bytes()) == (before, after)
    assert [each.fingerprint_after[:7] for each in report_of(back).outcomes] == ["sha256:"]


def test_a_step_that_moved_gets_its_own_time_back_and_what_names_do_not_tell_is_left(
    folders: Folders, file: Path
) -> None:
    run = raised(folders)
    file.write_bytes(orders(("New", 15), ("Ask", 15), ("Ask", 15), ("Ask", 20), ("Look up", 15)))

    back = roll_back(run, files=folders, mode="apply", return_state=True)

    assert file.read_bytes() == orders(("New", 15), ("Ask", 15), ("Ask", 15), ("Ask", 20), ("Look up", 2))
    assert [(line.step_name, line.why) for line in plan_of(back).left_alone] == [("Ask", "changed_since")] * 2


def test_one_that_remains_of_several_equal_steps_is_not_taken_for_the_one_that_the_run_changed(
    folders: Folders, file: Path
) -> None:
    file.write_bytes(orders(("Ask", 2), ("Ask", 15)))
    run = raised(folders)
    file.write_bytes(orders(("Ask", 15)))

    left = plan_of(roll_back(run, files=folders, return_state=True)).left_alone

    assert [line.why for line in left] == ["changed_since"]
