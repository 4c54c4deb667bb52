"""The rate limit: so many requests of a client in a minute of the org's clock (docs/platform.md#rate-limits)."""

import math
from dataclasses import dataclass

from simulator.api.errors import Refusal
from simulator.org.world import World

WINDOW_MS = 60_000
_KEY = "client.credentials.token.rate.per.minute"


class TooMany(Refusal):
    """A 429; `retry_after` in whole seconds, None where the org does not say."""

    def __init__(self, allowed: int, retry_after: int | None) -> None:
        self.retry_after = retry_after
        super().__init__(
            429,
            "too.many.requests",
            "Rate limit exceeded the maximum [{limit}] of [{key}]",
            params={"limit": str(allowed), "key": _KEY},
            limit={"key": _KEY, "namespace": "platform.api", "value": allowed},
        )


@dataclass(slots=True)
class _Window:
    started_ms: int
    count: int = 0


class RateLimit:
    """Counts each client's requests in fixed windows. `per_minute` None: no limit and no headers."""

    def __init__(self, world: World, per_minute: int | None) -> None:
        self._world = world
        self._windows: dict[str, _Window] = {}
        self.per_minute = per_minute

    def count(self, client_id: str) -> tuple[tuple[str, str], ...]:
        """Count one request and give the headers of its answer. Raises TooMany."""
        if self.per_minute is None:
            return ()
        now = self._world.clock.now_ms()
        window = self._windows.setdefault(client_id, _Window(now))
        if now - window.started_ms >= WINDOW_MS:
            window.started_ms, window.count = now, 0
        window.count += 1
        reset = math.ceil((window.started_ms + WINDOW_MS - now) / 1000)
        if window.count > self.per_minute:
            raise TooMany(self.per_minute, reset if self._world.switches.retry_after else None)
        return (
            ("inin-ratelimit-count", str(window.count)),
            ("inin-ratelimit-allowed", str(self.per_minute)),
            ("inin-ratelimit-reset", str(reset)),
        )

    def reset(self) -> None:
        """Begin new windows."""
        self._windows.clear()
