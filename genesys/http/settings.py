"""How patient the gateway is."""

import os
from dataclasses import dataclass
from typing import Self

from genesys.errors import ConfigurationProblem
from timeouts.model.durations import DurationError, parse_duration


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """Times in milliseconds.

    `connect_ms`, `read_ms`: for the connection, and for each piece of an answer. `total_ms`: for one attempt, however
    slowly it drips. `attempts`: of a read. `missing_ms`: for how long a 404 is not believed of what was there a moment
    ago; longer than caches and replicas of the platform lag behind. `waiting_budget_ms`: how long, in all, a client may
    be told to wait. `connections`: kept to the platform at once.
    """

    connect_ms: int = 5_000
    read_ms: int = 30_000
    total_ms: int = 60_000
    attempts: int = 5
    missing_ms: int = 25_000
    waiting_budget_ms: int = 900_000
    connections: int = 16

    @classmethod
    def from_environment(cls) -> Self:
        """Read how long one answer may take: GENESYS_READ_TIMEOUT, such as 10s, for orgs behind another gateway.

        Raises ConfigurationProblem.
        """
        named = os.environ.get("GENESYS_READ_TIMEOUT", "").strip()
        if not named:
            return cls()
        try:
            read_ms = parse_duration(named)
        except DurationError as problem:
            raise ConfigurationProblem(f"GENESYS_READ_TIMEOUT: {problem}") from None
        if not read_ms:
            raise ConfigurationProblem(f"GENESYS_READ_TIMEOUT: no answer comes within {named}: write 30s")
        return cls(read_ms=read_ms, total_ms=2 * read_ms)
