"""What reading a whole org gave: the listing, and one reading for each Architect flow in it."""

from dataclasses import dataclass

from tasks.list_flows import Listing
from timeouts.evidence import Evidence
from timeouts.steps import Reading


@dataclass(frozen=True, slots=True)
class Inventory:
    """The listing of an org and the readings, in the order of the listing.

    `evidence`: the org's own figures, None where a run did not ask for them.
    """

    listing: Listing
    readings: tuple[Reading, ...]
    evidence: Evidence | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every Architect flow that is published was read and understood."""
        return all(reading.coverage in ("read", "not_published") for reading in self.readings)
