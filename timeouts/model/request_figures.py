"""How much a run asked of the platform, and that in the words of a line and of a table."""

from collections import Counter
from collections.abc import Mapping

from timeouts.model.durations import format_duration
from timeouts.model.values import Value


class RequestCounts(Value):
    """Figures of one client. Those of a run are taken when its report is made: before the client gives its token back.

    `requests`: by method and route, such as `GET /api/v2/flows/{flowId}`, repeats included. `retries`: reads that were
    repeated. `renewals`: tokens renewed because the platform refused one. `rate_limited`: answers 429. `waiting_ms`:
    how long the platform made us wait, by the clock: threads that wait at the same time count once.
    """

    requests: Mapping[str, int]
    retries: int = 0
    renewals: int = 0
    rate_limited: int = 0
    waiting_ms: int = 0

    def __add__(self, other: "RequestCounts") -> "RequestCounts":
        """Sum the figures of two clients of one run, of which one is at work after the other."""
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

    @property
    def in_words(self) -> str:
        """Put them in one line."""
        return (
            f"{self.total} requests, {self.retries} reads repeated, {self.rate_limited} answered 429, "
            f"{self.renewals} tokens renewed, {format_duration(self.waiting_ms)} waited for the platform"
        )

    @property
    def as_rows(self) -> list[dict[str, str | int]]:
        """Return a table of what an admin looks for first, then the requests by route, the most frequent first."""
        figures: list[tuple[str, str | int]] = [
            ("all requests", self.total),
            ("reads repeated", self.retries),
            ("answered 429 (rate limit)", self.rate_limited),
            ("waited for the platform", format_duration(self.waiting_ms)),
            ("tokens renewed", self.renewals),
            *sorted(self.requests.items(), key=lambda route: (-route[1], route[0])),
        ]
        return [{"request": what, "times": times} for what, times in figures]
