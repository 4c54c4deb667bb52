"""The record of a run: what was there before, and then one small entry for each Architect flow and action."""

import json
from typing import Any

import pytest
from prefect.filesystems import WritableFileSystem
from pydantic import PrivateAttr

from flows.record.recording import Record, RecordError
from flows.record.records import NoRecordError, kept_attempts, kept_report, plan_name, saved_plan_text
from genesys import RequestCounts
from reports.report import Report, Run
from tasks.storage import ResultStorage, default_storage
from tests.timeouts.conftest import ORG, action, inventory, listed, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.inventory import Coverage
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.outcomes import Outcome
from timeouts.planning.saved_plan import stored_plan
from timeouts.policy.policy import Policy

BY_BOTH = Policy.raise_to(10_000, levers=("step", "action"))


class RefusedError(Exception):
    """What the client of S3 raises."""

    def __init__(self, code: str) -> None:
        super().__init__(f"An error occurred ({code}) when calling the HeadObject operation")
        self.response = {"Error": {"Code": code}}


class Bucket(WritableFileSystem):
    """A storage block that is no folder: it counts what is written, and has errors of its own."""

    _files: dict[str, bytes] = PrivateAttr(default_factory=dict)
    _written: list[int] = PrivateAttr(default_factory=list)

    def read_path(self, path: str) -> Any:
        if path not in self._files:
            raise RefusedError("404")
        return self._files[path]

    def write_path(self, path: str, content: bytes) -> Any:
        self._files[path] = content
        self._written.append(len(content))


def report(count: int = 3, run_id: str = "run-1") -> Report:
    """A run that is about to raise so many Architect flows and one action."""
    ids = [f"af-{number:03}" for number in range(count)]
    readings = [
        reading(
            step(1, LiteralTimeout(timeout_ms=3_000), "crm"), *([step(2, Suggested(), "crm")] * (each == ids[0]))
        ).model_copy(update={"architect_flow_id": each})
        for each in ids
    ]
    plan = compute_plan(inventory(map(listed, ids), readings, [action("crm", 5_000, version=4)]), BY_BOTH)
    assert (len(plan.pins), len(plan.action_changes)) == (count, 1)
    return Report(
        run=Run(id=run_id, name="brave-otter", kind="raise", mode="apply"),
        org=ORG,
        coverage=Coverage(
            listed=count, read=count, unreadable=0, not_published=0, not_read=0, complete=True, problems=()
        ),
        steps=(),
        plan=plan,
        requests=RequestCounts(requests={}),
    )


def published(architect_flow_id: str) -> Outcome:
    return became("published", architect_flow_id, "Support", version_before="4.0", version_after="5.0")


CRM = became("published", "crm", "CRM", "action", version_before="4", version_after="5")


def bytes_of_outcomes(count: int) -> int:
    """What is written for so many outcomes, all that was there before left out."""
    bucket = Bucket()
    record = Record(ResultStorage(bucket), report(count))
    record.open()
    bucket._written.clear()
    for number in range(count):
        assert record.begin(f"af-{number:03}") == ""
        record.add(published(f"af-{number:03}"))
    record.close(RequestCounts(requests={}))
    return sum(bucket._written)


def test_what_a_run_writes_grows_with_its_outcomes_and_not_with_their_square() -> None:
    """The whole report was stored again after each outcome."""
    assert bytes_of_outcomes(400) / bytes_of_outcomes(100) <= 4.1


def test_what_is_kept_of_a_run_is_what_it_knew_itself() -> None:
    record = Record(default_storage(), report())
    record.open()
    record.add(CRM)
    record.add(published("af-000"))
    record.add(became("failed", "af-001", "Support", reason="refused"))
    record.add(became("skipped", "af-002", "Support", reason="not started: the budget"))
    record.close(RequestCounts(requests={}))

    assert kept_report(default_storage(), "run-1") == record.report


def test_two_runs_that_made_the_same_plan_at_the_same_time_both_go_on() -> None:
    """Each read the other one's document back, with other times, and ended: `is not there as it was written`."""

    class SharedBucket(Bucket):
        def write_path(self, path: str, content: bytes) -> Any:
            super().write_path(path, content)
            if "-plan-" in path and not other:
                other.append(Record(ResultStorage(self), report(run_id="run-2")))
                other[0].open()

    other: list[Record] = []
    bucket = SharedBucket()
    record = Record(ResultStorage(bucket), report())

    record.open()

    for run_id in ("run-1", "run-2"):
        assert stored_plan(saved_plan_text(ResultStorage(bucket), run_id)).plan == record.report.plan


def test_a_plan_is_not_stored_where_something_else_lies_under_its_name() -> None:
    class Dropping(Bucket):
        def write_path(self, path: str, content: bytes) -> Any:
            if path not in self._files:
                super().write_path(path, content)

    storage = ResultStorage(Dropping())
    plan = report().plan
    assert plan is not None
    storage.write(plan_name(plan.checksum), b'{"schema_version": 1, "checksum": "", "plan": {}}')

    with pytest.raises(RecordError, match="could not be: the plan has schema 1, this version reads"):
        Record(storage, report()).open()


def test_what_a_killed_run_had_begun_is_unknown_and_what_it_had_not_has_no_outcome() -> None:
    record = Record(default_storage(), report())
    record.open()
    record.begin("crm")
    record.begin("af-001")

    kept = kept_report(default_storage(), "run-1")

    assert [(each.target.id, each.outcome) for each in kept.outcomes] == [("crm", "unknown"), ("af-001", "unknown")]


@pytest.mark.parametrize(
    "spoiled",
    [b"", b'{"target":"af-0', b"null", b"[" * 100_000, b'{"target":"af-001","outcome":null}x'],
    ids=["empty", "torn", "nothing", "deep", "more than it"],
)
def test_an_entry_that_cannot_be_read_counts_as_begun(spoiled: bytes) -> None:
    record = Record(default_storage(), report())
    record.open()
    record.add(became("skipped", "af-001", "Support", reason="locked"))
    default_storage().write(record._entry("af-001"), spoiled)

    assert [each.may_be_live for each in kept_report(default_storage(), "run-1").outcomes] == [True]


def test_an_entry_of_another_architect_flow_counts_as_begun() -> None:
    record = Record(default_storage(), report())
    record.open()
    record.add(became("skipped", "af-001", "Support", reason="locked"))
    default_storage().write(record._entry("af-000"), default_storage().read(record._entry("af-001")))

    assert [each.outcome for each in kept_report(default_storage(), "run-1").outcomes] == ["unknown", "skipped"]


def test_each_attempt_of_a_run_keeps_its_own_however_many_left_nothing() -> None:
    """Attempts were found by Prefect's count, and one that ended early hid all that came after it."""
    for outcome in (published("af-000"), published("af-001")):
        record = Record(default_storage(), report())
        record.open()
        record.add(outcome)

    attempts = kept_attempts(default_storage(), "run-1")

    assert [[each.target.id for each in one.outcomes] for one in attempts] == [["af-000"], ["af-001"]]


def spoil(**changed: Any) -> None:
    storage, name = default_storage(), "genesys-timeouts-run-run-1-1-before"
    storage.write(name, json.dumps({**json.loads(storage.read(name)), **changed}).encode())


def test_a_record_of_another_schema_is_refused_by_name() -> None:
    Record(default_storage(), report()).open()
    spoil(schema_version=4)

    with pytest.raises(NoRecordError, match="run run-1 has schema 4, this version reads 6: use the version that made"):
        kept_report(default_storage(), "run-1")


def test_a_record_of_the_schema_before_is_read_and_does_not_say_when_its_run_began() -> None:
    Record(default_storage(), report()).open()
    run = json.loads(report().model_dump_json())["run"]
    spoil(schema_version=5, run={key: value for key, value in run.items() if not key.startswith("began")})

    assert kept_report(default_storage(), "run-1").run.began_ms is None


def test_a_record_whose_plan_was_changed_is_refused_by_name() -> None:
    Record(default_storage(), report()).open()
    plan = json.loads(report().model_dump_json())["plan"]
    plan["changes"][0]["after"]["timeout_ms"] = 1_000
    spoil(plan=plan)

    with pytest.raises(NoRecordError, match=r"run run-1 is damaged \(/.*/genesys-timeouts-run-run-1-1-before\)"):
        kept_report(default_storage(), "run-1")


def test_a_record_under_the_name_of_another_run_is_refused_by_name() -> None:
    Record(default_storage(), report()).open()
    stored = default_storage().read("genesys-timeouts-run-run-1-1-before")
    default_storage().write("genesys-timeouts-run-run-2-1-before", stored)

    with pytest.raises(NoRecordError, match="run run-2 is damaged"):
        kept_report(default_storage(), "run-2")


def test_a_storage_that_is_no_folder_tells_what_is_not_there_from_what_it_does_not_give() -> None:
    bucket = Bucket()
    storage = ResultStorage(bucket)
    record = Record(storage, report())
    record.open()
    record.add(published("af-001"))

    assert [each.target.id for each in kept_report(storage, "run-1").outcomes] == ["af-001"]


def test_a_storage_that_does_not_answer_is_told_and_is_no_missing_record() -> None:
    class Refusing(Bucket):
        def read_path(self, path: str) -> Any:
            raise RefusedError("503" if path else "")

    with pytest.raises(NoRecordError, match=r"record of the run run-1 could not be read: .*\(503\)"):
        kept_report(ResultStorage(Refusing()), "run-1")


class Faltering(Bucket):
    """A bucket that refuses so many reads, and then answers."""

    _refusals: int = PrivateAttr(default=0)

    def read_path(self, path: str) -> Any:
        if self._refusals:
            self._refusals -= 1
            raise RefusedError("503")
        return super().read_path(path)


def test_a_storage_that_does_not_say_whether_an_attempt_is_there_stops_the_run_before_its_first_write() -> None:
    """What could not be read counted as an attempt: a record that began with the second one was refused for good."""
    bucket = Faltering()
    bucket._refusals = 1

    with pytest.raises(RecordError, match=r"nothing was changed: .*\(503\).*Then run again"):
        Record(ResultStorage(bucket), report()).open()
    assert bucket._written == []


def test_a_storage_that_stays_away_is_asked_once() -> None:
    """Attempts were counted up without end."""
    bucket = Faltering()
    bucket._refusals = 100_000

    with pytest.raises(RecordError):
        Record(ResultStorage(bucket), report()).open()
    assert bucket._refusals == 99_999
