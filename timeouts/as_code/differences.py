"""Which way a file differs from what is live: of one step's setting, and of one action's limit."""

import typing

from timeouts.as_code.as_code import Difference
from timeouts.as_code.names import has_placeholder
from timeouts.drift.snapshot import has_known_limit
from timeouts.model.effective import limit_of
from timeouts.model.org import DataAction
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    TimeoutSetting,
    Unreadable,
    literal_ms,
)


def difference_of(file: TimeoutSetting | None, live: TimeoutSetting | None) -> Difference:
    """Return which way the file differs; None: there is no such step.

    A minute that may be a suggested timeout says the same as either of both (docs/platform.md#yaml-timeouts).
    """
    if file is None or live is None:
        return "only live" if file is None else "only in the file"
    if not _is_known(file) or not _is_known(live):
        return "unknown"
    if _says_same(file, live):
        return "same"
    return _by_duration(literal_ms(file), literal_ms(live))


def difference_of_limits(file_ms: int | None, live: DataAction) -> Difference:
    """Return which way the limit of an action in a file differs; no limit is longer than any."""
    return difference_of_durations(file_ms, limit_of(live)) if has_known_limit(live) else "unknown"


def difference_of_durations(file_ms: int | None, live_ms: int | None) -> Difference:
    """Return which way a limit in a file differs from another one, in milliseconds; None: none is set."""
    if file_ms is None and live_ms is not None:
        return "silent"
    if file_ms is not None and live_ms is None:
        return "file shorter"
    return "same" if file_ms is None else _by_duration(file_ms, live_ms)


def stated_limit(action: DataAction) -> int | None:
    """Return the limit that a file sets for an action, in milliseconds; None where it leaves it to the platform."""
    return min((each for each in (action.limit_ms, action.function_ms) if each is not None), default=None)


def _is_known(setting: TimeoutSetting) -> bool:
    match setting:
        case Suggested() | LiteralTimeout() | LiteralOrSuggested():
            return True
        case Expression(text=text):
            return not has_placeholder(text)
        case Unreadable():
            return False
        case _:
            typing.assert_never(setting)


def _says_same(file: TimeoutSetting, live: TimeoutSetting) -> bool:
    if isinstance(file, Expression) and isinstance(live, Expression):
        return "".join(file.text.split()) == "".join(live.text.split())
    if isinstance(file, LiteralOrSuggested) and isinstance(live, Suggested):
        return True
    return isinstance(file, Suggested) and isinstance(live, Suggested | LiteralOrSuggested)


def _by_duration(file_ms: int | None, live_ms: int | None) -> Difference:
    if file_ms is None or live_ms is None:
        return "otherwise"
    if file_ms == live_ms:
        return "same"
    return "file longer" if file_ms > live_ms else "file shorter"
