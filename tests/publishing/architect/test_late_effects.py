"""What lands after its answer was lost, and what never lands although it was answered."""

import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.colleagues import ADA
from tests.publishing.matrices.matrix import ALL_LATE_MS
from tests.publishing.scenes import FLOW, PATIENT, Scene, client_of, configuration

CHECKOUT = Match(method="POST", path="/api/v2/flows/actions/checkout")
SAVE = Match(method="POST", path="/api/v2/flows/*/versions")
PUBLISH = Match(method="POST", path="/api/v2/flows/actions/publish")
LATER_THAN_ANYTHING_MS = 100_000


def lose(scene: Scene, match: Match, lands_after_ms: int) -> None:
    scene.org.add_fault(Fault(kind="status", status=504, match=match, lands_after_ms=lands_after_ms))


@pytest.mark.parametrize("lands_after_ms", [20, 300, 1_000, 4_000, 60_000])
def test_a_publish_that_lands_after_a_gateway_gave_up_is_told_as_published(scene: Scene, lands_after_ms: int) -> None:
    lose(scene, PUBLISH, lands_after_ms)

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, scene.live()) == ("published", "5.0", configuration(10))


def test_a_check_out_that_lands_after_a_gateway_gave_up_leaves_no_lock(scene: Scene) -> None:
    lose(scene, CHECKOUT, 4_000)

    outcome = scene.publish_and_verify()
    scene.org.advance_ms(ALL_LATE_MS)

    assert (outcome.outcome, scene.flow()["lock"]) == ("published", None)


def test_a_draft_that_a_colleague_checks_in_meanwhile_is_not_shipped_by_our_late_publish(scene: Scene) -> None:
    """While it is not known what became of our publish, our lock keeps everybody else out."""
    lose(scene, PUBLISH, 4_000)
    scene.org.schedule(
        PersonAction(kind="check_in", architect_flow_id=FLOW, person=ADA),
        "after",
        Match(method="GET", path="/api/v2/flows/*", nth=3),
    )

    outcome = scene.publish_and_verify()

    assert scene.org.people.done[0].refused
    assert (outcome.outcome, scene.live()) == ("published", configuration(10))


@pytest.mark.parametrize("match", [CHECKOUT, SAVE, PUBLISH], ids=["checkout", "save", "publish"])
def test_what_is_lost_for_good_is_waited_for_longer_than_a_gateway_waits(scene: Scene, match: Match) -> None:
    scene.org.add_fault(Fault(kind="reset", match=match))
    clock = scene.clock()

    outcome = scene.publish_and_verify(clock=clock)

    assert outcome.outcome == "failed"
    assert clock.ms >= 75_000
    assert (scene.flow()["lock"], scene.flow()["saved"], scene.live()) == (None, None, configuration())


def test_a_publish_that_lands_later_than_anything_waits_ships_what_a_colleague_has_checked_in(scene: Scene) -> None:
    """An exception (docs/safety.md): the platform's publish takes no condition, and nobody waits for ever."""
    lose(scene, PUBLISH, LATER_THAN_ANYTHING_MS)
    scene.org.plan_publish(PublishPlan(reads=0))

    outcome = scene.publish_and_verify()
    scene.org.play(PersonAction(kind="check_in", architect_flow_id=FLOW, person=ADA))
    scene.org.advance_ms(ALL_LATE_MS)

    assert outcome.outcome == "failed"
    assert scene.live_version() == "5.0"
    assert scene.live() == scene.org.configuration(FLOW, "5.0") != configuration(10)


def test_a_check_out_that_lands_later_than_anything_leaves_a_lock_that_the_next_run_takes_up(scene: Scene) -> None:
    """An exception (docs/safety.md): a check-out cannot be called back."""
    lose(scene, CHECKOUT, LATER_THAN_ANYTHING_MS)

    first = scene.publish_and_verify()
    scene.org.advance_ms(ALL_LATE_MS)
    assert (first.outcome, scene.flow()["lock"] is None) == ("failed", False)

    assert scene.publish_and_verify().outcome == "published"
    assert scene.flow()["lock"] is None


def test_a_lock_that_may_be_ours_is_told_where_nothing_can_be_read_after_a_lost_check_out(scene: Scene) -> None:
    scene.org.add_fault(Fault(kind="reset", match=CHECKOUT, takes_effect=True))
    scene.org.add_fault(Fault(kind="reset", match=Match(method="GET", path="/api/v2/flows/*", nth=2, times=None)))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert any("whether our check-out holds a lock there is not known" in note for note in outcome.notes)


def test_a_publish_that_is_answered_and_does_nothing_fails_and_lets_the_lock_go(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(ending="nothing"))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert "nothing came of it" in outcome.reason
    assert "our lock was let go" in outcome.reason
    assert (scene.flow()["lock"], scene.flow()["saved"], scene.live()) == (None, None, configuration())


@pytest.mark.parametrize("shown_after_ms", [60_000, 120_000])
def test_a_publish_that_has_succeeded_and_shows_no_version_yet_is_never_told_as_failed(
    scene: Scene, shown_after_ms: int
) -> None:
    scene.org.plan_publish(PublishPlan(shown_after_ms=shown_after_ms))

    outcome = scene.publish_and_verify()
    scene.org.advance_ms(shown_after_ms)

    if shown_after_ms < 75_000:
        assert (outcome.outcome, outcome.version_after) == ("published", "5.0")
    else:
        assert outcome.outcome == "unknown"
        assert outcome.reason.startswith("the platform says that it was published, and shows no new version")
    assert (scene.live_version(), scene.flow()["lock"]) == ("5.0", None)


def test_a_lock_that_stays_after_a_publish_that_did_nothing_is_told(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(ending="nothing"))
    scene.org.set_switches(Switches(revert_leaves="lock"))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == "failed"
    assert any("our lock is still there" in note for note in outcome.notes)


def test_a_run_whose_publish_was_taken_back_ends_within_a_minute(scene: Scene) -> None:
    """Somebody with our client's credentials reverts while the platform publishes."""
    scene.org.set_switches(Switches(revert_of_running="cancels"))
    scene.org.plan_publish(PublishPlan(ending="never"))
    clock = scene.clock()
    clock.passes = once(lambda: scene.client.revert(FLOW), scene.org.advance_ms)

    outcome = scene.publish_and_verify(clock=clock)

    assert outcome.outcome == "failed"
    assert clock.ms <= 60_000
    assert (scene.flow()["lock"], scene.live()) == (None, configuration())


def test_a_publish_of_another_process_is_waited_for_and_not_taken_back(scene: Scene) -> None:
    """`operation.already.in.progress`, with our own client on it: as where a request of ours comes twice."""
    scene.org.set_switches(Switches(revert_of_running="cancels"))
    scene.org.plan_publish(PublishPlan(reads=5))
    hold = scene.org.holds.add("before", PUBLISH)
    with contextlib.closing(client_of(scene.url, PATIENT)) as client, ThreadPoolExecutor(1) as aside:
        ours = aside.submit(replace(scene, client=client).publish_and_verify)
        assert hold.reached.wait(10)
        scene.client.publish(FLOW)
        hold.go.set()
        outcome = ours.result()

    assert (outcome.outcome, outcome.version_after, scene.live()) == ("published", "5.0", configuration(10))
    assert "it is live: the request may have come twice, or somebody made the same change" in outcome.notes[0]
    assert [version["publications"] for version in scene.flow()["versions"]] == [1, 1, 1]
    assert not [path for path in scene.requests() if path.endswith("revert")]


def once(act: Callable[[], object], then: Callable[[int], object]) -> Callable[[int], None]:
    """Tell `then` of all time that passes, and do something when it passes for the first time."""
    left = [act]

    def passes(ms: int) -> None:
        then(ms)
        if left:
            left.pop()()

    return passes
