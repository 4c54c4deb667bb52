"""How settings, durations and gaps in knowledge are put into the words of tables and summaries."""

import typing

from timeouts.model.durations import format_duration
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    TimeoutSetting,
    Unreadable,
)

UNKNOWN = "unknown"


def duration_or(nothing: str, duration_ms: int | None) -> str:
    """Write a duration, or what stands for none: a limit that is not set, a wait that is not known."""
    return nothing if duration_ms is None else format_duration(duration_ms)


def own_timeout(setting: TimeoutSetting, default_ms: int | None = None) -> str:
    """Write what a step itself says of its timeout; a stored duration without effect stands in brackets."""
    match setting:
        case Suggested(stored_ms=stored_ms):
            if default_ms is not None:
                return f"({format_duration(default_ms)})"
            return "" if stored_ms is None else f"({format_duration(stored_ms)})"
        case LiteralTimeout(timeout_ms=timeout_ms):
            return format_duration(timeout_ms)
        case LiteralOrSuggested(timeout_ms=timeout_ms):
            return f"{format_duration(timeout_ms)} or suggested"
        case Expression(text=text):
            return text
        case Unreadable():
            return ""
        case _:
            typing.assert_never(setting)


def own_timeout_ms(setting: TimeoutSetting, default_ms: int | None = None) -> int | None:
    """Return the duration that counts of what `own_timeout` writes, in milliseconds; None where none does.

    What a suggested step stores has no effect, so that it is no figure to find steps by.
    """
    match setting:
        case Suggested():
            return default_ms
        case LiteralTimeout(timeout_ms=timeout_ms) | LiteralOrSuggested(timeout_ms=timeout_ms):
            return timeout_ms
        case Expression() | Unreadable():
            return None
        case _:
            typing.assert_never(setting)


def in_words(setting: TimeoutSetting, default_ms: int | None = None) -> str:
    """Write a setting in a few words: `literal 3s`, `suggested`, `suggested (1m)`, `1m or suggested`."""
    said = own_timeout(setting, default_ms)
    return said if isinstance(setting, LiteralOrSuggested) else f"{setting.kind} {said}".strip()


def kind_in_words(setting: TimeoutSetting) -> str:
    """Write which kind of setting it is: `literal`, `1m or suggested`."""
    return own_timeout(setting) if isinstance(setting, LiteralOrSuggested) else setting.kind


def remark(setting: TimeoutSetting) -> str:
    """Return what has to be said of a setting beside its timeout: why it is unreadable."""
    return f"unreadable: {setting.reason}" if isinstance(setting, Unreadable) else ""
