"""Waiting for what a lost answer may still bring: its effect can land seconds after a gateway has given up."""

import itertools
from collections.abc import Callable
from typing import TypeVar

from genesys import GenesysError, Gone, NotFound, Stopped
from publishing.order import Timing
from timeouts.model.durations import format_duration

_PAUSES_MS = (250, 500, 1_000, 2_000, 4_000, 8_000, 15_000)
_SOON_MS = 500

TRIES = 3
"""How often what is left of ours is taken away before a run ends, or left to the next one."""

MOMENT_MS = 5_000
"""How long is waited before one of these where the platform asked to wait, in milliseconds."""

NEXT = "; the next run takes it up"

Seen = TypeVar("Seen")


def how_long(pace: Timing) -> str:
    """Say for how long nothing came of a write, after `settle` has seen nothing."""
    return "before the run had to stop" if pace.stopped() else f"within {format_duration(pace.settle_ms)}"


def believed(look: Callable[[], Seen], shows_it: Callable[[Seen], bool], pace: Timing) -> Callable[[], Seen | None]:
    """Return a look for `settle`: what does not show what we have done may come from a replica that lags behind.

    So it counts as nothing (None), and is believed once `pace.lag_ms` have passed from now on.
    """
    until_ms = pace.now_ms() + pace.lag_ms

    def look_again() -> Seen | None:
        seen = look()
        return seen if shows_it(seen) or pace.now_ms() >= until_ms else None

    return look_again


def caught_up(read: Callable[[], Seen], is_behind: Callable[[Seen], bool], pace: Timing) -> Seen:
    """Read; what is older than the plan may come from a replica that lags behind the publish before it.

    So it is read again, and believed once `pace.lag_ms` have passed. Raises GenesysError where it cannot be read, and
    Stopped where the run was asked to end before it is to be believed.
    """

    def is_there(seen: Seen) -> bool:
        return not is_behind(seen)

    first = read()
    if is_there(first):
        return first
    look = believed(read, is_there, pace)
    seen = settle(look, pace)
    if seen is None:
        raise Stopped("the run was asked to end while the platform showed what was there before the plan")
    return seen


def settle(look: Callable[[], Seen | None], pace: Timing) -> Seen | None:
    """Look, with growing pauses, until `look` returns something or `pace.settle_ms` have passed; then return None.

    Looks that fail are repeated, too: where the last one did, its error is raised. NotFound and Gone are raised at
    once. A stop shortens the period to `pace.last_ms` from then on.
    """
    end_ms, is_stopped = pace.now_ms() + pace.settle_ms, False
    for pause_ms in itertools.chain(_PAUSES_MS, itertools.repeat(_PAUSES_MS[-1])):
        trouble: GenesysError | None = None
        try:
            seen = look()
        except (NotFound, Gone):
            raise
        except GenesysError as problem:
            trouble = problem
        else:
            if seen is not None:
                return seen
        if pace.stopped() and not is_stopped:
            end_ms, is_stopped = min(end_ms, pace.now_ms() + pace.last_ms), True
        left_ms = end_ms - pace.now_ms()
        if left_ms <= 0:
            break
        if is_stopped:
            pace.sleep_ms(min(_SOON_MS, left_ms))
        else:
            pace.wait_ms(min(pause_ms, left_ms))
    if trouble is not None:
        raise trouble
    return None
