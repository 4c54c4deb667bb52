"""Reading one file whole: a regular one, never through a link, up to a bound."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from files.errors import FilesError

MOST_BYTES = 50_000_000
"""Of one file. The largest that Architect saves has 6.3 MB, three times as much in base64 of percent codes."""

POINTER = "it is a pointer of Git LFS: run `git lfs pull`"
"""Why a file of which `is_pointer` is true cannot be read, as a clause."""

_PIECE = 65_536

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_file(folder: Path, names: tuple[str, ...]) -> bytes:
    """Return the content of the file of these names below a folder.

    Raises OSError, and FilesError with a clause for what is no regular file or too large.
    """
    with open_below(folder, names) as descriptor:
        return read_open(descriptor)


def read_open(descriptor: int) -> bytes:
    """Return the content of an open file. Raises as `read_file` does.

    By the descriptor itself: to close another one of the same file would give up the locks that we hold on it.
    """
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        raise FilesError("it is no regular file")
    with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as file:
        pieces, left = [], MOST_BYTES + 1
        while left and (piece := file.read(min(left, max(found.st_size, _PIECE) + 1))):
            pieces.append(piece)
            left -= len(piece)
    if not left:
        size = max(found.st_size, MOST_BYTES + 1)
        raise FilesError(f"it has {size:,} bytes, {MOST_BYTES:,} at most are read")
    return b"".join(pieces)


@contextmanager
def open_folder(folder: Path, names: tuple[str, ...]) -> Iterator[int]:
    """Open a folder below another one, name by name: no link on the way is followed. Raises OSError."""
    descriptor = os.open(folder, _DIRECTORY)
    try:
        for name in names:
            below = os.open(name, _DIRECTORY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def open_below(folder: Path, names: tuple[str, ...]) -> Iterator[int]:
    """Open a file below a folder for reading: no link on the way is followed. Raises OSError."""
    with open_folder(folder, names[:-1]) as parent:
        descriptor = os.open(names[-1], _FILE, dir_fd=parent)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def hash_of(body: bytes) -> str:
    """Return the hash by which a file is known again: 64 hexadecimal digits."""
    return hashlib.sha256(body).hexdigest()


def is_pointer(body: bytes) -> bool:
    """Return whether a content stands for another one that Git LFS keeps elsewhere."""
    return body.startswith(b"version https://git-lfs.github.com/spec/")


def reason_of(problem: OSError | FilesError) -> str:
    """Say in a clause why a file could not be opened or read."""
    if isinstance(problem, FilesError):
        return str(problem)
    match problem.errno:
        case errno.EACCES | errno.EPERM:
            return "there is no permission to read it"
        case errno.ELOOP | errno.ENOTDIR:
            return "a link stands in its place, and links are not followed"
        case errno.ENOENT:
            return "it is not there any more"
        case _:
            return f"it cannot be read ({os.strerror(problem.errno or 0)})"
