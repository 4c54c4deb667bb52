"""How long a caller can really wait at a step, now and after a change (docs/design.md#which-lever)."""

import typing

from timeouts.model.org import DataAction
from timeouts.model.settings import (
    Expression,
    LiteralOrSuggested,
    LiteralTimeout,
    Suggested,
    TimeoutSetting,
    Unreadable,
)
from timeouts.model.steps import Step

SUGGESTED_DEFAULT_MS = 60_000
"""What a suggested timeout is worth where the action sets no limit, unless configured: the editor's own default of
one minute. What the platform does at run time is open (docs/platform.md#timeout-field and #open-suggested-default)."""

LONGEST_LIMIT_MS = 60_000
"""No integration action waits longer (docs/platform.md#action-limits)."""

LONGEST_FUNCTION_LIMIT_MS = 15_000
"""No function data action waits longer, and those without a limit wait as long (docs/platform.md#function-actions)."""


def limit_of(action: DataAction | None) -> int | None:
    """Return the limit that the action sets in every Architect flow, in milliseconds, or None where it sets none.

    None also where what it sets is not understood: `is_limit_known` tells both apart.
    A function data action ends with its function, which waits 15 s where it says nothing of its own.
    """
    if action is None or action.unknown_limit:
        return None
    if action.kind != "function":
        return action.limit_ms
    if action.function_ms is None and action.limit_ms is not None:
        return min(action.limit_ms, LONGEST_FUNCTION_LIMIT_MS)
    function_ms = LONGEST_FUNCTION_LIMIT_MS if action.function_ms is None else action.function_ms
    return function_ms if action.limit_ms is None else min(function_ms, action.limit_ms)


def with_limit(action: DataAction, limit_ms: int | None) -> DataAction:
    """Return the action as it is with another limit: of its function, where that is what sets it."""
    if action.kind != "function":
        return action.model_copy(update={"limit_ms": limit_ms})
    mirrored = action.limit_ms is not None and action.limit_ms == action.function_ms
    own = {"limit_ms": limit_ms} if mirrored else {}
    return action.model_copy(update={"function_ms": limit_ms, **own})


def is_limit_known(step: Step, action: DataAction | None) -> bool:
    """Return whether the action limit of a step is known.

    It is not where the step names an action that the listing does not have, or one that sets a limit that is not
    understood. Where the definition itself decides (`Step.default_ms`), an action that is not listed sets no limit.
    """
    return step.default_ms is not None if action is None else not action.unknown_limit


def effective_timeout(step: Step, action: DataAction | None, *, suggested_default_ms: int) -> int | None:
    """Return how long a caller can wait at the step as it is, in milliseconds; None where that is not known.

    `action` is the listed action that the step calls, None where the listing does not have it.
    """
    match step.setting:
        case Suggested():
            return _effective_suggested(step, action, suggested_default_ms)
        case LiteralTimeout(timeout_ms=timeout_ms):
            return effective_literal(step, action, timeout_ms)
        case LiteralOrSuggested():
            return min(_either_reading(step, action, suggested_default_ms, step.setting), default=None)
        case Expression() | Unreadable():
            return None
        case _:
            typing.assert_never(step.setting)


def longest_wait(step: Step, action: DataAction | None, *, suggested_default_ms: int) -> int | None:
    """Return the same, but of a step that may be read in two ways the longer wait: what no raise may shorten."""
    if isinstance(step.setting, LiteralOrSuggested):
        return max(_either_reading(step, action, suggested_default_ms, step.setting), default=None)
    return effective_timeout(step, action, suggested_default_ms=suggested_default_ms)


def _either_reading(
    step: Step, action: DataAction | None, suggested_default_ms: int, setting: LiteralOrSuggested
) -> tuple[int, ...]:
    """Return the waits as a literal and as a suggested timeout, none where they are not known."""
    readings = (
        effective_literal(step, action, setting.timeout_ms),
        _effective_suggested(step, action, suggested_default_ms),
    )
    return tuple(wait_ms for wait_ms in readings if wait_ms is not None)


def own_bound(setting: TimeoutSetting, default_ms: int | None = None) -> int | None:
    """Return how long a step itself lets a caller wait at most, in milliseconds, whatever the limit of its action is.

    None where it names no time of its own. `default_ms`: as in `Step`.
    """
    match setting:
        case LiteralTimeout(timeout_ms=timeout_ms):
            return timeout_ms
        case Suggested():
            return default_ms
        case LiteralOrSuggested() | Expression() | Unreadable():
            return None
        case _:
            typing.assert_never(setting)


def wait_at_most(effective_ms: int | None, setting: TimeoutSetting, default_ms: int | None = None) -> int | None:
    """Return how long a caller waits at most, in milliseconds; None where that is not known.

    `effective_ms`: the wait itself, None where it is not known. `default_ms`: as in `Step`.
    """
    return own_bound(setting, default_ms) if effective_ms is None else effective_ms


def effective_literal(step: Step, action: DataAction | None, timeout_ms: int) -> int | None:
    """Return how long a caller can wait once the step says `timeout_ms`: the smaller of it and the action limit.

    An action that sets no limit ends after the longest one all the same; what ends a bridge's call is not known.
    """
    if not is_limit_known(step, action):
        return None
    limit_ms = limit_of(action)
    if limit_ms is None and step.kind == "bridge":
        return timeout_ms
    return min(timeout_ms, LONGEST_LIMIT_MS if limit_ms is None else limit_ms)


def _effective_suggested(step: Step, action: DataAction | None, suggested_default_ms: int) -> int | None:
    if step.default_ms is not None:
        return effective_literal(step, action, step.default_ms)
    if not is_limit_known(step, action):
        return None
    limit_ms = limit_of(action)
    return suggested_default_ms if limit_ms is None else limit_ms
