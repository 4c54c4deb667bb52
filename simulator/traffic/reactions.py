"""What the calls of an action become once its limit is another: by the moment of each change, and by the action's kind.

A step's own timeout changes nothing here: a step that gives up before its action does is not in the figures.

Source: docs/platform.md#analytics.
"""

import dataclasses
import itertools
from collections.abc import Iterable, Iterator
from typing import assert_never

from simulator.org.actions.content import built_content
from simulator.org.actions.records import ActionRecord
from simulator.traffic.executions import limit_in_force
from simulator.traffic.periods import Period
from simulator.traffic.traffic import ActionTraffic, Failure

OVERLOADED = Failure("SERVER_ERROR", "503", 0.12, 400)
"""What more calls end as once the system behind is held by too many."""

_LONGEST_MS = 60_000


def note_limits(actions: Iterable[ActionRecord], at_ms: int) -> None:
    """Write down which actions have another limit than before, from a moment on (milliseconds since 1970)."""
    for action in actions:
        if action.touched:
            limit_ms = limit_in_force(action)
            if limit_ms != _last_noted(action):
                earlier = tuple(noted for noted in action.limits if noted[0] < at_ms)
                action.limits = (*earlier, (at_ms, limit_ms))


def phases(traffic: ActionTraffic, action: ActionRecord) -> Iterator[tuple[Period, ActionTraffic]]:
    """Return the periods between changes of an action's limit, each with its calls."""
    first = (None, _seeded(action))
    changes: list[tuple[int | None, int | None]] = [first, *action.limits]
    for (from_ms, limit_ms), (until_ms, _) in itertools.pairwise([*changes, (None, None)]):
        yield Period(from_ms, until_ms), traffic if limit_ms == first[1] else under_limit(traffic, limit_ms)


def under_limit(traffic: ActionTraffic, limit_ms: int | None) -> ActionTraffic:
    """Return the calls as they are under another limit, None for none."""
    waits_ms = _LONGEST_MS if limit_ms is None else limit_ms
    changed = dataclasses.replace(traffic, limit_ms=waits_ms)
    if waits_ms <= traffic.limit_ms:
        return changed
    match traffic.reaction:
        case "helps":
            return changed
        case "hangs":
            return dataclasses.replace(changed, hangs_after_ms=traffic.limit_ms)
        case "overloads":
            return dataclasses.replace(changed, failures=(*traffic.failures, OVERLOADED))
        case _:
            assert_never(traffic.reaction)


def _last_noted(action: ActionRecord) -> int | None:
    return action.limits[-1][1] if action.limits else _seeded(action)


def _seeded(action: ActionRecord) -> int | None:
    return limit_in_force(ActionRecord(action.seed, built_content(action.seed), action.seed.version))
