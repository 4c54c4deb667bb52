"""The machine's clock, where a week has to pass between two runs."""

import time
from types import SimpleNamespace

import pytest

DAY_MS = 86_400_000


class MachineClock:
    """What stands in for the module `time` where the product reads the time of day."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._moved_ns = 0
        patch.setattr("tasks.running.clock.time", SimpleNamespace(time_ns=self._time_ns))

    def move(self, ms: int) -> None:
        """Let time pass, or turn it back."""
        self._moved_ns += ms * 1_000_000

    def _time_ns(self) -> int:
        return time.time_ns() + self._moved_ns
