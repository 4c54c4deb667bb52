"""Clocks of which time passes only when somebody waits: no test of waiting waits."""

import threading
from dataclasses import dataclass, field

from publishing.order import Pace


@dataclass
class FakeClock:
    """The clock of the protocol."""

    ms: int = 0
    waits_ms: list[int] = field(default_factory=list)

    def pace(self, deadline_ms: int = 60_000) -> Pace:
        return Pace(now_ms=lambda: self.ms, sleep_ms=self.wait, deadline_ms=deadline_ms)

    def wait(self, ms: int) -> None:
        self.waits_ms.append(ms)
        self.ms += ms


@dataclass
class GatewayClock:
    """The clock of the gateway, for its pauses and the waits between tries. A wait sets off its `alarm`, if any."""

    alarm: threading.Event | None = None
    ms: int = 0

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

    def chance(self) -> float:
        return 0.0
