"""A draft as the check-out makes it, which the platform shows in other words than the published version."""

import dataclasses
import json

import pytest

from publishing.order import ArchitectFlowOrder, Publication
from publishing.publish import verify
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.content.documents import to_bytes
from simulator.switches import Switches
from tests.publishing.architect.test_concurrency import frozen_at
from tests.publishing.module_scenes import ModuleScene, stage_module
from tests.publishing.scenes import FLOW, NODE, Scene, Stage, configuration, originals_in, publish_alone
from timeouts.model.step_edits import Restore

CHECKOUT = Match(method="POST", path="/api/v2/flows/actions/checkout")
SAVE = Match(method="POST", path="/api/v2/flows/*/versions")
PUBLISH = Match(method="POST", path="/api/v2/flows/actions/publish")
MORE_KEYS = Switches(drafts_show="more_keys")
FEWER_KEYS = Switches(drafts_show="fewer_keys")
BOTH = pytest.mark.parametrize("switches", [MORE_KEYS, FEWER_KEYS], ids=["more keys", "fewer keys"])


def without(key: str, body: bytes) -> bytes:
    """A configuration that lacks a key at its top."""
    return to_bytes({name: value for name, value in json.loads(body).items() if name != key})


def roll_back(scene: Scene) -> ArchitectFlowOrder:
    """What puts back what was there before the raise."""
    edits = {NODE: Restore(original=originals_in(configuration())[NODE])}
    return scene.fresh_order().model_copy(update={"edits": edits, "may_lower": True})


def test_a_key_that_the_server_shows_in_drafts_alone_is_noted_and_does_not_go_live(scene: Scene) -> None:
    scene.org.set_switches(MORE_KEYS)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live(), scene.flow()["lock"]) == ("published", configuration(10), None)
    (note,) = outcome.notes
    assert note == (
        "the draft that our check-out made shows more than what is published, which was published without it: "
        "$.draftMetaData: nothing became null"
    )


def test_a_key_that_the_server_does_not_show_in_drafts_stays_live_as_it_was(scene: Scene) -> None:
    scene.org.set_switches(FEWER_KEYS)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live(), scene.flow()["lock"]) == ("published", configuration(10), None)
    (note,) = outcome.notes
    assert note == (
        "the draft that our check-out made shows less than what is published, which was published with it: "
        "$.versionMetaData: an object with 2 keys became nothing"
    )


@BOTH
@pytest.mark.parametrize("match", [CHECKOUT, SAVE, PUBLISH], ids=["checkout", "save", "publish"])
@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_write_whose_answer_is_lost_is_settled_there_as_everywhere(
    scene: Scene, match: Match, takes_effect: bool, switches: Switches
) -> None:
    scene.org.set_switches(switches)
    scene.org.add_fault(Fault(kind="reset", match=match, takes_effect=takes_effect))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == ("published" if takes_effect else "failed")
    assert scene.live() == configuration(10 if takes_effect else 3)
    assert (scene.flow()["lock"], scene.flow()["saved"]) == (None, None)


@BOTH
def test_a_republish_is_not_taken_for_what_another_run_saved(stage: Stage, switches: Switches) -> None:
    """It changes nothing of the Architect flow's own, so that what it saves is what the check-out shows."""
    scene: ModuleScene = stage_module(stage, switches)
    clock = scene.clock()

    outcome = scene.publish_and_verify(clock=clock)

    assert (outcome.outcome, scene.flow()["lock"]) == ("published", None)
    assert clock.ms < 60_000
    assert [path.rsplit("/", 1)[-1] for path in scene.requests()] == ["checkout", "versions", "publish"]


@BOTH
def test_a_draft_that_lay_there_before_our_check_out_is_not_published_over(scene: Scene, switches: Switches) -> None:
    """A lock that revert keeps, with a draft that shows more or less than what is live: it may be anybody's."""
    scene.org.set_switches(dataclasses.replace(switches, revert_leaves="saved_draft"))
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


def test_a_key_that_nobody_knows_of_may_be_lacking_too(stage: Stage) -> None:
    """What our own check-out showed tells what drafts lack, also where the answer to the save is lost."""
    published = to_bytes({**json.loads(configuration()), "flowMetaData": {}})
    scene = stage(configuration=lambda _: published)
    scene.org.set_switches(FEWER_KEYS)
    scene.org.add_fault(Fault(kind="reset", match=SAVE, takes_effect=True))

    outcome = scene.publish_and_verify(scene.fresh_order())

    assert (outcome.outcome, scene.flow()["lock"]) == ("published", None)
    assert scene.live() == to_bytes({**json.loads(configuration(10)), "flowMetaData": {}})


def test_a_raise_is_rolled_back_there_as_everywhere(scene: Scene) -> None:
    scene.org.set_switches(FEWER_KEYS)
    scene.publish_and_verify()

    outcome = scene.publish_and_verify(roll_back(scene))

    assert (outcome.outcome, outcome.version_after, scene.live()) == ("published", "6.0", configuration())


def test_a_key_that_is_gone_from_what_is_live_is_a_failure_and_rolled_back_without_it(scene: Scene) -> None:
    scene.org.set_switches(FEWER_KEYS)
    order = scene.order()
    scene.client.checkout(FLOW)
    scene.client.save_version(FLOW, without("versionMetaData", configuration(10)))
    scene.client.publish(FLOW)
    published = Publication(outcome=order.outcome("published", "", "5.0"), expected={})

    outcome = verify(scene.client, order, published, scene.clock().pace())

    assert outcome.outcome == "failed"
    assert "not as planned: $.versionMetaData: an object with 2 keys became nothing" in outcome.reason
    after = scene.publish_and_verify(roll_back(scene))
    assert (after.outcome, after.notes) == ("published", ())
    assert scene.live() == without("versionMetaData", configuration())


def test_what_is_lacking_in_a_step_is_not_the_servers(scene: Scene) -> None:
    """Another tool with our OAuth client saves under our lock, right after our check-out."""
    scene.org.set_switches(FEWER_KEYS)
    other = configuration().replace(b'"name":"Look up the customer","__type"', b'"__type"')
    pace = frozen_at(scene, 2, lambda: scene.client.save_version(FLOW, other))

    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert outcome.outcome == "skipped"
    assert outcome.reason.startswith("stale: under our lock lies other content than the plan was made from: $.flowSeq")
    assert outcome.reason.endswith('.name: "Look up the customer" became nothing')


@pytest.mark.parametrize(("draft", "is_ours"), [(configuration(10), True), (configuration(10, "half done"), False)])
def test_what_a_dead_run_left_is_told_from_other_work(scene: Scene, draft: bytes, is_ours: bool) -> None:
    scene.org.set_switches(FEWER_KEYS)
    scene.client.checkout(FLOW)
    scene.client.save_version(FLOW, draft)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == ("published" if is_ours else "skipped")
    assert (scene.flow()["lock"] is None) == is_ours


def test_a_key_that_no_draft_is_known_to_lack_is_another_tools_work(scene: Scene) -> None:
    scene.org.set_switches(FEWER_KEYS)
    scene.client.checkout(FLOW)
    scene.client.save_version(FLOW, without("nextTrackingNumber", configuration(10)))
    before = scene.flow()

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.flow()) == ("skipped", before)
