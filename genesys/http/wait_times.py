"""How long to wait before a request is sent again: what the platform says, or what is usual where it says nothing."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from genesys.clock import Clock
from timeouts.model.durations import DAY_MS, format_duration

LONGEST_WINDOW_S = 60
"""No window of the rate limit is longer, whatever an answer says (docs/platform.md#rate-limits)."""

_LEAST_MS = 1_000
_FIRST_MS = 2_000
_MOST_MS = 60_000
_FOREVER_MS = 10**12
_MOST_TOLD_DAYS = 30


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


def rate_limit_number(headers: Mapping[str, str], name: str) -> int | None:
    """Read `count`, `allowed` or `reset` of the rate limit (docs/platform.md#rate-limits); None where it is none."""
    text = headers.get(f"inin-ratelimit-{name}", "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None


def rate_limit_wait_ms(headers: Mapping[str, str], refusals: int, clock: Clock) -> int:
    """Return the wait after a 429: what the platform says, else longer each time (docs/platform.md#rate-limits).

    `refusals`: how many there were in a row. Never less than a second, so that `Retry-After: 0` is no busy loop.
    """
    asked_ms = retry_after_ms(headers, clock)
    if asked_ms is None:
        reset_s = rate_limit_number(headers, "reset")
        asked_ms = None if reset_s is None else (min(reset_s, LONGEST_WINDOW_S) + 1) * 1000
    if asked_ms is None:
        asked_ms = growing_wait_ms(_FIRST_MS, _MOST_MS, refusals, clock)
    return max(_LEAST_MS, asked_ms)


def over_budget(wait_ms: int, left_ms: int) -> str:
    """Say that a wait that is asked for is longer than what is left to wait."""
    most_ms = _MOST_TOLD_DAYS * DAY_MS
    wait = format_duration(wait_ms) if wait_ms <= most_ms else f"more than {_MOST_TOLD_DAYS} days"
    return f"asks to wait {wait}; this run may wait {format_duration(left_ms)} more"


def growing_wait_ms(first_ms: int, most_ms: int, attempt: int, clock: Clock) -> int:
    """Double with each attempt, up to `most_ms`; by chance up to half less, so that threads do not march in step."""
    full_ms: int = min(most_ms, first_ms * 2 ** min(attempt - 1, 16))
    return int(full_ms * (1 - clock.chance() / 2))
