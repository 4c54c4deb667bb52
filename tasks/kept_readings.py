"""Readings kept from earlier runs, one file each in Prefect's result storage.

A published version never changes, so a reading is kept by org, Architect flow, published version and extractor
version, for ever. One file each, because a batch would be lost with the first of its Architect flows that moves
(prefect.md 4); 0.3 ms a file was measured.
"""

import hashlib

from tasks.storage import ResultStorage
from timeouts.org import ArchitectFlow
from timeouts.steps import Reading

EXTRACTOR_VERSION = 2
"""To be raised with every change of what a reading says of the same definition."""


class KeptReadings:
    """The kept readings of one org."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._storage = storage
        self._organization_id = organization_id

    def get(self, architect_flow: ArchitectFlow) -> Reading | None:
        """What is kept of the live version, or None. A file that is damaged or of another schema counts as none."""
        if architect_flow.published_version is None:
            return None
        try:
            kept = Reading.model_validate_json(self._storage.read(self._path(architect_flow)))
        except (ValueError, OSError):
            return None
        is_it = kept.architect_flow_id == architect_flow.id and kept.version == architect_flow.published_version
        return kept if is_it else None

    def put(self, architect_flow: ArchitectFlow, reading: Reading) -> None:
        """Keep a reading of a published version. Readings that failed and unpublished definitions are not kept."""
        if reading.version is not None and reading.coverage in ("read", "unreadable"):
            self._storage.write(self._path(architect_flow), reading.model_dump_json().encode())

    def _path(self, architect_flow: ArchitectFlow) -> str:
        key = (self._organization_id, architect_flow.id, architect_flow.published_version, EXTRACTOR_VERSION)
        return f"genesys-timeouts-readings-{hashlib.sha256(repr(key).encode()).hexdigest()}"
