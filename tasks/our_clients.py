"""Which OAuth clients our runs write with, so that an audit, which has another one, knows whose locks are ours."""

import hashlib

from tasks.storage import ResultStorage
from tasks.stored_ids import StoredIds


class OurClients:
    """The clients that have written to one org; one file with their ids."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        name = f"genesys-timeouts-clients-{hashlib.sha256(organization_id.encode()).hexdigest()}"
        self._ids = StoredIds(storage, name)

    def ids(self) -> frozenset[str]:
        """Return their ids; none where the file is damaged."""
        return self._ids.all()

    def add(self, client_id: str) -> None:
        """Remember one that is about to write. Raises OSError where that cannot be stored."""
        self._ids.add(client_id)
