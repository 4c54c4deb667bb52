"""Clocks of which time passes only when somebody waits: no test of waiting waits."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from publishing.order import Timing


@dataclass
class FakeClock:
    """The clock of the protocol. `passes` is told of the time that passes, for the org's own clock to follow."""

    ms: int = 0
    waits_ms: list[int] = field(default_factory=list)
    passes: Callable[[int], object] = lambda _: None

    def pace(self, deadline_ms: int = 300_000) -> Timing:
        return Timing(now_ms=lambda: self.ms, sleep_ms=self.wait, deadline_ms=deadline_ms)

    def wait(self, ms: int) -> None:
        self.waits_ms.append(ms)
        self.ms += ms
        self.passes(ms)


@dataclass
class GatewayClock:
    """The clock of the gateway, for its pauses and the waits between tries. A wait sets off its `alarm`, if any."""

    alarm: threading.Event | None = None
    ms: int = 0
    passes: Callable[[int], object] = lambda _: None

    def now_ms(self) -> int:
        return self.ms

    def epoch_ms(self) -> int:
        return self.ms

    def sleep_ms(self, duration_ms: int, stop: threading.Event) -> None:
        if self.alarm is not None:
            self.alarm.set()
        if not stop.is_set():
            self.advance(duration_ms)

    def advance(self, duration_ms: int) -> None:
        self.ms += duration_ms
        self.passes(duration_ms)

    def chance(self) -> float:
        return 0.0


class SharedClock:
    """One clock for several threads: time passes when all of them wait, up to the first that is due.

    `passes` is told of the time that passes, for the org's own clock to follow.
    """

    def __init__(self, passes: Callable[[int], object]) -> None:
        self.ms = 0
        self._passes = passes
        self._changed = threading.Condition()
        self._threads = 0
        self._due_ms: list[int] = []

    def enter(self, threads: int) -> None:
        """Expect so many threads, each of which calls `leave` in the end."""
        self._threads = threads

    def leave(self) -> None:
        """Wait for this thread no more."""
        with self._changed:
            self._threads -= 1
            self._move_on()

    def now_ms(self) -> int:
        return self.ms

    def sleep_ms(self, duration_ms: int) -> None:
        with self._changed:
            due_ms = self.ms + duration_ms
            self._due_ms.append(due_ms)
            self._move_on()
            self._changed.wait_for(lambda: self.ms >= due_ms)

    def _move_on(self) -> None:
        if self._due_ms and len(self._due_ms) >= self._threads:
            next_ms = min(self._due_ms)
            self._passes(next_ms - self.ms)
            self.ms = next_ms
            self._due_ms = [due_ms for due_ms in self._due_ms if due_ms > next_ms]
            self._changed.notify_all()
