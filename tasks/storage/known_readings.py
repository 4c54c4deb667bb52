"""What earlier runs read of an org: one reading for each Architect flow, in one file of Prefect's result storage.

A published version never changes, so a reading holds as long as the listing names the same version. One file for all:
5,000 files took longer to open than an audit of an unchanged org may last (docs/decisions/0017).
"""

from collections.abc import Iterable, Mapping

from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored, name_of
from timeouts.model.org import ArchitectFlow
from timeouts.model.steps import Reading
from timeouts.model.values import Value

EXTRACTOR_VERSION = 5
"""To be raised with every change of what a reading says of the same definition."""


class _Kept(Value):
    org_key: str
    extractor: int
    readings: tuple[Reading, ...]


class KnownReadings:
    """The readings of one org."""

    def __init__(self, storage: ResultStorage, org_key: str) -> None:
        self._org_key = org_key
        self._stored: Stored[_Kept] = Stored(
            storage, name_of("readings", org_key), _Kept, is_ours=self._is_ours, is_packed=True
        )
        self.name = self._stored.name

    def of(self, architect_flows: Iterable[ArchitectFlow]) -> dict[str, Reading]:
        """Return, by id, the readings of those whose live version is the one that was read."""
        kept = self._load()
        return {
            architect_flow.id: kept[architect_flow.id]
            for architect_flow in architect_flows
            if architect_flow.id in kept
            and architect_flow.published_version is not None
            and kept[architect_flow.id].version == architect_flow.published_version
        }

    def keep(self, readings: Iterable[Reading], *, is_whole: bool) -> None:
        """Keep readings of published versions that were understood.

        What was not is asked for again: a gateway may have answered for the platform, with 200 and JSON of its own.
        `is_whole`: they are of all that the org has, so that what else is kept is gone.
        """
        kept = {} if is_whole else dict(self._load())
        kept.update(
            (reading.architect_flow_id, reading)
            for reading in readings
            if reading.version is not None and reading.coverage == "read"
        )
        readings = tuple(kept.values())
        self._stored.keep(_Kept(org_key=self._org_key, extractor=EXTRACTOR_VERSION, readings=readings))

    def _load(self) -> Mapping[str, Reading]:
        """Read the file; one that is damaged or of another version of this program counts as none."""
        kept = self._stored.get()
        return {} if kept is None else {reading.architect_flow_id: reading for reading in kept.readings}

    def _is_ours(self, kept: _Kept) -> bool:
        return (kept.org_key, kept.extractor) == (self._org_key, EXTRACTOR_VERSION)
