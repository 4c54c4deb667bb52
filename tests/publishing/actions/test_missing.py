"""A 404 that passes while the limit of an action is changed, and one that is true."""

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from tests.publishing.actions.draft_scenes import (
    ACTION,
    DISCARD,
    DONE,
    DRAFT,
    MAKE,
    PUBLISH,
    PUT,
    VALIDATION,
    leave_draft,
)
from tests.publishing.actions.scenes import FUNCTION, ActionScene, published

PATCH = Match(method="PATCH", path=ACTION)
GONE = "it does not exist any more"
DISCARDED = "somebody discarded the draft that we had made"
NOT_SHOWN = "our draft is not shown any more: where it is there all the same, the next run takes it up"
READS_OF_DRAFT = Match(method="GET", path=DRAFT)


def hide(scene: ActionScene, match: Match, for_ms: int | None = None) -> None:
    """Answer 404 to what is there: once, or to every such request for so long."""
    scene.org.add_fault(Fault(kind="status", status=404, match=match, lasts_ms=for_ms))


# A 404 to a write.


def test_a_change_that_answers_404_is_no_deletion_of_an_action_that_is_listed(patched: ActionScene) -> None:
    before = patched.action()
    hide(patched, PATCH)

    outcome = patched.publish_and_verify()

    assert (outcome.outcome, patched.action()) == ("failed", before)
    assert outcome.reason.startswith("the platform refused the change (")
    assert outcome.reason.endswith("; the limit is as it was")


def test_an_action_that_is_deleted_right_before_the_change_is_told_so(patched: ActionScene) -> None:
    patched.org.schedule(patched.person_action("delete_action"), "before", PATCH)

    outcome = patched.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", GONE)


@pytest.mark.parametrize(
    ("match", "words"),
    [
        (MAKE, "the draft was not made: "),
        (PUT, "the change was not made: "),
        (PUBLISH, "the draft was not published: "),
    ],
    ids=["make", "put", "publish"],
)
def test_a_write_of_a_draft_that_answers_404_failed_and_leaves_nothing(
    drafted: ActionScene, match: Match, words: str
) -> None:
    before = drafted.action()
    hide(drafted, match)

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, outcome.notes, drafted.action()) == ("failed", (), before)
    assert outcome.reason.startswith(words)
    assert not drafted.marks.has(FUNCTION)


def test_a_discard_that_answers_404_is_tried_again_while_the_draft_is_there(drafted: ActionScene) -> None:
    before = drafted.action()
    drafted.org.plan_validation(FUNCTION, ["No."])
    hide(drafted, DISCARD)

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, outcome.notes, drafted.action()) == ("failed", (), before)
    assert drafted.writes().count("DELETE /draft") == 2


# A 404 to a read.


@pytest.mark.parametrize("for_ms", [None, 20_000])
@pytest.mark.parametrize("path", [DRAFT, f"{DRAFT}/function", f"{DRAFT}/templates/*", VALIDATION.path])
def test_a_draft_of_ours_that_is_hidden_for_a_while_is_no_discarded_one(
    drafted: ActionScene, path: str, for_ms: int | None
) -> None:
    before = drafted.action()
    hide(drafted, Match(method="GET", path=path, nth=2 if path == DRAFT else 1), for_ms)

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, outcome.notes, drafted.action()) == ("published", (), published(before))
    assert drafted.writes() == DONE


def test_a_draft_that_stays_hidden_is_told_and_the_next_run_knows_it_as_ours(drafted: ActionScene) -> None:
    before = drafted.action()
    drafted.org.add_fault(Fault(kind="status", status=404, match=Match(method="GET", path=DRAFT, times=None)))

    first = drafted.publish_and_verify()
    assert (first.outcome, first.reason, first.notes) == ("skipped", DISCARDED, (NOT_SHOWN,))
    assert drafted.marks.has(FUNCTION)
    drafted.org.clear_faults()
    second = drafted.publish_and_verify()

    assert (second.outcome, drafted.action(), drafted.writes()) == ("published", published(before), DONE)


@pytest.mark.parametrize("for_ms", [20_000, 40_000])
def test_a_draft_that_a_run_left_is_taken_up_although_it_is_hidden_at_first(drafted: ActionScene, for_ms: int) -> None:
    """For 40 s, until after the platform has refused to make another one."""
    before = drafted.action()
    leave_draft(drafted)
    hide(drafted, READS_OF_DRAFT, for_ms)

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, drafted.action()) == ("published", published(before))
    assert drafted.writes() == (DONE[2:] if for_ms == 20_000 else [DONE[0], DONE[2]])


def test_a_draft_that_a_run_left_and_that_stays_hidden_is_called_nobody_elses(drafted: ActionScene) -> None:
    leave_draft(drafted)
    drafted.org.add_fault(Fault(kind="status", status=404, match=Match(method="GET", path=DRAFT, times=None)))

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, outcome.notes) == ("failed", (NOT_SHOWN,))
    assert outcome.reason.startswith("it has a draft, which may be ours and is not shown (")
    assert drafted.marks.has(FUNCTION)


def test_a_draft_that_somebody_discarded_leaves_its_mark_until_the_next_run_has_looked(drafted: ActionScene) -> None:
    drafted.org.schedule(drafted.person_action("discard_action_draft"), "before", VALIDATION)

    outcome = drafted.publish_and_verify()
    assert (outcome.reason, drafted.marks.has(FUNCTION)) == (DISCARDED, True)
    drafted.org.play(drafted.person_action("limit_action", timeout_seconds=10))

    assert drafted.publish_and_verify().outcome == "unchanged"
    assert not drafted.marks.has(FUNCTION)


# A 404 after it is done.


@pytest.mark.parametrize("path", [ACTION, f"{ACTION}/templates/*"])
@pytest.mark.parametrize("for_ms", [None, 20_000])
def test_what_was_changed_and_is_hidden_for_a_while_is_verified(
    patched: ActionScene, path: str, for_ms: int | None
) -> None:
    before = patched.action()
    hide(patched, Match(method="GET", path=path, nth=3), for_ms)

    outcome = patched.publish_and_verify()

    assert (outcome.outcome, patched.action()) == ("published", published(before))


def test_what_was_changed_and_stays_hidden_is_unknown_and_not_deleted(patched: ActionScene) -> None:
    patched.org.add_fault(Fault(kind="status", status=404, match=Match(method="GET", path=ACTION, nth=3, times=None)))

    outcome = patched.publish_and_verify()

    assert (outcome.outcome, outcome.version_after) == ("unknown", "5")
    assert "It answers 404, although the platform lists it" in outcome.reason
