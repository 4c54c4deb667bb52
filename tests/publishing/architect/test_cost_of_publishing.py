"""What publishing costs at the platform: requests, and waiting that is lost to polling."""

import contextlib
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from publishing.order import Timing
from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from tests.publishing.clocks import FakeClock, SharedClock
from tests.publishing.scenes import PATIENT, Scene, client_of, flow_ids, org_seed, publish_alone

PUBLISHES = 40
AT_A_TIME = 4


def test_an_ordinary_publish_costs_a_look_checkout_read_save_last_look_publish_polls_and_read_back(
    scene: Scene,
) -> None:
    scene.org.plan_publish(PublishPlan(reads=2))

    scene.publish_and_verify()

    asked = [f"{call.method} {call.path.rsplit('/', 1)[-1]}" for call in scene.org.log if "token" not in call.path]
    flow = f"GET {scene.order().target.id}"
    assert asked == [
        flow,
        "POST checkout",
        "GET latestconfiguration",
        "POST versions",
        flow,
        "POST publish",
        *[flow] * 3,
        flow,
        "GET configuration",
    ]


@pytest.fixture(scope="module")
def org_of_forty() -> Iterator[Running]:
    with running(org_seed(count=PUBLISHES)) as simulator:
        yield simulator


def test_forty_publishes_four_at_a_time_lose_two_seconds_each_at_most_and_are_polled_every_two_seconds(
    org_of_forty: Running,
) -> None:
    org, clock = org_of_forty.org, SharedClock(org_of_forty.org.advance_ms)
    took_ms = [(2_000, 5_000, 20_000)[number % 3] for number in range(PUBLISHES)]
    random.Random(6).shuffle(took_ms)  # noqa: S311 - shuffles, guards nothing
    planned_ms = dict(zip(flow_ids(PUBLISHES), took_ms, strict=True))
    for architect_flow_id, duration_ms in planned_ms.items():
        org.plan_publish(PublishPlan(reads=0, ms=duration_ms), architect_flow_id)
    pace = Timing(now_ms=clock.now_ms, sleep_ms=clock.sleep_ms)

    with contextlib.closing(client_of(org_of_forty.url, PATIENT)) as client, ThreadPoolExecutor(AT_A_TIME) as at_once:
        scene = Scene(org_of_forty.url, org, client)

        def late_ms(architect_flow_id: str) -> int:
            began_ms = clock.ms
            try:
                outcome = publish_alone(client, scene.order(architect_flow_id=architect_flow_id), pace).outcome
                assert outcome.outcome == "published"
                return clock.ms - began_ms - planned_ms[architect_flow_id]
            finally:
                clock.leave()

        ids = list(planned_ms)
        late: list[int] = []
        for batch in (ids[:1], *(ids[at : at + AT_A_TIME] for at in range(1, PUBLISHES, AT_A_TIME))):
            clock.enter(len(batch))
            late += at_once.map(late_ms, batch)

    reads = Counter(call.path.rsplit("/", 1)[-1] for call in org.log if call.method == "GET")
    looks_before_the_publish = 2
    most_polls = {2_000: 2, 5_000: 3, 20_000: 11}
    assert max(late) <= 2_000  # ms
    assert [one for one in ids if reads[one] - looks_before_the_publish > most_polls[planned_ms[one]]] == []


@pytest.mark.parametrize(
    ("duration_ms", "polls"),
    [(500, 1), (1_500, 2), (2_999, 2), (20_000, 11), (61_000, 30), (120_000, 44), (299_000, 62)],
)
def test_a_publish_is_polled_after_a_second_and_then_loses_two_seconds_or_a_twentieth_at_most(
    scene: Scene, duration_ms: int, polls: int
) -> None:
    scene.org.plan_publish(PublishPlan(reads=0, ms=duration_ms))
    clock = SharedClock(scene.org.advance_ms)
    clock.enter(1)

    timing = Timing(now_ms=clock.now_ms, sleep_ms=clock.sleep_ms)
    with contextlib.closing(client_of(scene.url, PATIENT)) as client:
        outcome = publish_alone(client, scene.order(), timing).outcome

    assert outcome.outcome == "published"
    assert 0 <= clock.ms - duration_ms <= max(2_000, duration_ms // 20)
    assert sum(call.method == "GET" for call in scene.org.log) - 3 == polls


@pytest.mark.parametrize("deadline_ms", [1_900, 4_000, 22_100, 60_000])
def test_a_publish_that_does_not_end_is_polled_a_last_time_at_the_deadline_and_never_twice_in_250_ms(
    scene: Scene, deadline_ms: int
) -> None:
    scene.org.plan_publish(PublishPlan(ending="never"))
    clock = FakeClock()
    org_ms = scene.org.world.clock

    def wait(duration_ms: int) -> None:
        clock.wait(duration_ms)
        org_ms.advance_ms(duration_ms)

    pace = Timing(now_ms=lambda: clock.ms, sleep_ms=wait, deadline_ms=deadline_ms)
    outcome = publish_alone(scene.client, scene.order(), pace).outcome

    assert outcome.outcome == "unknown"
    assert clock.ms == deadline_ms
    polls_ms = [call.at_ms for call in scene.org.log if call.method == "GET"][3:]
    assert all(later - earlier >= 250 for earlier, later in itertools.pairwise(polls_ms))
