"""A few ids in one file of result storage: of our OAuth clients, and of the actions that have a draft of ours."""

import threading

from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored, name_of

_one_at_a_time = threading.Lock()
"""Of processes, only one at a time writes to an org (flows/guards/apply_lock.py)."""


def our_clients(storage: ResultStorage, org_key: str) -> "StoredIds":
    """Return the OAuth clients that our runs write with: an audit has another one, and knows our locks by these."""
    return StoredIds(storage, name_of("clients", org_key))


def our_drafts(storage: ResultStorage, org_key: str) -> "StoredIds":
    """Return the actions of which we have made a draft and not seen its end, so that a killed run's are known.

    What is not among them is compared before it is touched.
    """
    return StoredIds(storage, name_of("drafts", org_key))


class StoredIds:
    """The ids that are kept under one name; safe for many threads."""

    def __init__(self, storage: ResultStorage, name: str) -> None:
        self._stored: Stored[frozenset[str]] = Stored(storage, name, frozenset[str])
        self.name = name

    def all(self) -> frozenset[str]:
        """Return the ids; none where the file is damaged or cannot be read."""
        return self._stored.get() or frozenset()

    def has(self, identifier: str) -> bool:
        """Tell whether an id is kept."""
        return identifier in self.all()

    def put(self, identifier: str) -> None:
        """Keep one more, and seal all of them anew, for a key may have been replaced.

        Raises OSError where that cannot be stored, or what is there cannot be read or is of another version.
        """
        with _one_at_a_time:
            known = self._stored.find_to_change() or frozenset()
            self._stored.put(known | {identifier})

    def drop(self, identifier: str) -> None:
        """Keep one no longer; where that cannot be stored it stays, and that is logged."""
        with _one_at_a_time:
            known = self.all()
            if identifier in known:
                self._stored.keep(known - {identifier})
