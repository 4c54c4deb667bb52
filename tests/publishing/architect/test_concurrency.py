"""Two runs against one org at once, eight Architect flows at a time each."""

import contextlib
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest

from genesys import WriteClient
from publishing.order import ArchitectFlowOrder, Timing
from publishing.publish import verify
from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from simulator.switches import Switches
from tests.publishing.clocks import FakeClock
from tests.publishing.invariants import broken_invariants
from tests.publishing.matrices.architect_tables import SEQUENCE
from tests.publishing.scenes import PATIENT, Scene, client_of, configuration, flow_ids, org_seed, publish_alone
from timeouts.planning.outcomes import Outcome

EIGHT = 8
FASTER = 50
ROUNDS = 3


@pytest.fixture(scope="module")
def org_of_eight() -> Iterator[Running]:
    with running(org_seed(count=EIGHT)) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def two_clients(org_of_eight: Running) -> Iterator[list[WriteClient]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(client_of(org_of_eight.url, PATIENT))) for _ in range(2)]


def run(client: WriteClient, orders: list[ArchitectFlowOrder]) -> list[Outcome]:
    """Publish and verify all at once, on a clock that runs fifty times as fast as the machine's own."""
    pace = Timing(
        now_ms=lambda: time.monotonic_ns() * FASTER // 1_000_000,
        sleep_ms=lambda ms: time.sleep(ms / 1000 / FASTER),
        grace_ms=3_000 * FASTER,
        deadline_ms=20_000 * FASTER,
    )
    with ThreadPoolExecutor(EIGHT) as at_once:
        return list(at_once.map(lambda order: verify(client, order, publish_alone(client, order, pace), pace), orders))


@pytest.mark.parametrize("second_checkout", ["conflict", "ok"])
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_two_runs_at_once_make_each_change_once(
    org_of_eight: Running, two_clients: list[WriteClient], second_checkout: Literal["conflict", "ok"], round_: int
) -> None:
    org = org_of_eight.org
    org.reseed(org_seed(count=EIGHT))
    org.set_switches(Switches(second_checkout=second_checkout))
    org.plan_publish(PublishPlan(reads=1 + round_))
    scene = Scene(org_of_eight.url, org, two_clients[0])
    orders = [scene.order(architect_flow_id=architect_flow_id) for architect_flow_id in flow_ids(EIGHT)]

    with ThreadPoolExecutor(2) as side_by_side:
        told = list(side_by_side.map(run, two_clients, [orders, list(reversed(orders))]))

    for architect_flow_id, state in org.state()["architectFlows"].items():
        live = org.configuration(architect_flow_id)
        assert list(broken_invariants(state, live=live, before=configuration(), after=configuration(10))) == []
        assert state["published"] == "5.0"
    assert all("published" in pair for pair in zip(*_kinds(told), strict=True))


def _kinds(told: list[list[Outcome]]) -> tuple[list[str], list[str]]:
    """The outcomes of both runs, by Architect flow."""
    first, second = told
    return [one.outcome for one in first], [one.outcome for one in reversed(second)]


def frozen_at(scene: Scene, requests: int, meanwhile: Callable[[], object]) -> Timing:
    """A run that stands still once, after so many requests, while somebody does something."""
    clock = FakeClock()
    left = [meanwhile]

    def stopped() -> bool:
        if len(scene.org.log) >= requests and left:
            left.pop()()
        return False

    return Timing(now_ms=lambda: clock.ms, sleep_ms=clock.wait, stopped=stopped)


@pytest.mark.parametrize("request_", list(SEQUENCE)[: list(SEQUENCE).index("confirm")])
@pytest.mark.parametrize("second_checkout", ["conflict", "ok"])
def test_a_run_that_froze_and_was_taken_for_dead_does_no_harm_when_it_goes_on(
    scene: Scene, second_checkout: Literal["conflict", "ok"], request_: str
) -> None:
    scene.org.set_switches(Switches(second_checkout=second_checkout))
    pace = frozen_at(scene, list(SEQUENCE).index(request_) + 1, scene.publish)

    outcome = verify(scene.client, scene.order(), publish_alone(scene.client, scene.order(), pace), pace)

    left = broken_invariants(scene.flow(), live=scene.live(), before=configuration(), after=configuration(10))
    assert list(left) == []
    assert (outcome.outcome, scene.live_version()) == ("unchanged", "5.0")


def test_a_run_that_froze_between_its_last_look_and_its_publish_publishes_the_same_version_again(scene: Scene) -> None:
    """An exception (docs/safety.md): the platform's publish takes no condition."""
    pace = frozen_at(scene, list(SEQUENCE).index("confirm") + 1, scene.publish)

    outcome = verify(scene.client, scene.order(), publish_alone(scene.client, scene.order(), pace), pace)

    assert (outcome.outcome, outcome.version_after, scene.live()) == ("published", "5.0", configuration(10))
    assert [version["publications"] for version in scene.flow()["versions"]] == [1, 1, 2]
