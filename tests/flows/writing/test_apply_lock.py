"""One apply at a time per org: who waits says for whom, can be ended, and does not wait for the dead."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from prefect import flow, get_client
from prefect.settings import PREFECT_API_URL, temporary_settings

from flows.guards.apply_lock import AnotherApplyError, StoppedWaitingError, Watch, apply_lock
from flows.guards.places import Held, Holder, Pulse, give_back, held, place_of, taken
from flows.run.progress import listening
from reports.words import utc
from tests.flows.gateway import gateway_to
from timeouts.model.org import Organization

DEAD = Holder(run_id="a-run", run_name="killed-raise", org_name="an org", since_ms=0)


@flow
def applying(org: str, wait_seconds: float = 0.5, stop: threading.Event | None = None) -> str:
    with apply_lock(Organization(id=org, name=org), stop or threading.Event(), wait_seconds=wait_seconds):
        return f"was in {org}"


@pytest.fixture
def busy() -> Iterator[str]:
    """An org to which a run is applying; gives the name of that run."""
    inside, done = threading.Event(), threading.Event()

    @flow(flow_run_name="the-first")
    def first() -> None:
        with apply_lock(Organization(id="busy", name="busy"), threading.Event()):
            inside.set()
            done.wait(60)

    running = threading.Thread(target=first)
    running.start()
    assert inside.wait(30)
    yield "the-first"
    done.set()
    running.join(30)


def test_a_second_apply_to_the_same_org_says_for_which_run_it_waits_and_gives_up_without_a_change(busy: str) -> None:
    said: list[str] = []

    with (
        listening(lambda stage, _done, _total: said.append(stage)),
        pytest.raises(AnotherApplyError, match=f"for 500ms and goes on: .*{busy}.*Nothing was changed"),
    ):
        applying("busy")

    with get_client(sync_client=True) as client:
        there = held(client, place_of("busy"))
    assert there
    since = utc(there.holder.since_ms)
    assert said == [f"Waiting for the run the-first ({there.holder.run_id}), since {since}, which is applying to busy"]


def test_who_waits_ends_as_soon_as_it_is_asked_to(busy: str) -> None:
    """A wait for another run went on for half an hour whatever was signalled."""
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    since = time.monotonic()

    with pytest.raises(StoppedWaitingError):
        applying("busy", 60, stop)

    assert time.monotonic() - since < 5, busy


def test_the_place_is_given_back() -> None:
    assert [applying("free"), applying("free")] == ["was in free", "was in free"]


def test_the_place_is_given_back_although_the_server_is_busy_at_first() -> None:
    """SQLite refuses while another writes; whoever came next, the same run too, waited for 45 s."""
    server = PREFECT_API_URL.value().removesuffix("/api")
    with gateway_to(server) as gateway, temporary_settings({PREFECT_API_URL: f"{gateway.url}/api"}):
        with get_client(sync_client=True) as client:
            record = taken(client, place_of("busy-at-first"), DEAD)
        assert record
        gateway.busy = ["DELETE"]
        Pulse(place_of("busy-at-first"), DEAD, record).stop()

        assert gateway.busy == []
        with get_client(sync_client=True) as client:
            assert held(client, place_of("busy-at-first")) is None


def test_a_renewal_that_is_under_way_when_the_place_is_given_back_takes_nothing() -> None:
    with get_client(sync_client=True) as client:
        record = taken(client, place_of("renewed"), DEAD)
        assert record
        pulse = Pulse(place_of("renewed"), DEAD, record)
        pulse.stop()
        pulse._renew(client)

        assert held(client, place_of("renewed")) is None


def test_two_orgs_do_not_wait_for_each_other() -> None:
    @flow
    def outer() -> str:
        with apply_lock(Organization(id="outer", name="outer"), threading.Event()):
            return applying("inner")

    assert outer() == "was in inner"


def test_of_many_runs_that_find_an_abandoned_place_one_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that free a place at once must not both get it."""
    monkeypatch.setattr("flows.guards.apply_lock.ABANDONED_SECONDS", 1.0)
    inside: list[int] = []
    most: list[int] = []
    with get_client(sync_client=True) as client:
        assert taken(client, place_of("abandoned"), DEAD)

    @flow
    def one(number: int) -> None:
        with apply_lock(Organization(id="abandoned", name="abandoned"), threading.Event()):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.3)
            inside.remove(number)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(4)))

    assert most == [1, 1, 1, 1]


def test_a_place_is_never_taken_from_a_holder_that_lives(monkeypatch: pytest.MonkeyPatch, busy: str) -> None:
    monkeypatch.setattr("flows.guards.apply_lock.ABANDONED_SECONDS", 7.0)  # more than between two signs of life

    with pytest.raises(AnotherApplyError, match=busy):
        applying("busy", 15)


def test_a_holder_that_is_thought_dead_takes_nothing_from_who_came_after_it() -> None:
    with get_client(sync_client=True) as client:
        first = taken(client, place_of("org"), DEAD)
        assert first
        give_back(client, first)
        second = taken(client, place_of("org"), DEAD.model_copy(update={"run_name": "the-second"}))
        pulse = Pulse(place_of("org"), DEAD, first)
        pulse._renew(client)
        pulse.stop()

        there = held(client, place_of("org"))

    assert pulse.is_lost
    assert there
    assert (there.id, there.holder.run_name) == (second, "the-second")


def test_a_place_whose_holder_came_at_a_time_that_cannot_be_told_is_held_by_somebody_without_a_name() -> None:
    """`locks` ended in a traceback, and so did every apply, until somebody deleted the variable."""
    with get_client(sync_client=True) as client:
        record = taken(client, place_of("edited"), DEAD.model_copy(update={"since_ms": 10**18}))
        assert record
        there = held(client, place_of("edited"))
        give_back(client, record)

    assert there
    assert there.holder.label == "somebody who left no name, since 1970-01-01 00:00 UTC"


def test_a_server_that_is_away_proves_nothing_about_the_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.guards.apply_lock.ABANDONED_SECONDS", 0.2)
    there, watch = Held(uuid4(), place_of("org"), DEAD), Watch()
    assert not watch.is_abandoned(there)
    time.sleep(0.3)

    watch.forget()  # it could not be read

    assert not watch.is_abandoned(there)
    time.sleep(0.3)
    assert watch.is_abandoned(there)
