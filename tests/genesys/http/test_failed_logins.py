"""A login that fails: once for all who wait for it, and no longer than it lasts."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from genesys import ConfigurationProblem, Credentials, GenesysError, ReadClient, Unavailable, connect
from tests.genesys.conftest import (
    ACME,
    ORGANIZATION,
    TOKEN,
    FakeClock,
    Platform,
    Received,
    Reply,
    error,
    reply,
    reset,
    token,
)

THREADS = 16


class StandingClock(FakeClock):
    """All happens in the same moment: whoever comes has come before the login failed."""

    def sleep_ms(self, duration_ms: int, stop: threading.Event) -> None:
        """Let no time pass."""


def failing(reader: ReadClient) -> str:
    with pytest.raises(GenesysError) as told:
        reader.organization()
    return f"{type(told.value).__name__}: {told.value}"


def all_at_once(credentials: Credentials, *, at_once: bool = False) -> set[str]:
    with (
        closing(connect(credentials, clock=StandingClock(), at_once=at_once)) as client,
        ThreadPoolExecutor(THREADS) as threads,
    ):
        return set(threads.map(lambda _: failing(client), range(THREADS)))


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("fault", [error(503), reset, reply(body=b"")])
def test_a_login_that_fails_is_tried_for_all_who_wait_for_it(
    platform: Platform, credentials: Credentials, fault: Reply, at_once: bool
) -> None:
    """Each tried it for itself, one after the other: without a network a run said so after minutes."""
    platform.on(TOKEN, fault)

    assert len(all_at_once(credentials, at_once=at_once)) == 1
    assert len(platform.calls(TOKEN)) == 5


def test_a_renewal_that_fails_is_tried_for_all_who_wait_for_it(platform: Platform, credentials: Credentials) -> None:
    """The secret was sent five times for each Architect flow, for hours."""
    platform.on(ORGANIZATION, error(401))
    platform.on(TOKEN, token("early"), error(503))

    all_at_once(credentials)
    assert len(platform.calls(TOKEN)) == 1 + 5


def test_who_came_late_to_a_login_that_failed_has_tries_of_its_own(
    platform: Platform, credentials: Credentials
) -> None:
    """Its patience is that of every read: what passes within it is survived."""
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, *[error(503)] * 5, token("t"))
    clock = FakeClock()
    names: list[str] = []

    with closing(connect(credentials, clock=clock)) as client:
        late = threading.Thread(target=lambda: names.append(client.organization().name))
        clock.on_sleep = once_it_came(clock, late)
        assert "503" in failing(client)
        late.join()

    assert names == ["Acme"]


def once_it_came(clock: FakeClock, late: threading.Thread) -> Callable[[], None]:
    """Begin a thread in the third pause of a login, and go on when it has looked at the clock."""
    came, now_ms = threading.Event(), clock.now_ms

    def noted() -> int:
        if threading.current_thread() is late:
            came.set()
        return now_ms()

    def begin() -> None:
        if len(clock.slept_ms) == 3:
            late.start()
            assert came.wait(10)

    clock.now_ms = noted  # type: ignore[method-assign]
    return begin


def test_a_read_after_a_login_that_failed_logs_in_anew(platform: Platform, reader: ReadClient) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, *[error(503)] * 5, token("t"))

    failing(reader)
    assert reader.organization().name == "Acme"


@pytest.mark.parametrize("status", [407, 409, 410, 415, 418, 422, 425])
def test_a_login_that_is_not_taken_is_a_wrong_address_and_tried_once(
    platform: Platform, reader: ReadClient, status: int
) -> None:
    platform.on(TOKEN, error(status))

    for _ in range(2):
        with pytest.raises(ConfigurationProblem, match=f"is GENESYS_API_URL or the region wrong.*answered {status}"):
            reader.organization()
    assert len(platform.calls(TOKEN)) == 1


def test_a_renewal_that_is_not_taken_is_kept_for_a_few_seconds(
    platform: Platform, reader: ReadClient, clock: FakeClock
) -> None:
    """Each Architect flow logged in again; a publish that is under way lives on once it passes."""
    platform.judge = lambda request: ends(request, "Bearer early")
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, token("early"), error(409), token("late"))

    said = {failing(reader) for _ in range(3)}
    assert len(platform.calls(TOKEN)) == 2
    clock.time_ms += 10_001
    assert reader.organization().name == "Acme"
    assert [each.startswith("ConfigurationProblem") for each in said] == [True]


def ends(request: Received, bearer: str) -> Reply | None:
    return error(401) if request.headers["authorization"] == bearer else None


def test_a_login_waits_as_long_as_it_is_told_to(platform: Platform, reader: ReadClient, clock: FakeClock) -> None:
    platform.on(ORGANIZATION, ACME)
    platform.on(TOKEN, *[reply({}, status=503, headers={"Retry-After": each}) for each in ("40", "0")], token("t"))

    reader.organization()
    assert clock.slept_ms == [40_000, 1_000]


def test_a_login_that_is_told_to_wait_for_an_hour_ends_at_once(platform: Platform, reader: ReadClient) -> None:
    platform.on(TOKEN, reply({}, status=503, headers={"Retry-After": "3600"}))

    with pytest.raises(Unavailable, match="and asks to wait 1h; this run may wait 15m more"):
        reader.organization()
    assert len(platform.calls(TOKEN)) == 1
