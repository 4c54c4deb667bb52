"""`genesys-timeouts serve`: a Prefect server, workers and all deployments here, with the demo org or an org of yours.

The same from processes as deployments/compose.yaml is from containers. With GENESYS_WRITER_CLIENT_ID and its secret in
the environment the deployments work on that org; without, on the demo org.

Any page that is open in a browser on this machine may send requests to loopback. So the server asks for a password,
made anew for each start unless PREFECT_SERVER_API_AUTH_STRING names one, and lets no page but its own call it.
"""

import json
import os
import secrets
import shlex
import signal
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import typer
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from deployments.drain import drain
from deployments.environments import PASSWORD, Environments
from deployments.file_locks import serving_alone, start_turn
from deployments.processes import Processes, StartError
from deployments.register import POOL, ROOT
from flows.approval.approvers import VARIABLE
from flows.approval.key_files import make_key, public_key_in
from flows.run.interruption import let_the_terminal_go
from tasks.storage.results import WRITES

_START_SECONDS = 120.0
_GRACE_SECONDS = 60.0
_WORKER = "worker-"
_DATABASE = "PREFECT_SERVER_DATABASE_CONNECTION_URL"
"""Of a Postgres, postgresql+asyncpg://...; SQLite, where it is not set. In the environment, for it holds a password."""

_DEMO_APPROVERS = {"ana": "Ana Duarte", "bo": "Bo Lindqvist"}
"""Two people who do not exist, and the folders of their keys, which have no passphrase: for trying out an approval."""

_DEMO = {
    "GENESYS_AUDIT_CLIENT_ID": "demo-reader",
    "GENESYS_AUDIT_CLIENT_SECRET": "demo-reader-secret",
    "GENESYS_WRITER_CLIENT_ID": "demo-writer",
    "GENESYS_WRITER_CLIENT_SECRET": "demo-writer-secret",
}
"""The simulator's own, public."""


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What is to be served, and where it keeps its state."""

    home: Path
    port: int
    org_port: int
    workers: int
    poll_seconds: int
    password: str
    ui: str = ""

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def for_people(self) -> str:
        """Where people open it, and where links lead: `ui`, where something stands in front of it."""
        return self.ui or self.address

    @property
    def org_address(self) -> str:
        """Where the demo org listens."""
        return f"http://127.0.0.1:{self.org_port}"

    @property
    def origins(self) -> str:
        """Whose pages may call the server: those of its own UI, by either name of this machine, or behind a proxy."""
        there = urlsplit(self.for_people)
        own = (self.address, f"http://localhost:{self.port}", f"{there.scheme}://{there.netloc}")
        return ",".join(dict.fromkeys(own))

    def of_a_terminal(self, *, demo: bool) -> dict[str, str]:
        """Return what a terminal needs to read what these workers keep: the server, their results, the key that seals.

        `demo`: and to reach the demo org; credentials of an org of yours are yours to set.
        """
        org = {
            "GENESYS_API_URL": self.org_address,
            "GENESYS_CLIENT_ID": _DEMO["GENESYS_WRITER_CLIENT_ID"],
            "GENESYS_CLIENT_SECRET": _DEMO["GENESYS_WRITER_CLIENT_SECRET"],
        }
        return {
            "PREFECT_API_URL": f"{self.address}/api",
            "PREFECT_API_AUTH_STRING": self.password,
            "PREFECT_HOME": str(self.home / "prefect"),
            "GENESYS_TIMEOUTS_HOME": str(self.home),
            "GENESYS_TIMEOUTS_STORAGE": WRITES,
            **(org if demo else {}),
        }

    def environments(self) -> Environments:
        """Say what the processes share: one home, one server, nothing that reports to anybody."""
        own = {
            "PREFECT_HOME": str(self.home / "prefect"),
            "PREFECT_API_URL": f"{self.address}/api",
            "PREFECT_UI_URL": self.for_people,
            "PREFECT_UI_API_URL": f"{self.for_people}/api",
            "PREFECT_SERVER_API_PORT": str(self.port),
            # A slot of a server that was killed is free again: in memory, its lease would be lost and the slot taken.
            "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_WORKER_QUERY_SECONDS": str(self.poll_seconds),
        }
        return Environments(os.environ, own, self.password)


def serve(home: Path, port: int, org_port: int, workers: int, poll_seconds: int) -> None:
    """Serve until Ctrl-C: server, workers, deployments, and the demo org unless the environment names yours.

    Raises StartError where something does not start, or has ended.
    """
    os.chdir(ROOT)  # where the deployments and our own modules are found
    password = os.environ.get(PASSWORD) or f"operator:{secrets.token_urlsafe(18)}"
    ui = os.environ.get("PREFECT_UI_URL", "").rstrip("/")
    options = ServeOptions(home, port, org_port, workers, poll_seconds, password, ui)
    _keep_to_ourselves(options.home)
    stop = _until_asked_to_end()
    with serving_alone(options.home):
        _check_ports(options)
        with Processes(options.home / "logs", options.environments().of_everybody()) as processes:
            _watch(options, processes, stop, _bring_up(options, processes))
            with temporary_settings(
                {PREFECT_API_URL: f"{options.address}/api", PREFECT_API_AUTH_STRING: options.password}
            ):
                typer.echo(f"waiting for runs to end, {_GRACE_SECONDS:.0f} s at most")
                _wind_down()


def _keep_to_ourselves(home: Path) -> None:
    """Let nobody else on the machine read what is kept: the database holds the blocks, and the key that opens them."""
    os.umask(0o077)  # of all processes that are started from here
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)


def _until_asked_to_end() -> threading.Event:
    """Return what the first signal sets, of a closed terminal, too; a second Ctrl-C ends everything at once.

    Nothing of it is left behind: the processes have no terminal, and would go on for ever.
    """
    stop = threading.Event()

    def asked_to_end(number: int, _frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            let_the_terminal_go()
        elif stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, asked_to_end)
    return stop


def _check_ports(options: ServeOptions) -> None:
    """Refuse a port that somebody listens on: it might be another Prefect server, which is not ours to register at."""
    for option, port in (("--port", options.port), ("--org-port", options.org_port)):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise StartError(f"port {port} is taken: end what listens there, or name another one with {option}")


def _bring_up(options: ServeOptions, processes: Processes) -> Mapping[str, str]:
    """Start everything; returns who may approve in the demo org, nothing where the environment names an org."""
    org, environments = _bring_up_org(options, processes), options.environments()
    typer.echo("starting the Prefect server")
    _start_server(options, processes)
    typer.echo("registering the work pool, blocks, deployments and automations")
    dead_runs = "--dead-runs" if os.environ.get(_DATABASE) else "--no-dead-runs"
    processes.run("register", "-m", "cli", "register", dead_runs, environment=environments.of_register(org))
    approvers = _demo_approvers(options) if org else {}
    for number in range(1, options.workers + 1):
        _start_worker(options, processes, f"{_WORKER}{number}", approvers)
    _say_where(options, approvers, demo=bool(org))
    return approvers


def _start_server(options: ServeOptions, processes: Processes) -> None:
    """Start the Prefect server, alone where it makes or changes its database, and wait until it is up."""
    home = options.home / "prefect"
    home.mkdir(exist_ok=True)
    serve = ("-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(options.port))
    with start_turn(home, typer.echo) as turn:
        processes.start("server", *serve, environment=options.environments().of_the_server(options.origins))
        processes.wait_until_up("server", f"{options.address}/api/health", _START_SECONDS)
        turn.end()


def _say_where(options: ServeOptions, approvers: Mapping[str, str], *, demo: bool) -> None:
    typer.echo(f"\nServing on {options.for_people} with {options.workers} worker(s); Ctrl-C ends it.")
    typer.echo(f"  deployments  {options.for_people}/deployments")
    typer.echo(f"  artifacts    {options.for_people}/artifacts")
    typer.echo(f"  logs         {options.home / 'logs'}")
    if demo:
        typer.echo("  approvers    two who do not exist; REQUEST is what the page of an approval shows:")
        for (folder, name), decision in zip(_DEMO_APPROVERS.items(), ("approve", "ask"), strict=True):
            key = shlex.quote(str(options.home / "approvers" / folder))
            typer.echo(f"    {name}: GENESYS_TIMEOUTS_HOME={key} genesys-timeouts approver sign {decision} REQUEST")
    typer.echo(f"  password     {options.password}")
    typer.echo(
        "The UI asks for the password once, the whole of it. For history, effect and other commands in a terminal:"
    )
    for name, value in {**options.of_a_terminal(demo=demo), **approvers}.items():
        typer.echo(f"  export {name}={shlex.quote(value)}")


def _bring_up_org(options: ServeOptions, processes: Processes) -> dict[str, str]:
    """Start the demo org, unless the environment names an org; returns what names it."""
    if os.environ.get("GENESYS_WRITER_CLIENT_ID") or os.environ.get("GENESYS_AUDIT_CLIENT_ID"):
        return {}
    state = options.home / "org"
    state.mkdir(parents=True, exist_ok=True)
    port = str(options.org_port)
    processes.start("demo-org", "-m", "simulator", "--quiet", "--port", port, "--state", str(state))
    processes.wait_until_up("demo-org", f"{options.org_address}/simulator/state", _START_SECONDS)
    typer.echo(f"the demo org listens on {options.org_address}")
    return {**_DEMO, "GENESYS_API_URL": options.org_address}


def _demo_approvers(options: ServeOptions) -> dict[str, str]:
    """Make the keys of the demo org's approvers, unless they are there; returns what tells workers of them."""
    keys = {}
    for folder, name in _DEMO_APPROVERS.items():
        there = options.home / "approvers" / folder
        own = public_key_in(there)
        keys[name] = own[0] if own else make_key(there, name, "").split()[0]
    return {VARIABLE: json.dumps({"keys": keys})}


def _start_worker(options: ServeOptions, processes: Processes, name: str, approvers: Mapping[str, str]) -> None:
    command = ("-m", "prefect", "worker", "start", "--pool", POOL, "--name", name)
    environment = options.environments().of_a_worker(str(options.home), approvers)
    processes.start(name, *command, environment=environment)


def _watch(options: ServeOptions, processes: Processes, stop: threading.Event, approvers: Mapping[str, str]) -> None:
    """Wait until the end is asked for. A worker that has died is started again; nothing works without the others."""
    while not stop.wait(1):
        for name in processes.ended():
            if not name.startswith(_WORKER):
                raise StartError(f"{name} has ended; its last words:\n{processes.last_words(name)}")
            typer.echo(f"{name} has ended and is started again; see {processes.log_of(name)}")
            _start_worker(options, processes, name, approvers)


def _wind_down() -> None:
    """Let what runs come to its end, for a minute at most."""
    left = drain(POOL, _GRACE_SECONDS)
    if left:
        typer.echo(f"{len(left)} run(s) are ended in the middle; the next run puts right what they had begun")
