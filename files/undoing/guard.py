"""Whether a file may be changed: where Git could give back what is there, or where it is work of our runs alone."""

import os
from pathlib import Path

from files.contents import hash_of
from files.errors import FileBusy, FileRefused, FilesError
from files.git import Repository, repository_of, top_of
from files.undoing.memory import Memory
from files.walking import FoundFile


class GitGuard:
    """Looks into the repositories of files.

    A content counts as committed where it is what HEAD has, or what runs of ours have made of that and nobody else: Git
    gives back what was committed before either of them. One thread at a time uses it.
    """

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._repositories: dict[Path, Repository | None] = {}
        self._ours: set[tuple[Path, str]] = set()

    def difference(self, file: FoundFile, body: bytes) -> str:
        """Say why Git could not give back what is in a file; empty where it can, and outside of Git.

        Raises FileBusy where Git is at work there, FileRefused where its repository cannot be read.
        """
        repository = self._repository_of(file)
        if repository is None:
            return ""
        if repository.is_at_work:
            raise FileBusy(
                f"Git is at work in {repository.shown}: {file.shown} was left as it is. Run again when it ended, or "
                "remove its index.lock where no Git is running"
            )
        digest = hash_of(body)
        if (file.path, digest) in self._ours or digest in self._memory.get(os.fspath(file.path)).contents:
            return ""
        return repository.difference(file.path.relative_to(repository.top).parts, body)

    def remember(self, file: FoundFile, before: bytes, after: bytes) -> None:
        """Remember what is about to be written over what `difference` has nothing against.

        The content before stays remembered, too: a run may be killed before it has written.
        """
        if self._repository_of(file) is None:
            return
        old, new = hash_of(before), hash_of(after)
        self._ours.add((file.path, new))
        kept = self._memory.get(os.fspath(file.path))
        earlier = [each for each in kept.contents if each == old]
        self._memory.keep(os.fspath(file.path), kept.model_copy(update={"contents": (*earlier, new)}))

    def close(self) -> None:
        """Close the repositories."""
        for repository in self._repositories.values():
            if repository is not None:
                repository.close()
        self._repositories.clear()

    def _repository_of(self, file: FoundFile) -> Repository | None:
        top = top_of(file.path.parent)
        if top is None:
            return None
        if top not in self._repositories:
            try:
                self._repositories[top] = repository_of(top)
            except FilesError as problem:
                raise FileRefused(f"{file.shown} was left as it is: {problem}") from problem
        return self._repositories[top]
