"""Files of one folder of this machine, by name. No link is followed, no pipe waited for, and others read nothing."""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from tasks.storage.seals import RefusedFile

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # without waiting for who writes to a pipe
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NO_FILE = (errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.ENODEV)
"""What a link is answered with (by Linux, by BSD), a socket, and a device that is not there."""


class LocalFiles:
    """The files in `root`, or in its folder `area` where one is named."""

    def __init__(self, root: str, area: str) -> None:
        self._root = Path(root).expanduser().resolve()
        self._area = area

    def path_of(self, name: str) -> Path:
        """Return where the file of that name is."""
        return self._root / self._area / name

    def holds(self, path: Path) -> bool:
        """Tell whether a file is inside the root, or a link in there leads to it."""
        return any(each.is_relative_to(self._root) for each in (path.resolve(), path.parent.resolve() / path.name))

    def read(self, name: str, most_bytes: int) -> bytes:
        """Read a file. Raises FileNotFoundError, RefusedFile, and another OSError where it cannot be read."""
        with self._folder() as folder:
            try:
                number = os.open(name, _READ, dir_fd=folder)
            except OSError as problem:
                if problem.errno in _NO_FILE:
                    raise _not_a_file(self.path_of(name)) from None
                raise OSError(problem.errno, problem.strerror, str(self.path_of(name))) from None  # with its folder
        with _closing(number):
            about = os.fstat(number)
            if not stat.S_ISREG(about.st_mode):
                raise _not_a_file(self.path_of(name))
            if about.st_size > most_bytes:
                raise RefusedFile(
                    f"{self.path_of(name)} has {about.st_size} bytes, more than anything of ours: it is not read"
                )
            with open(number, "rb", closefd=False) as file:
                return file.read(most_bytes)

    def check(self, name: str) -> None:
        """Raise FileNotFoundError where there is no such file, and another OSError where that is not known."""
        try:
            with self._folder() as folder:
                os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            raise FileNotFoundError(f"{self.path_of(name)} is gone") from None

    def replace(self, name: str, *parts: bytes, to_disk: bool) -> None:
        """Write a file beside the old one and put it in its place: whole or not at all.

        A link or a pipe of that name is replaced by the file, and not followed.
        """
        beside = f".{name}.{uuid4().hex[:8]}"
        self._make()
        with self._folder() as folder:
            number = os.open(beside, _WRITE, 0o600, dir_fd=folder)
            try:
                with open(number, "wb") as file:  # noqa: PTH123 - of a descriptor, for its mode
                    file.writelines(parts)
                    if to_disk:
                        file.flush()
                        os.fsync(number)
                os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(beside, dir_fd=folder)
                raise
            if to_disk:
                os.fsync(folder)

    @contextmanager
    def _folder(self) -> Iterator[int]:
        """Open the folder. The root may be a link of the operator's; the area, which lies in it, may not."""
        with _closing(os.open(self._root, _FOLDER)) as root:
            if not self._area:
                yield root
                return
            try:
                area = os.open(self._area, _FOLDER | os.O_NOFOLLOW, dir_fd=root)
            except NotADirectoryError:
                there = str(self._root / self._area)
                raise NotADirectoryError(errno.ENOTDIR, "it is a link, or no folder", there) from None
            with _closing(area):
                yield area

    def _make(self) -> None:
        """Make the folders that are not there, for their owner alone."""
        folder = self._root / self._area
        for each in (*reversed(folder.parents), folder):
            with contextlib.suppress(FileExistsError):
                if not os.path.lexists(each):
                    each.mkdir(mode=0o700)


@contextmanager
def _closing(number: int) -> Iterator[int]:
    try:
        yield number
    finally:
        os.close(number)


def _not_a_file(path: Path) -> RefusedFile:
    return RefusedFile(f"{path} is a link, a pipe or a folder, and no file: it is not read. Delete it")
