"""Files that processes lock to keep each other out: who makes or changes a Prefect database, and who serves a home.

A lock ends with its process, whatever ends that. Where files cannot be locked, as on some file systems of a network,
nobody is kept out.
"""

import contextlib
import errno
import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO

from deployments.processes import StartError

DATABASE = "prefect.db"
"""What Prefect calls its database on SQLite, in PREFECT_HOME."""

_STARTS, _SERVES = "genesys-timeouts-starts", "genesys-timeouts-serves"
_BUSY = frozenset({errno.EAGAIN, errno.EACCES, errno.EWOULDBLOCK})
_POLL_S = 0.1
_LONG_S = 5.0
_PATIENCE_S = 180.0
"""Longer than a server may take to start (prefect_server.py, serve.py)."""


@dataclass(frozen=True, slots=True)
class StartTurn:
    """A turn at starting a server. `is_first`: the database is still to be made, or brought to this Prefect."""

    is_first: bool
    _file: IO[str] | None = None

    def end(self) -> None:
        """Let others start: the server is up, so that its database is as this version of Prefect wants it."""
        if self._file is None or self._file.closed:
            return
        with contextlib.suppress(OSError), self._file:  # a full disk: then the next one is first again
            if self.is_first:
                self._file.truncate(0)
                self._file.write(version("prefect"))


@contextmanager
def start_turn(home: Path, tell: Callable[[str], object]) -> Iterator[StartTurn]:
    """Take a turn at starting a Prefect server on the database in `home`, which is PREFECT_HOME.

    A server makes its database, or brings it to its version, when it starts: of two that do so at once, one fails. So
    who is first is alone until the turn ends; who comes later starts beside others. `tell` is told once for whom it
    waits, where that takes long. Raises StartError where it takes longer than any start.
    """
    with _opened(home / _STARTS) as file:
        yield StartTurn(is_first=True if file is None else _wait(home, file, tell), _file=file)


@contextmanager
def serving_alone(home: Path) -> Iterator[None]:
    """Be the only one that serves what lies in `home`. Raises StartError where another process does."""
    with _opened(home / _SERVES) as file:
        if file is not None and not _is_locked(file, fcntl.LOCK_EX):
            raise StartError(
                f"another `genesys-timeouts serve` serves what is kept in {home}, and would pause the work pool of "
                "this one when it ends: end that one first, or name another folder with --home"
            )
        yield


def _wait(home: Path, file: IO[str], tell: Callable[[str], object]) -> bool:
    """Wait for the lock, alone where the database is still to be made; returns whether it is."""
    since_s, has_told = time.monotonic(), False
    while True:
        is_first = not _is_made(home, file)
        if _is_locked(file, fcntl.LOCK_EX if is_first else fcntl.LOCK_SH):
            return is_first
        waited_s = time.monotonic() - since_s
        if waited_s > _PATIENCE_S:
            raise StartError(
                f"Another command has been starting its Prefect server for minutes, on the database in {home}: end "
                "that one, or set PREFECT_HOME to another folder."
            )
        if waited_s > _LONG_S and not has_told:
            has_told = True
            tell(f"Waiting for another command, which makes or changes Prefect's database in {home}")
        time.sleep(_POLL_S)


def _is_made(home: Path, file: IO[str]) -> bool:
    """Tell whether a server of this Prefect has been up on the database that is there."""
    if not (home / DATABASE).exists():
        return False
    wanted = version("prefect")
    file.seek(0)
    return file.read(len(wanted) + 1) == wanted


def _opened(path: Path) -> AbstractContextManager[IO[str] | None]:
    try:
        return path.open("a+", encoding="ascii", errors="replace")
    except OSError:
        return nullcontext()


def _is_locked(file: IO[str], mode: int) -> bool:
    """Try to lock a file for this process; true as well where its file system knows no locks."""
    try:
        fcntl.flock(file, mode | fcntl.LOCK_NB)
    except OSError as problem:
        return problem.errno not in _BUSY
    return True
