"""A file written anew as a whole or not at all, and only in the place of the very one that was read.

It is written beside the old one, brought to the disk, and put in its place at once: whoever stops this at any moment
leaves the old file or the new one. What is left beside it then is found again by its name.
"""

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from files.contents import open_folder, read_open, reason_of
from files.errors import FileBusy, FileChanged, FileRefused, FilesError
from files.temporaries import is_temporary, new_temporary
from files.walking import FoundFile

_OLD = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BUSY = frozenset({errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NEVER_KEPT = ("security.", "trusted.")
"""Extended attributes that the system sets itself."""


def replace_file(file: FoundFile, before: bytes, after: bytes, check: Callable[[], None]) -> None:
    """Give a file another content, where it still has the one that was read; its mode and owner stay.

    `check` is called when nobody else can change the file politely any more, and raises what stands against it. Raises
    FileChanged, FileBusy, FileRefused and, on a full disk, FilesError; the file is then as it was, and nothing stands
    beside it.
    """
    try:
        with open_folder(file.folder, file.names[:-1]) as parent, _locked(parent, file) as old:
            _compare(old, before, file)
            check()
            with _written_beside(parent, old, after, file) as beside:
                _compare(old, before, file)
                _check_place(parent, old, file)
                os.replace(beside, file.name, src_dir_fd=parent, dst_dir_fd=parent)
            with contextlib.suppress(OSError):  # not every file system can bring a folder to the disk
                os.fsync(parent)
    except OSError as problem:
        raise _refusal(file, problem) from problem


def obstacle_to_writing(path: Path) -> str:
    """Say in a clause why a file could not be replaced, as far as can be told without a try; empty where it may be."""
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        return "there is no permission to write it or its folder"
    return "it has other names (hard links), which would keep the old content" if path.lstat().st_nlink > 1 else ""


def remove_temporaries(folder: Path, names: tuple[str, ...]) -> None:
    """Remove what a run left in a folder while it was stopped; what a run is writing right now stays."""
    with contextlib.suppress(OSError), open_folder(folder, names) as parent:
        for name in filter(is_temporary, os.listdir(parent)):  # noqa: PTH208 - of a descriptor, for its very folder
            with contextlib.suppress(OSError):
                number = os.open(name, _OLD, dir_fd=parent)
                try:
                    fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    os.unlink(name, dir_fd=parent)
                finally:
                    os.close(number)


@contextmanager
def _locked(parent: int, file: FoundFile) -> Iterator[int]:
    """Open the file for writing, although only another one is written, and lock it. Raises OSError, FileBusy."""
    number = os.open(file.name, _OLD, dir_fd=parent)
    try:
        for lock in (fcntl.flock, fcntl.lockf):
            try:
                lock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as problem:
                if problem.errno in _BUSY:
                    raise FileBusy(
                        f"Another program has locked {file.shown}, so it was left as it is: run again when that ended"
                    ) from problem
                # else a file system without locks
        yield number
    finally:
        os.close(number)


def _compare(old: int, before: bytes, file: FoundFile) -> None:
    os.lseek(old, 0, os.SEEK_SET)
    try:
        is_same = read_open(old) == before
    except FilesError as problem:
        raise FileRefused(f"{file.shown} was left as it is: {problem}") from problem
    if not is_same:
        raise _changed(file)


def _check_place(parent: int, old: int, file: FoundFile) -> None:
    """Raise FileChanged unless the file that was read still stands under its name."""
    there, read = os.stat(file.name, dir_fd=parent, follow_symlinks=False), os.fstat(old)
    if (there.st_dev, there.st_ino) != (read.st_dev, read.st_ino):
        raise _changed(file)
    if read.st_nlink != 1:
        raise FileRefused(
            f"{file.shown} has other names (hard links), which would keep the old content, so it was left as it is"
        )


@contextmanager
def _written_beside(parent: int, old: int, after: bytes, file: FoundFile) -> Iterator[str]:
    """Write a file beside the old one, with its mode, owner and attributes; it is gone where anything goes wrong."""
    name = new_temporary()
    number = os.open(name, _NEW, 0o600, dir_fd=parent)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _write(number, after)
        _keep(old, number, file)
        os.fsync(number)
        yield name
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=parent)
        raise
    finally:
        os.close(number)


def _write(number: int, content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[os.write(number, left) :]


def _keep(old: int, new: int, file: FoundFile) -> None:
    """Give the new file the owner, the attributes and the mode of the old one. Raises OSError, FileRefused."""
    wanted, found = os.fstat(old), os.fstat(new)
    if (wanted.st_uid, wanted.st_gid) != (found.st_uid, found.st_gid):
        try:
            os.fchown(new, wanted.st_uid, wanted.st_gid)
        except PermissionError as problem:
            raise FileRefused(
                f"{file.shown} belongs to another user or group, which a new file of ours would not, so it was left as "
                "it is: run as its owner"
            ) from problem
    for name in _attributes(old):
        os.setxattr(new, name, os.getxattr(old, name))
    os.fchmod(new, stat.S_IMODE(wanted.st_mode))


def _attributes(number: int) -> list[str]:
    """Return the names of extended attributes, such as access lists, that people set."""
    if not hasattr(os, "listxattr"):
        return []
    try:
        return [name for name in os.listxattr(number) if not name.startswith(_NEVER_KEPT)]
    except OSError:
        return []


def _changed(file: FoundFile) -> FileChanged:
    return FileChanged(f"{file.shown} was changed by somebody else meanwhile and left as it is: make the plan anew")


def _refusal(file: FoundFile, problem: OSError) -> FilesError:
    """Say why a file could not be written."""
    match problem.errno:
        case errno.ENOENT:
            return FileChanged(f"{file.shown} is not there any more")
        case errno.ELOOP | errno.EMLINK | errno.ENOTDIR | errno.EISDIR:
            return FileChanged(f"A link or a folder stands in the place of {file.shown} now, and was left as it is")
        case errno.EACCES | errno.EPERM:
            return FileRefused(f"There is no permission to write {file.shown} or its folder: it was left as it is")
        case errno.EROFS:
            return FileRefused(f"{file.shown} lies on a file system that is read only: it was left as it is")
        case number if number in _FULL:
            return FilesError(f"The disk, or what you may write to it, is full: {file.shown} was left as it is")
        case _:
            return FileRefused(f"{file.shown} was left as it is: {reason_of(problem)}")
