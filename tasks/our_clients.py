"""Which OAuth clients our runs write with, so that an audit, which has another one, knows whose locks are ours."""

import hashlib
import json

from tasks.storage import ResultStorage


class OurClients:
    """The clients that have written to one org; one file with their ids."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._storage = storage
        self._name = f"genesys-timeouts-clients-{hashlib.sha256(organization_id.encode()).hexdigest()}"

    def ids(self) -> frozenset[str]:
        """Give their ids; none where the file is damaged."""
        try:
            found = json.loads(self._storage.read(self._name))
        except (ValueError, OSError):
            return frozenset()
        return frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else frozenset()

    def add(self, client_id: str) -> None:
        """Remember one that is about to write."""
        known = self.ids()
        if client_id not in known:
            self._storage.write(self._name, json.dumps(sorted({*known, client_id})).encode())
