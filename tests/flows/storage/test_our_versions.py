"""What is remembered of our own runs in an org, of which two may write at once where one has lost its place."""

from itertools import pairwise

from tasks.storage import ResultStorage
from tasks.storage.our_versions import OurRun, OurVersions
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
