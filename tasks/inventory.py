"""What reading a whole org gave: the listing, and one reading for each Architect flow in it."""

from dataclasses import dataclass

from tasks.list_flows import Listing
from timeouts.steps import Reading


@dataclass(frozen=True, slots=True)
class Inventory:
    """The listing of an org and the readings, in the order of the listing."""

    listing: Listing
    readings: tuple[Reading, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every Architect flow that is published was read and understood."""
        return all(reading.coverage in ("read", "not_published") for reading in self.readings)
