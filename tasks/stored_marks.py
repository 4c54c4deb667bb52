"""Which drafts of actions are ours, remembered in Prefect's result storage, so that a killed run's are known."""

import hashlib
import threading

from pydantic import TypeAdapter

from tasks.storage import ResultStorage

_one_at_a_time = threading.Lock()
"""The file is read and written as a whole. Of processes, only one at a time writes to an org (flows/one_apply.py)."""

_Marked = TypeAdapter(frozenset[str])


class StoredMarks:
    """The marks of one org: one file with the ids of the actions of which we have made a draft."""

    def __init__(self, storage: ResultStorage, organization_id: str) -> None:
        self._storage = storage
        self._name = f"genesys-timeouts-drafts-{hashlib.sha256(organization_id.encode()).hexdigest()}"

    def all(self) -> frozenset[str]:
        """Return the ids of all actions of which we made a draft and have not seen its end.

        None where the file is damaged or cannot be read: what is no mark is compared before it is touched.
        """
        try:
            return self._marked()
        except OSError:
            return frozenset()

    def has(self, action_id: str) -> bool:
        """Tell whether we made a draft of an action and have not seen its end."""
        return action_id in self.all()

    def put(self, action_id: str) -> None:
        """Remember that we are about to make one. Raises OSError where that cannot be stored."""
        with _one_at_a_time:
            self._storage.write(self._name, _Marked.dump_json(self._marked() | {action_id}))

    def drop(self, action_id: str) -> None:
        """Forget it: there is none of ours any more. A mark that stays costs no outcome: drafts are compared, too."""
        with _one_at_a_time:
            marked = self.all()
            if action_id in marked:
                self._storage.keep(self._name, _Marked.dump_json(marked - {action_id}))

    def _marked(self) -> frozenset[str]:
        """Read the file. Raises OSError where it may be there and cannot be read: it must not be written anew then."""
        try:
            return _Marked.validate_json(self._storage.read(self._name))
        except (FileNotFoundError, ValueError):
            return frozenset()
