"""A run on a draft that is stopped, killed, or loses its answers: the draft is discarded or taken up, and told."""

import contextlib
import dataclasses
import threading
from typing import Any

import pytest

from publishing.order import Timing
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.actions.draft_scenes import (
    ACTION,
    DISCARD,
    DONE,
    MAKE,
    PUBLISH,
    PUT,
    VALIDATION,
    leave_draft,
    stopping_after,
)
from tests.publishing.actions.scenes import FUNCTION, Act, ActionScene, published
from tests.publishing.clocks import GatewayClock
from tests.publishing.scenes import client_of


@pytest.fixture
def scene(drafting: Act) -> ActionScene:
    return drafting()


@pytest.mark.parametrize("writes", [1, 2])
def test_a_stop_before_the_publish_discards_our_draft_and_changes_nothing(scene: ActionScene, writes: int) -> None:
    before = scene.action()

    outcome = scene.publish_and_verify(pace=stopping_after(scene, writes))

    assert (outcome.outcome, outcome.reason) == ("skipped", "interrupted before it was changed")
    assert (scene.action(), scene.writes()) == (before, [*DONE[:writes], "DELETE /draft"])


def test_a_stop_before_anything_makes_no_draft(scene: ActionScene) -> None:
    outcome = scene.publish_and_verify(pace=stopping_after(scene, 0))

    assert (outcome.outcome, outcome.reason) == ("skipped", "interrupted before it was changed")
    assert (scene.writes(), scene.marks.has(FUNCTION)) == ([], False)


def test_a_stop_after_the_publish_is_told_as_published(scene: ActionScene) -> None:
    assert scene.publish_and_verify(pace=stopping_after(scene, 3)).outcome == "published"


@pytest.mark.parametrize("match", [MAKE, PUT, VALIDATION, PUBLISH], ids=["make", "put", "validation", "publish"])
def test_a_stop_while_the_gateway_waits_for_the_rate_limit_still_discards_our_draft(
    scene: ActionScene, match: Match
) -> None:
    before = scene.action()
    stop = threading.Event()
    clock = GatewayClock(alarm=stop)
    scene.org.add_fault(Fault(kind="status", status=429, retry_after="2", match=match))
    pace = Timing(now_ms=clock.now_ms, sleep_ms=clock.advance, stopped=stop.is_set)
    with contextlib.closing(client_of(scene.url, clock=clock, stop=stop)) as client:
        outcome = dataclasses.replace(scene, client=client).publish_and_verify(pace=pace)

    assert (outcome.outcome, outcome.reason, outcome.notes) == ("skipped", "interrupted before it was changed", ())
    assert (scene.action(), scene.marks.has(FUNCTION)) == (before, False)


@pytest.mark.parametrize("seconds", [None, 10])
def test_a_draft_that_a_killed_run_left_is_taken_up(drafting: Act, seconds: int | None) -> None:
    scene = drafting(may_delete=False)
    before = scene.action()
    leave_draft(scene, seconds)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action()) == ("published", published(before))
    assert scene.writes() == (DONE[1:] if seconds is None else DONE[2:])


@pytest.mark.parametrize("shows", ["more_keys", "own_names"])
def test_a_draft_is_ours_in_whatever_the_server_makes_of_it(drafting: Act, shows: Any) -> None:
    """It was taken for somebody's, and stayed for ever."""
    scene = drafting(Switches(action_drafts_show=shows))
    before = scene.action()
    leave_draft(scene)
    scene.org.plan_validation(FUNCTION, ["No."])

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action(), scene.writes()) == ("failed", before, ["DELETE /draft"])


def test_a_stop_discards_what_a_killed_run_left(scene: ActionScene) -> None:
    before = scene.action()
    leave_draft(scene)

    outcome = scene.publish_and_verify(pace=stopping_after(scene, 0))

    assert (outcome.outcome, scene.action()) == ("skipped", {**before, "draft": None})


@pytest.mark.parametrize("seconds", [None, 7])
def test_a_draft_that_a_killed_run_left_and_somebody_edited_is_theirs(scene: ActionScene, seconds: int | None) -> None:
    leave_draft(scene, seconds)
    if seconds is None:
        scene.org.play(scene.person_action("draft_action"))
    theirs = scene.action()

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert "or the one that a run of ours left is not what is live with another limit any more" in outcome.reason
    assert (scene.action(), scene.writes()) == (theirs, [])


def test_a_draft_that_a_killed_run_left_is_discarded_where_there_is_nothing_to_do_any_more(scene: ActionScene) -> None:
    leave_draft(scene)
    scene.org.play(scene.person_action("limit_action", timeout_seconds=10))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action()["draft"]) == ("unchanged", None)
    assert scene.writes() == ["DELETE /draft"]


@pytest.mark.parametrize("match", [MAKE, PUT, PUBLISH], ids=["make", "put", "publish"])
def test_a_write_whose_answer_is_lost_is_resolved_by_reading_and_sent_once(scene: ActionScene, match: Match) -> None:
    before = scene.action()
    scene.org.add_fault(Fault(kind="reset", match=match, takes_effect=True))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action(), scene.writes()) == ("published", published(before), DONE)


def test_a_publish_whose_answer_is_lost_and_that_cannot_be_read_is_unknown_and_the_next_run_resolves_it(
    scene: ActionScene,
) -> None:
    scene.org.add_fault(Fault(kind="reset", match=PUBLISH, takes_effect=True))
    scene.org.add_fault(Fault(kind="reset", match=Match(method="GET", path=ACTION, nth=4, times=None)))

    first = scene.publish_and_verify()
    scene.org.clear_faults()
    second = scene.publish_and_verify()

    assert first.outcome == "unknown"
    assert (first.may_be_live, second.outcome, second.may_be_live, scene.marks.has(FUNCTION)) == (
        True,
        "unchanged",
        False,
        False,
    )


def test_a_discard_whose_answer_is_lost_is_resolved_by_reading(scene: ActionScene) -> None:
    before = scene.action()
    scene.org.plan_validation(FUNCTION, ["No."])
    scene.org.add_fault(Fault(kind="reset", match=DISCARD, takes_effect=True))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.notes, scene.action()) == ("failed", (), before)


def test_a_discard_that_is_always_lost_is_told(scene: ActionScene) -> None:
    scene.org.plan_validation(FUNCTION, ["No."])
    scene.org.add_fault(Fault(kind="reset", match=Match(method="DELETE", times=None)))

    outcome = scene.publish_and_verify()

    assert scene.action()["draft"] is not None
    assert "whether our draft is discarded is not known" in outcome.notes[0]
    assert scene.writes().count("DELETE /draft") == 3


def test_a_discard_that_is_said_to_be_done_and_is_not_is_told(scene: ActionScene) -> None:
    scene.org.plan_validation(FUNCTION, ["No."])
    scene.org.add_fault(Fault(kind="empty", match=Match(method="DELETE", times=None), takes_effect=False))

    outcome = scene.publish_and_verify()

    assert scene.action()["draft"] is not None
    assert outcome.notes == ("our draft may still be there; the next run takes it up",)
