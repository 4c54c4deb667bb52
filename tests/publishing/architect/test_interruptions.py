"""A run that is asked to stop: the request in flight is finished, the lock released, the outcome true."""

import contextlib
import threading
from typing import Literal

import pytest

from publishing.order import Timing
from simulator.faults.faults import Fault
from simulator.org.people import PersonAction
from simulator.org.versions import PublishPlan
from tests.publishing import flow_data_scenes as flow_data
from tests.publishing.clocks import FakeClock, GatewayClock
from tests.publishing.colleagues import ADA
from tests.publishing.matrices.architect_tables import SEQUENCE
from tests.publishing.scenes import FLOW, Scene, Stage, client_of, configuration, publish_alone
from timeouts.planning.outcomes import Outcome

BEFORE_THE_PUBLISH = [name for name in SEQUENCE if name in list(SEQUENCE)[: list(SEQUENCE).index("publish")]]


def stopping_after(scene: Scene, requests: int, deadline_ms: int = 60_000) -> tuple[Timing, FakeClock]:
    """A pace that asks for a stop once the org has answered so many requests."""
    clock = FakeClock()
    pace = Timing(
        now_ms=lambda: clock.ms,
        sleep_ms=clock.wait,
        deadline_ms=deadline_ms,
        stopped=lambda: len(scene.org.log) >= requests,
    )
    return pace, clock


def assert_untouched(scene: Scene, outcome: Outcome) -> None:
    assert outcome.outcome == "skipped"
    assert "interrupted before it was published" in outcome.reason
    assert (scene.live(), scene.flow()["lock"], scene.flow()["saved"]) == (configuration(), None, None)


@pytest.mark.parametrize("request_", BEFORE_THE_PUBLISH)
def test_a_stop_before_the_publish_releases_the_lock_and_changes_nothing(scene: Scene, request_: str) -> None:
    pace, _ = stopping_after(scene, list(SEQUENCE).index(request_) + 1)

    assert_untouched(scene, publish_alone(scene.client, scene.order(), pace).outcome)


def test_a_stop_before_anything_sends_nothing(scene: Scene) -> None:
    pace, _ = stopping_after(scene, 0)

    assert_untouched(scene, publish_alone(scene.client, scene.order(), pace).outcome)
    assert scene.org.log == []


def test_a_publish_that_was_sent_is_followed_a_little_longer_after_a_stop_and_then_told_as_unknown(
    scene: Scene,
) -> None:
    scene.org.plan_publish(PublishPlan(ending="never"))
    pace, clock = stopping_after(scene, len(SEQUENCE) - 3)

    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert outcome.outcome == "unknown"
    assert "asked to stop" in outcome.reason
    assert clock.ms <= 1_000 + 500 + pace.last_ms


def test_a_publish_that_ends_soon_after_a_stop_is_published_and_leaves_no_lock(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(reads=6))
    pace, _clock = stopping_after(scene, len(SEQUENCE) - 3)

    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert outcome.outcome == "published"
    assert scene.flow()["lock"] is None


def test_a_stop_at_the_end_of_a_publish_that_is_over_is_told_as_published(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(reads=0))
    pace, _ = stopping_after(scene, list(SEQUENCE).index("publish") + 1)

    assert publish_alone(scene.client, scene.order(), pace).outcome.outcome == "published"


@pytest.mark.parametrize("kind", ["check_in", "publish"])
def test_a_stop_after_a_publish_that_shipped_a_colleagues_version_does_not_say_that_nothing_was_published(
    scene: Scene, kind: Literal["check_in", "publish"]
) -> None:
    """Our request published what she checked in after breaking our lock, and it was told as never sent."""
    theirs = PersonAction(kind=kind, architect_flow_id=FLOW, person=ADA, body=scene.their_work(), force=True)
    scene.org.schedule(theirs, "after", SEQUENCE["confirm"].match)
    pace, _ = stopping_after(scene, list(SEQUENCE).index("publish") + 1)

    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert scene.live() == scene.their_work()
    assert outcome.outcome == "skipped"
    assert "stale: 6.0 was published by Ada Colleague" in outcome.reason


@pytest.mark.parametrize("request_", ["latest configuration", "save", "publish"])
def test_a_stop_while_the_gateway_waits_for_the_rate_limit_still_releases_the_lock(scene: Scene, request_: str) -> None:
    stop = threading.Event()
    clock = GatewayClock(alarm=stop)
    with contextlib.closing(client_of(scene.url, clock=clock, stop=stop)) as client:
        scene.org.add_fault(Fault(kind="status", status=429, retry_after="2", match=SEQUENCE[request_].match))
        pace = Timing(now_ms=clock.now_ms, sleep_ms=clock.advance, stopped=stop.is_set)

        outcome = publish_alone(client, scene.order(), pace).outcome

    assert_untouched(scene, outcome)


def assert_flow_data_untouched(scene: Scene, outcome: Outcome) -> None:
    assert (outcome.outcome, outcome.reason) == ("skipped", "interrupted before it was published")
    assert outcome.is_cut_short
    assert scene.live() == flow_data.flow_data(3_000)


@pytest.mark.parametrize("request_", ["document", "lock"])
def test_a_stop_before_the_flow_data_is_sent_changes_nothing(stage: Stage, request_: str) -> None:
    scene = flow_data.stage_flow_data(stage)
    order = flow_data.flow_data_order(scene)
    scene.org.clear_log()
    pace, _ = stopping_after(scene, list(flow_data.SEQUENCE).index(request_) + 1)

    assert_flow_data_untouched(scene, publish_alone(scene.client, order, pace).outcome)
    assert scene.requests("PUT") == []


@pytest.mark.parametrize("request_", ["document", "lock", "put"])
def test_a_stop_while_flow_data_waits_for_the_rate_limit_is_no_failure(stage: Stage, request_: str) -> None:
    """It was told as refused by the platform, and as a dead canary."""
    scene = flow_data.stage_flow_data(stage)
    order = flow_data.flow_data_order(scene)
    stop = threading.Event()
    clock = GatewayClock(alarm=stop)
    with contextlib.closing(client_of(scene.url, clock=clock, stop=stop)) as client:
        match = flow_data.SEQUENCE[request_].match
        scene.org.add_fault(Fault(kind="status", status=429, retry_after="2", match=match))
        pace = Timing(now_ms=clock.now_ms, sleep_ms=clock.advance, stopped=stop.is_set)

        outcome = publish_alone(client, order, pace).outcome

    assert_flow_data_untouched(scene, outcome)
