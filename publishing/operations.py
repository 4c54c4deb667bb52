"""Waiting for what goes on at the platform: the end of a publish, or any movement under a lock of our own client."""

import enum
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

from genesys import GenesysError, Gone, NotFound, ReadClient
from publishing.lock import Ours
from publishing.order import Pace
from timeouts.org import ArchitectFlow, Operation

PUBLISH = "PUBLISH"
SUCCESS = "SUCCESS"

_SOON_MS = 500


@dataclass(frozen=True, slots=True)
class Started:
    """A publish that was sent. `operation_id` is '' where its answer was lost and the platform shows another's."""

    architect_flow_id: str
    operation_id: str
    version_before: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """How a publish ended: `architect_flow` as last read (None when it never could be), and the state of it.

    `error` is the platform's own reason when it failed; `ended` is False when the deadline passed or a stop came
    first. `is_ours` is False where another operation has taken the place of ours. `had_our_lock`: while the publish
    ran, the lock was still ours, so that it is our draft that it published.
    """

    architect_flow: ArchitectFlow | None
    ended: bool
    error: str = ""
    is_ours: bool = True
    had_our_lock: bool = False


class Watched(enum.Enum):
    """What a lock of our own client did while it was watched."""

    LEFT = "left"
    """It is not there any more."""
    STILL = "still"
    """Nothing moved for the grace period: whoever took it is dead."""
    BUSY = "busy"
    """Something moves under it to the last: another run of ours lives."""


def is_running(operation: Operation | None) -> bool:
    """Whether a publish or check-in is under way."""
    return operation is not None and not operation.complete


def follow(client: ReadClient, started: Started, ours: Ours, pace: Pace) -> Followed:
    """Poll until the operation is over or the deadline has passed; a stop brings the deadline near (`Pace.last_ms`).

    Success is believed only when the operation says SUCCESS *and* the published version moved: the platform answers
    200 to publishes that then do nothing (genesys-cloud.md 6.4). Where another operation took the place of ours, the
    published version alone decides. Reads that fail are repeated until the deadline: the publish goes on without us.
    Raises NotFound and Gone.
    """
    seen: ArchitectFlow | None = None
    trouble = ""
    had_our_lock = False
    stopped_ms: int | None = None
    for wait_ms in _waits(pace):
        if stopped_ms is None:
            pace.wait_ms(wait_ms)
        else:
            pace.sleep_ms(_SOON_MS)
        try:
            seen = client.architect_flow(started.architect_flow_id)
        except (NotFound, Gone):
            raise
        except GenesysError as problem:
            trouble = str(problem)
        else:
            ended = _end_of(seen, started)
            if ended is not None:
                return replace(ended, had_our_lock=had_our_lock)
            had_our_lock = had_our_lock or ours.holds(seen.locked_by)
        if pace.stopped():
            stopped_ms = pace.now_ms() if stopped_ms is None else stopped_ms
            if pace.now_ms() - stopped_ms >= pace.last_ms:
                return Followed(seen, ended=False, error=trouble or "the run was asked to stop")
    return Followed(seen, ended=False, error=trouble)


def watch(client: ReadClient, seen: ArchitectFlow, ours: Ours, pace: Pace) -> tuple[ArchitectFlow, Watched]:
    """Watch a lock that may be ours until it goes, stays still for the grace period, or the deadline has passed.

    A running operation counts as movement: it is the platform's, and it ends without anybody. Gives the last read.
    """
    still_since_ms = pace.now_ms()
    for wait_ms in _waits(pace):
        pace.wait_ms(wait_ms)
        before, seen = seen, client.architect_flow(seen.id)
        if not ours.may_hold(seen.locked_by):
            return seen, Watched.LEFT
        if seen != before or is_running(seen.operation):
            still_since_ms = pace.now_ms()
        elif pace.now_ms() - still_since_ms >= pace.grace_ms:
            return seen, Watched.STILL
        if pace.stopped():
            break
    return seen, Watched.BUSY


def _end_of(seen: ArchitectFlow, started: Started) -> Followed | None:
    operation = seen.operation
    has_moved = seen.published_version is not None and seen.published_version != started.version_before
    if operation is None or operation.id != started.operation_id:
        return Followed(seen, ended=True, is_ours=False) if has_moved else None
    if not operation.complete:
        return None
    if operation.status != SUCCESS:
        return Followed(seen, ended=True, error=operation.error or f"ended as {operation.status}, no reason given")
    return Followed(seen, ended=True) if has_moved else None


def _waits(pace: Pace) -> Iterator[int]:
    """The waits before each read, the last one shortened so that the deadline is met."""
    end_ms = pace.now_ms() + pace.deadline_ms
    for wait_ms in itertools.chain(pace.polls_ms, itertools.repeat(pace.polls_ms[-1])):
        left_ms = end_ms - pace.now_ms()
        if left_ms <= 0:
            return
        yield min(wait_ms, left_ms)
