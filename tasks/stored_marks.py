"""Which drafts of actions are ours, remembered in Prefect's result storage, so that a killed run's are known."""

import hashlib
import json
import threading

from tasks.storage import ResultStorage

_one_at_a_time = threading.Lock()
"""The file is read and written as a whole. Of processes, only one at a time writes to an org (flows/one_apply.py)."""


class StoredMarks:
    """The marks of one org: one file with the ids of the actions of which we have made a draft."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._storage = storage
        self._name = f"genesys-timeouts-drafts-{hashlib.sha256(organization_id.encode()).hexdigest()}"

    def all(self) -> frozenset[str]:
        """Give the ids of all actions of which we made a draft and have not seen its end; none where it is damaged."""
        try:
            found = json.loads(self._storage.read(self._name))
        except (ValueError, OSError):
            return frozenset()
        return frozenset(each for each in found if isinstance(each, str)) if isinstance(found, list) else frozenset()

    def has(self, action_id: str) -> bool:
        """Tell whether we made a draft of an action and have not seen its end."""
        return action_id in self.all()

    def put(self, action_id: str) -> None:
        """Remember that we are about to make one."""
        with _one_at_a_time:
            self._keep(self.all() | {action_id})

    def drop(self, action_id: str) -> None:
        """Forget it: there is none of ours any more."""
        with _one_at_a_time:
            marked = self.all()
            if action_id in marked:
                self._keep(marked - {action_id})

    def _keep(self, marked: frozenset[str]) -> None:
        self._storage.write(self._name, json.dumps(sorted(marked)).encode())
