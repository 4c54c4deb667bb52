"""Commands as people start them: processes with a home of their own, perhaps in a terminal, and all that they start."""

import contextlib
import os
import pty
import re
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from prefect.filesystems import LocalFileSystem

from flows.record.records import NoRecordError, kept_attempts
from reports.report import Report
from tasks.storage import ResultStorage
from tests.environment import environment
from tests.warm import processes_with, warm_command

_MARK = "TESTS_STARTED_BY"


class Command:
    """A command that runs; what it and its children print goes to a file, or to a terminal."""

    def __init__(self, *arguments: str, home: Path, url: str, in_a_terminal: bool = False) -> None:
        self._mark = str(uuid4())
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `running_command`
        self._terminal: int | None = None
        given = environment(
            url,
            HOME=str(home),
            PREFECT_HOME=str(home / "prefect"),
            GENESYS_TIMEOUTS_HOME=str(home / "demo"),
            GENESYS_READ_TIMEOUT="30s",
            **{_MARK: self._mark},
        )
        command = [*warm_command(), *arguments]
        if in_a_terminal:
            self._terminal, slave = pty.openpty()
            self.process = subprocess.Popen(
                command, env=given, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
            )  # the forked process takes the terminal for its own
            os.close(slave)
            threading.Thread(target=self._listen, args=(self._terminal,), daemon=True).start()
        else:
            self.process = subprocess.Popen(
                command, env=given, stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said,
                start_new_session=True,
            )  # fmt: skip

    def press_ctrl_c(self) -> None:
        """What a terminal sends to the whole process group."""
        os.killpg(self.left()[0], signal.SIGINT)

    def type(self, text: str) -> None:
        """Type in its terminal."""
        assert self._terminal is not None
        os.write(self._terminal, text.encode())

    def close_the_terminal(self) -> None:
        assert self._terminal is not None
        terminal, self._terminal = self._terminal, None
        os.close(terminal)

    def end(self, seconds: float = 60.0) -> float:
        """Wait for its end; gives how long that took."""
        since = time.monotonic()
        self.process.wait(seconds)
        return time.monotonic() - since

    @property
    def said(self) -> str:
        """All that it has printed.

        Read without moving the file's position: that is one with the command's, which would go on at the beginning.
        """
        return os.pread(self._said.fileno(), os.fstat(self._said.fileno()).st_size, 0).decode()

    def left(self) -> list[int]:
        """The ids of the processes that it has started, directly or not, and that still run; its own is the first."""
        return processes_with(f"{_MARK}={self._mark}")

    def clear(self) -> None:
        """Kill it, and whatever it has left."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self._terminal is not None:
            os.close(self._terminal)
        self._said.close()

    def _listen(self, terminal: int) -> None:
        with contextlib.suppress(OSError):  # at its end
            while heard := os.read(terminal, 4096):
                os.write(self._said.fileno(), heard)


@contextlib.contextmanager
def running_command(*arguments: str, home: Path, url: str, in_a_terminal: bool = False) -> Iterator[Command]:
    """Run a command; it is gone afterwards, and what it has left goes with it."""
    command = Command(*arguments, home=home, url=url, in_a_terminal=in_a_terminal)
    try:
        yield command
    finally:
        command.clear()


def records_in(home: Path) -> list[Report]:
    """The last record of each run that a command left in its home."""
    storage = ResultStorage(LocalFileSystem(basepath=str(home / "prefect" / "storage")))
    names = [path.name for path in (home / "prefect" / "storage").glob("genesys-timeouts-run-*")]
    ids = {found[1] for name in names if (found := re.match(r"genesys-timeouts-run-([0-9a-f-]{36})-", name))}
    records = []
    for run_id in ids:
        with contextlib.suppress(NoRecordError):
            records.append(kept_attempts(storage, run_id)[-1])
    return records
