"""How a change of a file ends: written, there already, or left for a reason that is told; and how it is verified."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from files.folders import Folders
from files.writing import FilesWriter
from flows.run.pace import pace_until
from publishing.files import verify_in_files, write_to_files
from publishing.order import ActionOrder, ArchitectFlowOrder, Order, Publication, Timing
from tests.files.samples import (
    ArchyStep,
    SampleAction,
    SampleStep,
    archy_yaml,
    configuration_json,
    terraform_actions,
)
from timeouts.model.step_edits import SetTimeout
from timeouts.planning.outcomes import Target

SHORT = SampleStep(timeout_ms=2_000, suggested=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration of one step, and two actions in one file of Terraform."""
    (tmp_path / "line.json").write_bytes(configuration_json([SHORT], name="Line"))
    actions = (SampleAction("price", '"Price"', timeout="3"), SampleAction("stock", '"Stock"', timeout="4"))
    (tmp_path / "actions.tf").write_bytes(terraform_actions(actions))
    return tmp_path


@pytest.fixture
def writer(folder: Path) -> Iterator[FilesWriter]:
    with closing(FilesWriter(Folders(paths=(str(folder),)))) as writer:
        yield writer


def pace(*, stopped: bool = False) -> Timing:
    stop = threading.Event()
    if stopped:
        stop.set()
    return pace_until(stop)


def order(writer: FilesWriter, timeout_ms: int = 10_000) -> ArchitectFlowOrder:
    """What a plan asks of the configuration as it is now."""
    (line,) = writer.listing().architect_flows
    reading = writer.read(line)
    (step,) = reading.steps
    assert step.raw_timeout is not None
    return ArchitectFlowOrder(
        target=Target(kind="architect_flow", id=line.id, name=line.name),
        kind=reading.kind,
        version=None,
        fingerprint=reading.fingerprint,
        edits={step.id: SetTimeout(timeout_ms=timeout_ms)},
        originals={step.id: step.raw_timeout},
    )


def limits(writer: FilesWriter) -> list[ActionOrder]:
    """What a plan asks of both actions as they are now: a limit of ten seconds."""
    return [
        ActionOrder(
            target=Target(kind="action", id=each.id, name=each.name),
            kind="custom",
            version=each.version or 0,
            before_ms=each.limit_ms,
            after_ms=10_000,
        )
        for each in writer.listing().actions
    ]


def written(writer: FilesWriter, asked: Order) -> Publication:
    return write_to_files(writer, asked, pace())


def test_what_is_written_is_verified_from_a_fresh_read_and_has_no_version(folder: Path, writer: FilesWriter) -> None:
    asked = order(writer)

    outcome = verify_in_files(writer, asked, written(writer, asked))

    assert (outcome.outcome, outcome.version_after, outcome.may_be_live) == ("published", None, True)
    assert b"P0D0H0M10S0F" in (folder / "line.json").read_bytes()


def test_two_actions_of_one_file_are_written_one_after_the_other(folder: Path, writer: FilesWriter) -> None:
    outcomes = [verify_in_files(writer, each, written(writer, each)).outcome for each in limits(writer)]

    assert outcomes == ["published", "published"]
    assert (folder / "actions.tf").read_text().count("config_timeout_seconds = 10") == 2


def test_what_is_there_already_is_no_work_of_ours(writer: FilesWriter) -> None:
    asked = order(writer)
    written(writer, asked)

    outcome = written(writer, asked).outcome

    assert (outcome.outcome, outcome.may_be_live) == ("unchanged", False)


def test_a_file_that_somebody_changed_is_stale(folder: Path, writer: FilesWriter) -> None:
    asked = order(writer)
    (folder / "line.json").write_bytes(configuration_json([SHORT, SHORT], name="Line"))

    outcome = written(writer, asked).outcome

    assert outcome.outcome == "skipped"
    assert outcome.reason.startswith("stale: line.json is no longer what the plan was made from")


def test_another_step_that_waits_the_same_in_the_place_of_ours_is_not_ours(tmp_path: Path) -> None:
    """A step of YAML has no id but its place: `apply` said that all was there already, and ours stood as before."""
    look_up = ArchyStep(name="Look up", timeout="lit:\n  seconds: 5")
    other = ArchyStep(name="New", timeout="lit:\n  seconds: 10")
    (tmp_path / "line.yaml").write_bytes(archy_yaml([look_up]))
    with closing(FilesWriter(Folders(paths=(str(tmp_path),)))) as writer:
        asked = order(writer)
        (tmp_path / "line.yaml").write_bytes(archy_yaml([other, look_up]))
        moved = write_to_files(writer, asked, pace()).outcome
        (tmp_path / "line.yaml").write_bytes(archy_yaml([look_up]))
        done = [written(writer, asked).outcome.outcome for _ in range(2)]

    assert (moved.outcome, "is no longer what the plan was made from" in moved.reason) == ("skipped", True)
    assert done == ["published", "unchanged"]


def test_a_file_that_another_program_holds_is_left_politely(folder: Path, writer: FilesWriter) -> None:
    asked = order(writer)
    with (folder / "line.json").open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        outcome = written(writer, asked).outcome

    assert outcome.outcome == "skipped"
    assert outcome.reason.startswith("Another program has locked line.json")


def test_a_file_that_cannot_be_written_as_it_is_says_nothing_of_the_others(folder: Path, writer: FilesWriter) -> None:
    asked = order(writer)
    (folder / "other name.json").hardlink_to(folder / "line.json")

    outcome = written(writer, asked).outcome

    assert (outcome.outcome, outcome.is_refused, outcome.may_be_live) == ("failed", True, False)


def test_an_interrupted_run_writes_nothing_more(folder: Path, writer: FilesWriter) -> None:
    before = (folder / "line.json").read_bytes()

    outcome = write_to_files(writer, order(writer), pace(stopped=True)).outcome

    assert (outcome.outcome, outcome.reason) == ("skipped", "interrupted before it was written")
    assert (folder / "line.json").read_bytes() == before


def test_somebody_who_writes_after_us_is_told_of_and_what_was_planned_counts(folder: Path, writer: FilesWriter) -> None:
    asked = order(writer)
    publication = written(writer, asked)
    (folder / "line.json").write_bytes((folder / "line.json").read_bytes() + b"\n")

    outcome = verify_in_files(writer, asked, publication)

    assert outcome.outcome == "published"
    assert outcome.notes == ("somebody changed the file after us; what was planned is there",)


def test_what_was_overwritten_or_removed_is_unknown_so_that_a_roll_back_looks_at_it(
    folder: Path, writer: FilesWriter
) -> None:
    asked = order(writer)
    publication = written(writer, asked)

    (folder / "line.json").write_bytes(configuration_json([SHORT], name="Line"))
    overwritten = verify_in_files(writer, asked, publication)
    (folder / "line.json").unlink()
    removed = verify_in_files(writer, asked, publication)

    assert [(each.outcome, each.may_be_live) for each in (overwritten, removed)] == [("unknown", True)] * 2
