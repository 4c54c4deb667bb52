"""Locks that dead runs of ours left are let go by the protocol's own rules, and no others."""

from publishing.architect.take_up import take_up
from publishing.order import Timing
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.architect.test_take_up import lock_as_terraform
from tests.publishing.clocks import FakeClock
from tests.publishing.colleagues import ADA
from tests.publishing.scenes import FLOW, Scene, configuration


def left_by_a_killed_run(scene: Scene, draft: bytes | None = None) -> None:
    """It had checked the Architect flow out, and perhaps saved."""
    scene.client.checkout(FLOW)
    if draft is not None:
        scene.client.save_version(FLOW, draft)


def taken_up(scene: Scene, pace: Timing | None = None) -> tuple[bool, str]:
    end = take_up(scene.client, scene.client.architect_flow(FLOW), pace or FakeClock().pace())
    return end.is_free, end.said


def test_the_lock_and_the_draft_of_a_dead_run_are_let_go_and_what_is_live_stays(scene: Scene) -> None:
    for draft in (None, configuration(10)):
        left_by_a_killed_run(scene, draft)

        assert taken_up(scene) == (True, "let go; its draft was discarded, what is live stays")
        assert (scene.flow()["lock"], scene.flow()["saved"], scene.live()) == (None, None, configuration())


def test_a_draft_that_this_tool_did_not_make_stays_under_its_lock(scene: Scene) -> None:
    left_by_a_killed_run(scene, configuration(10, "somebody's half-done work"))
    before = scene.flow()

    is_free, said = taken_up(scene)

    assert not is_free
    assert "a draft that this tool did not make" in said
    assert scene.flow() == before


def test_the_lock_of_another_client_is_never_let_go(scene: Scene) -> None:
    for shows in ("client_id", "other_id"):
        scene.org.reset()
        scene.org.set_switches(Switches(locked_client_shows=shows))
        lock_as_terraform(scene, configuration(10))
        before = scene.flow()

        take_up(scene.client, scene.client.architect_flow(FLOW), FakeClock().pace())

        assert scene.flow() == before


def test_a_lock_that_a_colleague_takes_while_we_watch_is_theirs(scene: Scene) -> None:
    left_by_a_killed_run(scene, configuration(10))
    take_it = PersonAction(kind="lock", architect_flow_id=FLOW, person=ADA, force=True)
    scene.org.schedule(take_it, "before", Match(path=f"/api/v2/flows/{FLOW}", nth=3))

    assert taken_up(scene) == (True, "whoever held it has let it go")
    assert scene.flow()["lock"]["kind"] == "person"


def test_a_run_that_lives_keeps_its_lock(scene: Scene) -> None:
    left_by_a_killed_run(scene)
    clock = FakeClock()

    def live_on(ms: int) -> None:
        clock.wait(ms)
        if scene.flow()["lock"] is not None and clock.ms % 5_000 < ms:
            scene.client.save_version(FLOW, configuration(10))

    pace = Timing(now_ms=lambda: clock.ms, sleep_ms=live_on, deadline_ms=60_000)

    assert taken_up(scene, pace) == (False, "another run of our own client is at work on it")
    assert scene.flow()["lock"] is not None


def test_a_publish_that_runs_is_left_to_its_end(scene: Scene) -> None:
    left_by_a_killed_run(scene, configuration(10))
    scene.org.plan_publish(PublishPlan(ending="never"))
    scene.client.publish(FLOW)

    assert taken_up(scene) == (False, "the operation PUBLISH, which this run did not start, has not ended yet")


def test_what_cannot_be_read_is_left_and_told(scene: Scene) -> None:
    left_by_a_killed_run(scene, configuration(10))
    seen = scene.client.architect_flow(FLOW)
    scene.org.add_fault(Fault(kind="status", status=500, match=Match(method="GET", times=None)))
    before = scene.flow()

    end = take_up(scene.client, seen, FakeClock().pace())

    assert not end.is_free
    assert end.said.startswith("it could not be looked at, and was left as it is: ")
    assert scene.flow() == before


def test_asked_to_end_it_leaves_the_lock_as_it_is(scene: Scene) -> None:
    left_by_a_killed_run(scene, configuration(10))
    clock = FakeClock()
    pace = Timing(now_ms=lambda: clock.ms, sleep_ms=clock.wait, stopped=lambda: clock.ms > 1_000)

    assert taken_up(scene, pace) == (False, "left as it is: asked to end")
    assert scene.flow()["saved"] is not None
