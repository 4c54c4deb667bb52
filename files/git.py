"""What Git knows of a file, read from its objects alone.

Nothing of a repository runs: no filter, no hook, no file system monitor, no pager, no command of its configuration. A
checkout of somebody else may name any of them.
"""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from dulwich.config import ConfigFile
from dulwich.objects import Commit, ObjectID, Tree
from dulwich.repo import Repo

from files.errors import FilesError
from files.undoing.plain import check_plain
from timeouts.text.visible import one_line


def repository_of(folder: Path) -> "Repository | None":
    """Return the repository that a folder lies in; None where it lies in none. Raises FilesError for one unreadable."""
    top = top_of(folder)
    if top is None:
        return None
    try:
        check_plain(top)
        return Repository(top)
    except Exception as problem:  # whatever dulwich stumbles over: a checkout of somebody else may hold anything
        shown, reason = one_line(os.fspath(top)), one_line(str(problem))
        raise FilesError(f"the Git repository {shown} cannot be read: {reason}") from problem


def top_of(folder: Path) -> Path | None:
    """Return the nearest folder upwards that Git takes for the top of a working tree; None where there is none.

    Git passes by a folder `.git` that is no repository, such as an empty one: the next one upwards counts.
    """
    return next((top for top in (folder, *folder.parents) if _may_be_repository(top / ".git")), None)


def _may_be_repository(control: Path) -> bool:
    """Return whether a `.git` leads to a repository, or is one; what cannot be looked into may be one."""
    try:
        if not _is_folder(control) or os.path.lexists(control / "commondir"):
            return True
        return all(_is_folder(control / each) for each in ("objects", "refs"))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.stat().st_mode)


class _Plain(Repo):
    """A repository whose configuration is one file: others that it names may be anywhere, and need not be files."""

    def get_config(self) -> ConfigFile:
        """Return what that file says."""
        try:
            return ConfigFile.from_path(Path(self.commondir()) / "config", expand_includes=False)
        except FileNotFoundError:
            return ConfigFile()


class Repository:
    """A repository with its working tree at `top`."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._repo = _Plain(os.fspath(top))
        self._trees: dict[ObjectID, Mapping[bytes, ObjectID]] = {}

    @property
    def shown(self) -> str:
        """Its top as people read it."""
        return one_line(os.fspath(self.top))

    def close(self) -> None:
        """Close its files."""
        self._repo.close()

    @property
    def is_at_work(self) -> bool:
        """Whether a command of Git is changing the index right now, or was killed while it did."""
        return os.path.lexists(Path(os.fsdecode(self._repo.controldir())) / "index.lock")

    def remote_address(self) -> str:
        """Return where it was cloned from: of `origin`, else of the first remote by name; empty where it has none."""
        config = self._repo.get_config()
        remotes = sorted(
            section[1] for section in config.sections() if section[:1] == (b"remote",) and len(section) > 1
        )
        for name in sorted(remotes, key=lambda each: each != b"origin"):
            try:
                return config.get((b"remote", name), b"url").decode("utf-8", "replace")
            except KeyError:
                continue
        return ""

    def difference(self, names: tuple[str, ...], body: bytes) -> str:
        """Say why a file of this content is not as it was committed last; empty where it is.

        `names`: its path below `top`. Line breaks are no difference: Git may have written them for this machine.
        """
        try:
            committed = self._committed(tuple(os.fsencode(name) for name in names))
        except Exception:  # noqa: BLE001 - as above
            return "what Git has of it cannot be read"
        if committed is None:
            return "it is not committed in Git"
        written = {self._blob_id(each) for each in (body, body.replace(b"\r\n", b"\n"))}
        return "" if committed in written else "it has changes that are not committed in Git"

    def _committed(self, names: tuple[bytes, ...]) -> bytes | None:
        """Return the id of a file in the tree of HEAD; None where it has none. Raises KeyError for a missing object."""
        try:
            head = self._repo.head()
        except KeyError:
            return None  # nothing was committed yet
        commit = self._repo[head]
        if not isinstance(commit, Commit):
            raise KeyError(head)
        at: ObjectID | None = commit.tree
        for name in names:
            at = None if at is None else self._entries(at).get(name)
        return at

    def _entries(self, tree_id: ObjectID) -> Mapping[bytes, ObjectID]:
        """Return what a tree holds, by name."""
        if tree_id not in self._trees:
            tree = self._repo[tree_id]
            self._trees[tree_id] = {} if not isinstance(tree, Tree) else {each.path: each.sha for each in tree.items()}
        return self._trees[tree_id]

    def _blob_id(self, body: bytes) -> bytes:
        return self._repo.object_format.hash_object_hex(b"blob %d\0" % len(body) + body)
