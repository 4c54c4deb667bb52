"""Letting go of a lock that a dead run of ours left, by the protocol's own rules (TAKE_UP), without an order."""

from dataclasses import dataclass

from genesys import GenesysError, WriteClient
from publishing.architect.contents import is_abandoned_by_us
from publishing.architect.lock import OwnLocks, ShownLocks
from publishing.architect.operations import LockWatch, is_running, not_ended, watch
from publishing.architect.release import Lock, let_go
from publishing.order import Timing
from timeouts.model.org import ArchitectFlow

_NOT_OURS = "under our lock lies a draft that this tool did not make: look at it in Architect, and discard it there"


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What became of one lock of ours: whether it is gone, and why, for people."""

    is_free: bool
    said: str


def take_up(client: WriteClient, seen: ArchitectFlow, pace: Timing) -> TakenUp:
    """Let go of a lock of our own client, once nothing has moved under it for the grace period.

    `seen`: the Architect flow as it shows our lock. A draft is discarded only where this tool has made it: it is what
    is live, with other timeouts. Raises nothing that the gateway raises.
    """
    ours = OwnLocks(client.identity, ShownLocks())
    ours.learn(seen)  # and no other client's lock
    try:
        seen, watched = watch(lambda: client.architect_flow(seen.id), seen, ours, pace)
        if watched is LockWatch.LEFT:
            return TakenUp(is_free=True, said="whoever held it has let it go")
        if watched is LockWatch.BUSY:
            return TakenUp(is_free=False, said=_busy(seen, pace))
        if not is_abandoned_by_us(client, seen):
            return TakenUp(is_free=False, said=_NOT_OURS)
    except GenesysError as problem:
        return TakenUp(is_free=False, said=f"it could not be looked at, and was left as it is: {problem}")
    ours.add_draft(seen.saved_version)
    released = let_go(client, seen.id, ours, lambda _: False, pace)
    if released.lock is Lock.FREE:
        return TakenUp(is_free=True, said=released.note or "let go; its draft was discarded, what is live stays")
    return TakenUp(is_free=released.lock is Lock.THEIRS, said=released.note or "somebody else has taken it")


def _busy(seen: ArchitectFlow, pace: Timing) -> str:
    if pace.stopped():
        return "left as it is: asked to end"
    if is_running(seen.operation):
        return not_ended(seen.operation)
    return "another run of our own client is at work on it"
