"""Counting what a client asks of the platform: figures for the run's report."""

import threading
from collections import Counter

from timeouts.request_figures import RequestCounts


class Counters:
    """The figures of `RequestCounts` while they grow; safe for many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[str] = Counter()
        self._events: Counter[str] = Counter()

    def request(self, label: str) -> None:
        """Count a request that is sent."""
        with self._lock:
            self._requests[label] += 1

    def retry(self) -> None:
        """Count a read that is repeated."""
        self._add("retries", 1)

    def renewal(self) -> None:
        """Count a token that the platform refused."""
        self._add("renewals", 1)

    def rate_limit(self) -> None:
        """Count an answer 429."""
        self._add("rate_limited", 1)

    def wait(self, duration_ms: int) -> None:
        """Count time by which sending was put off."""
        self._add("waiting_ms", duration_ms)

    def snapshot(self) -> RequestCounts:
        """Return the figures as they are now."""
        with self._lock:
            return RequestCounts(requests=dict(sorted(self._requests.items())), **self._events)

    def _add(self, name: str, amount: int) -> None:
        with self._lock:
            self._events[name] += amount
