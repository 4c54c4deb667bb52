"""Keeping to the platform's allowance before it has to refuse: so many requests a window, as its headers tell.

Every ordinary answer says how many requests of the token the window has seen, how many it allows and in how many
seconds it ends (docs/platform.md#rate-limits). The count is the platform's own, so what others send with the same token
is in it. An org that sends no such headers is never held here: its 429s pace it (pacing.py).
"""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from genesys.clock import Clock
from genesys.counts import Counters
from genesys.errors import Stopped
from genesys.log import Log

_WINDOW_MS = 60_000
"""Where an answer does not say when its window ends (docs/platform.md#rate-limits)."""

_GRACE_MS = 1_000
"""Waited beyond the end of a window: the platform tells it in whole seconds.

Source: docs/platform.md#rate-limits, "reset+1 s".
"""

_NEXT_MS = 2_000
"""An answer that names an end so much later speaks of a window that began meanwhile."""

_SHARED_PART = 20
"""Where others use the token, a twentieth of the allowance is left to what they send while our requests travel."""


@dataclass(slots=True)
class Turn:
    """One request that may go out, in the window of that number; its sender notes here how it was answered."""

    window: int
    is_probe: bool
    sent_ms: int
    headers: Mapping[str, str] = field(default_factory=dict)
    is_refused: bool = False


class Governor:
    """What is left of the allowance, shared by all threads of a client.

    Until the first answer that names an allowance, everything may go out. Then: what the window still allows goes at
    once, the rest when the window is over. Each window begins with one request alone, whose answer shows whether the
    platform, too, has begun a new one: an estimate that is wrong costs time, and not sixteen refusals.
    """

    def __init__(self, clock: Clock, stop: threading.Event, counters: Counters, log: Log) -> None:
        self._clock = clock
        self._stop = stop
        self._counters = counters
        self._log = log
        self._answered = threading.Condition()
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
        """Hold until a request may go out. Raises Stopped where a stop is asked for while waiting for a window."""
        turn = self._enter()
        try:
            yield turn
        finally:
            with self._answered:
                self._leave(turn)
                self._answered.notify_all()

    def _enter(self) -> Turn:
        while True:
            with self._answered:
                while (wait_ms := self._wait_ms()) is None:
                    self._answered.wait()
                if wait_ms == 0:
                    return self._begin()
                self._tell(wait_ms)
            if not self._stop.is_set():
                self._clock.sleep_ms(wait_ms, self._stop)
            if self._stop.is_set():
                raise Stopped("Stopped while waiting for the platform's allowance; nothing was sent since")

    def _wait_ms(self) -> int | None:
        """How long a request has to wait, in milliseconds; None: until another one is answered."""
        if self._is_probing:
            return None
        if self._must_probe or self._allowed is None:
            return 0
        left_ms = self._ends_ms + _GRACE_MS - self._clock.now_ms()
        if left_ms <= 0:
            self._window += 1
            self._must_probe = True
            return 0
        limit = self._allowed - (self._allowed // _SHARED_PART if self._is_shared else 0)
        if self._used >= limit:
            return left_ms
        return 0 if self._used + self._in_flight < limit else None

    def _begin(self) -> Turn:
        turn = Turn(self._window, self._must_probe, self._clock.now_ms())
        self._is_probing, self._must_probe = self._must_probe, False
        self._in_flight += 1
        self._sent += 1
        return turn

    def _leave(self, turn: Turn) -> None:
        self._in_flight -= 1
        if turn.is_probe:
            self._is_probing = False
        if turn.is_refused or (turn.is_probe and not turn.headers):
            self._must_probe = True  # whoever sends next sends alone
        if turn.window == self._window:  # a late answer tells of a window that is over
            self._learn(turn)

    def _learn(self, turn: Turn) -> None:
        allowed, count = _number(turn.headers, "allowed"), _number(turn.headers, "count")
        if not allowed or count is None:
            return
        reset = _number(turn.headers, "reset")
        is_new = turn.is_probe or self._allowed is None
        if reset is not None:
            ends_ms = self._clock.now_ms() + reset * 1_000
            # The answer may have been long on its way: what it says was true after its request was sent.
            is_new = is_new or turn.sent_ms + reset * 1_000 > self._ends_ms + _NEXT_MS
        else:
            ends_ms = self._clock.now_ms() + _WINDOW_MS if is_new else self._ends_ms
        if is_new:
            self._used, self._base, self._sent, self._ends_ms = count, count, self._in_flight, ends_ms
            self._is_told = False
        else:
            self._used, self._ends_ms = max(self._used, count), min(self._ends_ms, ends_ms)
        self._allowed = allowed
        self._is_shared = self._is_shared or count - self._base > self._sent

    def _tell(self, wait_ms: int) -> None:
        """Count and tell a wait once, however many threads wait."""
        if not self._is_told:
            self._is_told = True
            self._counters.wait(wait_ms)
            self._log.paced(self._allowed or 0, wait_ms)


def _number(headers: Mapping[str, str], name: str) -> int | None:
    text = headers.get(f"inin-ratelimit-{name}", "").strip()
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text) else None
