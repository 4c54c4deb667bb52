"""What all measurements share: a Prefect server, runs as processes of their own, and how much is measured."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.fleet.load import cpu_seconds
from bench.simulators import CLIENT_ID, CLIENT_SECRET, Simulator
from bench.traffic import Traffic
from deployments.processes import Processes

_START_SECONDS = 180.0
_REST_SECONDS = 0.5
_REST_SHARE = 0.1
_LONGEST_REST_SECONDS = 60.0
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # A server on SQLite answers 503 when ten runs write at once (docs/measured.md#sqlite): theirs is not what is
    # measured.
    "PREFECT_CLIENT_MAX_RETRIES": "12",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured. `base`: the size of org that most targets are about; `large`: the one that shows growth.

    `orgs` and `workers`: of a fleet, each number of orgs by each number of workers.
    """

    repeats: int = 5
    large_repeats: int = 2
    base: int = 500
    large: int = 5_000
    publishes: int = 24
    latency_ms: int = 200
    connections: int = 16
    per_minute: int = 300
    orgs: tuple[int, ...] = (5, 50)
    workers: tuple[int, ...] = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class Run:
    """A process that ended well: what it told in its last line and asked of the simulator.

    `empty_ms`: what an empty Prefect flow took right before it. What the machine does besides changes within minutes,
    by more than what is to be told apart: so each run is compared with its own empty flow, and the median is that of
    the differences.
    """

    wall_ms: int
    told: dict[str, Any]
    traffic: Traffic = field(default_factory=lambda: Traffic(()))
    empty_ms: int = 0

    @property
    def longer_ms(self) -> int:
        """How much longer it took than the empty flow before it."""
        return self.wall_ms - self.empty_ms

    @property
    def cpu_s(self) -> float:
        """What it took of the processor, its imports included: that the machine is shared changes it little."""
        return float(self.told["cpu_ms"]) / 1000

    @property
    def peak_mb(self) -> float:
        """The peak of its resident set."""
        return float(self.told["peak_mb"])


class RunFailed(Exception):  # noqa: N818 - the name says what happened
    """A process of a measurement ended badly; the text has its last words."""


@dataclass(frozen=True, slots=True)
class Rig:
    """A Prefect server that runs, a directory for storage, and the options."""

    url: str
    pid: int
    folder: Path
    options: Options

    def new_home(self) -> Path:
        """Make a storage directory that knows nothing."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def run(self, job: str, simulator: Simulator | None = None, home: Path | None = None, given: str = "") -> Run:
        """Run a job of `bench.child` with `home` as its storage, None: a new one, and `given` on standard input."""
        own = str(home or self.new_home())
        environment = {**_QUIET, "PREFECT_HOME": own, "GENESYS_TIMEOUTS_HOME": own, "PREFECT_API_URL": self.url}
        if simulator is None:
            return run_process("-m", "bench.child", job, environment=environment, given=given)
        simulator.forget()
        environment |= {
            "GENESYS_API_URL": simulator.url,
            "GENESYS_CLIENT_ID": CLIENT_ID,
            "GENESYS_CLIENT_SECRET": CLIENT_SECRET,
            "GENESYS_READ_TIMEOUT": "30s",
        }
        ended = run_process("-m", "bench.child", job, environment=environment, given=given)
        return replace(ended, traffic=simulator.traffic())

    def audit(self, simulator: Simulator, home: Path, *, alone: bool = True) -> Run:
        """Run an empty Prefect flow, then an audit; `alone`: the server comes to rest before the audit as well."""
        self.come_to_rest()
        empty = self.run("empty")
        if alone:
            self.come_to_rest()
        return replace(self.run("audit", simulator, home), empty_ms=empty.wall_ms)

    def come_to_rest(self) -> None:
        """Wait until the server has written what earlier runs left it to write: it takes next to no CPU any more."""
        end = time.monotonic() + _LONGEST_REST_SECONDS
        while time.monotonic() < end:
            before = cpu_seconds(self.pid)
            time.sleep(_REST_SECONDS)
            if cpu_seconds(self.pid) - before < _REST_SECONDS * _REST_SHARE:
                return


@contextmanager
def rig_of(options: Options, environment: Mapping[str, str] | None = None) -> Iterator[Rig]:
    """Run a Prefect server with its usual services; `environment`: what it is to know besides."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.TemporaryDirectory() as folder:
        known = {**os.environ, **_QUIET, "PREFECT_HOME": folder, **(environment or {})}
        with Processes(Path(folder), known) as processes:
            process = processes.start("prefect-server", *command)
            processes.wait_until_up("prefect-server", f"http://127.0.0.1:{port}/api/health", _START_SECONDS)
            yield Rig(f"http://127.0.0.1:{port}/api", process.pid, Path(folder), options)


def run_process(*command: str, environment: Mapping[str, str] | None = None, given: str = "") -> Run:
    """Run `python <command>` to its end; raises RunFailed. Its last line may be a JSON object."""
    with tempfile.TemporaryFile("w+") as words:
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, *command],
            env={**os.environ, **(environment or {})},
            input=given,
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
            check=False,
        )
        wall_ms = round((time.monotonic() - started) * 1000)
        if done.returncode:
            words.seek(0)
            raise RunFailed(f"{' '.join(command)} ended with {done.returncode}:\n{words.read()[-3000:]}")
    lines = done.stdout.strip().splitlines()
    return Run(wall_ms, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {})


def side_by_side(works: Sequence[Callable[[], Run]], apart_seconds: float) -> list[Run]:
    """Start all, each a little later than the one before, and return what they return, in order."""
    with ThreadPoolExecutor(len(works)) as threads:
        futures = []
        for work in works:
            futures.append(threads.submit(work))
            time.sleep(apart_seconds)
        return [future.result() for future in futures]
