"""Folders of files that are written to, on the disk or in memory."""

import threading
from pathlib import Path

from files.contents import hash_of
from files.errors import FileBusy, FileChanged, FileRefused, FilesError
from files.folders import Folders
from files.git import Repository, repository_of, top_of
from files.reader import FileChange, FilesReader
from files.replacing import remove_temporaries, replace_file
from files.walking import FoundFile, Walk


class FilesWriter(FilesReader):
    """Folders of files whose files are changed in place, each whole or not at all.

    A file that lies in a Git repository is changed only where it is as it was committed last, so that Git can undo the
    change, unless `may_be_dirty`: for roll backs, whose plan names the very content that a run of ours left.
    """

    def __init__(self, folders: Folders, *, may_be_dirty: bool = False) -> None:
        super().__init__(folders)
        self._may_be_dirty = may_be_dirty
        self._writing = threading.Lock()
        self._repositories: dict[Path, Repository | None] = {}

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
            if change.before == change.after:
                return
            file = self._file_of(change)
            replace_file(file, change.before, change.after, lambda: self._check_git(file, change.before))
            self._remember(change)

    def close(self) -> None:
        """Forget what was read, and close the repositories."""
        super().close()
        with self._writing:
            for repository in self._repositories.values():
                if repository is not None:
                    repository.close()
            self._repositories.clear()

    def _check_git(self, file: FoundFile, before: bytes) -> None:
        """Raise FileBusy where Git is at work on the file, or where it could not give back what is there."""
        try:
            repository = self._repository(file.path.parent)
        except FilesError as problem:
            raise FileRefused(f"{file.shown} was left as it is: {problem}") from problem
        if repository is None:
            return
        if repository.is_at_work:
            raise FileBusy(
                f"Git is at work in {repository.shown}: {file.shown} was left as it is. Run again when it ended, or "
                "remove its index.lock where no Git is running"
            )
        is_ours = self._latest.get(file.path) == hash_of(before)
        if self._may_be_dirty or is_ours:
            return
        difference = repository.difference(file.path.relative_to(repository.top).parts, before)
        if difference:
            raise FileBusy(
                f"{file.shown} was left as it is, because {difference}, so that Git could not undo the change: commit "
                "it, or put it back, and run again"
            )

    def _repository(self, folder: Path) -> Repository | None:
        top = top_of(folder)
        if top is None:
            return None
        if top not in self._repositories:
            self._repositories[top] = repository_of(top)
        return self._repositories[top]


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
