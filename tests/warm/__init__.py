"""A Python that starts warm: processes of the tests begin with what Prefect and its server take seconds to import.

`python` in a folder of the test run stands in for the interpreter: it takes `-c CODE`, `-m MODULE` and the file of a
program with arguments, an environment, streams and signals of its own. Behind it a fork server (server.py), which has
imported Prefect, its server and pandas, but no line of ours, forks a process that goes on as a new one would; what that
one starts with `sys.executable` starts warm, too. Tests of the start itself, of process groups and of command lines
start a new Python.
"""

import contextlib
import fcntl
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parent
_START_S = 120.0
_RUN = "TESTS_RUN_FOLDER"
"""The environment variable that tells the workers of a test run the folder of their fork server."""


@contextlib.contextmanager
def warm_pythons() -> Iterator[None]:
    """Have one fork server for a test run, its xdist workers included; it starts when somebody first asks for it."""
    if _RUN in os.environ:
        yield
        return
    folder = Path(tempfile.mkdtemp(prefix="gt-"))  # short: the path of a socket has 108 characters at most
    (folder / "owner").write_text(str(os.getpid()))
    os.environ[_RUN] = str(folder)
    try:
        yield
    finally:
        del os.environ[_RUN]
        shutil.rmtree(folder, ignore_errors=True)  # the fork server ends when it is gone


def run_folder() -> Path:
    """Return the folder that all workers of this test run share; it is gone after the run."""
    return Path(os.environ[_RUN])


def warm_python() -> str:
    """Return the path of the Python that starts warm."""
    folder = run_folder()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "python").exists():
            _start(folder)
    return str(folder / "python")


def warm_command() -> list[str]:
    """Return what starts `genesys-timeouts`, to be followed by its arguments; its own processes start warm, too."""
    return [warm_python(), "-P", "-c", "from cli.__main__ import main; main()"]


def processes_with(variable: str) -> list[int]:
    """Return the ids of the processes that were started with this `NAME=VALUE` in their environment, and still run.

    Of one that started warm that is the forked process, and not the program that stands in for it.
    """
    found = _forked(**{"with": variable})
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has ended meanwhile; a zombie has no environment
            is_there = variable.encode() in (process / "environ").read_bytes().split(b"\0")
            if is_there and not _stands_in(int(process.name)):
                found.append(int(process.name))
    return found


def standing_for(process: int) -> int:
    """Return the id of the process that this one stands in for; that of itself where it started as a new Python.

    Who stops a process, kills it, or looks for what it has started, means that one.
    """
    while _stands_in(process):
        if found := _forked(**{"for": process}):
            (process,) = found
        else:
            time.sleep(0.02)  # it has not asked yet
    return process


def _stands_in(process: int) -> bool:
    with contextlib.suppress(OSError):  # it has ended
        words = (Path("/proc") / str(process) / "cmdline").read_bytes().split(b"\0")
        return os.fsencode(run_folder() / "python") in words[:3]
    return False


def _forked(**which: str | int) -> list[int]:
    folder = run_folder()
    if not (folder / "python").exists():
        return []
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(folder / "socket"))
        connection.sendall(json.dumps(which).encode() + b"\n")
        with connection.makefile() as answer:
            return [int(each) for each in answer.read().split()]


def _start(folder: Path) -> None:
    given = {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GENESYS_", "PYTHON"))
        },
        "HOME": str(folder),
        "PREFECT_HOME": str(folder / "prefect"),
        "OPENBLAS_NUM_THREADS": "1",  # a process with threads cannot be forked
    }
    command = [sys.executable, "-P", str(_HERE / "server.py"), str(folder)]
    log = (os.POSIX_SPAWN_OPEN, 1, str(folder / "log"), os.O_WRONLY | os.O_CREAT, 0o600)
    streams = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), log, (os.POSIX_SPAWN_DUP2, 1, 2)]
    # Not with subprocess, which wants it to be waited for: it outlives the worker that starts it.
    os.posix_spawn(sys.executable, command, given, file_actions=streams, setsid=True)
    end = time.monotonic() + _START_S
    while not (folder / "socket").exists():
        assert time.monotonic() < end, (folder / "log").read_text()
        time.sleep(0.02)
    program = folder / "python"
    program.write_text(f"#!{sys.executable} -IS\n" + (_HERE / "python.py").read_text())
    program.chmod(0o755)
