"""Reading an action back after its change: compared in full, told by paths, and never by a value."""

from collections.abc import Callable

import pytest

from publishing.order import Publication
from simulator.clients import READING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from tests.publishing.actions.scenes import SECRET, Act, ActionScene

PATCH = Match(method="PATCH", path="/api/v2/integrations/actions/*")
TEMPLATE = Match(method="GET", path="/api/v2/integrations/actions/*/templates/*")


@pytest.fixture
def scene(patching: Act) -> ActionScene:
    return patching()


def test_a_colleague_who_publishes_after_us_is_told_and_is_no_failure_of_ours(scene: ActionScene) -> None:
    publication = scene.publish()
    scene.org.play(scene.person_action("limit_action", timeout_seconds=33))

    outcome = scene.verify(publication)

    assert (outcome.outcome, outcome.version_after) == ("published", "5")
    assert outcome.notes == ("version 6 was published after ours, its limit is 33s",)


def test_a_colleague_who_publishes_while_it_is_read_back_is_no_failure_of_ours(scene: ActionScene) -> None:
    publication = scene.publish()
    scene.org.schedule(scene.person_action("edit_action"), "before", TEMPLATE)

    outcome = scene.verify(publication)

    assert outcome.notes == ("version 6 was published after ours, its limit is 10s",)


def test_an_action_that_was_deleted_since_is_told_as_changed_and_deleted(scene: ActionScene) -> None:
    publication = scene.publish()
    scene.org.play(scene.person_action("delete_action"))

    outcome = scene.verify(publication)

    assert (outcome.outcome, outcome.reason) == ("skipped", "it was published, and deleted since")
    assert (outcome.version_after, outcome.may_be_live) == ("5", True)


def test_what_cannot_be_read_back_is_unknown(scene: ActionScene) -> None:
    publication = scene.publish()
    scene.org.add_fault(Fault(kind="status", status=500, match=Match(times=None)))

    outcome = scene.verify(publication)

    assert outcome.outcome == "unknown"
    assert "it was published, but could not be read back" in outcome.reason


def expecting(publication: Publication, **fingerprints: str) -> Publication:
    """The publication with other fingerprints of what must be live, and without those that are empty."""
    named = {path.replace("__", "."): value for path, value in fingerprints.items()}
    expected = {path: value for path, value in {**publication.expected, **named}.items() if value}
    return Publication(outcome=publication.outcome, expected=expected)


def test_a_difference_is_a_failure_named_by_its_path_and_never_by_a_value(scene: ActionScene) -> None:
    publication = expecting(scene.publish(), action__config__request__headers__Authorization="another")

    outcome = scene.verify(publication)

    assert (outcome.outcome, outcome.version_after, outcome.may_be_live) == ("failed", "5", True)
    assert outcome.reason == ("published as 5, but not as planned: action.config.request.headers.Authorization")
    assert SECRET not in repr(outcome)


def test_many_differences_are_counted_and_the_first_ten_named(scene: ActionScene) -> None:
    publication = scene.publish()
    nothing = Publication(outcome=publication.outcome, expected=dict.fromkeys(publication.expected, "another"))

    outcome = scene.verify(nothing)

    assert outcome.reason.count("action.") == 10
    assert outcome.reason.endswith(" more")


def test_a_limit_that_is_another_one_all_the_same_is_a_failure(scene: ActionScene) -> None:
    order = scene.order()
    publication = scene.publish()

    outcome = scene.verify(publication, order.model_copy(update={"after_ms": 11_000}))

    assert outcome.outcome == "failed"
    assert outcome.reason == "published as 5, but its limit is 10s all the same"


def test_an_older_version_than_ours_that_is_shown_is_unknown(scene: ActionScene) -> None:
    publication = scene.publish()
    later = publication.model_copy(update={"outcome": publication.outcome.model_copy(update={"version_after": "6"})})

    outcome = scene.verify(later)

    assert outcome.outcome == "unknown"
    assert outcome.reason == "it was published as 6, but version 5 is shown"
    assert outcome.notes == ("the version went from 4 to 6: what lay between may be lost",)


def test_only_what_was_published_is_read_back(scene: ActionScene) -> None:
    scene.org.play(scene.person_action("draft_action"))
    publication = scene.publish()
    scene.org.clear_log()

    assert scene.verify(publication) == publication.outcome
    assert scene.org.log == []


# What is never told.

TROUBLES: dict[str, Callable[[ActionScene], object]] = {
    "nothing": lambda scene: scene,
    "refused": lambda scene: scene.org.schedule(scene.person_action("edit_action"), "before", PATCH),
    "edited after": lambda scene: scene.org.schedule(scene.person_action("edit_action"), "after", PATCH),
    "lost": lambda scene: scene.org.add_fault(Fault(kind="reset", match=PATCH)),
    "not permitted": lambda scene: scene.org.add_client(OAuthClient("demo-writer", "", "", READING)),
    "a draft": lambda scene: scene.org.play(scene.person_action("draft_action")),
    "not read": lambda scene: scene.org.add_fault(Fault(kind="status", status=500, match=Match(times=None))),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_no_secret_of_a_header_is_ever_told(scene: ActionScene, trouble: str) -> None:
    TROUBLES[trouble](scene)

    publication = scene.publish()
    outcome = scene.verify(publication)

    assert SECRET not in repr((publication, outcome))


def test_a_secret_that_the_platform_repeats_is_hidden(patching: Act) -> None:
    """A limit of 61 s is refused; the name stands in the refusal's place for whatever a platform may repeat."""
    scene = patching(request={"headers": {"X-Limit": "timeoutSeconds"}})

    outcome = scene.publish_and_verify(scene.order(after_ms=61_000))

    assert outcome.outcome == "failed"
    assert "[hidden] must be between 1 and 60" in outcome.reason
