"""Time and chance as arguments, so that tests of waiting do not wait."""

import random
import threading
import time
from typing import Protocol


class Clock(Protocol):
    """What waiting needs of the world."""

    def now_ms(self) -> int:
        """Milliseconds on a clock that never goes back."""

    def epoch_ms(self) -> int:
        """Milliseconds since 1970, to read HTTP dates by."""

    def sleep_ms(self, duration_ms: int, stop: threading.Event) -> None:
        """Return after that long, or as soon as `stop` is set."""

    def chance(self) -> float:
        """Return a number from 0 to 1, to spread waits."""


class SystemClock:
    """The machine's own."""

    def now_ms(self) -> int:
        """Milliseconds on a clock that never goes back."""
        return time.monotonic_ns() // 1_000_000

    def epoch_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def sleep_ms(self, duration_ms: int, stop: threading.Event) -> None:
        """Return after that long, or as soon as `stop` is set."""
        stop.wait(duration_ms / 1000)

    def chance(self) -> float:
        """Return a number from 0 to 1."""
        return random.random()  # noqa: S311 - spreads waits, guards nothing
