"""Folders of files that are written to, on the disk or in memory."""

import os
import threading
from pathlib import Path

from files.errors import FileBusy, FileChanged
from files.folders import Folders
from files.reader import FileChange, FilesReader
from files.replacing import remove_temporaries, replace_file
from files.undoing.guard import GitGuard
from files.undoing.memory import LimitTexts, Memory, NoMemory
from files.walking import FoundFile, Walk


class FilesWriter(FilesReader):
    """Folders of files whose files are changed in place, each whole or not at all.

    A file that lies in a Git repository is changed only where Git could give back what is there, or a run of ours left
    it so (`files.undoing.guard`), unless it is to `undo`: the plan of a roll back names the very content that is there.
    """

    def __init__(self, folders: Folders, *, memory: Memory | None = None, undo: bool = False) -> None:
        super().__init__(folders)
        self._memory = memory or NoMemory()
        self._undo = undo
        self._writing = threading.Lock()
        self._guard = GitGuard(self._memory)

    def _walk(self) -> Walk:
        """Find the files, and remove what stopped runs of ours left beside them."""
        found = super()._walk()
        for folder, names in found.left_over:
            remove_temporaries(folder, names)
        return found

    def write(self, change: FileChange) -> None:
        """Write what a change makes of a file.

        Raises FileChanged where the file is no longer what the change was made from, FileBusy where somebody is at
        work on it, FileRefused where it cannot be changed safely, and FilesError where no file can be written. It is as
        it was then.
        """
        with self._writing:
            if change.is_there:
                return
            file = self._file_of(change)
            replace_file(file, change.before, change.after, lambda: self._check(file, change))
            self._remember(change)

    def close(self) -> None:
        """Forget what was read, and close the repositories."""
        super().close()
        with self._writing:
            self._guard.close()

    def _check(self, file: FoundFile, change: FileChange) -> None:
        """Raise FileBusy where Git is at work on the file, or where it could not give back what is there."""
        difference = self._guard.difference(file, change.before)
        if difference and not self._undo:
            raise FileBusy(
                f"{file.shown} was left as it is, because {difference}, so that Git could not undo the change: commit "
                "it, or put it back, and run again"
            )
        if not difference:
            self._guard.remember(file, change.before, change.after)
        if change.limit is not None:
            path = os.fspath(file.path)
            self._memory.keep(path, self._memory.get(path).with_limit(change.limit))

    def _texts_for(self, file: FoundFile, resource: str, now_ms: int | None, limit_ms: int | None) -> LimitTexts | None:
        """Return how the limit was written that is put back."""
        if not self._undo:
            return None
        return self._memory.get(os.fspath(file.path)).texts_before(resource, now_ms, limit_ms)


class FilesDraft(FilesReader):
    """Folders of files whose changes stay in memory: they are read as if they were made, and no file is touched."""

    def __init__(self, folders: Folders) -> None:
        super().__init__(folders)
        self._changes: dict[Path, FileChange] = {}

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """What all changes together make of each file, sorted by path."""
        with self._lock:
            return tuple(sorted(self._changes.values(), key=lambda change: change.shown))

    def write(self, change: FileChange) -> None:
        """Keep what a change makes of a file. Raises FileChanged where it was made from another content."""
        if change.is_there:
            return
        with self._lock:
            file = self._file_of(change)
            if self._current(file) != change.before:
                raise FileChanged(f"{file.shown} was changed by somebody else meanwhile: make the plan anew")
            first = self._changes.get(change.path, change)
            self._changes[change.path] = FileChange(change.path, change.shown, first.before, change.after)
            self._remember(change)

    def _body(self, file: FoundFile) -> bytes:
        drafted = self._changes.get(file.path)
        return super()._body(file) if drafted is None else drafted.after
