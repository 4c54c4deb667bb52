"""A draft as the check-out makes it, which the platform shows in other words than the published version."""

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.architect.test_concurrency import frozen_at
from tests.publishing.module_scenes import ModuleScene, stage_module
from tests.publishing.scenes import FLOW, Scene, Stage, configuration, publish_alone

CHECKOUT = Match(method="POST", path="/api/v2/flows/actions/checkout")
SAVE = Match(method="POST", path="/api/v2/flows/*/versions")
PUBLISH = Match(method="POST", path="/api/v2/flows/actions/publish")
MORE_KEYS = Switches(drafts_show="more_keys")


def test_a_key_that_the_server_shows_in_drafts_alone_is_noted_and_does_not_go_live(scene: Scene) -> None:
    scene.org.set_switches(MORE_KEYS)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live(), scene.flow()["lock"]) == ("published", configuration(10), None)
    (note,) = outcome.notes
    assert note == (
        "the draft that our check-out made shows more than what is published, which was published without it: "
        "$.draftMetaData: nothing became null"
    )


@pytest.mark.parametrize("match", [CHECKOUT, SAVE, PUBLISH], ids=["checkout", "save", "publish"])
@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_write_whose_answer_is_lost_is_settled_there_as_everywhere(
    scene: Scene, match: Match, takes_effect: bool
) -> None:
    scene.org.set_switches(MORE_KEYS)
    scene.org.add_fault(Fault(kind="reset", match=match, takes_effect=takes_effect))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == ("published" if takes_effect else "failed")
    assert scene.live() == configuration(10 if takes_effect else 3)
    assert (scene.flow()["lock"], scene.flow()["saved"]) == (None, None)


def test_a_republish_is_not_taken_for_what_another_run_saved(stage: Stage) -> None:
    """It changes nothing of the Architect flow's own, so that what it saves is what the check-out shows."""
    scene: ModuleScene = stage_module(stage, MORE_KEYS)
    clock = scene.clock()

    outcome = scene.publish_and_verify(clock=clock)

    assert (outcome.outcome, scene.flow()["lock"]) == ("published", None)
    assert clock.ms < 60_000
    assert [path.rsplit("/", 1)[-1] for path in scene.requests()] == ["checkout", "versions", "publish"]


def test_a_draft_that_lay_there_before_our_check_out_is_not_published_over(scene: Scene) -> None:
    """A lock that revert keeps, with a draft that shows more than what is live: it may be anybody's."""
    scene.org.set_switches(Switches(drafts_show="more_keys", revert_leaves="saved_draft"))
    scene.client.checkout(FLOW)
    scene.client.revert(FLOW)
    assert scene.flow()["saved"] is not None

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert scene.live() == configuration()


def test_what_else_differs_from_the_plan_is_named(scene: Scene) -> None:
    """Another tool with our OAuth client saves under our lock, right after our check-out."""
    other = configuration(3, "half done")
    pace = frozen_at(scene, 2, lambda: scene.client.save_version(FLOW, other))

    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert outcome.outcome == "skipped"
    assert outcome.reason == (
        "stale: under our lock lies other content than the plan was made from: "
        '$.description: "as published" became "half done"'
    )
    assert scene.client.latest_configuration(FLOW) == other
