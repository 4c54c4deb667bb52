"""The machine's own clock."""

import threading

from genesys.clock import SystemClock


def test_a_sleep_ends_at_once_when_a_stop_is_asked_for() -> None:
    clock, stop = SystemClock(), threading.Event()
    stop.set()
    before_ms = clock.now_ms()
    clock.sleep_ms(60_000, stop)

    assert clock.now_ms() - before_ms < 5_000


def test_a_sleep_lasts() -> None:
    clock = SystemClock()
    before_ms = clock.now_ms()
    clock.sleep_ms(30, threading.Event())

    assert clock.now_ms() - before_ms >= 29


def test_time_since_1970_and_chance_are_what_they_are_called() -> None:
    clock = SystemClock()
    assert clock.epoch_ms() > 1_700_000_000_000
    assert 0 <= clock.chance() <= 1
