"""Which edits are refused, whatever the kind of definition."""

import typing
from collections.abc import Iterable, Mapping

from timeouts.definitions.interface import EditRefusedError
from timeouts.durations import PLATFORM_LIMIT_MS
from timeouts.settings import Expression, Literal, Suggested, Unreadable
from timeouts.steps import Step


def changeable(steps: Iterable[Step], timeouts_ms: Mapping[str, int]) -> list[tuple[str, int]]:
    """Give the edits as pairs of step id and milliseconds, or raise `EditRefusedError` naming the first wrong one."""
    known = {step.id: step for step in steps}
    for step_id, timeout_ms in timeouts_ms.items():
        if step_id not in known:
            raise EditRefusedError(f"no Call Data Action step has the id {step_id}")
        step = known[step_id]
        if isinstance(timeout_ms, bool) or not 1 <= timeout_ms <= PLATFORM_LIMIT_MS:
            raise EditRefusedError(f"step {step.name!r} ({step_id}): {timeout_ms} ms is not a possible timeout")
        match step.setting:
            case Suggested() | Literal():
                pass
            case Expression(text=text):
                raise EditRefusedError(f"step {step.name!r} ({step_id}): its timeout is computed: {text}")
            case Unreadable(reason=reason):
                raise EditRefusedError(f"step {step.name!r} ({step_id}): its timeout is not understood: {reason}")
            case _:
                typing.assert_never(step.setting)
    return list(timeouts_ms.items())
