"""The publishing protocol against the simulator: what happens when all is well, and who is never touched."""

import pytest

from publishing.publish import verify
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.versions import Actor, PublishPlan
from simulator.switches import Switches
from tests.publishing.clocks import FakeClock
from tests.publishing.scenes import COLLEAGUE, FLOW, NODE, Scene, Stage, configuration
from timeouts.definitions import read_definition
from timeouts.model.step_edits import SetTimeout

ADA = Actor("person", COLLEAGUE.id, COLLEAGUE.name)
CHECKOUT = Match(method="POST", path="/api/v2/flows/actions/checkout")
SAVE = Match(method="POST", path="/api/v2/flows/*/versions")
PUBLISH = Match(method="POST", path="/api/v2/flows/actions/publish")


def assert_as_before(scene: Scene, before: object) -> None:
    assert scene.live() == configuration()
    after = dict(scene.flow())
    assert (after["lock"], after["saved"], after["versions"]) == (None, None, dict(before)["versions"])  # type: ignore[call-overload]


def test_a_raise_makes_exactly_the_next_version_live_with_exactly_that_timeout(scene: Scene) -> None:
    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_before, outcome.version_after) == ("published", "4.0", "5.0")
    assert scene.live() == configuration(10)
    assert scene.flow()["lock"] is None


def test_it_costs_no_more_requests_than_the_editing_cycle_needs(scene: Scene) -> None:
    scene.publish_and_verify()

    assert [path.rsplit("/", 1)[-1] for path in scene.requests()] == ["checkout", "versions", "publish"]


def test_a_persons_lock_is_never_touched_and_the_person_is_named(stage: Stage) -> None:
    scene = stage(locked_by=COLLEAGUE)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "locked by Ada Colleague")
    assert scene.requests() == []


def test_a_checked_in_draft_that_nobody_published_is_never_shipped(stage: Stage) -> None:
    scene = stage(draft="checked_in", drafted_by=COLLEAGUE)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert "draft" in outcome.reason
    assert scene.requests() == []


def test_a_version_published_since_the_plan_makes_it_stale(scene: Scene) -> None:
    scene.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert "stale: 5.0 was published by Ada Colleague" in outcome.reason
    assert scene.requests() == []


def test_a_deleted_architect_flow_is_skipped(scene: Scene) -> None:
    scene.org.play(PersonAction(kind="delete", architect_flow_id=FLOW, person=ADA))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "it does not exist any more")


def test_a_plan_that_is_applied_twice_is_unchanged_the_second_time_and_not_published_again(scene: Scene) -> None:
    """A run tells what it did, and a roll back of it undoes no other run's work."""
    scene.publish()
    requests = len(scene.requests())

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after) == ("unchanged", None)
    assert "live already as version 5.0" in outcome.reason
    assert len(scene.requests()) == requests


def test_a_republish_of_the_old_content_is_stale_and_not_taken_for_ours(scene: Scene) -> None:
    scene.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA, body=configuration()))

    assert scene.publish_and_verify().outcome == "skipped"


def test_a_colleague_who_takes_the_lock_just_before_our_check_out_is_named(scene: Scene) -> None:
    scene.org.schedule(PersonAction(kind="lock", architect_flow_id=FLOW, person=ADA), "before", CHECKOUT)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "locked by Ada Colleague")
    assert scene.live() == configuration()


def test_a_colleague_who_publishes_just_before_our_check_out_makes_it_stale_and_frees_the_lock(scene: Scene) -> None:
    scene.org.schedule(PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA), "before", CHECKOUT)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert scene.flow()["lock"] is None
    assert scene.live_version() == "5.0"


def test_a_colleagues_draft_checked_in_just_before_our_check_out_stays_unpublished(scene: Scene) -> None:
    scene.org.schedule(PersonAction(kind="check_in", architect_flow_id=FLOW, person=ADA), "before", CHECKOUT)

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert (scene.flow()["lock"], scene.live_version()) == (None, "4.0")


def test_a_publish_that_the_platform_fails_gives_its_reason_and_leaves_everything_as_it_was(scene: Scene) -> None:
    before = scene.flow()
    scene.org.plan_publish(PublishPlan(ending="failure", error_message="The queue is gone.", error_code="QUEUE_GONE"))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert "The queue is gone." in outcome.reason
    assert_as_before(scene, before)


def test_a_publish_has_ended_with_its_last_word_even_if_it_never_says_that_it_is_complete(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(ending="failure", error_message="The queue is gone.", says_complete=False))
    failed = scene.publish_and_verify()
    scene.org.plan_publish(PublishPlan(says_complete=False))

    published = scene.publish_and_verify()

    assert failed.outcome == "failed"
    assert "The queue is gone." in failed.reason
    assert (published.outcome, published.version_after, scene.live()) == ("published", "5.0", configuration(10))


def test_a_publish_that_never_ends_is_unknown_after_the_deadline(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(ending="never"))
    clock = FakeClock()

    outcome = scene.publish(clock=clock).outcome

    assert outcome.outcome == "unknown"
    assert clock.ms == 300_000


def test_the_next_run_takes_up_a_publish_that_ended_after_the_deadline(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(reads=1, ms=3_600_000))
    scene.publish()
    scene.org.advance_ms(3_600_000)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live_version(), scene.live()) == ("unchanged", "5.0", configuration(10))


def test_content_under_the_lock_that_is_not_the_plans_is_not_edited(scene: Scene) -> None:
    order = scene.order(fingerprint="sha256:of something else")

    outcome = scene.publish_and_verify(order)

    assert outcome.outcome == "skipped"
    assert "stale" in outcome.reason
    assert scene.flow()["lock"] is None


def test_a_step_that_the_definition_does_not_have_is_not_guessed(scene: Scene) -> None:
    outcome = scene.publish_and_verify(scene.order(edits={"no-such-step": SetTimeout(timeout_ms=10_000)}))

    assert outcome.outcome == "failed"
    assert (scene.flow()["lock"], scene.live()) == (None, configuration())


def test_a_draft_that_a_killed_run_left_is_discarded_and_the_work_done_afresh(scene: Scene) -> None:
    scene.client.checkout(FLOW)
    scene.client.save_version(FLOW, configuration(10))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live()) == ("published", configuration(10))
    assert any("interrupted run" in note for note in outcome.notes)


def test_a_draft_of_another_tool_under_our_client_is_not_discarded(scene: Scene) -> None:
    scene.client.checkout(FLOW)
    scene.client.save_version(FLOW, configuration(3, "what another tool is about to publish"))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "skipped"
    assert "did not make" in outcome.reason
    assert scene.flow()["saved"] is not None


def test_a_check_out_whose_answer_is_lost_is_put_back_before_it_is_sent_again(scene: Scene) -> None:
    scene.org.add_fault(Fault(kind="reset", match=CHECKOUT, takes_effect=True))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live_version()) == ("published", "5.0")
    posts = [path.rsplit("/", 1)[-1] for path in scene.requests()]
    assert posts == ["checkout", "revert", "checkout", "versions", "publish"]


@pytest.mark.parametrize("match", [SAVE, PUBLISH], ids=["save", "publish"])
def test_a_write_whose_answer_is_lost_is_resolved_by_reading_and_sent_once(scene: Scene, match: Match) -> None:
    scene.org.add_fault(Fault(kind="reset", match=match, takes_effect=True))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live_version()) == ("published", "5.0")
    assert [path.rsplit("/", 1)[-1] for path in scene.requests()] == ["checkout", "versions", "publish"]


@pytest.mark.parametrize("match", [CHECKOUT, SAVE, PUBLISH], ids=["checkout", "save", "publish"])
def test_a_write_that_is_lost_before_its_effect_leaves_everything_as_it_was(scene: Scene, match: Match) -> None:
    before = scene.flow()
    scene.org.add_fault(Fault(kind="reset", match=match))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert "did not" in outcome.reason
    assert_as_before(scene, before)


@pytest.mark.parametrize("normalises", ["key_order", "reformats"])
def test_another_order_of_keys_or_other_white_space_is_no_difference(scene: Scene, normalises: str) -> None:
    scene.org.set_switches(Switches(normalises=normalises))  # type: ignore[arg-type] # parametrized

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.notes) == ("published", ())


def test_a_field_that_the_server_adds_is_noted_and_not_a_failure(scene: Scene) -> None:
    scene.org.set_switches(Switches(normalises="adds_field"))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "published"
    assert any("added" in note for note in outcome.notes)


@pytest.mark.parametrize("answer", ["refuses", "fails"])
def test_an_org_whose_publish_does_not_check_in_by_itself_is_left_as_it_was(scene: Scene, answer: str) -> None:
    before = scene.flow()
    scene.org.set_switches(Switches(publish_of_saved=answer))  # type: ignore[arg-type] # parametrized

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert_as_before(scene, before)


def test_a_lock_that_revert_does_not_release_is_told(scene: Scene) -> None:
    scene.org.set_switches(Switches(revert_leaves="lock"))
    scene.org.plan_publish(PublishPlan(ending="failure"))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert any("lock" in note for note in outcome.notes)


def test_a_lock_that_shows_another_id_than_our_clients_is_known_as_ours_from_the_check_out(scene: Scene) -> None:
    scene.org.set_switches(Switches(locked_client_shows="other_id"))
    scene.org.plan_publish(PublishPlan(ending="failure"))

    scene.publish_and_verify()

    assert (scene.flow()["lock"], scene.flow()["saved"]) == (None, None)


def test_a_colleague_who_publishes_after_us_is_told_and_our_version_verified(scene: Scene) -> None:
    publication = scene.publish()
    scene.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA))

    outcome = verify(scene.client, scene.order(), publication, scene.clock().pace())

    assert outcome.outcome == "published"
    assert "version 6.0 was published by Ada Colleague after ours" in outcome.notes


def test_what_is_live_but_not_as_expected_fails_by_name_and_offers_the_way_back(scene: Scene) -> None:
    other = read_definition(configuration(11)).with_edits({NODE: SetTimeout(timeout_ms=12_000)})
    scene.org.schedule(
        PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA, body=other, force=True), "before", PUBLISH
    )

    outcome = scene.publish_and_verify()

    assert outcome.outcome in ("failed", "skipped")
    assert scene.live() == other


def test_a_publish_that_ends_with_a_word_that_nobody_knows_is_judged_by_what_is_live(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(says="COMPLETED_WITH_WARNINGS"))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, scene.live()) == ("published", "5.0", configuration(10))
