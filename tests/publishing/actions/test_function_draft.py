"""The limit of a function through its draft against the simulator: what is done, and what is left as it is."""

import dataclasses

import pytest

from simulator.clients import WRITING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.actions.draft_scenes import DONE, DRAFT, MAKE, PUBLISH, leave_draft
from tests.publishing.actions.scenes import FUNCTION, SECRET, Act, ActionScene, published, with_limit

DELETE = "integrations:action:delete"


@pytest.fixture
def scene(drafting: Act) -> ActionScene:
    return drafting()


# When all is well.


def test_it_costs_no_more_writes_than_a_draft_needs_and_leaves_no_mark(scene: ActionScene) -> None:
    scene.publish_and_verify()

    assert scene.writes() == DONE
    assert not scene.marks.has(FUNCTION)


def test_a_mark_is_set_before_the_draft_is_made(scene: ActionScene) -> None:
    scene.org.add_fault(Fault(kind="reset", match=MAKE, takes_effect=True))
    scene.org.add_fault(Fault(kind="reset", match=Match(method="GET", path=f"{DRAFT}/**", times=None)))

    scene.publish()

    assert scene.action()["draft"] is not None
    assert scene.marks.has(FUNCTION)


def test_no_draft_is_made_where_it_could_not_be_known_again_as_ours(scene: ActionScene) -> None:
    """A full disk left the outcome unknown, and nothing had been sent."""
    before = scene.action()
    forgetful = dataclasses.replace(scene, directory=scene.directory / "full")

    outcome = forgetful.publish().outcome

    assert (outcome.outcome, outcome.is_refused) == ("failed", False)
    assert "that the draft is ours could not be stored" in outcome.reason
    assert (scene.action(), scene.writes()) == (before, [])


@pytest.mark.parametrize("merges", [False, True])
def test_a_limit_that_is_taken_away_is_the_functions_own_15_seconds(drafting: Act, merges: bool) -> None:
    scene = drafting(Switches(function_put_merges=merges))
    before = scene.action()

    outcome = scene.publish_and_verify(scene.order(after_ms=None))

    assert (outcome.outcome, scene.action()) == ("published", {**with_limit(before, 15), "version": 5})


ANSWERS = {
    "a draft shows the published version": Switches(draft_version="published"),
    "a publish wants the next version": Switches(draft_publish_wants="next"),
    "both": Switches(draft_version="published", draft_publish_wants="next"),
    "a publish wants the next version and says 400": Switches(draft_publish_wants="next", action_version_mismatch=400),
    "the config shows the limit": Switches(function_limit_in_config=True),
    "the config shows a limit that is not set": Switches(unset_limit_shows="null"),
    "a draft shows keys more": Switches(action_drafts_show="more_keys"),
    "a draft shows names of its own": Switches(action_drafts_show="own_names"),
    "a function is merged": Switches(function_put_merges=True),
    "a second draft is the first": Switches(second_draft="ok"),
    "a draft goes live over a newer version": Switches(stale_draft_publish="overwrites"),
}


@pytest.mark.parametrize("switches", ANSWERS.values(), ids=ANSWERS)
def test_however_the_platform_answers_open_questions_it_is_done(drafting: Act, switches: Switches) -> None:
    scene = drafting(switches)
    before = scene.action()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.notes, scene.action()) == ("published", (), published(before))


def test_a_platform_that_wants_the_next_version_refuses_the_first_publish_alone(drafting: Act) -> None:
    scene = drafting(Switches(draft_publish_wants="next"))

    scene.publish_and_verify()

    assert scene.writes() == [*DONE, "POST /draft/publish"]


def test_what_the_server_adds_on_its_own_is_no_edit_of_anybodys(drafting: Act) -> None:
    scene = drafting(Switches(action_normalises="adds_field"))
    before = scene.action()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action()) == ("published", published(before, adds=True))


# What is left as it is.


def test_a_limit_that_is_there_already_is_left_and_its_mark_is_forgotten(scene: ActionScene) -> None:
    scene.publish()
    scene.marks.put(FUNCTION)
    scene.org.clear_log()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("unchanged", "the limit is there already")
    assert (outcome.version_after, scene.writes(), scene.marks.has(FUNCTION)) == ("5", [], False)


def test_the_limit_of_a_function_is_never_lowered_by_a_raise_whatever_its_plan_was_made_from(
    scene: ActionScene,
) -> None:
    """A plan may come from a wrong stored value."""
    outcome = scene.publish_and_verify(scene.order(after_ms=4_000))

    assert outcome.outcome == "skipped"
    assert outcome.reason == "stale: its limit is 5s, and 4s would lower it, which the plan may not"
    assert (scene.writes(), scene.marks.has(FUNCTION)) == ([], False)


def test_a_function_without_a_limit_has_15_seconds_and_less_would_lower_it(scene: ActionScene) -> None:
    scene.publish(scene.order(after_ms=None))
    scene.org.clear_log()

    outcome = scene.publish_and_verify(scene.order(version=5, before_ms=None))

    assert outcome.reason == "stale: its limit is 15s, and 10s would lower it, which the plan may not"
    assert scene.writes() == []


def test_a_draft_that_looks_like_ours_is_somebodys_where_no_mark_says_otherwise(scene: ActionScene) -> None:
    leave_draft(scene)
    scene.marks.drop(FUNCTION)
    theirs = scene.action()

    assert scene.publish_and_verify().outcome == "skipped"
    assert (scene.action(), scene.writes()) == (theirs, [])


@pytest.mark.parametrize(
    ("missing", "writes"),
    [
        ("integrations:action:view", []),
        ("integrations:actionFunction:view", []),
        ("integrations:action:edit", ["POST /draft"]),
        ("integrations:actionFunction:edit", ["POST /draft", "PUT /draft/function", "DELETE /draft"]),
    ],
)
def test_a_missing_permission_is_named_and_nothing_is_left(scene: ActionScene, missing: str, writes: list[str]) -> None:
    before = scene.action()
    scene.org.add_client(OAuthClient("demo-writer", "", "", WRITING - {missing} | {DELETE}))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert missing in outcome.reason
    assert (scene.action(), scene.writes(), scene.marks.has(FUNCTION)) == (before, writes, False)


# A draft that is not valid.


def test_a_draft_that_is_not_valid_is_discarded_and_the_platforms_words_are_told(scene: ActionScene) -> None:
    before = scene.action()
    scene.org.plan_validation(FUNCTION, ["The runtime has ended.", "The zip is gone."])

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert "the platform does not take the draft: The runtime has ended." in outcome.reason
    assert "The zip is gone." in outcome.reason
    assert scene.action() == before
    assert scene.writes() == ["POST /draft", "PUT /draft/function", "DELETE /draft"]
    assert not scene.marks.has(FUNCTION)


def test_without_the_permission_to_discard_our_draft_stays_and_is_told_and_the_next_run_takes_it_up(
    drafting: Act,
) -> None:
    scene = drafting(may_delete=False)
    before = scene.action()
    scene.org.plan_validation(FUNCTION, ["The runtime has ended."])

    first = scene.publish_and_verify()
    assert first.outcome == "failed"
    assert first.notes == (
        "our draft stays, for integrations:action:delete is missing; the next run takes it up, or a person discards it",
    )
    assert (scene.action()["draft"] is None, scene.marks.has(FUNCTION)) == (False, True)
    scene.org.plan_validation(FUNCTION, [])
    scene.org.clear_log()

    second = scene.publish_and_verify()
    assert (second.outcome, scene.action()) == ("published", published(before))
    assert (scene.writes(), scene.marks.has(FUNCTION)) == (["POST /draft/publish"], False)


def test_a_publish_that_is_refused_although_the_draft_is_valid_is_told_and_the_draft_discarded(
    scene: ActionScene,
) -> None:
    before = scene.action()
    scene.org.add_fault(Fault(kind="status", status=409, match=Match(method="POST", path=PUBLISH.path, times=None)))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert "the platform refused the publish" in outcome.reason
    assert (scene.action(), scene.writes()) == (before, [*DONE, "POST /draft/publish", "DELETE /draft"])


def test_a_secret_that_the_platform_repeats_is_hidden(drafting: Act) -> None:
    scene = drafting(may_delete=False)
    scene.org.plan_validation(FUNCTION, [f"The header Authorization: Bearer {SECRET} is not allowed."])

    outcome = scene.publish_and_verify()

    assert "The header Authorization: Bearer [hidden] is not allowed." in outcome.reason
    assert SECRET not in repr(outcome)
