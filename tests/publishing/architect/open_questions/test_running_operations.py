"""An operation that this run did not start: it is waited for, and named where it does not end."""

from typing import Literal

import pytest

from publishing.architect.take_up import take_up
from publishing.order import Timing
from simulator.faults.holds import When
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.clocks import FakeClock
from tests.publishing.colleagues import ADA
from tests.publishing.scenes import FLOW, Scene, configuration, publish_alone

SAVE = Match(method="POST", path="/api/v2/flows/*/versions")
NOT_ENDED = "the operation VALIDATE, which this run did not start, has not ended yet"

Blocks = Literal["edits", "publish"]
pytestmark = pytest.mark.parametrize("blocks", ["edits", "publish"])


@pytest.fixture(autouse=True)
def _blocking(scene: Scene, blocks: Blocks) -> None:
    scene.org.set_switches(Switches(running_operation_blocks=blocks))


def validate(scene: Scene, plan: PublishPlan, when: When | None = None, match: Match = SAVE) -> None:
    """Let a colleague start a validation that goes by this plan, now or at a request of ours."""
    scene.org.plan_publish(plan)
    theirs = PersonAction(kind="validate", architect_flow_id=FLOW, person=ADA)
    if when is None:
        assert not scene.org.play(theirs).refused
        scene.org.plan_publish(PublishPlan())
    else:
        scene.org.schedule(theirs, when, match)


def test_an_operation_that_runs_is_waited_for_before_the_check_out(scene: Scene) -> None:
    validate(scene, PublishPlan(ms=20_000))

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live(), scene.flow()["lock"]) == ("published", configuration(10), None)


def test_one_that_does_not_end_is_named_and_nothing_is_sent(scene: Scene) -> None:
    validate(scene, PublishPlan(ending="never"))
    clock = scene.clock()

    outcome = scene.publish_and_verify(clock=clock)

    assert (outcome.outcome, outcome.reason) == ("skipped", NOT_ENDED)
    assert (scene.requests(), scene.flow()["lock"], clock.ms) == ([], None, 300_000)


def test_what_a_colleague_did_meanwhile_is_seen(scene: Scene) -> None:
    validate(scene, PublishPlan(ms=20_000))
    look = Match(method="GET", path=f"/api/v2/flows/{FLOW}", nth=8)
    scene.org.schedule(PersonAction(kind="lock", architect_flow_id=FLOW, person=ADA), "before", look)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason, scene.requests()) == ("skipped", "locked by Ada Colleague", [])


def test_a_stop_ends_the_wait_for_it(scene: Scene) -> None:
    validate(scene, PublishPlan(ending="never"))
    clock = FakeClock()
    pace = Timing(now_ms=lambda: clock.ms, sleep_ms=clock.wait, stopped=lambda: clock.ms > 1_000)

    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert (outcome.outcome, outcome.is_cut_short, scene.requests()) == ("skipped", True, [])


def test_one_that_begins_after_our_save_and_does_not_end_is_told_and_taken_for_nobodys_lock(scene: Scene) -> None:
    validate(scene, PublishPlan(ending="never"), "after")
    clock = scene.clock()

    outcome = scene.publish_and_verify(clock=clock)

    assert outcome.outcome == "unknown"
    assert outcome.reason == f"{NOT_ENDED}, so that our publish was not sent; run again to resolve it"
    assert outcome.notes == ("our lock stays until that is known; the next run takes it up",)
    assert clock.ms < 310_000


def test_the_next_run_and_the_command_for_locks_name_it_too(scene: Scene) -> None:
    validate(scene, PublishPlan(ending="never"), "after")
    scene.publish()

    again = scene.publish().outcome
    end = take_up(scene.client, scene.client.architect_flow(FLOW), scene.clock().pace())

    assert (again.outcome, again.reason) == ("unknown", f"{NOT_ENDED}; run again to resolve it")
    assert (end.is_free, end.said) == (False, NOT_ENDED)


def test_one_that_ends_at_last_leaves_nothing_for_good(scene: Scene) -> None:
    validate(scene, PublishPlan(ms=3_600_000), "after")
    scene.publish()
    scene.org.plan_publish(PublishPlan())
    scene.org.advance_ms(3_600_000)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, scene.live(), scene.flow()["lock"]) == ("published", configuration(10), None)
