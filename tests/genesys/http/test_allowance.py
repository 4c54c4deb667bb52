"""Keeping to the allowance that the platform's headers tell, so that it never has to refuse."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from pydantic import SecretStr

from genesys import Credentials, ReadClient, Stopped, connect
from simulator.demo.org import build_demo_org
from simulator.org.org import Org
from simulator.server import running
from tests.genesys.conftest import ORGANIZATION, FakeClock, Platform, Received, Reply, limited, reply

DOCUMENT = {"id": "org-1", "name": "Acme"}


def counted(count: int, allowed: int = 3, reset: int = 40) -> Reply:
    """An answer that tells the rate limit."""
    headers = {"count": count, "allowed": allowed, "reset": reset}
    return reply(DOCUMENT, headers={f"inin-ratelimit-{name}": str(value) for name, value in headers.items()})


def ask(client: ReadClient, times: int) -> None:
    for _ in range(times):
        client.organization()


def test_what_is_allowed_goes_at_once_and_the_rest_when_the_window_is_over(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, counted(1), counted(2), counted(3), counted(1), counted(2))

    ask(reader, 5)
    assert clock.slept_ms == [41_000]
    assert reader.request_counts().rate_limited == 0
    assert reader.request_counts().waiting_ms == 41_000


def test_what_others_send_with_the_same_token_is_theirs(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, counted(1, 10), counted(10, 10), counted(1, 10))

    ask(reader, 3)
    assert clock.slept_ms == [41_000]


def test_where_others_use_the_token_a_part_of_it_is_left_to_them(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, counted(1, 100), counted(50, 100), counted(95, 100), counted(1, 100))

    ask(reader, 4)
    assert clock.slept_ms == [41_000]


def test_a_platform_that_tells_no_allowance_is_never_held_back(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, reply(DOCUMENT))

    ask(reader, 500)
    assert clock.slept_ms == []


@pytest.mark.parametrize("nonsense", [("x", "3", "5"), ("1", "0", "5"), ("1", "-3", "5"), ("", "", "")])
def test_headers_that_are_no_numbers_hold_nobody_back(
    platform: Platform, reader: ReadClient, clock: FakeClock, nonsense: tuple[str, str, str]
) -> None:
    names = ("count", "allowed", "reset")
    told = {f"inin-ratelimit-{name}": value for name, value in zip(names, nonsense, strict=True)}
    platform.on(ORGANIZATION, reply(DOCUMENT, headers=told))

    ask(reader, 10)
    assert clock.slept_ms == []


def test_an_answer_that_was_long_on_its_way_does_not_speak_of_a_later_window(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, counted(1), counted(2), counted(3), counted(1))

    def held_up(_request: Received) -> None:
        clock.time_ms += 3_000 if len(platform.calls(ORGANIZATION)) == 3 else 0

    platform.judge = held_up

    ask(reader, 4)
    assert clock.slept_ms == [38_000], "the window ends 40 s after the first answer"


def test_without_a_reset_a_window_lasts_a_minute(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    headers = {"inin-ratelimit-count": "3", "inin-ratelimit-allowed": "3"}
    platform.on(ORGANIZATION, reply(DOCUMENT, headers=headers), counted(1))

    ask(reader, 2)
    assert clock.slept_ms == [61_000]


def test_no_window_is_waited_for_longer_than_a_minute_whatever_the_platform_says(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, counted(3, reset=999_999), counted(1))

    ask(reader, 2)
    assert clock.slept_ms == [61_000]


def test_a_window_that_is_not_over_after_all_is_waited_for_again(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, counted(3), counted(3, reset=20), counted(1))

    ask(reader, 3)
    assert clock.slept_ms == [41_000, 21_000]


def test_a_stop_ends_the_wait_for_the_next_window(
    platform: Platform, credentials: Credentials, clock: FakeClock
) -> None:
    stop = threading.Event()
    clock.on_sleep = stop.set
    platform.on(ORGANIZATION, counted(3))
    client = connect(credentials, clock=clock, stop=stop)

    with pytest.raises(Stopped, match="waiting for the platform"):
        ask(client, 2)
    assert len(platform.calls(ORGANIZATION)) == 1


def test_waiting_for_a_window_spends_nothing_of_the_budget(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, *[counted(3, reset=60)] * 30, counted(1))

    ask(reader, 31)
    assert sum(clock.slept_ms) > 1_800_000


def test_after_a_refusal_one_asks_for_all(platform: Platform, credentials: Credentials, clock: FakeClock) -> None:
    """Sixteen threads that all try again at once would be refused sixteen times more."""
    open_ms = clock.now_ms() + 7_000
    platform.on(ORGANIZATION, reply(DOCUMENT))
    platform.judge = lambda request: (
        limited(Retry_After="5") if request.call == ORGANIZATION and clock.now_ms() < open_ms else None
    )

    with closing(connect(credentials, clock=clock)) as client, ThreadPoolExecutor(16) as threads:
        names = {found.name for found in threads.map(lambda _: client.organization(), range(16))}
    assert names == {"Acme"}
    assert client.request_counts().rate_limited <= 17


class OrgClock(FakeClock):
    """A clock whose sleeps let the time of the simulated org pass, too."""

    def __init__(self, org: Org) -> None:
        super().__init__()
        self._org = org
        self._lock = threading.Lock()

    def sleep_ms(self, duration_ms: int, stop: threading.Event) -> None:
        with self._lock:
            self._org.advance_ms(duration_ms)
            super().sleep_ms(duration_ms, stop)


@pytest.fixture
def org_client() -> Iterator[Callable[[int], ReadClient]]:
    """Makes clients of a simulated org that allows so many requests a minute."""
    with running(build_demo_org(architect_flows=5)) as simulator:

        def make(allowed: int) -> ReadClient:
            simulator.org.limit_rate(allowed)
            credentials = Credentials(
                client_id="demo-writer", client_secret=SecretStr("demo-writer-secret"), api_url=simulator.url
            )
            return connect(credentials, clock=OrgClock(simulator.org))

        yield make


@pytest.mark.parametrize("allowed", [7, 60, 300])
def test_sixteen_threads_are_never_refused(org_client: Callable[[int], ReadClient], allowed: int) -> None:
    client = org_client(allowed)
    client.organization()
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: client.organization(), range(3 * allowed)))

    counts = client.request_counts()
    assert (counts.rate_limited, counts.retries) == (0, 0)
    assert counts.requests["GET /api/v2/organizations/me"] == 3 * allowed + 1
    client.close()
