"""Waiting for what goes on at the platform: the end of a publish, or any movement under a lock of our own client."""

import enum
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from genesys import GenesysError, Gone, NotFound
from publishing.architect.lock import OwnLocks
from publishing.order import Timing
from timeouts.model.org import ArchitectFlow, Operation

PUBLISH = "PUBLISH"
SUCCESS = "SUCCESS"

_LAST_WORDS = frozenset({SUCCESS, "FAILURE"})
"""They are final (docs/platform.md#operations), whatever `complete` says or whether it is there."""

_LOST_MS = 20_000
"""A publish whose lock is gone too, and of which nothing is seen for so long, was taken back by somebody."""

_FIRST_POLL_MS = 1_000
_POLL_MS = 2_000
_POLL_PART = 20
"""A publish is polled after 1 s, then 2 s or a twentieth of the time so far after the last poll, whichever is longer.

So at most 2 s or 5 % of a publish is lost until its end is known (docs/decisions/0024).
"""

_LEAST_MS = 250
"""No two polls are closer together than this, whatever the deadline and however slow the answers."""

_SOON_MS = 500
_WATCHES_MS = (500, 1_000, 2_000, 3_000, 5_000, 8_000, 10_000)

Read = Callable[[], ArchitectFlow]
"""Reads the Architect flow anew. Raises GenesysError."""


@dataclass(frozen=True, slots=True)
class Started:
    """A publish that was sent. `operation_id` is '' where its answer was lost and the platform shows another's."""

    operation_id: str
    version_before: str | None


@dataclass(frozen=True, slots=True)
class PublishResult:
    """How a publish ended: `architect_flow` as last read (None when it never could be), and the state of it.

    `error` is the platform's own reason when it failed; `ended` is False when the deadline passed or a stop came
    first. `is_ours` is False where another operation has taken the place of ours. `had_our_lock`: while the publish
    ran, the lock was still ours, so that it is our draft that it published. `came_to_nothing`: no operation runs, and
    the published version did not move in all the time that it might have taken. `says_success`: all the same, our
    operation says that it did.
    """

    architect_flow: ArchitectFlow | None
    ended: bool
    error: str = ""
    is_ours: bool = True
    had_our_lock: bool = False
    came_to_nothing: bool = False
    says_success: bool = False


class LockWatch(enum.Enum):
    """What a lock of our own client did while it was watched."""

    LEFT = "left"
    """It is not there any more."""
    STILL = "still"
    """Nothing moved for the grace period: whoever took it is dead."""
    BUSY = "busy"
    """Something moves under it to the last: another run of ours lives."""


def is_running(operation: Operation | None) -> bool:
    """Return whether something is under way that may change versions or lock (docs/platform.md#operations)."""
    return operation is not None and operation.is_running


def named(operation: Operation | None) -> str:
    """Name an operation for people."""
    return f"the operation {operation.action}" if operation is not None and operation.action else "an operation"


def not_ended(operation: Operation | None) -> str:
    """Say that an operation which is not ours still runs."""
    return f"{named(operation)}, which this run did not start, has not ended yet"


def follow(read: Read, started: Started, ours: OwnLocks, pace: Timing) -> PublishResult:
    """Poll until the operation is over or the deadline has passed; a stop brings the deadline near (`Timing.last_ms`).

    Success is believed only when the operation says SUCCESS *and* the published version moved: the platform answers
    200 to publishes that then do nothing (docs/platform.md#operations). Where another operation took the place of ours,
    the published version alone decides. Where nothing runs and nothing moves, it came to nothing: after the settle
    period, and sooner where our lock is gone as well, unless it says SUCCESS. Reads that fail are repeated until the
    deadline: the publish goes on without us. Raises NotFound and Gone.
    """
    seen: ArchitectFlow | None = None
    trouble = ""
    had_our_lock = False
    stopped_ms: int | None = None
    quiet = _Quiet(pace)
    for _ in _polls(pace):
        try:
            seen = read()
        except (NotFound, Gone):
            raise
        except GenesysError as problem:
            trouble = str(problem)
        else:
            ended = _end_of(seen, started)
            if ended is not None:
                return replace(ended, had_our_lock=had_our_lock)
            says_success = _says_success(seen, started)
            if quiet.is_too_long(seen, may_come=says_success or ours.holds(seen.locked_by)):
                return PublishResult(
                    seen, ended=True, came_to_nothing=True, had_our_lock=had_our_lock, says_success=says_success
                )
            had_our_lock = had_our_lock or ours.holds(seen.locked_by)
        if pace.stopped():
            stopped_ms = pace.now_ms() if stopped_ms is None else stopped_ms
            if pace.now_ms() - stopped_ms >= pace.last_ms:
                return PublishResult(seen, ended=False, error=trouble or "the run was asked to stop")
            pace.sleep_ms(_SOON_MS)
    return PublishResult(seen, ended=False, error=trouble)


def await_end(read: Read, seen: ArchitectFlow, pace: Timing) -> ArchitectFlow:
    """Wait until no operation runs any more; returns the last read, also where the deadline or a stop came first."""
    for wait_ms in _waits(pace):
        if not is_running(seen.operation) or pace.stopped():
            break
        pace.wait_ms(wait_ms)
        seen = read()
    return seen


def watch(read: Read, seen: ArchitectFlow, ours: OwnLocks, pace: Timing) -> tuple[ArchitectFlow, LockWatch]:
    """Watch a lock that may be ours until it goes, stays still for the grace period, or the deadline has passed.

    A running operation counts as movement: it is the platform's, and it ends without anybody. Returns the last read.
    """
    still_since_ms = pace.now_ms()
    for wait_ms in _waits(pace):
        pace.wait_ms(wait_ms)
        before, seen = seen, read()
        if not ours.may_hold(seen.locked_by):
            return seen, LockWatch.LEFT
        if seen != before or is_running(seen.operation):
            still_since_ms = pace.now_ms()
        elif pace.now_ms() - still_since_ms >= pace.grace_ms:
            return seen, LockWatch.STILL
        if pace.stopped():
            break
    return seen, LockWatch.BUSY


def _end_of(seen: ArchitectFlow, started: Started) -> PublishResult | None:
    operation = seen.operation
    has_moved = seen.published_version is not None and seen.published_version != started.version_before
    if operation is None or operation.id != started.operation_id:
        return PublishResult(seen, ended=True, is_ours=False) if has_moved else None
    if not operation.complete and operation.status not in _LAST_WORDS:
        return None
    if operation.status != SUCCESS:
        return PublishResult(seen, ended=True, error=operation.error or f"ended as {operation.status}, no reason given")
    return PublishResult(seen, ended=True) if has_moved else None


def _says_success(seen: ArchitectFlow, started: Started) -> bool:
    operation = seen.operation
    return operation is not None and operation.id == started.operation_id and operation.status == SUCCESS


class _Quiet:
    """Since when nothing runs and nothing moved."""

    def __init__(self, pace: Timing) -> None:
        self._pace = pace
        self._since_ms: int | None = None

    def is_too_long(self, seen: ArchitectFlow, *, may_come: bool) -> bool:
        """Return whether that has lasted too long for a publish to be under way still.

        `may_come`: it says that it has succeeded, or our lock is there.
        """
        if is_running(seen.operation):
            self._since_ms = None
            return False
        if self._since_ms is None:
            self._since_ms = self._pace.now_ms()
        return self._pace.now_ms() - self._since_ms >= (self._pace.settle_ms if may_come else _LOST_MS)


def _polls(pace: Timing) -> Iterator[None]:
    """Wait before each poll of a publish, until the deadline has passed; the last poll is then. A stop ends a wait."""
    start_ms = pace.now_ms()
    due_ms, end_ms = start_ms + _FIRST_POLL_MS, start_ms + pace.deadline_ms
    while (now_ms := pace.now_ms()) < end_ms:
        next_ms = max(due_ms, now_ms + _LEAST_MS)
        pace.wait_ms((next_ms if next_ms + _LEAST_MS <= end_ms else end_ms) - now_ms)
        sent_ms = pace.now_ms()
        yield
        due_ms = sent_ms + max(_POLL_MS, (sent_ms - start_ms) // _POLL_PART)


def _waits(pace: Timing) -> Iterator[int]:
    """Yield the waits before each read of a lock that is watched; the last one is shortened to meet the deadline."""
    end_ms = pace.now_ms() + pace.deadline_ms
    for wait_ms in itertools.chain(_WATCHES_MS, itertools.repeat(_WATCHES_MS[-1])):
        left_ms = end_ms - pace.now_ms()
        if left_ms <= 0:
            return
        yield min(wait_ms, left_ms)
