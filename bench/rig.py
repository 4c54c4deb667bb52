"""What all measurements share: a Prefect server, runs of the product as processes of their own, and how often."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.asked import Traffic
from bench.processes import PrefectServer
from bench.simulators import CLIENT_ID, CLIENT_SECRET, Simulator

_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # A server on SQLite answers 503 when ten runs write at once (docs/measured.md#sqlite): theirs is not what is
    # measured.
    "PREFECT_CLIENT_MAX_RETRIES": "12",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured. `sizes`: of orgs, in Architect flows, smallest first."""

    repeats: int
    sizes: tuple[int, ...]
    base: int
    """The size that most targets are about."""
    publishes: int
    latency_ms: int = 200
    connections: int = 16
    per_minute: int = 300

    @property
    def largest(self) -> int:
        """The size that shows what grows."""
        return self.sizes[-1]


@dataclass(frozen=True, slots=True)
class Ended:
    """A process that ended well: `started_ms` in Unix time, and what it told in its last line."""

    started_ms: int
    wall_ms: int
    told: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditRun:
    """One audit and what it asked."""

    ended: Ended
    traffic: Traffic

    @property
    def first_request_ms(self) -> int:
        """From the start of the process to its first request."""
        return self.traffic.first_ms - self.ended.started_ms


@dataclass(frozen=True, slots=True)
class Pair:
    """An empty Prefect flow and, right after it, an audit.

    What the machine does besides changes within minutes, by more than what is to be told apart: what an audit takes
    more than an empty flow is the difference of two that stand side by side, and the median is that of the differences.
    """

    empty: Ended
    audit: AuditRun

    @property
    def body_ms(self) -> int:
        """From the start of the empty flow's process to its body."""
        return int(self.empty.told["body_ms"]) - self.empty.started_ms

    @property
    def first_request_later_ms(self) -> int:
        """How much longer the audit took to its first request than the empty flow to its body."""
        return self.audit.first_request_ms - self.body_ms

    @property
    def longer_ms(self) -> int:
        """How much longer the whole process of the audit took."""
        return self.audit.ended.wall_ms - self.empty.wall_ms


class RunFailed(Exception):  # noqa: N818 - the name says what happened
    """A process of a measurement ended badly; the text has its last words."""


def run(*command: str, environment: Mapping[str, str] | None = None, given: str = "") -> Ended:
    """Run `python <command>` to its end; raises RunFailed. Its last line may be a JSON object."""
    with tempfile.TemporaryFile("w+") as words:
        started_ms, started = time.time_ns() // 1_000_000, time.monotonic()
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
    return Ended(started_ms, wall_ms, json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {})


@dataclass(frozen=True, slots=True)
class Rig:
    """A Prefect server, a directory for storage, and the options."""

    server: PrefectServer
    folder: Path
    options: Options

    def new_home(self) -> Path:
        """Make a storage directory that knows nothing."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def environment(self, home: Path, simulator: Simulator | None = None) -> dict[str, str]:
        """Give the environment of a run that keeps its results in `home`."""
        found = {**_QUIET, "PREFECT_HOME": str(home), "PREFECT_API_URL": self.server.url}
        if simulator is not None:
            found["GENESYS_API_URL"] = simulator.url
            found["GENESYS_CLIENT_ID"] = CLIENT_ID
            found["GENESYS_CLIENT_SECRET"] = CLIENT_SECRET
        return found

    def audit(self, simulator: Simulator, home: Path) -> AuditRun:
        """Run one audit, alone."""
        self.server.come_to_rest()
        return self.audit_among_others(simulator, home)

    def audit_among_others(self, simulator: Simulator, home: Path) -> AuditRun:
        """Run one audit that mostly waits, so that others may run beside it."""
        simulator.forget()
        ended = run("-m", "bench.one_audit", environment=self.environment(home, simulator))
        return AuditRun(ended, simulator.traffic())

    def pair(self, simulator: Simulator, home: Path) -> Pair:
        """Run an empty flow and an audit."""
        return Pair(self.empty_flow(), self.audit(simulator, home))

    def empty_flow(self) -> Ended:
        """Run a Prefect flow that does nothing, alone; tells `body_ms`, when its body ran."""
        self.server.come_to_rest()
        return run("-m", "bench.empty_flow", environment=self.environment(self.new_home()))
