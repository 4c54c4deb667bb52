"""The real clock, for publishing."""

import time

from publishing.order import Pace

PACE = Pace(now_ms=lambda: time.monotonic_ns() // 1_000_000, sleep_ms=lambda wait_ms: time.sleep(wait_ms / 1000))
