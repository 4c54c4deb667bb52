"""Docker and Compose as an operator calls them, for one project of its own beside whatever else runs on the machine."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PROJECT = "genesys-timeouts-trial"
_FILE = "deployments/compose.yaml"
_OLDEST = (2, 24)
_PATIENCE_S = 300.0

Json = dict[str, Any]


class NoEngineError(Exception):
    """There is nothing here that containers could run on; the message says what is missing."""


def check_engine() -> str:
    """Return which engine and Compose are here; raises NoEngineError where they are missing or too old."""
    if shutil.which("docker") is None:
        raise NoEngineError("there is no `docker` here: a Docker engine with Compose 2.24 or newer is needed")
    engine = _output("docker", "version", "--format", "{{.Server.Version}}")
    if engine is None:
        raise NoEngineError("no Docker engine answers `docker version`: is it running, and may you use it?")
    compose = _output("docker", "compose", "version", "--short") or ""
    found = re.match(r"v?(\d+)\.(\d+)", compose)
    if found is None or (int(found[1]), int(found[2])) < _OLDEST:
        raise NoEngineError(f"Compose 2.24 or newer is needed, as a plugin of docker; here is {compose or 'none'}")
    return f"Docker {engine}, Compose {compose}"


def _output(*command: str) -> str | None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else None


def until(true: Callable[[], bool], what: str, patience_s: float = _PATIENCE_S) -> float:
    """Wait until something is true, and return how long that took."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > patience_s:
            raise TimeoutError(f"not within {patience_s:.0f} s: {what}")
        time.sleep(0.5)
    return time.monotonic() - begun


@dataclass(frozen=True, slots=True)
class Engine:
    """The project; `given` is what an operator would write into deployments/.env."""

    given: dict[str, str]

    def compose(self, *arguments: str, binary: bytes = b"", changed: Mapping[str, str] | None = None) -> bytes:
        """Run `docker compose`, with `binary` as its input; returns what it printed."""
        command = ["docker", "compose", "--project-name", PROJECT, "--file", _FILE, "--env-file", os.devnull]
        return self._run([*command, *arguments], binary, changed or {})

    def docker(self, *arguments: str, binary: bytes = b"") -> bytes:
        """Run `docker`; returns what it printed."""
        return self._run(["docker", *arguments], binary, {})

    def _run(self, command: list[str], binary: bytes, changed: Mapping[str, str]) -> bytes:
        own = ("GENESYS_", "PREFECT_", "NOTIFY_", "AUDIT_", "COMPOSE_", "SSL_", "HTTP", "NO_PROXY")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
        environment |= self.given | dict(changed)
        done = subprocess.run(
            command, check=False, capture_output=True, cwd=ROOT, env=environment, input=binary
        )  # fmt: skip
        if done.returncode:
            said = (done.stderr + done.stdout).decode(errors="replace")
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said[-3000:]}")
        return done.stdout

    def up(self, *options: str, changed: Mapping[str, str] | None = None) -> None:
        """Bring it up, and wait until all that has a health check is healthy."""
        self.compose("up", "--detach", "--quiet-pull", *options, changed=changed)
        until(self.is_healthy, "all containers are healthy")

    def is_healthy(self) -> bool:
        """Whether every container that is meant to run does, and is healthy."""
        return all(
            one["Health"] == "healthy" for one in self.containers() if one["Service"] not in {"migrate", "register"}
        )

    def containers(self, service: str = "") -> list[Json]:
        """List the project's containers, those that have ended too, or those of one service."""
        lines = self.compose("ps", "--all", "--format", "json", *([service] if service else [])).splitlines()
        return [json.loads(line) for line in lines]

    def restarts(self, container: str) -> int:
        """Return how often the engine has started a container again."""
        return int(self.docker("inspect", "--format", "{{.RestartCount}}", container))

    def in_container(self, container: str, *command: str) -> bytes:
        """Run a command in a container that runs."""
        return self.docker("exec", container, *command)

    def once(self, *command: str) -> str:
        """Run a command in a container of its own, as docs/containers.md does for `register` and drain."""
        return self.compose("run", "--rm", "--no-deps", "-T", "register", *command).decode()

    def tear_down(self) -> None:
        """Take everything away that this project has made, volumes too."""
        self.compose("--profile", "demo", "down", "--volumes", "--timeout", "5", "--remove-orphans")
