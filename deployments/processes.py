"""Processes that run beside this one: started with a log file each, ended in order."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

_POLL_SECONDS = 0.2
_END_SECONDS = 15


class StartError(Exception):
    """Something did not start; the text says what, and where its log is."""


class Processes:
    """The processes of one `with` block; those that run at its end are ended, the last one started first."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = dict(environment)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._files = ExitStack()

    def __enter__(self) -> Self:
        self._logs.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all that still run."""
        for name in reversed(list(self._running)):
            self.end(name)
        self._files.close()

    def start(
        self, name: str, *command: str, environment: Mapping[str, str] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start `python <command>`; Ctrl-C does not reach it, for it is ours to end."""
        log = self._files.enter_context(self.log_of(name).open("ab"))
        process = subprocess.Popen(  # noqa: S603 - our own commands, no input of anybody's
            [sys.executable, *command],
            env={**self._environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        self._running[name] = process
        return process

    def run(self, name: str, *command: str, environment: Mapping[str, str] | None = None) -> None:
        """Run `python <command>` to its end; raises StartError where that is no good one."""
        code = self.start(name, *command, environment=environment).wait()
        del self._running[name]
        if code:
            raise StartError(f"{name} ended with {code}; its last words:\n{self.last_words(name)}")

    def wait_until_up(self, name: str, address: str, seconds: float) -> None:
        """Wait until an address answers; raises StartError where the process ends first, or takes too long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._running[name].poll() is None:
            try:
                with urlopen(address, timeout=5):  # noqa: S310 - our own loopback address
                    return
            except (URLError, OSError):
                time.sleep(_POLL_SECONDS)
        raise StartError(f"{name} did not come up; its last words:\n{self.last_words(name)}")

    def ended(self) -> list[str]:
        """Name the processes that have ended by themselves."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def end(self, name: str) -> None:
        """Ask a process to end, and make it end when it does not."""
        process = self._running.pop(name)
        if process.poll() is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log_of(self, name: str) -> Path:
        """Return where a process writes."""
        return self._logs / f"{name}.log"

    def last_words(self, name: str) -> str:
        """Return the end of its log."""
        return "\n".join(self.log_of(name).read_text("utf-8", errors="replace").splitlines()[-20:])
