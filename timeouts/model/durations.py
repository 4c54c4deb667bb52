"""Durations: the platform's own text (`P0D0H1M30S0F`), what people type (`1m30s`), and milliseconds between them."""

import re
import typing

from pydantic import BeforeValidator, PlainSerializer

from timeouts.model.form_text import typed_as
from timeouts.text.bounds import quoted

PLATFORM_LIMIT_MS = 999_999_999_999_999
"""The largest duration that Architect knows, either sign (docs/platform.md#timeout-field)."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

_PLATFORM = re.compile(r"(-?)P([0-9]+)D([0-9]+)H([0-9]+)M([0-9]+)S([0-9]+)F", re.IGNORECASE)
_LONGEST_NUMBER = len(str(PLATFORM_LIMIT_MS))
_LONGEST_TYPED = 60
_TYPED = re.compile(
    r"(?:(?P<hours>[0-9]{1,6})\s*h)?\s*"
    r"(?:(?P<minutes>[0-9]{1,6})\s*m(?!s))?\s*"
    r"(?:(?P<seconds>[0-9]{1,9})(?:\.(?P<fraction>[0-9]{1,3}))?\s*s)?\s*"
    r"(?:(?P<milliseconds>[0-9]{1,12})\s*ms)?",
    re.IGNORECASE,
)


class DurationError(ValueError):
    """A duration that cannot be understood; the message says what was given and what would be right."""


def parse_platform_duration(text: str) -> int:
    """Return the milliseconds of a platform duration such as `P0D0H0M10S0F`.

    All five numbers are present, letters in either case, F counts milliseconds and may exceed 999, a minus may lead.
    Raises `DurationError` for any other text and beyond `PLATFORM_LIMIT_MS`. Source: docs/platform.md#timeout-field.
    """
    found = _PLATFORM.fullmatch(text)
    if found is None:
        raise DurationError(f"{quoted(text)} is not a duration of the form P0D0H0M10S0F")
    sign, *numbers = found.groups()
    # Longer digits are over the limit anyway, and Python refuses to convert thousands of them.
    if any(len(number.lstrip("0")) > _LONGEST_NUMBER for number in numbers):
        raise DurationError(f"{quoted(text)} is longer than any duration that Architect knows")
    days, hours, minutes, seconds, milliseconds = (int(number.lstrip("0") or "0") for number in numbers)
    total_ms = days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + milliseconds
    if total_ms > PLATFORM_LIMIT_MS:
        raise DurationError(f"{quoted(text)} is longer than any duration that Architect knows")
    return -total_ms if sign else total_ms


def whole_seconds(duration_ms: int) -> int:
    """Round up to whole seconds, as limits of actions are (docs/platform.md#action-limits); in milliseconds."""
    return -(-duration_ms // SECOND_MS) * SECOND_MS


def format_platform_duration(duration_ms: int) -> str:
    """Write milliseconds as the Architect editor does: split into days, hours, minutes, seconds and milliseconds.

    Raises `DurationError` beyond `PLATFORM_LIMIT_MS`. Source: docs/platform.md#timeout-field.
    """
    if abs(duration_ms) > PLATFORM_LIMIT_MS:
        raise DurationError(f"{duration_ms} ms is longer than any duration that Architect knows")
    days, rest = divmod(abs(duration_ms), DAY_MS)
    hours, rest = divmod(rest, HOUR_MS)
    minutes, rest = divmod(rest, MINUTE_MS)
    seconds, milliseconds = divmod(rest, SECOND_MS)
    return f"{'-' if duration_ms < 0 else ''}P{days}D{hours}H{minutes}M{seconds}S{milliseconds}F"


def parse_duration(text: object) -> int:
    """Return the milliseconds of what a person typed: `10s`, `1m30s`, `2.5s`, `2500ms`, `1h`.

    Raises `DurationError`, with a hint for a bare number, whose unit nobody can know.
    """
    if isinstance(text, (int, float)) and not isinstance(text, bool) and abs(text) <= PLATFORM_LIMIT_MS:
        raise DurationError(_bare_number(str(text)))
    # Blanks may stand at five places: a text of thousands of them would be tried in every way.
    typed = text.strip() if isinstance(text, str) and len(text) <= _LONGEST_TYPED else ""
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", typed):
        raise DurationError(_bare_number(typed))
    found = _TYPED.fullmatch(typed)
    if found is None or not any(found.groups()):
        raise DurationError(f"{quoted(text)} is not a duration: write one such as 10s, 1m30s or 2500ms")
    part = found.groupdict(default="0")
    return (
        int(part["hours"]) * HOUR_MS
        + int(part["minutes"]) * MINUTE_MS
        + int(part["seconds"]) * SECOND_MS
        + int(part["fraction"].ljust(3, "0"))
        + int(part["milliseconds"])
    )


def format_duration(duration_ms: int) -> str:
    """Write milliseconds as people read them, exactly: `10s`, `1m30s`, `2.5s`, `500ms`, `1h`.

    `parse_duration` gives the same number back. Raises `DurationError` for a negative one.
    """
    if duration_ms < 0:
        raise DurationError(f"{duration_ms} ms is negative, and nobody waits less than nothing")
    if duration_ms < SECOND_MS:
        return f"{duration_ms}ms" if duration_ms else "0s"
    hours, rest = divmod(duration_ms, HOUR_MS)
    minutes, rest = divmod(rest, MINUTE_MS)
    seconds, milliseconds = divmod(rest, SECOND_MS)
    written = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
    if milliseconds:
        return f"{written}{seconds}.{milliseconds:03}".rstrip("0") + "s"
    return written + (f"{seconds}s" if seconds else "")


def _bare_number(number: str) -> str:
    return f"{number} has no unit: write {number}s for seconds or {number}ms for milliseconds"


TYPED_PATTERN = "(?=[0-9])([0-9]{1,5} ?h)? ?([0-9]{1,5} ?m)? ?([0-9]{1,5}([.][0-9]{1,3})? ?s)? ?([0-9]{1,9} ?ms)?"
"""What a run form takes for a duration, as a regular expression without its ends.

`parse_duration` takes all of it, and some spellings more. Prefect's server checks it and shows it when it refuses
something, before a run starts; so it is as short as it can be.
"""

DurationMs = typing.Annotated[
    int,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    typed_as(TYPED_PATTERN, "10s", "1m30s", "2500ms"),
]
"""A field that people fill in as text (`10s`), that is milliseconds inside, and text again when it is stored."""
