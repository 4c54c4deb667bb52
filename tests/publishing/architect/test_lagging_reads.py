"""Reads of a replica that lags behind our own writes: what it does not show yet is not gone."""

import dataclasses

import pytest

from publishing.publish import verify
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.versions import Actor, Operation, PublishPlan
from tests.publishing.colleagues import ADA
from tests.publishing.matrices.architect_tables import SEQUENCE
from tests.publishing.scenes import FLOW, Scene, configuration, publish_alone

READ = "/api/v2/flows/*"
LOOK_BEFORE_THE_PUBLISH = LOOK_BEFORE_THE_REVERT = 2
LOOK_OF_THE_PROOF = 5
"""Of a run that goes well, and the second of one whose save is refused."""


def lag(scene: Scene, nth: int, lasts_ms: int) -> None:
    """Show for so long, from the nth read of the Architect flow on, what the first one showed."""
    scene.org.add_fault(Fault(kind="stale", match=Match(method="GET", path=READ, nth=nth), lasts_ms=lasts_ms))


@pytest.mark.parametrize("lasts_ms", [1, 1_000, 20_000])
def test_a_lock_that_a_lagging_read_does_not_show_yet_is_not_taken_for_taken_away(scene: Scene, lasts_ms: int) -> None:
    lag(scene, LOOK_BEFORE_THE_PUBLISH, lasts_ms)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.notes, scene.live()) == ("published", (), configuration(10))
    assert scene.flow()["lock"] is None


def test_a_lock_that_a_lagging_read_does_not_show_is_let_go_all_the_same(scene: Scene) -> None:
    """The look before the revert shows the Architect flow as it was before the check-out."""
    scene.org.add_fault(Fault(kind="status", status=403, match=Match(method="POST", path="/api/v2/flows/*/versions")))
    lag(scene, LOOK_BEFORE_THE_REVERT, 20_000)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live()) == ("failed", configuration())
    assert (scene.flow()["lock"], scene.flow()["saved"]) == (None, None)


def test_a_version_that_a_lagging_read_still_shows_was_not_published_after_ours(scene: Scene) -> None:
    lag(scene, LOOK_OF_THE_PROOF, 20_000)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.notes) == ("published", ())


def test_a_lock_that_somebody_broke_without_a_trace_is_believed_to_be_gone_after_a_while(scene: Scene) -> None:
    scene.org.schedule(
        PersonAction(kind="unlock", architect_flow_id=FLOW, person=ADA),
        "after",
        Match(method="POST", path="/api/v2/flows/actions/checkout"),
    )
    clock = scene.clock()

    outcome = scene.publish_and_verify(clock=clock)

    assert (outcome.outcome, scene.live()) == ("skipped", configuration())
    assert clock.ms < 200_000


def test_no_publish_that_went_well_waits_for_lagging_reads(scene: Scene) -> None:
    clock = scene.clock()

    assert scene.publish_and_verify(clock=clock).outcome == "published"

    assert clock.ms <= 5_000


def test_a_publish_that_failed_lets_its_lock_go_without_a_wait(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(ending="failure"))
    clock = scene.clock()

    assert scene.publish_and_verify(clock=clock).outcome == "failed"

    assert clock.ms <= 5_000
    assert scene.flow()["lock"] is None


def test_an_operation_that_still_runs_after_the_save_is_waited_for(scene: Scene) -> None:
    """Saving may show as an Operation of its own, which ends without anybody and changes nothing."""
    record, clock, saved = scene.org.records.find(FLOW), scene.clock(), list(SEQUENCE).index("save") + 1

    def stopped() -> bool:
        if len(scene.org.log) == saved and record.operation is None:
            plan = PublishPlan(reads=2, ending="failure")
            record.operation = Operation("saving", "CHECKIN", Actor("client", "demo-writer", "us"), 0, plan)
        return False

    pace = dataclasses.replace(clock.pace(), stopped=stopped)
    outcome = verify(scene.client, scene.order(), publish_alone(scene.client, scene.order(), pace), pace)

    assert (outcome.outcome, scene.live()) == ("published", configuration(10))
