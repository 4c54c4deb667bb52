"""A few ids in one file of Prefect's result storage, read and written as a whole."""

import threading

from pydantic import TypeAdapter

from tasks.storage import ResultStorage

_one_at_a_time = threading.Lock()
"""Of processes, only one at a time writes to an org (flows/apply_lock.py)."""

_Ids = TypeAdapter(frozenset[str])


class StoredIds:
    """The ids that are kept under one name; safe for many threads."""

    def __init__(self, storage: ResultStorage, name: str) -> None:
        self._storage = storage
        self._name = name

    def all(self) -> frozenset[str]:
        """Return the ids; none where the file is damaged or cannot be read."""
        try:
            return self._read()
        except OSError:
            return frozenset()

    def add(self, identifier: str) -> None:
        """Keep one more. Raises OSError where that cannot be stored, or what is there cannot be read."""
        with _one_at_a_time:
            known = self._read()
            if identifier not in known:
                self._storage.write(self._name, _Ids.dump_json(known | {identifier}))

    def drop(self, identifier: str) -> None:
        """Keep one no longer; where that cannot be stored it stays, and that is logged."""
        with _one_at_a_time:
            known = self.all()
            if identifier in known:
                self._storage.keep(self._name, _Ids.dump_json(known - {identifier}))

    def _read(self) -> frozenset[str]:
        """Read the file. Raises OSError where it may be there and cannot be read: it must not be written anew then."""
        try:
            return _Ids.validate_json(self._storage.read(self._name))
        except (FileNotFoundError, ValueError):
            return frozenset()
