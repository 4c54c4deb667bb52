"""Waiting as the platform asks, all threads together, within a budget, and no longer than the run lasts."""

import threading

import pytest

from genesys import (
    Credentials,
    RateLimited,
    ReadClient,
    Stopped,
    TransportSettings,
    Unavailable,
    WriteClient,
    connect,
)
from genesys.counts import Counters
from genesys.http.rate_limiter import RateLimiter
from genesys.http.wait_times import growing_wait_ms, rate_limit_wait_ms
from genesys.log import Log
from tests.genesys.conftest import ACME, CHECKOUT, ORGANIZATION, FakeClock, Platform, limited, reply, reset


def test_retry_after_is_honoured(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(ORGANIZATION, limited(Retry_After="58"), ACME)

    reader.organization()
    assert clock.slept_ms == [58_000]
    counts = reader.request_counts()
    assert (counts.rate_limited, counts.waiting_ms, counts.retries) == (1, 58_000, 0)


def test_a_rate_limit_costs_none_of_the_tries_of_a_read(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, *[limited(Retry_After="1")] * 20, reset, ACME)

    assert reader.organization().name == "Acme"


@pytest.mark.parametrize(
    ("headers", "wait_ms"),
    [
        ({"retry-after": "58"}, 58_000),
        ({"retry-after": "0"}, 1_000),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT"}, 30_000),
        ({"retry-after": "Fri, 15 Jan 2027 08:00:30 -0000"}, 30_000),
        ({"retry-after": "Fri, 15 Jan 1999 08:00:30 GMT"}, 1_000),
        ({"retry-after": "soon"}, 2_000),
        ({"retry-after": "-7"}, 2_000),
        ({"retry-after": "9" * 5_000}, 10**12),
        ({"inin-ratelimit-reset": "12"}, 13_000),
        ({"inin-ratelimit-reset": "999999"}, 61_000),
        ({"inin-ratelimit-reset": "x"}, 2_000),
        ({"retry-after": "5", "inin-ratelimit-reset": "12"}, 5_000),
        ({}, 2_000),
    ],
)
def test_the_platform_says_how_long(clock: FakeClock, headers: dict[str, str], wait_ms: int) -> None:
    assert rate_limit_wait_ms(headers, 1, clock) == wait_ms


@pytest.mark.parametrize(
    ("said", "wait_ms"),
    [
        ("Fri, 15 Jan 2027 07:50:00 GMT", 630_000),  # this machine's clock is ten minutes ahead
        ("Fri, 15 Jan 2027 08:00:29 GMT", 1_000),
        ("Fri, 15 Jan 2027 08:10:00 GMT", 1_000),  # it is ten minutes behind, and the wait is over
        ("Fri, 15 Jan 2027 10:00:00 +0200", 30_000),
        ("yesterday", 30_000),
        ("", 30_000),
        ("9" * 5_000, 30_000),
    ],
)
def test_a_date_to_wait_for_is_judged_by_the_clock_of_the_one_who_named_it(
    clock: FakeClock, said: str, wait_ms: int
) -> None:
    """By this machine's clock only where the answer does not say what time it is."""
    headers = {"retry-after": "Fri, 15 Jan 2027 08:00:30 GMT", "date": said}

    assert rate_limit_wait_ms(headers, 1, clock) == wait_ms


def test_a_machine_whose_clock_is_an_hour_behind_waits_for_half_a_minute(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    """It waited for an hour and a half minute, or gave up."""
    answered = limited(Retry_After="Fri, 15 Jan 2027 09:00:30 GMT", Date="Fri, 15 Jan 2027 09:00:00 GMT")
    platform.on(ORGANIZATION, answered, ACME)

    reader.organization()

    assert clock.slept_ms == [30_000]


def test_without_a_word_each_wait_is_longer_up_to_a_minute(clock: FakeClock) -> None:
    assert [rate_limit_wait_ms({}, refusals, clock) for refusals in (1, 2, 5, 6, 500)] == [
        2_000,
        4_000,
        32_000,
        60_000,
        60_000,
    ]


def test_chance_shortens_a_wait_by_half_at_most(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "chance", lambda: 1.0)

    assert growing_wait_ms(500, 8_000, 1, clock) == 250


def test_a_wait_over_the_budget_is_not_begun(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(ORGANIZATION, limited(Retry_After="86400"))

    with pytest.raises(RateLimited, match="asks to wait 24h; this run may wait 15m more"):
        reader.organization()
    assert clock.slept_ms == []


def test_after_a_wait_over_the_budget_no_other_read_is_sent_for_some_seconds(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    """Each Architect flow asked for itself; a publish that is under way lives on once the platform lets it in."""
    platform.on(ORGANIZATION, limited(Retry_After="3600"), ACME)
    with pytest.raises(RateLimited):
        reader.organization()

    for _ in range(2):
        with pytest.raises(RateLimited, match=r"Not sent: .*asks to wait 1h; this run may wait 15m more"):
            reader.actions()
    assert len(platform.received) == 2
    clock.time_ms += 10_000
    assert reader.organization().name == "Acme"


def test_a_write_goes_out_all_the_same(platform: Platform, writer: WriteClient) -> None:
    """One that ends a publish leaves a lock behind where it is not sent."""
    platform.on(ORGANIZATION, limited(Retry_After="3600"))
    platform.on(CHECKOUT, reply({"id": "f-1", "name": "Main"}))
    with pytest.raises(RateLimited):
        writer.organization()

    assert writer.checkout("f-1").id == "f-1"


def test_an_outage_that_is_said_to_last_for_an_hour_says_so(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, reply({}, status=503, headers={"Retry-After": "3600"}))

    with pytest.raises(Unavailable, match="did not manage to answer, and asks to wait 1h; this run may wait 15m more"):
        reader.organization()
    assert len(platform.calls(ORGANIZATION)) == 1


def test_a_window_that_is_said_to_last_for_days_ends_no_run(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    """No window is longer than a minute: a read that was refused ended the run, one that was let in waited it out."""
    platform.on(ORGANIZATION, limited(inin_ratelimit_reset="99999"), ACME)

    assert reader.organization().name == "Acme"
    assert clock.slept_ms == [61_000]


def test_a_platform_that_never_lets_us_in_ends_the_run(
    platform: Platform, credentials: Credentials, clock: FakeClock
) -> None:
    platform.on(ORGANIZATION, limited(Retry_After="0"))
    client = connect(credentials, clock=clock, settings=TransportSettings(waiting_budget_ms=20_000))

    with pytest.raises(RateLimited):
        client.organization()
    assert len(platform.calls(ORGANIZATION)) == 21


def test_what_all_threads_are_told_at_once_is_spent_once(clock: FakeClock) -> None:
    limiter = RateLimiter(60_000, clock, threading.Event(), Counters(clock), Log())

    assert all(limiter.pause(58_000) for _ in range(16))
    assert limiter.budget_left_ms == 2_000


def test_a_pause_holds_every_thread(clock: FakeClock) -> None:
    limiter = RateLimiter(60_000, clock, threading.Event(), Counters(clock), Log())
    limiter.pause(58_000)
    for _ in range(2):
        with limiter.turn():
            assert clock.slept_ms == [58_000]


def test_a_stop_ends_the_waiting(platform: Platform, credentials: Credentials, clock: FakeClock) -> None:
    stop = threading.Event()
    clock.on_sleep = stop.set
    platform.on(ORGANIZATION, limited(Retry_After="58"), ACME)
    client = connect(credentials, clock=clock, stop=stop)

    with pytest.raises(Stopped):
        client.organization()
    assert len(platform.calls(ORGANIZATION)) == 1


def test_a_stop_that_came_before_the_wait_ends_it_too(
    platform: Platform, credentials: Credentials, clock: FakeClock
) -> None:
    stop = threading.Event()
    stop.set()
    platform.on(ORGANIZATION, limited(Retry_After="58"), ACME)

    with pytest.raises(Stopped):
        connect(credentials, clock=clock, stop=stop).organization()
    assert clock.slept_ms == []


def test_a_stop_lets_requests_through_that_need_not_wait(
    platform: Platform, credentials: Credentials, clock: FakeClock
) -> None:
    stop = threading.Event()
    stop.set()
    platform.on(ORGANIZATION, ACME)

    assert connect(credentials, clock=clock, stop=stop).organization().name == "Acme"


def test_requests_are_counted_by_method_and_route(platform: Platform, reader: ReadClient) -> None:
    platform.on("GET /api/v2/flows/f-1", reply({"id": "f-1", "name": "One"}))
    platform.on("GET /api/v2/flows/f-2", reply({"id": "f-2", "name": "Two"}))
    reader.architect_flow("f-1")
    reader.architect_flow("f-2")

    counts = reader.request_counts()
    assert counts.requests == {"GET /api/v2/flows/{flowId}": 2, "POST /oauth/token": 1}
    assert counts.total == 3
