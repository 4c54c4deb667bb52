"""Spans of time as analytics writes them: intervals, granularities and the buckets between.

Source: docs/platform.md#analytics.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time in milliseconds since 1970, its end not included; None: without a beginning, or without an end.

    Raises ValueError where it does not go forward.
    """

    from_ms: int | None = None
    until_ms: int | None = None

    def __post_init__(self) -> None:
        if self.from_ms is not None and self.until_ms is not None and self.from_ms >= self.until_ms:
            raise ValueError("A period must end after its beginning.")

    def clip(self, at_ms: int) -> int:
        """Return the moment of the period that is nearest."""
        if self.from_ms is not None and at_ms < self.from_ms:
            return self.from_ms
        return self.until_ms if self.until_ms is not None and at_ms > self.until_ms else at_ms


def moment_ms(text: str) -> int:
    """Read a datetime as milliseconds since 1970; one without an offset is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // timedelta(milliseconds=1)


def interval_ms(text: str) -> tuple[int, int]:
    """Read `<datetime>/<datetime>` as milliseconds since 1970. Raises ValueError, also where it does not go forward."""
    begins, _, ends = text.partition("/")
    from_ms, until_ms = moment_ms(begins), moment_ms(ends)
    if from_ms >= until_ms:
        raise ValueError(f"The interval {text} does not end after its beginning.")
    return from_ms, until_ms


def granularity(text: str) -> int:
    """Read a duration such as PT30M, P1D or P7D as milliseconds. Raises ValueError."""
    found = _DURATION.fullmatch(text)
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else [0] * 5
    lasts = (((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + seconds
    if not lasts:
        raise ValueError(f"{text} is not a granularity.")
    return lasts * 1000


def boundaries_ms(interval: tuple[int, int], lasts_ms: int) -> list[int]:
    """Cut an interval into buckets from its beginning; the last one ends with the interval."""
    return [*range(*interval, lasts_ms), interval[1]]
