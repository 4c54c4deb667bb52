"""The org's own time, so that runs repeat exactly and a minute of rate limit costs no minute of test."""

import time
from datetime import UTC, datetime

START_MS = int(datetime(2026, 3, 2, 8, 0, tzinfo=UTC).timestamp() * 1000)
"""Where every org's time starts: a Monday morning."""


class Clock:
    """Milliseconds since 1970 as the org sees them.

    A standing clock moves one millisecond with each call (so that what comes later is later) and by `advance_ms`;
    a running one follows the machine's as well.
    """

    def __init__(self, *, running: bool = False) -> None:
        self._running = running
        self._advanced_ms = 0
        self._started = time.monotonic()

    def now_ms(self) -> int:
        """Return the time."""
        elapsed_ms = int((time.monotonic() - self._started) * 1000) if self._running else 0
        return START_MS + self._advanced_ms + elapsed_ms

    def outside_ms(self) -> int:
        """Return the machine's time, moved on by what was let pass here: what happens to the calls is told in it.

        Who asks for figures names moments of the machine's time.
        """
        return machine_ms() + self._advanced_ms

    def tick(self) -> None:
        """Move a standing clock on by the smallest step."""
        if not self._running:
            self._advanced_ms += 1

    def advance_ms(self, ms: int) -> None:
        """Let time pass."""
        self._advanced_ms += ms

    def reset(self) -> None:
        """Go back to the start."""
        self._advanced_ms = 0
        self._started = time.monotonic()


def machine_ms() -> int:
    """Return the machine's time, Unix, in milliseconds: whoever starts processes can compare it with theirs."""
    return time.time_ns() // 1_000_000


def iso(ms: int) -> str:
    """Write a time as the API writes its datetimes."""
    return datetime.fromtimestamp(ms / 1000, tz=UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
