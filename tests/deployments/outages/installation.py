"""An installation that can be harmed: what compose.yaml runs, as processes, with nginx before two replicas of the API.

What ends is started again after a second, as Compose does. Only hosts, ports and folders are replaced. Its processes
start warm; those of tests/deployments/test_topology.py, which are the same, are new Pythons.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy.engine import make_url

from tests.approvers import as_variable
from tests.company import of_nobody
from tests.deployments.files import DEPLOYMENTS, ROOT, composed, environment
from tests.deployments.served import Served, signed_in
from tests.deployments.test_topology import (
    AUTH,
    BIN,
    GIVEN,
    PASSWORDS,
    answer,
    command,
    process_environment,
    replaced,
    until,
)
from tests.servers import Server, free_port, postgres_server, redis_server
from tests.warm import standing_for, warm_python

CREDENTIALS = {
    "GENESYS_AUDIT_CLIENT_ID": "demo-reader",
    "GENESYS_AUDIT_CLIENT_SECRET": "demo-reader-secret",
    "GENESYS_WRITER_CLIENT_ID": "demo-writer",
    "GENESYS_WRITER_CLIENT_SECRET": "demo-writer-secret",
}
"""The simulator's own, public."""

_AGAIN_AFTER_S = 1.0


class Process:
    """A process that is started again when it has ended, unless it is held back."""

    def __init__(self, command: list[str], variables: Mapping[str, str], log: Path, cwd: Path = ROOT) -> None:
        self._command = command
        self._variables = dict(variables)
        self._log = log
        self._cwd = cwd
        self._held = threading.Event()
        self._ended = threading.Event()
        self.starts = 0
        self.now = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def _start(self) -> "subprocess.Popen[str]":
        self.starts += 1
        with self._log.open("a") as log:
            return subprocess.Popen(
                self._command, env=self._variables, cwd=self._cwd, stdout=log, stderr=log, text=True
            )

    def _watch(self) -> None:
        while not self._ended.wait(_AGAIN_AFTER_S):
            if self.now.poll() is not None and not self._held.is_set():
                self.now = self._start()

    def hold_back(self) -> None:
        """End it, and leave it so."""
        self._held.set()
        self._end_now()

    def let_go(self) -> None:
        """Let it be started again."""
        self._held.clear()

    def end(self) -> None:
        """End it for good."""
        self._ended.set()
        self._end_now()

    def _end_now(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(standing_for(self.now.pid), signal.SIGCONT)
        self.now.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.now.wait(15)
        self.now.kill()
        self.now.wait()


@dataclass(frozen=True)
class Installation:
    """All of it, running: `served` is reached through nginx, as workers and people do."""

    served: Served
    database: Server
    broker: Server
    replicas: tuple[Process, Process]
    services: Process
    worker: Process
    folder: Path


class _Starting:
    """Starts what compose.yaml names, each with a log and a home of its own in `folder`."""

    def __init__(self, folder: Path, services: Mapping[str, Any], until_the_end: contextlib.ExitStack) -> None:
        self._folder = folder
        self._services = services
        self._until_the_end = until_the_end

    def program(self, name: str, words: list[str], variables: Mapping[str, str]) -> Process:
        process = Process(words, variables, self._folder / f"{name}.log", self._folder)
        self._until_the_end.callback(process.end)
        return process

    def service(self, name: str, variables: Mapping[str, str], home: str = "") -> Process:
        home = home or name
        return self.program(home, warm(command(self._services[name])), self._whole(home, variables))

    def to_its_end(self, name: str, variables: Mapping[str, str]) -> None:
        words = warm(command(self._services[name]))
        subprocess.run(words, env=self._whole(name, variables), check=True, cwd=ROOT)

    def _whole(self, home: str, variables: Mapping[str, str]) -> dict[str, str]:
        return {**process_environment(self._folder / home, dict(variables)), "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Core:
    """What stands behind the proxy: two replicas of the API and the background services, with what they stand on."""

    starting: _Starting
    database: Server
    broker: Server
    replicas: tuple[Process, Process]
    ports: tuple[int, int]
    services: Process


@contextlib.contextmanager
def core(
    folder: Path,
    services: Mapping[str, Any],
    given: dict[str, str],
    *,
    proxy_port: int | None = None,
    besides: Mapping[str, str] | None = None,
) -> Iterator[Core]:
    """Run the core of an installation while the block lasts; both replicas answer. `besides`: more settings.

    `proxy_port`: where the proxy listens; without one, the first replica is reached in its place.
    """
    ports = free_port(), free_port()
    with (
        postgres_server(folder) as database,
        redis_server(folder, "--appendonly", "yes", "--requirepass", PASSWORDS["REDIS_PASSWORD"]) as broker,
        contextlib.ExitStack() as stack,
    ):
        starting = _Starting(folder, services, stack)
        server = {**_server(services, given, database, broker, proxy_port or ports[0]), **(besides or {})}
        server |= of_nobody(folder)
        starting.to_its_end("migrate", server)
        replicas = [
            starting.service("api", {**server, **_listening(port, "PREFECT_SERVER_API")}, f"api-{port}")
            for port in ports
        ]
        background = starting.service("services", server)
        for port in ports:
            _wait_for_the_api(port)
        yield Core(starting, database, broker, (replicas[0], replicas[1]), ports, background)


@contextlib.contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """Run all of it as it is shipped while the block lasts, with everything registered, and the demo org as its org."""
    org_port, proxy_port = free_port(), free_port()
    address = f"http://127.0.0.1:{proxy_port}"
    given = {**GIVEN, **CREDENTIALS, "GENESYS_API_URL": f"http://127.0.0.1:{org_port}", "PREFECT_UI_URL": address}
    services = composed(given)["services"]
    with core(folder, services, given, proxy_port=proxy_port) as server:
        starting = server.starting
        org = [warm_python(), "-m", "simulator", "--quiet", "--port", str(org_port), "--state", str(folder)]
        starting.program("org", org, {**os.environ, "PYTHONPATH": str(ROOT)})
        starting.program("nginx", nginx(folder, proxy_port, server.ports), os.environ)
        _wait_for_the_api(proxy_port)
        # Workers know the API by another name than people do.
        client = {"PREFECT_API_URL": f"http://localhost:{proxy_port}/api", "PREFECT_UI_URL": address}
        client |= {"PREFECT_API_AUTH_STRING": AUTH, **of_nobody(folder)}
        of_the_org = {**CREDENTIALS, "GENESYS_API_URL": given["GENESYS_API_URL"]}
        starting.to_its_end("register", {**environment(services["register"], given), **of_the_org, **client})
        worker = starting.service("worker", {**environment(services["worker"], given), **_of_a_worker(), **client})
        with _served(worker, folder, address, org_port) as served:
            yield Installation(served, server.database, server.broker, server.replicas, server.services, worker, folder)


def _wait_for_the_api(port: int) -> None:
    until(lambda: answer(f"http://127.0.0.1:{port}/api/health", auth=None) is True, f"{port} is up")


def _server(
    services: Mapping[str, Any], given: dict[str, str], database: Server, broker: Server, front: int
) -> dict[str, str]:
    url = make_url(database.url)
    there = {"postgres": f"{url.host}:{url.port}", "redis": broker.url.removeprefix("redis://")}
    there |= {"proxy": f"127.0.0.1:{front}"}
    return replaced(environment(services["api"], given), there, database=str(url.database))


def _listening(port: int, prefix: str) -> dict[str, str]:
    return {f"{prefix}_PORT": str(port), f"{prefix}_HOST": "127.0.0.1"}


def _of_a_worker() -> dict[str, str]:
    return {
        "GENESYS_TIMEOUTS_APPROVERS": as_variable(),
        "GENESYS_TIMEOUTS_SEAL_KEYS": PASSWORDS["GENESYS_TIMEOUTS_SEAL_KEYS"],
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "PREFECT_WORKER_WEBSERVER_PORT": str(free_port()),
    }


@contextlib.contextmanager
def _served(worker: Process, folder: Path, address: str, org_port: int) -> Iterator[Served]:
    login = {**os.environ, "PREFECT_API_URL": f"{address}/api", "PREFECT_API_AUTH_STRING": AUTH}
    with (
        signed_in(address, AUTH, timeout_s=90) as api,
        httpx.Client(base_url=f"http://127.0.0.1:{org_port}", timeout=60) as org,
    ):
        served = Served(worker.now, folder, address, api, org, login, AUTH)
        served.control("rate-limit", per_minute=None)
        yield served


def warm(words: list[str]) -> list[str]:
    """Start it warm: a program of Python's, or Python itself."""
    program, *rest = words
    return [warm_python(), *(rest if program == str(BIN / "python") else words)]


def nginx(folder: Path, port: int, replicas: tuple[int, int]) -> list[str]:
    """Write nginx.conf as it is shipped, with the replicas in place of Docker's DNS; returns what starts it."""
    shipped = (DEPLOYMENTS / "nginx.conf").read_text("utf-8")
    moved = shipped.replace("listen 8080;", f"listen 127.0.0.1:{port};").replace("http://api:4200;", "http://api;")
    assert moved.count("resolver ") == 1
    moved = "\n".join(line for line in moved.splitlines() if not line.strip().startswith("resolver "))
    # Of names that DNS is asked for, nginx remembers no failure.
    servers = " ".join(f"server 127.0.0.1:{each} max_fails=0;" for each in replicas)
    temporary = "".join(
        f"{kind}_temp_path {folder}/nginx-{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    http = f"access_log {folder}/access.log; {temporary} upstream api {{ {servers} }}\n{moved}"
    as_us = "user root; " if os.geteuid() == 0 else ""  # else its workers give up what they may not write
    file.write_text(
        f"{as_us}pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}} http {{ {http} }}", "utf-8"
    )
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "no nginx: sh deployments/test-packages.sh says what to install"
    return [program, "-c", str(file), "-p", str(folder), "-g", "daemon off;"]
