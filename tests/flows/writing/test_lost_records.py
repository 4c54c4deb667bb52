"""Records that somebody else sealed, spoiled or took away: what could not be put back is not published."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prefect.filesystems import LocalFileSystem
from prefect.logging import disable_run_logger
from pydantic import SecretBytes
from rich.console import Console

from flows.record.about import about_run, keep_about
from flows.record.listed import ListedRun, line_of, told
from flows.record.recording import Record, RecordError, keep_report
from flows.record.records import Names, RefusedRecordError, kept_attempts, kept_report
from reports.report import Report
from reports.run_list import RunList
from reports.terminal.runs import show_list
from tasks.storage import ResultStorage
from tasks.storage.seal_keys import SealKeys
from tests.flows.writing.test_record import Bucket, published, report

OURS, THEIRS = (SecretBytes(f"the key of the {whose} worker, 32!".encode()) for whose in ("first", "other"))
FIRST, SECOND = Names("run-1", 1), Names("run-1", 2)


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture
def ours(bucket: Bucket) -> ResultStorage:
    return ResultStorage(bucket, keys=SealKeys((OURS,)))


@pytest.fixture
def theirs(bucket: Bucket) -> ResultStorage:
    return ResultStorage(bucket, keys=SealKeys((THEIRS,)))


@pytest.fixture(autouse=True)
def _outside_of_a_run() -> Iterator[None]:
    with disable_run_logger():
        yield


def test_a_retry_changes_nothing_where_what_its_first_attempt_did_is_not_known(
    bucket: Bucket, ours: ResultStorage, theirs: ResultStorage
) -> None:
    """A key was taken out between a run and its retry: that published, and nobody could roll the run back."""
    Record(theirs, report()).open()
    before = dict(bucket._files)

    with pytest.raises(RecordError, match=r"nothing was changed: .*is sealed with the key .*start a new run"):
        Record(ours, report()).open()
    assert bucket._files == before


def test_a_retry_changes_nothing_where_somebody_deleted_what_its_first_attempt_had_found(
    bucket: Bucket, ours: ResultStorage
) -> None:
    """It took the number of the attempt that was gone, and nothing told any more of what that had published."""
    record = Record(ours, report())
    record.open()
    assert record.begin("af-000") == ""
    record.close(report().requests)
    del bucket._files[FIRST.before]

    with pytest.raises(RecordError, match=f"nothing was changed: .*{FIRST.before} is gone"):
        Record(ours, report()).open()
    assert FIRST.before not in bucket._files


def test_a_retry_follows_an_attempt_whose_key_it_knows(bucket: Bucket, theirs: ResultStorage) -> None:
    Record(theirs, report()).open()
    both = ResultStorage(bucket, keys=SealKeys((OURS, THEIRS)))
    record = Record(both, report())
    record.open()

    assert record.begin("af-000") == ""
    assert len(kept_attempts(both, "run-1")) == 2


def test_what_another_process_of_the_run_takes_over_with_its_own_key_is_not_begun(
    bucket: Bucket, ours: ResultStorage, theirs: ResultStorage
) -> None:
    """Both published, each could not read what the other one kept, and nothing of it could be put back."""
    record = Record(ours, report())
    record.open()
    theirs.write(FIRST.before, report().to_json())  # it looked in the same moment, and was last
    theirs_are = bucket._files[FIRST.before]

    for target in ("af-000", "af-001"):
        assert "could not be rolled back" in record.begin(target)
        record.add(published(target).turned("failed", "not started"))

    assert bucket._files[FIRST.before] == theirs_are
    assert not any(name.startswith(FIRST.entry(0)[:-1]) for name in bucket._files)
    with pytest.raises(RefusedRecordError):
        kept_attempts(ours, "run-1")


def as_dry_run(seen: Report) -> Report:
    return seen.model_copy(update={"run": seen.run.model_copy(update={"mode": "dry run"})})


def test_a_run_that_writes_nothing_follows_an_attempt_whose_record_is_refused(
    bucket: Bucket, ours: ResultStorage
) -> None:
    bucket._files[FIRST.before] = b"of somebody"
    keep_report(ours, as_dry_run(report()))

    assert SECOND.before in bucket._files
    assert bucket._files[FIRST.before] == b"of somebody"


def test_nothing_is_begun_where_the_folder_went_away_and_the_next_write_made_it_anew(tmp_path: Path) -> None:
    """A share that was unmounted: what was published meanwhile was in no record once it was back, and stayed raised."""
    results = tmp_path / "results"
    storage = ResultStorage(LocalFileSystem(basepath=str(results)))
    record = Record(storage, report())
    record.open()
    assert record.begin("af-000") == ""
    results.rename(tmp_path / "unmounted")
    record.add(published("af-000"))

    assert [f"{results / FIRST.before} is gone" in record.begin(target) for target in ("af-001", "af-002")] == [
        True
    ] * 2

    record.add(published("af-001").turned("failed", "not started"))
    results.rename(tmp_path / "made-anew")
    (tmp_path / "unmounted").rename(results)
    assert [(each.target.id, each.may_be_live) for each in kept_report(storage, "run-1").outcomes] == [("af-000", True)]


def test_no_plan_stands_in_a_list_for_what_came_of_a_run_that_could_not_store_it(ours: ResultStorage) -> None:
    """On a disk that was full at the end, all was published, and `runs` said what had been planned."""
    said = {}
    for seen in (report(), as_dry_run(report()), report().with_outcomes([published("af-000")], report().requests)):
        keep_about(ours, seen)
        about = about_run(ours, "run-1")
        assert about is not None
        said[seen.run.mode, len(seen.outcomes)] = about.said

    assert said == {
        ("apply", 0): "",
        ("dry run", 0): "3 changes in 3 Architect flows, 1 action limit",
        ("apply", 1): "1 published",
    }


def test_a_list_tells_a_record_that_is_refused_from_none(ours: ResultStorage, theirs: ResultStorage) -> None:
    keep_about(theirs, report())
    listed = ListedRun("run-1", "brave-otter", "raise-timeouts", "raise, apply", "Completed", "", 0)
    screen = io.StringIO()

    lines = [line_of(told(run, [ours])) for run in (listed, replace(listed, id="run-2"))]
    show_list(RunList(runs=tuple(lines)), Console(file=screen, width=200))

    assert [(line.is_kept, line.is_unreadable) for line in lines] == [(False, True), (False, False)]
    assert "Completed (its record cannot be read: `show` says why)" in screen.getvalue()
    assert "Completed (no record here)" in screen.getvalue()
