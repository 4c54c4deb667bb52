"""The time of day: read here alone, so that the rooms below are given it."""

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """Return the time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def format_utc(at_ms: int) -> str:
    """Write a time, in milliseconds since 1970, as people read it."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
