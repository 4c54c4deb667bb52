"""How long a run waited is told by the clock: threads that wait at the same time count once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from genesys.clock import SystemClock
from genesys.counts import Counters
from genesys.http.rate_limiter import RateLimiter
from genesys.log import Log
from tests.genesys.conftest import FakeClock


def waited_ms(counters: Counters) -> int:
    return counters.snapshot().waiting_ms


def test_waits_one_after_the_other_add_up(clock: FakeClock) -> None:
    counters = Counters(clock)
    for duration_ms in (3_000, 4_000):
        with counters.waiting():
            clock.time_ms += duration_ms
        clock.time_ms += 50_000

    assert waited_ms(counters) == 7_000


def test_waits_that_overlap_count_from_the_first_beginning_to_the_last_end(clock: FakeClock) -> None:
    counters = Counters(clock)
    with counters.waiting():
        clock.time_ms += 10
        with counters.waiting():
            clock.time_ms += 100
        clock.time_ms += 1_000

    assert waited_ms(counters) == 1_110


def test_a_wait_that_goes_on_counts_as_far_as_it_has_come(clock: FakeClock) -> None:
    counters = Counters(clock)
    with counters.waiting():
        clock.time_ms += 400
        assert waited_ms(counters) == 400
        clock.time_ms += 600

    assert waited_ms(counters) == 1_000


def test_a_wait_that_ends_early_counts_as_long_as_it_was(clock: FakeClock) -> None:
    counters = Counters(clock)

    def give_up() -> None:
        with counters.waiting():
            clock.time_ms += 5
            raise TimeoutError

    with pytest.raises(TimeoutError):
        give_up()

    assert waited_ms(counters) == 5


def test_sixteen_threads_that_wait_for_the_same_limit_and_for_their_own_repeats_wait_as_long_as_the_clock_says() -> (
    None
):
    counters, clock = Counters(SystemClock()), SystemClock()
    limiter = RateLimiter(60_000, clock, threading.Event(), counters, Log())
    limiter.pause(200)
    began_ms = clock.now_ms()

    def work(number: int) -> None:
        if number % 2:
            limiter.rest(100)
        with limiter.turn():
            pass

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(16)))

    took_ms = clock.now_ms() - began_ms
    assert 150 <= waited_ms(counters) <= took_ms
