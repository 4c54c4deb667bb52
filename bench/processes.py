"""The processes that a measurement runs against: an org on the simulator, and a Prefect server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deployments.processes import Processes

_START_SECONDS = 180.0
_REST_SECONDS = 0.5
_REST_SHARE = 0.1
_LONGEST_REST_SECONDS = 60.0


@contextmanager
def org_of(architect_flows: int, *options: str) -> Iterator[str]:
    """Serve the demo org of so many Architect flows; yields its address.

    `options`: of the simulator's command line. There is no rate limit unless they name one.
    """
    usual = ("--port", "0", "--architect-flows", str(architect_flows), "--rate-limit", "off", "--with-parent")
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "simulator", *usual, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().rpartition(" ")[2]
        finally:
            process.stdin.close()  # it ends with its parent; told to stop, it would still be reading that


@dataclass(frozen=True, slots=True)
class PrefectServer:
    """A server that runs; `url` of its API."""

    url: str
    pid: int

    def come_to_rest(self) -> None:
        """Wait until it has written what earlier runs left it to write: it takes next to no CPU any more."""
        end = time.monotonic() + _LONGEST_REST_SECONDS
        while time.monotonic() < end:
            before = _cpu_seconds(self.pid)
            time.sleep(_REST_SECONDS)
            if _cpu_seconds(self.pid) - before < _REST_SECONDS * _REST_SHARE:
                return


@contextmanager
def prefect_server(environment: Mapping[str, str]) -> Iterator[PrefectServer]:
    """Run a Prefect server with its usual services; its log lies in the PREFECT_HOME that `environment` names."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with Processes(Path(environment["PREFECT_HOME"]), {**os.environ, **environment}) as processes:
        process = processes.start("prefect-server", *command)
        processes.wait_until_up("prefect-server", f"http://127.0.0.1:{port}/api/health", _START_SECONDS)
        yield PrefectServer(f"http://127.0.0.1:{port}/api", process.pid)


def _cpu_seconds(pid: int) -> float:
    """What a process and its children have used; where there is no /proc, it looks as if they rested."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") + sum(_cpu_seconds(int(each)) for each in children)
