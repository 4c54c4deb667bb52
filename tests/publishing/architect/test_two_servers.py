"""Two runs with one OAuth client and a Prefect server each: no apply place keeps them apart.

The first one stands still at one request, for as long as it takes the other to count it as dead and to do everything.
"""

import contextlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import pytest

from genesys import WriteClient
from publishing.order import ArchitectFlowOrder
from publishing.publish import verify
from simulator.clients import DEMO_WRITER
from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from simulator.switches import Switches
from tests.publishing.clocks import FakeClock
from tests.publishing.matrices.architect_tables import SEQUENCE
from tests.publishing.meetings import MEETINGS, ORGS, REQUESTS, Meeting
from tests.publishing.scenes import PATIENT, Scene, client_of, configuration, org_seed, publish_alone
from timeouts.planning.outcomes import Outcome


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(org_seed()) as simulator:
        yield simulator


@pytest.fixture(scope="module")
def clients(served: Running) -> Iterator[list[WriteClient]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(contextlib.closing(client_of(served.url, PATIENT))) for _ in range(2)]


@pytest.fixture
def meet(served: Running, clients: list[WriteClient]) -> Callable[[Meeting], Scene]:
    def make(meeting: Meeting) -> Scene:
        ending: Literal["success", "failure"] = "failure" if REQUESTS[meeting.request][1] else "success"
        served.org.reseed(org_seed())
        served.org.add_client(DEMO_WRITER)
        served.org.set_switches(Switches(**ORGS[meeting.org]))
        served.org.plan_publish(PublishPlan(reads=3, ending=ending))
        return Scene(served.url, served.org, clients[0])

    return make


def run(client: WriteClient, order: ArchitectFlowOrder) -> Outcome:
    pace = FakeClock().pace()
    return verify(client, order, publish_alone(client, order, pace), pace)


def wrong(scene: Scene, told: list[Outcome], wanted: tuple[int, int]) -> Iterator[str]:
    """Name what is not as it must be once both have ended."""
    state = scene.flow()
    if state["lock"] is not None or state["saved"] is not None:
        yield f"left behind: lock {state['lock']}, draft {state['saved']}"
    ours = {scene.org.configuration(version_id=one["id"], architect_flow_id=state_id(scene)): one for one in new(state)}
    if any(one["type"] != "PUBLISH" for one in ours.values()):
        yield "a version of ours is checked in and not published"
    for outcome, seconds in zip(told, wanted, strict=True):
        was_published = configuration(seconds) in ours
        if outcome.outcome == "published" and not was_published:
            yield f"told published, and {seconds} s never was live"
        if outcome.outcome in ("failed", "skipped") and was_published and wanted[0] != wanted[1]:
            yield f"told {outcome.outcome} ({outcome.reason}), and {seconds} s was published"
        if outcome.outcome == "unchanged" and scene.live() != configuration(seconds):
            yield f"told unchanged, and {seconds} s is not live"
        if outcome.outcome == "unknown":
            yield f"told unknown: {outcome.reason}"


def state_id(scene: Scene) -> str:
    return scene.order().target.id


def new(state: Any) -> list[Any]:
    return [version for version in state["versions"] if version["seeded"] is None]


@pytest.mark.parametrize("meeting", MEETINGS, ids=str)
def test_nothing_is_taken_back_or_told_wrongly_where_two_runs_do_not_know_of_each_other(
    meet: Callable[[Meeting], Scene], clients: list[WriteClient], meeting: Meeting
) -> None:
    scene, wanted = meet(meeting), meeting.wanted
    holds, publish_match = scene.org.holds, SEQUENCE["publish"].match
    first_held = holds.add(meeting.moment, REQUESTS[meeting.request][0].match)

    with ThreadPoolExecutor(2) as aside:
        first = aside.submit(run, clients[0], scene.order(wanted[0]))
        assert first_held.reached.wait(10)
        second_held = holds.add("after", publish_match) if meeting.publishes_meanwhile else None
        second = aside.submit(run, clients[1], scene.order(wanted[1]))
        if second_held is not None:
            while not (second_held.reached.wait(0.01) or second.done()):
                pass
        else:
            second.result()
        first_held.go.set()
        told_first = first.result()
        holds.clear()
        told = [told_first, second.result()]

    assert list(wrong(scene, told, wanted)) == []
