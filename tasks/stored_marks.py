"""Which drafts of actions are ours, remembered in Prefect's result storage, so that a killed run's are known."""

import hashlib

from tasks.storage import ResultStorage
from tasks.stored_ids import StoredIds


class StoredMarks:
    """The marks of one org: one file with the ids of the actions of which we have made a draft."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._name = f"genesys-timeouts-drafts-{hashlib.sha256(organization_id.encode()).hexdigest()}"
        self._ids = StoredIds(storage, self._name)

    def all(self) -> frozenset[str]:
        """Return the ids of all actions of which we made a draft and have not seen its end.

        None where the file is damaged or cannot be read: what is no mark is compared before it is touched.
        """
        return self._ids.all()

    def has(self, action_id: str) -> bool:
        """Tell whether we made a draft of an action and have not seen its end."""
        return action_id in self.all()

    def put(self, action_id: str) -> None:
        """Remember that we are about to make one. Raises OSError where that cannot be stored."""
        self._ids.add(action_id)

    def drop(self, action_id: str) -> None:
        """Forget it: there is none of ours any more. A mark that stays costs no outcome: drafts are compared, too."""
        self._ids.drop(action_id)
