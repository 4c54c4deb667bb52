"""The least that an audit can take, from what it needs of the platform: nothing here was measured."""

import math
from dataclasses import dataclass

FLOWS_A_PAGE = 500
ACTIONS_A_PAGE = 100
WINDOW_MS = 60_000


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be asked for: a token, pages, and the configuration of each Architect flow that is published."""

    pages: int
    action_pages: int
    configurations: int

    @classmethod
    def of(cls, architect_flows: int, actions: int, configurations: int) -> "Needs":
        """Count the pages of an org; it has at least one of each, even if it is empty."""
        return cls(
            max(1, math.ceil(architect_flows / FLOWS_A_PAGE)),
            max(1, math.ceil(actions / ACTIONS_A_PAGE)),
            configurations,
        )

    @property
    def warm(self) -> int:
        """The requests of an audit that knows everything already: the listings and a token."""
        return self.pages + self.action_pages + 1

    @property
    def counted(self) -> int:
        """The requests that count against a rate limit: all but that of the token."""
        return self.pages + self.action_pages + self.configurations


def unlimited_ms(needs: Needs, latency_ms: int, connections: int) -> int:
    """From the first request to the last answer, where nothing but latency holds it up.

    A token, then the first page (it tells how many there are), then the other pages and those of the actions
    together, then the configurations, each `connections` at a time.
    """
    others = math.ceil((needs.pages - 1 + needs.action_pages) / connections)
    return latency_ms * (2 + others + math.ceil(needs.configurations / connections))


def limited_ms(needs: Needs, latency_ms: int, connections: int, per_minute: int) -> int:
    """Return the same under a rate limit: a token, all windows but the last, and what is left for that one.

    Never less than without the limit.
    """
    windows = math.ceil(needs.counted / per_minute)
    left = needs.counted - (windows - 1) * per_minute
    limited = latency_ms + (windows - 1) * WINDOW_MS + latency_ms * math.ceil(left / connections)
    return max(limited, unlimited_ms(needs, latency_ms, connections))
