"""Steps and timeouts in the words of `set`."""

import typing
from collections.abc import Sequence

from cli.showing.screens import say
from reports.terminal.layout import place
from timeouts.model.durations import format_duration
from timeouts.model.effective import SUGGESTED_DEFAULT_MS, limit_of
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
from timeouts.model.wording import own_timeout
from timeouts.text.visible import one_line


def described(setting: TimeoutSetting, default_ms: int | None, action: DataAction | None = None) -> str:
    """Say a timeout setting in a person's words, with what its action sets; `action`: None where it is not known."""
    match setting:
        case Suggested():
            return _suggested(default_ms, action)
        case LiteralTimeout(timeout_ms=timeout_ms):
            return f"{format_duration(timeout_ms)}{_own_limit(action)}"
        case LiteralOrSuggested():
            return f"{own_timeout(setting)}{_own_limit(action)}"
        case Expression(text=text):
            return f"computed at run time: {text}"
        case Unreadable(reason=reason):
            return f"unreadable: {reason}"
        case never:
            typing.assert_never(never)


def _suggested(default_ms: int | None, action: DataAction | None) -> str:
    """Nobody chose it: it is what the definition's kind, the action or the platform says."""
    if default_ms is not None:
        return f"default ({format_duration(default_ms)}){_own_limit(action)}"
    if action is None:
        return "suggested, so the action's own limit counts"
    if action.unknown_limit:
        return f"suggested, and the action's own limit is not understood: {action.unknown_limit}"
    limit_ms = limit_of(action)
    if limit_ms is None:
        return f"suggested, and the action sets no limit: counted as {format_duration(SUGGESTED_DEFAULT_MS)}"
    return f"suggested, so the action's own limit counts: {format_duration(limit_ms)}"


def _own_limit(action: DataAction | None) -> str:
    if action is not None and action.unknown_limit:
        return f", the action's own limit is not understood: {action.unknown_limit}"
    limit_ms = limit_of(action)
    return "" if limit_ms is None else f", the action's own limit is {format_duration(limit_ms)}"


def listed_as(step: Step) -> str:
    """Return where a step is, as the list of steps and the tables write it."""
    return place(step.container, step.name)


def shown(step: Step) -> str:
    """Describe a step: name, number, place, action, id."""
    number = f" (number {step.tracking_id})" if step.tracking_id is not None else ""
    action = f", calls {one_line(step.action_name)}" if step.action_name else ""
    return f"{listed_as(step)}{number}{action}, id {step.id}"


def listed(steps: Sequence[Step]) -> str:
    """Write the steps of an Architect flow, one a line."""
    if not steps:
        return "  no Call Data Action step at all"
    return "\n".join(f"  - {shown(step)}: {described(step.setting, step.default_ms)}" for step in steps)


def tell(label: str, text: str, style: str = "") -> None:
    """Print one line of what `set` has to say."""
    say(f"{label:<15} {text}", style)
