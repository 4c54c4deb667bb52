"""A limit by PATCH against the simulator: what happens when all is well, and what is left as it is."""

import json
from typing import Any

import pytest

from publishing.order import Timing
from simulator.clients import WRITING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.actions.people import DataActionEditKind
from simulator.switches import Switches
from tests.publishing.actions.scenes import (
    CUSTOM,
    REQUEST_TEMPLATE,
    SUCCESS_TEMPLATE,
    Act,
    ActionScene,
    meanwhile,
    published,
)

ACTION = "/api/v2/integrations/actions/*"
PATCH = Match(method="PATCH", path=ACTION)


@pytest.fixture
def scene(patching: Act) -> ActionScene:
    return patching()


# When all is well.


def test_the_templates_are_the_same_to_the_byte_afterwards(scene: ActionScene) -> None:
    scene.publish_and_verify()

    after = scene.client.action_content(CUSTOM)
    assert after.templates["requestTemplate"].encode() == REQUEST_TEMPLATE.encode()
    assert after.templates["successTemplate"].encode() == SUCCESS_TEMPLATE.encode()


def test_templates_of_which_the_config_says_nothing_stay_all_the_same(scene: ActionScene) -> None:
    scene.org.set_switches(Switches(action_shows_template_uris=False))
    before = scene.action()

    assert scene.publish_and_verify().outcome == "published"
    assert scene.action() == published(before)


def test_it_is_one_write(scene: ActionScene) -> None:
    scene.publish_and_verify()

    assert scene.writes() == ["PATCH"]


def test_a_first_limit_is_set(patching: Act) -> None:
    scene = patching(timeoutSeconds=None)
    before = scene.action()

    outcome = scene.publish_and_verify(scene.order(before_ms=None))

    assert (outcome.outcome, scene.action()) == ("published", published(before))


@pytest.mark.parametrize("shown", ["absent", "null", "zero"])
def test_a_roll_back_takes_the_limit_away_where_there_was_none(patching: Act, shown: Any) -> None:
    """Where the platform shows one that is not set, the roll back was done and told as failed."""
    scene = patching(Switches(unset_limit_shows=shown), timeoutSeconds=None)
    before = scene.action()
    scene.publish_and_verify(scene.order(before_ms=None))

    back = scene.order(version=5, before_ms=10_000, after_ms=None, may_lower=True)
    outcome, again = scene.publish_and_verify(back), scene.publish_and_verify(back)

    assert (outcome.outcome, outcome.notes, again.outcome) == ("published", (), "unchanged")
    assert scene.action() == {**before, "version": 6}


def test_what_the_server_adds_on_its_own_is_told_and_no_difference(patching: Act) -> None:
    outcome = patching(Switches(action_normalises="adds_field")).publish_and_verify()

    assert outcome.outcome == "published"
    assert outcome.notes == ("the server added on its own: action.config.response.lastSavedBy",)


# What is left as it is.


def test_a_limit_that_is_there_already_is_left_and_is_no_work_of_this_run(scene: ActionScene) -> None:
    scene.publish()
    scene.org.clear_log()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("unchanged", "the limit is there already")
    assert (outcome.version_after, outcome.may_be_live) == ("5", False)
    assert scene.writes() == []


def test_a_function_data_action_is_never_patched_like_a_custom_one(drafting: Act) -> None:
    scene = drafting()
    before = scene.action()

    outcome = scene.publish_and_verify(scene.order(kind="custom"))

    assert (outcome.outcome, scene.writes(), scene.action()) == ("skipped", [], before)
    assert outcome.reason.startswith("it is a function data action, whose limit is its function's")


def test_a_limit_that_was_there_before_the_plan_is_no_work_of_ours(patching: Act) -> None:
    outcome = patching(timeoutSeconds=10).publish_and_verify()

    assert (outcome.outcome, outcome.version_after, outcome.may_be_live) == ("unchanged", None, False)


@pytest.mark.parametrize("after_ms", [2_000, None])
def test_a_limit_is_never_lowered_by_a_raise_whatever_its_plan_was_made_from(
    scene: ActionScene, after_ms: int | None
) -> None:
    """What is written is compared with what is live: a plan may come from a wrong stored value."""
    outcome = scene.publish_and_verify(scene.order(after_ms=after_ms))

    assert outcome.outcome == "skipped"
    planned = "none" if after_ms is None else "2s"
    assert outcome.reason == f"stale: its limit is 3s, and {planned} would lower it, which the plan may not"
    assert scene.writes() == []


def test_a_plan_that_allows_lowering_lowers_a_limit(scene: ActionScene) -> None:
    outcome = scene.publish_and_verify(scene.order(after_ms=2_000, may_lower=True))

    assert (outcome.outcome, scene.client.action_content(CUSTOM).limit_ms) == ("published", 2_000)


def test_a_first_limit_is_set_only_where_the_plan_knows_of_none(patching: Act) -> None:
    """What an action without a limit waits for is the platform's, so nothing is compared with it."""
    outcome = patching(timeoutSeconds=None).publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "stale: its limit is not set, the plan knows 3s")


def test_a_stop_before_the_change_changes_nothing(scene: ActionScene) -> None:
    before = scene.action()

    outcome = scene.publish_and_verify(pace=Timing(now_ms=lambda: 0, sleep_ms=lambda _: None, stopped=lambda: True))

    assert (outcome.outcome, outcome.reason) == ("skipped", "interrupted before it was changed")
    assert (scene.action(), scene.writes()) == (before, [])


@pytest.mark.parametrize(
    ("missing", "writes"),
    [("integrations:action:view", []), ("integrations:action:edit", ["PATCH"])],
)
def test_a_missing_permission_is_named_and_nothing_is_changed(
    scene: ActionScene, missing: str, writes: list[str]
) -> None:
    before = scene.action()
    scene.org.add_client(OAuthClient("demo-writer", "", "", WRITING - {missing}))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert "nothing was changed: The OAuth client lacks the permission" in outcome.reason
    assert missing in outcome.reason
    assert (scene.action(), scene.writes()) == (before, writes)


# When somebody comes between, or an answer is lost.


@pytest.mark.parametrize("status", [409, 400])
@pytest.mark.parametrize("kind", ["edit_action", "rename_action", "limit_action"])
def test_a_change_on_top_of_a_colleagues_is_refused_and_theirs_stays(
    patching: Act, kind: DataActionEditKind, status: Any
) -> None:
    scene = patching(Switches(action_version_mismatch=status))
    scene.org.schedule(scene.person_action(kind, timeout_seconds=33), "before", PATCH)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == (
        "skipped",
        "stale: version 5 was published after the plan, which knows 4",
    )
    assert scene.action()["version"] == 5
    assert scene.writes() == ["PATCH"]


def test_a_limit_that_is_live_although_our_change_was_refused_is_told_as_what_it_may_be(scene: ActionScene) -> None:
    """A request that comes twice looks just like a colleague who is faster: a roll back has to look at it."""
    scene.org.schedule(scene.person_action("limit_action", timeout_seconds=10), "before", PATCH)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, outcome.may_be_live) == ("published", "5", True)
    assert "it is live: the request may have come twice, or somebody made the same change" in outcome.notes[0]
    assert scene.action()["version"] == 5


def test_a_colleague_who_sets_that_limit_and_more_while_our_change_is_lost_is_not_told_as_ours(
    scene: ActionScene,
) -> None:
    theirs = json.loads(scene.client.action_content(CUSTOM).with_limit(10_000).patch())
    body = json.dumps({**theirs, "name": "Better"}).encode()
    scene.org.add_fault(Fault(kind="reset", match=Match(method="PATCH", path=ACTION, nth=2)))

    outcome = scene.publish_and_verify(pace=meanwhile(lambda: scene.client.patch_action(CUSTOM, body)))

    assert outcome.outcome == "unchanged"
    assert outcome.reason == "somebody published version 5 at the same time, with that limit"
    assert scene.action()["name"] == "Better"


def test_a_draft_that_stands_in_the_way_of_a_change_is_named(patching: Act) -> None:
    scene = patching(Switches(action_patch_and_draft="conflict"))
    scene.org.schedule(scene.person_action("draft_action"), "before", PATCH)
    before = scene.action()

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert outcome.reason == "somebody has a draft of it, which a change could take away"
    assert {**scene.action(), "draft": None} == before


def test_a_change_whose_answer_is_lost_is_resolved_by_reading_and_sent_once(scene: ActionScene) -> None:
    before = scene.action()
    scene.org.add_fault(Fault(kind="reset", match=PATCH, takes_effect=True))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, scene.action()) == ("published", "5", published(before))
    assert scene.writes() == ["PATCH"]


def test_a_change_whose_answer_is_lost_and_that_cannot_be_read_is_unknown_and_the_next_run_resolves_it(
    scene: ActionScene,
) -> None:
    scene.org.add_fault(Fault(kind="reset", match=PATCH, takes_effect=True))
    scene.org.add_fault(Fault(kind="reset", match=Match(method="GET", path=ACTION, nth=3, times=None)))

    first = scene.publish_and_verify()
    scene.org.clear_faults()
    second = scene.publish_and_verify()

    assert first.outcome == "unknown"
    assert "run again to resolve it" in first.reason
    assert (first.may_be_live, second.outcome, second.may_be_live) == (True, "unchanged", False)


def test_a_change_whose_answer_is_lost_and_that_a_colleague_changed_since_is_told_so(scene: ActionScene) -> None:
    scene.org.add_fault(Fault(kind="reset", match=PATCH, takes_effect=True))
    scene.org.schedule(scene.person_action("edit_action"), "after", PATCH)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after) == ("published", "6")
    assert "somebody changed it at the same time; the limit is as planned" in outcome.notes
