"""Whether all that is read of a repository is plain files: a pipe in the place of one would keep a reader for ever."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from files.errors import FilesError

_READ = ("HEAD", "config", "commondir", "gitdir", "packed-refs", "shallow")
_BELOW = ("refs", "objects")
_LONGEST_POINTER = 4_096
_LONGEST_CONFIG = 1_000_000
"""Bytes: what reads it takes a minute for some more."""


def check_plain(top: Path) -> None:
    """Raise FilesError for a repository at `top` that has more than files and folders. Raises OSError."""
    control = top / ".git"
    if control.is_file():
        control = top / _pointer(control).removeprefix("gitdir:").strip()
    _check(control)
    if (control / "commondir").is_file():
        _check(control / _pointer(control / "commondir").strip())


def _pointer(path: Path) -> str:
    with path.open("rb") as file:
        return os.fsdecode(file.read(_LONGEST_POINTER))


def _check(control: Path) -> None:
    for name in _READ:
        path = control / name
        if path.exists() and not path.is_file():
            raise FilesError(f"{name} in it is no file")
    config = control / "config"
    if config.exists() and config.stat().st_size > _LONGEST_CONFIG:
        raise FilesError(f"its config has more than {_LONGEST_CONFIG:,} bytes")
    for below in _BELOW:
        for entry in _entries(control / below):
            mode = entry.stat().st_mode if _leads_somewhere(entry) else stat.S_IFREG
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise FilesError(f"something below {below} in it is neither a file nor a folder")


def _leads_somewhere(entry: "os.DirEntry[str]") -> bool:
    return not entry.is_symlink() or os.path.exists(entry.path)  # noqa: PTH110 - of a link, what it leads to


def _entries(folder: Path) -> Iterator["os.DirEntry[str]"]:
    pending, seen = [os.fspath(folder)], set[tuple[int, int]]()
    while pending:
        at = pending.pop()
        try:
            found = os.stat(at)  # noqa: PTH116 - links are followed, as what reads it does
            if (found.st_dev, found.st_ino) in seen:
                continue
            seen.add((found.st_dev, found.st_ino))
            with os.scandir(at) as entries:
                for entry in entries:
                    yield entry
                    if entry.is_dir():
                        pending.append(entry.path)
        except (FileNotFoundError, NotADirectoryError):
            continue
