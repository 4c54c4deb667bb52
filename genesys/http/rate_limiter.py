"""When a request may go out: within the allowance that the platform's headers tell, and not while it asks to wait.

Every ordinary answer says how many requests of the token the window has seen, how many it allows and in how many
seconds it ends (docs/platform.md#rate-limits). The count is the platform's own, so what others send with the same token
is in it. A platform that sends no such headers is obeyed when it refuses.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus

from genesys.clock import Clock
from genesys.counts import Counters
from genesys.errors import RateLimited, Stopped
from genesys.http.payload import Answer
from genesys.http.wait_times import LONGEST_WINDOW_S, rate_limit_number
from genesys.log import Log

_GRACE_MS = 1_000
"""Waited beyond the end of a window: the platform tells it in whole seconds.

Source: docs/platform.md#rate-limits, "reset+1 s".
"""

_CLOSED_MS = 10_000
"""No longer in one go: a publish that is under way is followed on, should the platform let it in sooner."""

_SHARED_PART = 20
"""Where others use the token, a twentieth of the allowance is left to what they send while our requests travel."""


@dataclass(slots=True)
class Turn:
    """One request that may go out, in the window of that number; its sender notes the answer here."""

    window: int
    is_probe: bool
    answer: Answer | None = None


class RateLimiter:
    """Lets requests go out, for all threads of a client.

    Until the first answer that names an allowance, everything may go out. Then: what the window still allows goes at
    once, the rest when the window is over. Each window, and what follows a 429, begins with one request alone, whose
    answer shows whether the platform, too, has begun a new one: a wrong estimate costs time, and not sixteen refusals.
    """

    def __init__(self, budget_ms: int, clock: Clock, stop: threading.Event, counters: Counters, log: Log) -> None:
        """`budget_ms`: how long the platform may ask to wait in all; windows of its allowance are no part of it."""
        self.budget_left_ms = budget_ms
        self._clock = clock
        self._stop = stop
        self._counters = counters
        self._log = log
        self._changed = threading.Condition()
        self._paused_until_ms = clock.now_ms()
        self._closed_by: RateLimited | None = None
        self._closed_until_ms = 0
        self._allowed: int | None = None
        self._window = 0
        self._ends_ms = 0
        self._used = 0  # of the allowance, by the platform's own count
        self._base = 0  # that count when the window was first heard of
        self._sent = 0  # requests of ours that it may have counted since
        self._in_flight = 0
        self._is_shared = False
        self._is_told = False
        self._must_probe = False
        self._is_probing = False

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait until a request may go out. Raises Stopped where a stop is asked for while waiting."""
        turn = self._enter()
        try:
            yield turn
        finally:
            with self._changed:
                self._leave(turn)
                self._changed.notify_all()

    def pause(self, duration_ms: int) -> bool:
        """Hold all threads for that long from now; False where the budget does not allow it.

        Only what makes the pause longer is spent: sixteen threads that are told the same wait once.
        """
        with self._changed:
            now_ms = self._clock.now_ms()
            until_ms = now_ms + duration_ms
            longer_ms = max(0, until_ms - max(self._paused_until_ms, now_ms))
            if longer_ms > self.budget_left_ms:
                return False
            self.budget_left_ms -= longer_ms
            self._paused_until_ms = max(self._paused_until_ms, until_ms)
            return True

    def close(self, problem: RateLimited, wait_ms: int) -> None:
        """Let no read go out for some seconds, or for `wait_ms`, for all would be refused as this one was."""
        with self._changed:
            self._closed_by, self._closed_until_ms = problem, self._clock.now_ms() + min(wait_ms, _CLOSED_MS)

    def check_open(self) -> None:
        """Raise RateLimited where no read is to go out: the platform asks to wait longer than this run may."""
        with self._changed:
            if self._closed_by is not None and self._clock.now_ms() < self._closed_until_ms:
                raise RateLimited(f"Not sent: {self._closed_by.what}", self._closed_by.exchange)

    def rest(self, duration_ms: int) -> None:
        """Hold this thread alone, before it repeats a read. Raises Stopped like `turn`."""
        if not self._stop.is_set():
            with self._counters.waiting():
                self._clock.sleep_ms(duration_ms, self._stop)
        if self._stop.is_set():
            raise Stopped("Stopped while waiting for the platform; nothing was sent since")

    def _enter(self) -> Turn:
        while True:
            with self._changed:
                while (wait_ms := self._wait_ms()) is None:
                    self._changed.wait()
                if wait_ms == 0:
                    return self._begin()
            self.rest(wait_ms)

    def _wait_ms(self) -> int | None:
        """Return how long a request has to wait, in milliseconds; None: until another one is answered."""
        now_ms = self._clock.now_ms()
        if self._paused_until_ms > now_ms:
            return self._paused_until_ms - now_ms
        if self._is_probing:
            return None
        if self._must_probe or self._allowed is None:
            return 0
        left_ms = self._ends_ms + _GRACE_MS - now_ms
        if left_ms <= 0:
            self._window += 1
            self._must_probe = True
            return 0
        limit = self._allowed - (self._allowed // _SHARED_PART if self._is_shared else 0)
        if self._used >= limit:
            self._tell(self._allowed, left_ms)
            return left_ms
        return 0 if self._used + self._in_flight < limit else None

    def _begin(self) -> Turn:
        turn = Turn(self._window, self._must_probe)
        self._is_probing, self._must_probe = self._must_probe, False
        self._in_flight += 1
        self._sent += 1
        return turn

    def _leave(self, turn: Turn) -> None:
        self._in_flight -= 1
        if turn.is_probe:
            self._is_probing = False
        is_refused = turn.answer is not None and turn.answer.status == HTTPStatus.TOO_MANY_REQUESTS
        if is_refused or (turn.is_probe and turn.answer is None):
            self._must_probe = True  # whoever sends next sends alone
        if turn.answer is not None and turn.window == self._window:  # a late answer tells of a window that is over
            self._learn(turn.answer.headers, is_new=turn.is_probe or self._allowed is None)

    def _learn(self, headers: Mapping[str, str], *, is_new: bool) -> None:
        allowed, count, reset_s = (rate_limit_number(headers, name) for name in ("allowed", "count", "reset"))
        if not allowed or count is None:
            return
        left_s = LONGEST_WINDOW_S if reset_s is None else min(reset_s, LONGEST_WINDOW_S)  # then one request asks anew
        ends_ms = self._clock.now_ms() + left_s * 1_000
        if is_new:
            self._used, self._base, self._sent, self._ends_ms = count, count, self._in_flight, ends_ms
            self._is_told = False
        else:  # it may have been long on its way
            self._used, self._ends_ms = max(self._used, count), min(self._ends_ms, ends_ms)
        self._allowed = allowed
        self._is_shared = self._is_shared or count - self._base > self._sent

    def _tell(self, allowed: int, wait_ms: int) -> None:
        """Log a wait for a window once, however many threads wait."""
        if not self._is_told:
            self._is_told = True
            self._log.paced(allowed, wait_ms)
