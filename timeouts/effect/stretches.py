"""Two equal stretches of whole hours, right before and right after what a run published.

The hours in which it published belong to neither. A stretch ends where another run of ours touched the same action: a
comparison across two changes would say of one what the other did.
"""

from collections.abc import Sequence

from timeouts.effect.changes import RunChanges
from timeouts.model.durations import DAY_MS, HOUR_MS
from timeouts.model.values import Value

LONGEST_DAYS = 7
"""Every hour of the week once on either side, so that weekends stand against weekends."""


class Stretch(Value):
    """Whole hours, in milliseconds since 1970; `until_ms` is not included."""

    from_ms: int
    until_ms: int

    @property
    def hours(self) -> int:
        """How many they are."""
        return (self.until_ms - self.from_ms) // HOUR_MS


class Stretches(Value):
    """The two stretches to compare. `note`: why they are shorter than they could be, '' where they are not."""

    before: Stretch
    after: Stretch
    note: str = ""


class NoStretches(Value):
    """There is nothing to compare, and why. `is_early`: there will be, for not even one full hour has passed."""

    why: str
    is_early: bool = False


def stretches_for(
    action_id: str, changes: RunChanges, others: Sequence[RunChanges], now_ms: int, longest_days: int = LONGEST_DAYS
) -> Stretches | NoStretches:
    """Return the stretches in which an action can be compared: up to the last full hour, `longest_days` at most.

    `others`: what other runs published, whatever they touched.
    """
    own, last_ms = _hours_of(changes), _hour(now_ms)
    if not has_passed_an_hour(changes, now_ms):
        return NoStretches(why="less than one full hour has passed since the change", is_early=True)
    wanted_ms = min(last_ms - own.until_ms, longest_days * DAY_MS)
    free = ((_between(own, _hours_of(other)), _named(other)) for other in others if other.touches(action_id))
    lasts_ms, name = min([(wanted_ms, ""), *free])
    if lasts_ms <= 0:
        return NoStretches(why=f"{name} changed it, too, in the same hours or right beside them")
    return Stretches(
        before=Stretch(from_ms=own.from_ms - lasts_ms, until_ms=own.from_ms),
        after=Stretch(from_ms=own.until_ms, until_ms=own.until_ms + lasts_ms),
        note=f"shortened, for {name} changed it, too" if name else "",
    )


def earliest_of(changes: RunChanges, longest_days: int = LONGEST_DAYS) -> int:
    """Return the first moment that a comparison can reach back to: what other runs did before does not matter."""
    return _hours_of(changes).from_ms - longest_days * DAY_MS


def has_passed_an_hour(changes: RunChanges, now_ms: int) -> bool:
    """Return whether at least one full hour has passed since a run published, so that there is something to compare."""
    return _hour(now_ms) > _hours_of(changes).until_ms


def _hours_of(changes: RunChanges) -> Stretch:
    """Return the hours in which a run published."""
    return Stretch(from_ms=_hour(changes.began_ms), until_ms=_hour(changes.ended_ms) + HOUR_MS)


def _hour(at_ms: int) -> int:
    return at_ms // HOUR_MS * HOUR_MS


def _between(own: Stretch, theirs: Stretch) -> int:
    """Return how many milliseconds lie between two stretches, 0 or less where none do."""
    return max(own.from_ms - theirs.until_ms, theirs.from_ms - own.until_ms)


def _named(other: RunChanges) -> str:
    may_have = "" if other.is_known else ", whose record cannot be read, may have"
    return f"the run {other.run_name} ({other.run_id}){may_have}"
