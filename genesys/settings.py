"""How patient the gateway is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TransportSettings:
    """Times in milliseconds.

    `connect_ms`, `read_ms`: for the connection, and for each piece of an answer. `total_ms`: for one attempt, however
    slowly it drips. `attempts`: of a read. `waiting_budget_ms`: how long, in all, a client may be told to wait.
    `connections`: kept to the platform at once.
    """

    connect_ms: int = 5_000
    read_ms: int = 30_000
    total_ms: int = 60_000
    attempts: int = 5
    waiting_budget_ms: int = 900_000
    connections: int = 16
