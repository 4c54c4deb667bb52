"""Steps and timeouts in the words of `set`."""

import typing
from collections.abc import Sequence

from reports.terminal.layout import place
from timeouts.model.durations import format_duration
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting, Unreadable
from timeouts.model.steps import Step
from timeouts.text.visible import one_line


def described(setting: TimeoutSetting, default_ms: int | None, limit_ms: int | None = None) -> str:
    """Say a timeout setting in a person's words; `limit_ms` is the action's limit, None where it sets none."""
    limit = "" if limit_ms is None else f", the action's own limit is {format_duration(limit_ms)}"
    match setting:
        case Suggested():
            return f"default{'' if default_ms is None else f' ({format_duration(default_ms)})'}{limit}"
        case LiteralTimeout(timeout_ms=timeout_ms):
            return f"{format_duration(timeout_ms)}{limit}"
        case Expression(text=text):
            return f"computed at run time: {text}"
        case Unreadable(reason=reason):
            return f"unreadable: {reason}"
        case never:
            typing.assert_never(never)


def shown(step: Step) -> str:
    """Describe a step: name, number, place, action, id."""
    number = f" (number {step.tracking_id})" if step.tracking_id is not None else ""
    action = f", calls {one_line(step.action_name)}" if step.action_name else ""
    return f"{place(step.container, step.name)}{number}{action}, id {step.id}"


def listed(steps: Sequence[Step]) -> str:
    """Write the steps of an Architect flow, one a line."""
    if not steps:
        return "  no Call Data Action step at all"
    return "\n".join(f"  - {shown(step)}: {described(step.setting, step.default_ms)}" for step in steps)
