"""The table of two runs with one OAuth client that do not know of each other."""

from dataclasses import dataclass
from typing import Any

from simulator.faults.holds import When
from tests.publishing.matrices.architect_tables import AFTER_A_FAILED_PUBLISH, SEQUENCE

FIRST, SECOND = 10, 12
"""What they make of 3 s, in seconds, where they do not want the same."""

ORGS: tuple[dict[str, Any], ...] = (
    {},
    {"second_checkout": "ok"},
    {"revert_of_running": "cancels"},
    {"second_checkout": "ok", "revert_of_running": "cancels"},
)
MOMENTS: tuple[When, ...] = ("before", "after")
REQUESTS = {
    **{name: (request, False) for name, request in SEQUENCE.items()},
    **{f"{name}, of a publish that fails": (request, True) for name, request in AFTER_A_FAILED_PUBLISH.items()},
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where the first run is held, and whether the second one is held, too, right after it has sent its publish."""

    request: str
    moment: When
    org: int
    wanted: tuple[int, int]
    publishes_meanwhile: bool

    def __str__(self) -> str:
        """Name the cell."""
        plan = "the same plan" if self.wanted == (FIRST, FIRST) else "another plan"
        second = "is publishing" if self.publishes_meanwhile else "has ended"
        return f"{self.moment} {self.request}, the other with {plan} {second}, {ORGS[self.org]}"


MEETINGS = [
    Meeting(request, moment, org, wanted, publishes_meanwhile)
    for request in REQUESTS
    for moment in MOMENTS
    for org in range(len(ORGS))
    for wanted in ((FIRST, FIRST), (FIRST, SECOND))
    for publishes_meanwhile in (False, True)
]
