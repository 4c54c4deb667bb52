"""Which drafts of actions are ours, remembered in Prefect's result storage, so that a killed run's are known."""

import hashlib

from tasks.storage import ResultStorage


class StoredMarks:
    """The marks of one org: a file for each action of which we have made a draft, empty once it is gone."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._storage = storage
        self._organization_id = organization_id

    def has(self, action_id: str) -> bool:
        """Tell whether we made a draft of an action and have not seen its end."""
        try:
            return self._storage.read(self._name(action_id)) == action_id.encode()
        except (ValueError, OSError):
            return False

    def put(self, action_id: str) -> None:
        """Remember that we are about to make one. Raises OSError where that cannot be stored."""
        self._storage.write(self._name(action_id), action_id.encode())

    def drop(self, action_id: str) -> None:
        """Forget it: there is none of ours any more. A mark that stays costs no outcome: drafts are compared, too."""
        self._storage.keep(self._name(action_id), b"")

    def _name(self, action_id: str) -> str:
        key = repr((self._organization_id, action_id))
        return f"genesys-timeouts-draft-{hashlib.sha256(key.encode()).hexdigest()}"
