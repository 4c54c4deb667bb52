"""What runs of ours left in files of folders: one small entry a file, by its absolute path on this machine.

A content of a file that is a run's of ours alone is nobody's work that Git could not give back; and how a limit was
written is in no plan, which knows its milliseconds.
"""

from files.undoing.memory import Kept
from tasks.storage.results import ResultStorage
from tasks.storage.stored import Stored, name_of


class LeftInFiles:
    """Keeps it in the storage of runs; what is damaged or cannot be read counts as nothing."""

    def __init__(self, storage: ResultStorage) -> None:
        self._storage = storage

    def get(self, path: str) -> Kept:
        """Return what is kept of a file."""
        return self._stored(path).get() or Kept()

    def keep(self, path: str, kept: Kept) -> None:
        """Keep it; where it cannot be stored, that is logged. Call it in a run."""
        self._stored(path).keep(kept)

    def _stored(self, path: str) -> Stored[Kept]:
        return Stored(self._storage, name_of("left", path), Kept)
