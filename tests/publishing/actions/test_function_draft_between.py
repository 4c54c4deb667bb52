"""Somebody who works on a function data action while a run of ours has a draft of it: theirs stays, and is told."""

from typing import Any

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.actions.draft_scenes import DISCARD, DONE, MAKE, PUBLISH, PUT, VALIDATION
from tests.publishing.actions.scenes import FUNCTION, Act, ActionScene, published


@pytest.fixture
def scene(drafting: Act) -> ActionScene:
    return drafting()


def test_a_draft_of_somebody_made_a_moment_before_ours_is_theirs(scene: ActionScene) -> None:
    scene.org.schedule(scene.person_action("draft_action"), "before", MAKE)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert "somebody has a draft of it since a moment ago" in outcome.reason
    assert scene.action()["draft"] is not None
    assert (scene.writes(), scene.marks.has(FUNCTION)) == (["POST /draft"], False)


def test_a_draft_of_somebody_that_a_second_one_gives_back_is_theirs(drafting: Act) -> None:
    scene = drafting(Switches(second_draft="ok"))
    scene.org.schedule(scene.person_action("draft_action"), "before", MAKE)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert outcome.reason.startswith(
        "the draft that the platform made is not what is live: action.config.request.headers.X-Edited-By;"
    )
    assert scene.action()["draft"] is not None
    assert (scene.writes(), scene.marks.has(FUNCTION)) == (["POST /draft"], False)


OTHER = Switches(action_drafts_show="other_contract")


def test_a_fresh_draft_that_is_not_what_is_live_is_left_and_told_by_what_differs(drafting: Act) -> None:
    """The platform made it so, or somebody was quick: nothing tells which, and it was told as somebody's."""
    scene = drafting(OTHER)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert outcome.reason == (
        "the draft that the platform made is not what is live: action.contract.input.inputSchema.title; "
        "the limit is as it was"
    )
    assert outcome.notes == (
        "our draft was left there, for it may be somebody's work by now: where it is nobody's, discard it by hand",
    )
    assert scene.action()["draft"] is not None
    assert (scene.writes(), scene.marks.has(FUNCTION)) == (["POST /draft"], False)


def test_a_draft_that_is_not_what_is_live_is_somebodys_where_nothing_says_that_ours_was_made(drafting: Act) -> None:
    scene = drafting(OTHER)
    scene.org.add_fault(Fault(kind="reset", match=MAKE, takes_effect=True))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.notes) == ("skipped", ())
    assert outcome.reason == "somebody has a draft of it and edits it; it was left there"


@pytest.mark.parametrize("match", [PUT, VALIDATION], ids=["put", "validation"])
def test_a_draft_of_ours_that_somebody_edits_is_neither_published_nor_deleted(scene: ActionScene, match: Match) -> None:
    scene.org.schedule(scene.person_action("draft_action"), "before", match)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert outcome.reason == "somebody has a draft of it and edits it; it was left there"
    assert scene.action()["draft"] is not None
    assert scene.writes() == DONE[:2]


@pytest.mark.parametrize("status", [409, 400])
def test_a_draft_that_somebody_edits_right_before_the_publish_is_refused_to_us(drafting: Act, status: Any) -> None:
    scene = drafting(Switches(action_version_mismatch=status))
    scene.org.schedule(scene.person_action("draft_action"), "before", PUBLISH)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert outcome.reason == "somebody has a draft of it and edits it; it was left there"
    assert (scene.action()["version"], scene.action()["draft"] is None) == (4, False)
    assert scene.writes() == DONE


def test_a_draft_made_of_a_version_that_a_colleague_published_a_moment_before_is_discarded(scene: ActionScene) -> None:
    scene.org.schedule(scene.person_action("rename_action", name="Better"), "before", MAKE)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert outcome.reason == "stale: version 5 was published after the plan, which knows 4"
    assert (scene.action()["name"], scene.action()["draft"]) == ("Better", None)
    assert scene.writes() == ["POST /draft", "DELETE /draft"]


@pytest.mark.parametrize("overwrites", ["conflict", "overwrites"])
@pytest.mark.parametrize("match", [PUT, VALIDATION], ids=["put", "validation"])
def test_a_colleagues_version_published_meanwhile_is_never_overwritten(
    drafting: Act, match: Match, overwrites: Any
) -> None:
    scene = drafting(Switches(stale_draft_publish=overwrites))
    scene.org.schedule(scene.person_action("edit_action"), "before", match)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "stale: somebody published version 5 at the same time")
    assert (scene.action()["version"], scene.action()["draft"]) == (5, None)
    assert scene.writes() == [*DONE[:2], "DELETE /draft"]


@pytest.mark.parametrize("match", [PUT, VALIDATION, PUBLISH], ids=["put", "validation", "publish"])
def test_a_draft_of_ours_that_somebody_discards_is_not_made_again(scene: ActionScene, match: Match) -> None:
    before = scene.action()
    scene.org.schedule(scene.person_action("discard_action_draft"), "before", match)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "somebody discarded the draft that we had made")
    assert (scene.action(), scene.writes().count("POST /draft")) == (before, 1)


@pytest.mark.parametrize("match", [PUT, VALIDATION, PUBLISH], ids=["put", "validation", "publish"])
def test_an_action_that_is_deleted_meanwhile_is_told_so(scene: ActionScene, match: Match) -> None:
    scene.org.schedule(scene.person_action("delete_action"), "before", match)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "it does not exist any more")
    assert not scene.marks.has(FUNCTION)


def test_a_draft_of_ours_that_a_colleague_publishes_is_live_as_planned(scene: ActionScene) -> None:
    before = scene.action()
    scene.org.schedule(scene.person_action("publish_action_draft"), "before", PUBLISH)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, scene.action()) == ("published", "5", published(before))


def test_a_draft_of_ours_that_a_colleague_publishes_too_early_makes_it_stale(scene: ActionScene) -> None:
    before = scene.action()
    scene.org.schedule(scene.person_action("publish_action_draft"), "before", PUT)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "stale: somebody published version 5 at the same time")
    assert scene.action() == {**before, "version": 5}


def test_a_draft_that_somebody_makes_while_ours_is_discarded_is_left_there(scene: ActionScene) -> None:
    scene.org.plan_validation(FUNCTION, ["No."])
    scene.org.schedule(scene.person_action("draft_action"), "after", DISCARD)

    outcome = scene.publish_and_verify()

    assert outcome.notes == ("a draft that is not ours, or not any more, was left there",)
    assert (scene.action()["draft"] is None, scene.marks.has(FUNCTION)) == (False, False)
