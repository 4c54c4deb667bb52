"""The demo org: the simulator as a process of its own, for as long as one command runs."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flows.terminal.exits import Exit

CLIENT_ID = "demo-writer"
CLIENT_SECRET = "demo-writer-secret"  # noqa: S105 - the simulator's own, public
_LISTENING = "simulator listening on "


class DemoOrgError(Exception):
    """The simulator did not start; the text says why."""


@contextmanager
def demo_org(state: Path) -> Iterator[str]:
    """Run the demo org and point this process's environment at it; yields its address.

    What a run changes in it is kept in `state` and is there again the next time. The simulator ends with us,
    even when we are killed: it watches the pipe that we hold.
    """
    state.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-P", "-m", "simulator", "--port", "0", "--state", str(state), "--with-parent"]
    with (
        tempfile.TemporaryFile("w+") as complaints,  # not a pipe: nobody would empty it
        subprocess.Popen(  # noqa: S603 - our own module, no input of anybody's
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True
        ) as process,
    ):
        try:
            url = _address(process, complaints)
            _point_at(url)
            yield url
        finally:
            process.terminate()


def _address(process: "subprocess.Popen[str]", complaints: IO[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().strip()
    if not line.startswith(_LISTENING):
        process.terminate()
        process.wait()
        complaints.seek(0)
        raise DemoOrgError(f"the demo org did not start: {complaints.read().strip() or line or 'no reason given'}")
    return line.removeprefix(_LISTENING)


def _point_at(url: str) -> None:
    os.environ["GENESYS_API_URL"] = url
    os.environ["GENESYS_CLIENT_ID"] = CLIENT_ID
    os.environ["GENESYS_CLIENT_SECRET"] = CLIENT_SECRET
    os.environ.pop("GENESYS_REGION", None)


def serve(arguments: list[str]) -> Exit:
    """Run the simulator in the foreground with its own options, until it is interrupted."""
    try:
        return Exit(min(subprocess.call([sys.executable, "-P", "-m", "simulator", *arguments]), Exit.USAGE))  # noqa: S603 - the user's own options
    except KeyboardInterrupt:
        return Exit.DONE
