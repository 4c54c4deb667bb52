"""Waiting when the platform asks for it: all threads together, within a budget, and not past a stop."""

import re
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from genesys.clock import Clock
from genesys.counts import Counters
from genesys.errors import Stopped

_LEAST_MS = 1_000
_FIRST_MS = 2_000
_MOST_MS = 60_000
_FOREVER_MS = 10**12


class Patience:
    """How long a client may still be told to wait, in milliseconds."""

    def __init__(self, budget_ms: int) -> None:
        self.left_ms = budget_ms

    def spend(self, duration_ms: int) -> bool:
        """Take that much out of it; False, and nothing taken, where it is not there."""
        if duration_ms > self.left_ms:
            return False
        self.left_ms -= duration_ms
        return True


class Pacer:
    """The moment before which nobody sends, shared by all threads of a client."""

    def __init__(self, patience: Patience, clock: Clock, stop: threading.Event, counters: Counters) -> None:
        self._patience = patience
        self._clock = clock
        self._stop = stop
        self._counters = counters
        self._lock = threading.Lock()
        self._not_before_ms = clock.now_ms()

    @property
    def left_ms(self) -> int:
        """What is left of the budget."""
        return self._patience.left_ms

    def pause(self, duration_ms: int) -> bool:
        """Hold all threads for that long from now; False where the budget does not allow it.

        Only what makes the pause longer is spent: sixteen threads that are told the same wait once.
        """
        with self._lock:
            now_ms = self._clock.now_ms()
            until_ms = now_ms + duration_ms
            longer_ms = until_ms - max(self._not_before_ms, now_ms)
            if longer_ms > 0:
                if not self._patience.spend(longer_ms):
                    return False
                self._not_before_ms = until_ms
                self._counters.wait(longer_ms)
            return True

    def wait_turn(self) -> None:
        """Return when sending is allowed. Raises Stopped where a stop is asked for while waiting."""
        while (left_ms := self._not_before_ms - self._clock.now_ms()) > 0:
            self._sleep(left_ms)

    def rest(self, duration_ms: int) -> None:
        """Hold this thread alone, before it repeats a read. Raises Stopped like `wait_turn`."""
        self._counters.wait(duration_ms)
        self._sleep(duration_ms)

    def _sleep(self, duration_ms: int) -> None:
        if not self._stop.is_set():
            self._clock.sleep_ms(duration_ms, self._stop)
        if self._stop.is_set():
            raise Stopped("Stopped while waiting for the platform; nothing was sent since")


def retry_after_ms(headers: Mapping[str, str], clock: Clock) -> int | None:
    """Read Retry-After, seconds or an HTTP date, whatever its size; None where it is absent or neither.

    A date is judged by the answer's own Date, for this machine's clock may be wrong; by that only where there is none.
    """
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", text):
        return int(text) * 1000 if len(text) <= 9 else _FOREVER_MS  # noqa: PLR2004 - 30 years
    until = _http_date(text)
    if until is None:
        return None
    now = _http_date(headers.get("date", "")) or datetime.fromtimestamp(clock.epoch_ms() / 1000, UTC)
    return max(0, round((until - now).total_seconds() * 1000))


def _http_date(text: str) -> datetime | None:
    """Read an HTTP date; None where it is none. One without a zone is in UTC."""
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def rate_limit_wait_ms(headers: Mapping[str, str], refusals: int, clock: Clock) -> int:
    """How long to wait after a 429: what the platform says, else longer each time (docs/platform.md#rate-limits).

    `refusals`: how many there were in a row. Never less than a second, so that `Retry-After: 0` is no busy loop.
    """
    asked_ms = retry_after_ms(headers, clock)
    if asked_ms is None:
        reset = headers.get("inin-ratelimit-reset", "").strip()
        if re.fullmatch(r"[0-9]{1,4}", reset):
            asked_ms = (int(reset) + 1) * 1000
    if asked_ms is None:
        asked_ms = growing_wait_ms(_FIRST_MS, _MOST_MS, refusals, clock)
    return max(_LEAST_MS, asked_ms)


def growing_wait_ms(first_ms: int, most_ms: int, attempt: int, clock: Clock) -> int:
    """Double with each attempt, up to `most_ms`; by chance up to half less, so that threads do not march in step."""
    full_ms: int = min(most_ms, first_ms * 2 ** min(attempt - 1, 16))
    return int(full_ms * (1 - clock.chance() / 2))
