"""What a lost answer brings later, or never, when the limit of an action is changed: waited for, and told."""

import dataclasses
from typing import Any

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.actions.draft_scenes import ACTION, DISCARD, DONE, MAKE, PUBLISH, PUT
from tests.publishing.actions.scenes import FUNCTION, Act, ActionScene, published

PATCH = Match(method="PATCH", path=ACTION)
SETTLE_MS, TOO_LATE_MS = 75_000, 200_000
LATE_MS = [20, 300, 1_000, 4_000, 60_000]


def lose(scene: ActionScene, match: Match, after_ms: int, kind: Any = "status") -> None:
    """Lose the answer to a request, which is carried out so long after."""
    scene.org.add_fault(Fault(kind=kind, status=504, match=match, lands_after_ms=after_ms))


def land(scene: ActionScene) -> None:
    """Let all come that is under way."""
    scene.org.advance_ms(TOO_LATE_MS)


# It comes in time.


@pytest.mark.parametrize("kind", ["status", "reset", "hang"])
@pytest.mark.parametrize("after_ms", LATE_MS)
def test_a_change_that_comes_late_is_published_and_was_sent_once(patching: Act, after_ms: int, kind: str) -> None:
    patched = patching(hurried=kind == "hang")
    before = patched.action()
    lose(patched, PATCH, after_ms, kind)

    outcome = patched.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, patched.action()) == ("published", "5", published(before))
    assert patched.writes() == ["PATCH"]


@pytest.mark.parametrize("match", [MAKE, PUT, PUBLISH], ids=["make", "put", "publish"])
@pytest.mark.parametrize("after_ms", LATE_MS)
def test_every_write_of_a_draft_that_comes_late_is_waited_for(
    drafted: ActionScene, match: Match, after_ms: int
) -> None:
    before = drafted.action()
    lose(drafted, match, after_ms)

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, drafted.action(), drafted.writes()) == ("published", published(before), DONE)
    assert not drafted.marks.has(FUNCTION)


@pytest.mark.parametrize("after_ms", LATE_MS)
def test_a_discard_that_comes_late_is_waited_for_and_sent_once(drafted: ActionScene, after_ms: int) -> None:
    before = drafted.action()
    drafted.org.plan_validation(FUNCTION, ["No."])
    lose(drafted, DISCARD, after_ms)

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, outcome.notes, drafted.action()) == ("failed", (), before)
    assert drafted.writes().count("DELETE /draft") == 1


# It comes too late, or never.


def test_a_change_of_which_nothing_comes_is_unknown_and_a_roll_back_looks_at_it(patched: ActionScene) -> None:
    before = patched.action()
    patched.org.add_fault(Fault(kind="status", status=504, match=PATCH))

    outcome = patched.publish_and_verify()

    assert (outcome.outcome, outcome.may_be_live) == ("unknown", True)
    assert outcome.reason.startswith("the answer to the change was lost (")
    assert outcome.reason.endswith("and nothing came of it within 1m15s; run again to resolve it")
    assert patched.action() == before


def test_a_change_that_comes_after_the_run_is_found_by_the_next_one(patched: ActionScene) -> None:
    before = patched.action()
    lose(patched, PATCH, TOO_LATE_MS)

    first = patched.publish_and_verify()
    land(patched)
    second = patched.publish_and_verify()

    assert (first.outcome, second.outcome, second.version_after) == ("unknown", "unchanged", "5")
    assert (patched.action(), patched.writes()) == (published(before), ["PATCH"])


def test_a_change_that_comes_while_the_next_run_sends_its_own_is_done_once(patched: ActionScene) -> None:
    before = patched.action()
    lose(patched, PATCH, 80_000)
    first = patched.publish_and_verify()
    patched.org.add_fault(Fault(kind="status", status=504, match=PATCH, lands_after_ms=10_000))

    second = patched.publish_and_verify()

    assert (first.outcome, second.outcome, patched.action()) == ("unknown", "published", published(before))


def test_a_draft_that_comes_after_the_run_is_known_as_ours_by_the_next_one(drafted: ActionScene) -> None:
    before = drafted.action()
    lose(drafted, MAKE, TOO_LATE_MS)

    first = drafted.publish_and_verify()
    assert (first.outcome, first.notes) == ("failed", ("should our draft come later, the next run takes it up",))
    assert "the draft was lost on the way and not made" in first.reason
    assert drafted.marks.has(FUNCTION)
    land(drafted)
    second = drafted.publish_and_verify()

    assert (second.outcome, drafted.action(), drafted.writes()) == ("published", published(before), DONE)
    assert not drafted.marks.has(FUNCTION)


def test_a_function_that_comes_after_its_draft_was_discarded_changes_nothing(drafted: ActionScene) -> None:
    before = drafted.action()
    lose(drafted, PUT, TOO_LATE_MS)

    outcome = drafted.publish_and_verify()
    land(drafted)

    assert outcome.outcome == "failed"
    assert "the change was lost on the way and did not happen" in outcome.reason
    assert (drafted.action(), drafted.writes()) == (before, [*DONE[:2], "DELETE /draft"])


def test_a_publish_of_which_nothing_comes_is_unknown_and_finds_no_draft_any_more(drafted: ActionScene) -> None:
    before = drafted.action()
    lose(drafted, PUBLISH, TOO_LATE_MS)

    outcome = drafted.publish_and_verify()
    land(drafted)

    assert (outcome.outcome, outcome.may_be_live) == ("unknown", True)
    assert "and nothing came of it within 1m15s" in outcome.reason
    assert (drafted.action(), drafted.writes()) == (before, [*DONE, "DELETE /draft"])
    assert drafted.publish_and_verify().outcome == "published"


def test_a_publish_that_comes_later_because_its_draft_may_not_be_discarded_is_found_by_the_next_run(
    drafting: Act,
) -> None:
    scene = drafting(may_delete=False)
    before = scene.action()
    lose(scene, PUBLISH, TOO_LATE_MS)

    first = scene.publish_and_verify()
    assert first.outcome == "unknown"
    assert "our draft stays, for integrations:action:delete is missing" in first.notes[0]
    land(scene)
    second = scene.publish_and_verify()

    assert (second.outcome, second.version_after, scene.action()) == ("unchanged", "5", published(before))
    assert not scene.marks.has(FUNCTION)


def test_a_publish_that_comes_between_the_settle_period_and_the_discard_is_told_as_published(
    drafted: ActionScene,
) -> None:
    before = drafted.action()
    lose(drafted, PUBLISH, TOO_LATE_MS)
    drafted.org.schedule(drafted.person_action("publish_action_draft"), "before", DISCARD)

    outcome = drafted.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, drafted.action()) == ("published", "5", published(before))
    assert outcome.notes == ()
    assert not drafted.marks.has(FUNCTION)


def test_a_roll_back_discards_the_draft_that_a_lost_publish_left(drafted: ActionScene) -> None:
    """Its limit is the one that the roll back takes back, and neither what is live nor what it would set."""
    before = drafted.action()
    drafted.org.add_fault(Fault(kind="reset", match=PUBLISH))
    drafted.org.add_fault(Fault(kind="status", status=500, match=DISCARD))
    drafted.org.add_fault(Fault(kind="reset", match=Match(method="GET", path=f"{ACTION}/draft", nth=7, times=None)))
    assert drafted.publish_and_verify().outcome == "unknown"
    drafted.org.clear_faults()
    assert drafted.action()["draft"] is not None

    outcome = drafted.publish_and_verify(drafted.order(before_ms=10_000, after_ms=5_000, may_lower=True))

    assert (outcome.outcome, drafted.action()) == ("unchanged", before)


# Answered, and nothing happens.


def test_a_change_that_is_answered_and_does_not_happen_is_not_told_as_published(patching: Act) -> None:
    scene = patching(Switches(action_writes="nothing"))
    before = scene.action()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action(), scene.writes()) == ("unknown", before, ["PATCH"])
    assert outcome.reason.startswith("the change was answered with version 4, and nothing came of it within 1m15s")


def test_a_publish_that_is_answered_and_does_not_happen_leaves_no_draft(drafting: Act) -> None:
    scene = drafting(Switches(action_writes="nothing"))
    before = scene.action()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action(), scene.marks.has(FUNCTION)) == ("unknown", before, False)
    assert scene.writes() == [*DONE, "DELETE /draft"]


def test_a_version_that_the_platform_shows_late_is_waited_for(patched: ActionScene) -> None:
    publication = patched.publish()
    pace = patched.pace()
    wait, waited = pace.sleep_ms, [0]

    def publishes_meanwhile(ms: int) -> None:
        waited[0] += ms
        if waited[0] == LATE_MS[2]:
            patched.org.play(patched.person_action("rename_action"))
        wait(ms)

    later = publication.outcome.model_copy(update={"version_after": "6"})
    publication = publication.model_copy(update={"outcome": later})
    outcome = patched.verify(publication, pace=dataclasses.replace(pace, sleep_ms=publishes_meanwhile))

    assert "it was published as 6, but version 5 is shown" not in outcome.reason
    assert waited[0] < SETTLE_MS


# A stop while it is waited for.


def test_a_stop_while_a_lost_change_is_waited_for_ends_the_wait_within_seconds(patched: ActionScene) -> None:
    lose(patched, PATCH, TOO_LATE_MS)
    pace = patched.pace()

    outcome = patched.publish_and_verify(pace=dataclasses.replace(pace, stopped=lambda: bool(patched.writes())))

    assert outcome.outcome == "unknown"
    assert "nothing came of it before the run had to stop" in outcome.reason
    assert pace.now_ms() <= 20_000
