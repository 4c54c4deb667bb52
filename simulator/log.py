"""The log of calls: what a test reads off to see what was asked, and how often."""

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One call. `status`: None where no answer was sent. `fault`: the kind of fault. `at_ms`: the org's time.

    `arrived_ms` and `answered_ms` are the machine's time (Unix): before the latency, and after it.
    """

    number: int
    method: str
    path: str
    query: str
    status: int | None
    client: str | None
    fault: str | None
    at_ms: int
    arrived_ms: int
    answered_ms: int

    def as_json(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        return dataclasses.asdict(self)
