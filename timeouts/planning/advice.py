"""What stands in the way of changing an action's limit, and advice where a policy wants one changed that stays."""

import typing
from collections import defaultdict
from collections.abc import Iterable, Mapping

from timeouts.model.durations import format_duration
from timeouts.model.effective import LONGEST_FUNCTION_LIMIT_MS, limit_of
from timeouts.model.org import DataAction
from timeouts.planning.changes import ActionAdvice


class Waiting(typing.NamedTuple):
    """A step that waits for a longer limit of its action."""

    action: DataAction
    architect_flow_id: str
    wanted_ms: int


def advise(waiting: Iterable[Waiting], refused: Mapping[str, str]) -> tuple[ActionAdvice, ...]:
    """Return one advice for each action, sorted by how many steps wait for it, most first.

    `refused`: by action id, why its limit was not changed although the policy allows that.
    """
    by_action: dict[str, list[Waiting]] = defaultdict(list)
    for step in waiting:
        by_action[step.action.id].append(step)
    found = (_advice(steps, refused.get(action_id, "")) for action_id, steps in by_action.items())
    return tuple(sorted(found, key=lambda advice: (-advice.steps, advice.name.casefold(), advice.action_id)))


def _advice(steps: list[Waiting], refusal: str) -> ActionAdvice:
    action = steps[0].action
    wanted_ms = max(step.wanted_ms for step in steps)
    return ActionAdvice(
        action_id=action.id,
        name=action.label,
        category=action.category,
        kind=action.kind,
        limit_ms=limit_of(action),
        wanted_ms=wanted_ms,
        steps=len(steps),
        architect_flows=len({step.architect_flow_id for step in steps}),
        note=refusal or what_forbids(action, wanted_ms),
    )


def what_forbids(action: DataAction, wanted_ms: int) -> str:
    """Say what about the action itself forbids such a limit, empty where nothing does.

    Source: docs/platform.md#action-limits.
    """
    match action.kind:
        case "static":
            return "owned by Genesys: not ours to change"
        case "function" if wanted_ms > LONGEST_FUNCTION_LIMIT_MS:
            return f"a function data action waits {format_duration(LONGEST_FUNCTION_LIMIT_MS)} at most"
        case "custom_auth":
            return "a custom authentication action takes no limit"
        case "custom" | "function":
            return ""
        case _:
            typing.assert_never(action.kind)
