"""The real clock, for publishing."""

import threading
import time

from publishing.order import Timing


def pace_until(stop: threading.Event) -> Timing:
    """Return the timing of a run that ends in order once `stop` is set."""
    return Timing(
        now_ms=lambda: time.monotonic_ns() // 1_000_000,
        sleep_ms=lambda wait_ms: time.sleep(wait_ms / 1000),
        stopped=stop.is_set,
    )
