"""The demo org: the simulator as a process of its own, for as long as one command runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

from cli.environment import of_a_child
from cli.exits import UsageError

CLIENT_ID = "demo-writer"
CLIENT_SECRET = "demo-writer-secret"  # noqa: S105 - the simulator's own, public
_LISTENING = "simulator listening on "


class DemoOrgError(UsageError):
    """The simulator did not start; the text says why."""


@contextmanager
def demo_org(state: Path, *options: str) -> Iterator[str]:
    """Run the demo org and point this process's environment at it; yields its address.

    What a run changes in it is kept in `state` and is there again the next time. The simulator ends with us,
    even when we are killed: it watches the pipe that we hold.
    """
    _make(state)
    quietly = ("--port", "0", "--with-parent", "--quiet")
    command = [sys.executable, "-P", "-m", "simulator", *quietly, "--state", str(state), *options]
    with (
        tempfile.TemporaryFile("w+") as complaints,  # not a pipe: nobody would empty it
        subprocess.Popen(  # noqa: S603 - our own module, no input of anybody's
            command,
            env=of_a_child("PREFECT_"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            start_new_session=True,  # Ctrl-C is for the run, which still needs its org to end in order
        ) as process,
    ):
        before = dict(os.environ)
        try:
            url = _address(process, complaints)
            _point_at(url)
            yield url
        finally:
            _point_back(before)
            process.terminate()


def _make(state: Path) -> None:
    try:
        state.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise DemoOrgError(
            f"the demo org cannot keep its state in {state}: {problem.strerror}. Set GENESYS_TIMEOUTS_HOME to a folder "
            "that you may write to"
        ) from None


def _address(process: "subprocess.Popen[str]", complaints: IO[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line.startswith(_LISTENING):
        process.terminate()
        process.wait()
        complaints.seek(0)
        reason = complaints.read().strip() or line or "no reason given"
        raise DemoOrgError(
            f"the demo org did not start: {reason}\nOr give this run an org of its own: GENESYS_TIMEOUTS_HOME=FOLDER"
        )
    return line.removeprefix(_LISTENING)


def _point_at(url: str) -> None:
    os.environ["GENESYS_API_URL"] = url
    os.environ["GENESYS_CLIENT_ID"] = CLIENT_ID
    os.environ["GENESYS_CLIENT_SECRET"] = CLIENT_SECRET
    os.environ.pop("GENESYS_REGION", None)


def _point_back(before: dict[str, str]) -> None:
    for name in ("GENESYS_API_URL", "GENESYS_CLIENT_ID", "GENESYS_CLIENT_SECRET", "GENESYS_REGION"):
        os.environ.pop(name, None)
        if name in before:
            os.environ[name] = before[name]


def serve(arguments: list[str]) -> NoReturn:
    """Become the simulator, with its own options: signals and the exit code are its own."""
    command = [sys.executable, "-P", "-m", "simulator", "--called", "genesys-timeouts simulate", *arguments]
    os.execve(sys.executable, command, of_a_child("PREFECT_"))  # noqa: S606 - no shell is wanted
