"""What holds of every action, whether its limit is its own or its function's."""

import pytest

from simulator.org.actions.people import DataActionEditKind
from tests.publishing.actions.scenes import BEFORE, Act, ActionScene, Kind, published


@pytest.fixture(params=["custom", "function"])
def kind(request: pytest.FixtureRequest) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def scene(kind: Kind, patching: Act, drafting: Act) -> ActionScene:
    return patching() if kind == "custom" else drafting()


def test_a_raise_makes_exactly_the_next_version_live_with_exactly_that_limit(kind: Kind, scene: ActionScene) -> None:
    before = scene.action()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_before, outcome.version_after) == ("published", "4", "5")
    assert (outcome.limit_before_ms, outcome.limit_after_ms) == (BEFORE[kind] * 1_000, 10_000)
    assert (outcome.reason, outcome.notes) == ("", ())
    assert scene.action() == published(before)


def test_a_roll_back_puts_the_limit_back_to_the_byte(kind: Kind, scene: ActionScene) -> None:
    before, before_ms = scene.action(), BEFORE[kind] * 1_000
    scene.publish_and_verify()

    outcome = scene.publish_and_verify(scene.order(version=5, before_ms=10_000, after_ms=before_ms, may_lower=True))

    assert (outcome.outcome, scene.action()) == ("published", {**before, "version": 6})


@pytest.mark.parametrize("edit", ["edit_action", "rename_action", "limit_action"])
def test_a_version_published_since_the_plan_makes_it_stale(scene: ActionScene, edit: DataActionEditKind) -> None:
    scene.org.play(scene.person_action(edit, timeout_seconds=7))
    theirs = scene.action()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.action(), scene.writes()) == ("skipped", theirs, [])
    assert outcome.reason == "stale: version 5 was published after the plan, which knows 4"


@pytest.mark.parametrize("known_ms", [4_000, None])
def test_another_limit_than_the_plans_makes_it_stale(kind: Kind, scene: ActionScene, known_ms: int | None) -> None:
    outcome = scene.publish_and_verify(scene.order(before_ms=known_ms))

    known = "none" if known_ms is None else "4s"
    assert (outcome.outcome, scene.writes()) == ("skipped", [])
    assert outcome.reason == f"stale: its limit is {BEFORE[kind]}s, the plan knows {known}"


def test_a_draft_of_somebody_is_not_touched_and_nothing_is_changed(scene: ActionScene) -> None:
    scene.org.play(scene.person_action("draft_action"))
    theirs = scene.action()

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert outcome.reason == "somebody has a draft of it, which a change could take away"
    assert (scene.action(), scene.writes()) == (theirs, [])


def test_a_deleted_action_is_skipped(scene: ActionScene) -> None:
    scene.org.play(scene.person_action("delete_action"))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "it does not exist any more")
