"""What is remembered of our own runs in an org, of which two may write at once where one has lost its place."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tasks.storage import ResultStorage
from tasks.storage.ids import our_clients
from tasks.storage.our_versions import OurRun, OurVersions
from tests.flows.storage.test_seals import NEW, OLD, kept_with
from tests.flows.writing.test_record import Bucket, published


def run(run_id: str) -> OurRun:
    return OurRun(id=run_id, name="brave-otter", kind="raise", plan="sha256:0", began_ms=1)


def test_a_run_that_another_one_wrote_over_is_remembered_again_with_what_it_published() -> None:
    bucket = Bucket()
    ours = OurVersions(ResultStorage(bucket), "org-1")
    ours.begin(run("run-1"))
    bucket._files.clear()  # the other one had read before that, and writes after it
    ours.begin(run("run-2"))

    ours.add(run("run-1"), [published("af-000")])

    assert [each.id for each in ours.since(0)] == ["run-2", "run-1"]


def test_a_mark_moves_with_each_run_that_begins_and_with_what_it_published_and_with_nothing_else() -> None:
    ours = OurVersions(ResultStorage(Bucket()), "org-1")
    marks = [ours.mark()]
    for _ in range(2):
        ours.begin(run("run-1"))
        marks.append(ours.mark())
    ours.add(run("run-1"), [published("af-000")])
    marks.append(ours.mark())

    assert marks[0] == ""
    assert [first == second for first, second in pairwise(marks)] == [False, True, False]


@pytest.mark.parametrize("other", [{"schema_version": 3}, {"more": 1}])
def test_what_a_newer_version_wrote_is_told_and_not_written_over(
    other: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    bucket = Bucket()
    storage, write = ResultStorage(bucket), ResultStorage(bucket).write
    ours = OurVersions(storage, "org-1")
    ours.begin(run("run-1"))
    (name,) = bucket._files
    write(name, json.dumps(json.loads(storage.read(name)) | other).encode())
    before = dict(bucket._files)

    assert ours.since(0) == []
    assert f"{name} in the block bucket/without a name was written by another version of this program" in caplog.text
    writes: list[Callable[[], None]] = [
        lambda: ours.begin(run("run-2")),
        lambda: ours.add(run("run-2"), [published("af-000")]),
    ]
    for each in writes:
        with pytest.raises(OSError, match=f"{name} .* It is left as it is: use that version, or delete it"):
            each()
    assert bucket._files == before


def test_our_clients_are_sealed_anew_by_each_run_that_writes() -> None:
    """A client that was known already kept the seal of its first run: with the old key it was forgotten."""
    our_clients(kept_with(OLD), "org-1").put("client-1")
    our_clients(kept_with(NEW, OLD), "org-1").put("client-1")

    assert our_clients(kept_with(NEW), "org-1").all() == {"client-1"}
