"""Counting what a client asks of the platform: figures for the run's report."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from genesys.clock import Clock
from timeouts.model.request_figures import RequestCounts

_TO_TENTHS = -2
"""Waits are told in tenths of a second: a wait of 1s is one of 998ms by the clock."""


class Counters:
    """The figures of `RequestCounts` while they grow; safe for many threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._events: Counter[str] = Counter()
        self._waiting = 0  # threads
        self._waited_ms = 0
        self._since_ms = 0

    def request(self, label: str) -> None:
        """Count a request that is sent."""
        with self._lock:
            self._requests[label] += 1

    def retry(self) -> None:
        """Count a read that is repeated."""
        self._add("retries")

    def renewal(self) -> None:
        """Count a token that the platform refused."""
        self._add("renewals")

    def rate_limit(self) -> None:
        """Count an answer 429."""
        self._add("rate_limited")

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count the time in which a thread is held back: by the clock, however many are at the same time."""
        with self._lock:
            self._pass_time()
            self._waiting += 1
        try:
            yield
        finally:
            with self._lock:
                self._pass_time()
                self._waiting -= 1

    def snapshot(self) -> RequestCounts:
        """Return the figures as they are now."""
        with self._lock:
            self._pass_time()
            requests = dict(sorted(self._requests.items()))
            waiting_ms = round(self._waited_ms, _TO_TENTHS)
            return RequestCounts(requests=requests, waiting_ms=waiting_ms, **self._events)

    def _pass_time(self) -> None:
        now_ms = self._clock.now_ms()
        if self._waiting:
            self._waited_ms += now_ms - self._since_ms
        self._since_ms = now_ms

    def _add(self, name: str) -> None:
        with self._lock:
            self._events[name] += 1
