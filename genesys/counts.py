"""What a client has asked of the platform so far: figures for the run's report."""

import threading
from collections import Counter
from collections.abc import Mapping

from timeouts.values import Value


class RequestCounts(Value):
    """Figures of one client.

    `requests`: by method and route, such as `GET /api/v2/flows/{flowId}`, repeats included. `retries`: reads that were
    repeated. `renewals`: tokens renewed because the platform refused one. `rate_limited`: answers 429. `waiting_ms`:
    how long the platform made us wait; a pause of all threads counts once.
    """

    requests: Mapping[str, int]
    retries: int = 0
    renewals: int = 0
    rate_limited: int = 0
    waiting_ms: int = 0

    def __add__(self, other: "RequestCounts") -> "RequestCounts":
        """Sum the figures of two clients of one run."""
        return RequestCounts(
            requests=dict(sorted((Counter(self.requests) + Counter(other.requests)).items())),
            retries=self.retries + other.retries,
            renewals=self.renewals + other.renewals,
            rate_limited=self.rate_limited + other.rate_limited,
            waiting_ms=self.waiting_ms + other.waiting_ms,
        )

    @property
    def total(self) -> int:
        """All requests, logins included."""
        return sum(self.requests.values())


class Counters:
    """The same figures while they grow; safe for many threads."""

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
        """Give the figures as they are now."""
        with self._lock:
            return RequestCounts(requests=dict(sorted(self._requests.items())), **self._events)

    def _add(self, name: str, amount: int) -> None:
        with self._lock:
            self._events[name] += amount
