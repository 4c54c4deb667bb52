"""An org whose publish leaves what is checked in as it is: an older version than what is live."""

from simulator.org.people import PersonAction
from simulator.switches import Switches
from tests.publishing.architect.test_concurrency import frozen_at
from tests.publishing.colleagues import ADA
from tests.publishing.scenes import FLOW, NODE, Scene, configuration, originals_in, publish_alone
from timeouts.model.step_edits import Restore

PUBLISHES_ONLY = Switches(publish_of_saved="publishes_only")


def raised(scene: Scene) -> None:
    scene.org.set_switches(PUBLISHES_ONLY)
    assert scene.publish_and_verify().outcome == "published"
    seen = scene.client.architect_flow(FLOW)
    assert (seen.checked_in_version, seen.published_version) == ("4.0", "5.0")


def test_what_was_checked_in_before_is_no_newer_draft_so_that_it_is_raised_again_and_rolled_back(scene: Scene) -> None:
    raised(scene)
    back = {NODE: Restore(original=originals_in(configuration())[NODE])}

    outcome = scene.publish_and_verify(scene.fresh_order().model_copy(update={"edits": back, "may_lower": True}))

    assert (outcome.outcome, outcome.version_after, outcome.notes) == ("published", "6.0", ())
    assert (scene.live(), scene.flow()["lock"], scene.flow()["saved"]) == (configuration(), None, None)


def test_a_draft_that_starts_from_what_was_checked_in_before_is_not_edited(scene: Scene) -> None:
    """It would put back what an earlier version said, wherever the two differ."""
    raised(scene)
    pace = frozen_at(scene, len(scene.org.log) + 2, lambda: scene.client.save_version(FLOW, configuration()))

    outcome = publish_alone(scene.client, scene.fresh_order(), pace).outcome

    assert outcome.outcome == "skipped"
    assert outcome.reason.startswith("stale: under our lock lies other content than the plan was made from: $.flowSeq")
    assert outcome.reason.endswith("; checked in is 4.0, from before 5.0, which is live: drafts may start from it")
    assert scene.live() == configuration(10)


def test_what_a_colleague_checks_in_after_it_is_a_newer_draft(scene: Scene) -> None:
    raised(scene)
    scene.org.play(PersonAction(kind="check_in", architect_flow_id=FLOW, person=ADA))

    outcome = scene.publish_and_verify(scene.fresh_order())

    assert (outcome.outcome, outcome.reason) == (
        "skipped",
        "has a draft that is newer than the published version (6.0)",
    )
