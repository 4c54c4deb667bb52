"""What reading a whole org gave: the listing, and one reading for each Architect flow in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.list_flows import Listing
from timeouts.effective import is_limit_known
from timeouts.evidence import Evidence
from timeouts.steps import Reading, Step

_NO_ARCHITECT_FLOW = (
    "The org lists no Architect flow at all, so it counts as not seen: where it has some, the role of the OAuth client "
    "holds architect:flow:view in none of their divisions"
)
_NO_ACTION = (
    "The org lists no integration action although steps call some, so how long these steps wait counts as unknown: the "
    "role of the OAuth client needs integrations:action:view"
)


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
        """Whether every Architect flow that is published was read and understood, and nothing else is missing."""
        return all(reading.coverage in ("read", "not_published") for reading in self.readings) and not self.gaps

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing beside Architect flows that could not be read, and what it counts as: a sentence each."""
        listing, figures = self.listing, self.evidence
        gaps = list(listing.notes)
        if listing.is_whole and not listing.architect_flows:
            gaps.append(_NO_ARCHITECT_FLOW)
        if not listing.actions and any(not is_limit_known(step, None) for step in self._steps):
            gaps.append(_NO_ACTION)
        if figures is not None and figures.problem:
            gaps.append(
                f"The figures of the last {figures.asked_days} days could not be read, so rules that go by them change "
                f"nothing, and no calls count as lost: {figures.problem}"
            )
        return tuple(gaps)

    @property
    def _steps(self) -> Iterator[Step]:
        return (step for reading in self.readings for step in reading.steps)
