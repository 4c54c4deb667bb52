"""Letting go of our lock. There is no unlock in this house: it could commit a person's half-done draft."""

import enum
from collections.abc import Callable
from dataclasses import dataclass

from genesys import AmbiguousWrite, Conflict, GenesysError, Gone, NotFound, Stopped, WriteClient
from publishing.architect.lock import OwnLocks
from publishing.architect.operations import await_end, is_running, named
from publishing.order import Timing
from publishing.settling import MOMENT_MS, NEXT, TRIES, settle
from timeouts.model.org import ArchitectFlow


class Lock(enum.Enum):
    """What became of our lock."""

    FREE = "free"
    """We hold it no longer, and nobody else does."""
    THEIRS = "theirs"
    """Somebody else holds it."""
    STAYS = "stays"
    """The revert was carried out, the draft is gone and the lock is still there (docs/platform.md#open-revert)."""
    BUSY = "busy"
    """It is ours, and an operation is running under it."""
    LEFT = "left"
    """It is ours, but with a draft that this run did not make."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Release:
    """How letting go went. `note` is for people, '' where there is nothing to say."""

    lock: Lock
    note: str = ""


def let_go(
    client: WriteClient,
    architect_flow_id: str,
    ours: OwnLocks,
    may_discard: Callable[[ArchitectFlow], bool],
    pace: Timing,
    *,
    look: Callable[[], ArchitectFlow | None] | None = None,
) -> Release:
    """Discard our draft and release our lock.

    Each `revert` follows a read that shows a lock of ours with a draft that is ours: by its label, else as
    `may_discard` says; and no operation that runs, for that would be taken back half-way. The platform itself refuses
    to revert under anybody else's lock (409, docs/platform.md#errors). Reads that fail, and those that
    prove nothing (None of `look`), are repeated for the settle period.
    """
    look = look or (lambda: client.architect_flow(architect_flow_id))
    last = Release(Lock.UNCLEAR)
    for _ in range(TRIES):
        try:
            last = _revert(client, architect_flow_id, ours, may_discard, pace, look=look)
        except (NotFound, Gone):
            return Release(Lock.FREE)
        except Stopped:
            pace.sleep_ms(MOMENT_MS)  # the platform asked to wait; a stop must not leave the lock for that
            last = Release(Lock.UNCLEAR, f"our lock could not be released before the run had to stop{NEXT}")
        except GenesysError as problem:
            return Release(Lock.UNCLEAR, f"our lock could not be released ({problem}){NEXT}")
        if last.lock in (Lock.FREE, Lock.THEIRS, Lock.LEFT, Lock.BUSY):
            return last
    return last


def _revert(
    client: WriteClient,
    architect_flow_id: str,
    ours: OwnLocks,
    may_discard: Callable[[ArchitectFlow], bool],
    pace: Timing,
    *,
    look: Callable[[], ArchitectFlow | None],
) -> Release:
    seen = settle(look, pace) or client.architect_flow(architect_flow_id)
    if ours.may_hold(seen.locked_by):
        seen = await_end(lambda: client.architect_flow(architect_flow_id), seen, pace)
    stands = _revert_blocker(seen, ours, may_discard)
    if stands is not None:
        return stands
    try:
        after = client.revert(architect_flow_id)
    except (Conflict, NotFound) as refusal:
        if not ours.holds(seen.locked_by):
            return Release(Lock.THEIRS)
        return Release(Lock.UNCLEAR, f"our lock could not be released ({refusal}){NEXT}")
    except AmbiguousWrite as lost:
        released = settle(lambda: _released(client.architect_flow(architect_flow_id), seen, ours), pace)
        if released is None:
            return Release(Lock.UNCLEAR, f"whether our lock is released is not known ({lost}){NEXT}")
        after = released
    if not ours.may_hold(after.locked_by):
        return _gone(after, ours)
    ours.learn(after)
    return Release(Lock.STAYS, f"our lock is still there after revert, without a draft{NEXT}")


def _revert_blocker(
    seen: ArchitectFlow, ours: OwnLocks, may_discard: Callable[[ArchitectFlow], bool]
) -> Release | None:
    """Say why nothing is reverted; None where it may be."""
    if not ours.may_hold(seen.locked_by):
        return _gone(seen, ours)
    if is_running(seen.operation):
        return Release(Lock.BUSY, f"our lock stays, for {named(seen.operation)} is still running under it{NEXT}")
    if not ours.knows_draft(seen) and not may_discard(seen):
        return Release(Lock.LEFT, "under our lock lies a draft that this run did not make; it was left there")
    return None


def _released(now: ArchitectFlow, before: ArchitectFlow, ours: OwnLocks) -> ArchitectFlow | None:
    """Return what is there now where a revert has come to effect: the lock is gone, or the draft under it."""
    is_discarded = before.saved_version is not None and now.saved_version is None
    return now if is_discarded or not ours.may_hold(now.locked_by) else None


def _gone(seen: ArchitectFlow, ours: OwnLocks) -> Release:
    if seen.locked_by is not None:
        return Release(Lock.THEIRS, f"{seen.locked_by.label} took the lock from us")
    if seen.saved_version is not None and ours.knows_draft(seen):
        return Release(Lock.FREE, f"revert left our draft saved{NEXT}")
    if seen.newer_draft is not None and seen.published_version is not None:  # else it is what was live before
        return Release(
            Lock.FREE, f"{seen.newer_draft} is checked in there, newer than what is live; it may be our draft"
        )
    return Release(Lock.FREE)
