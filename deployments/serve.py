"""`make serve`: a Prefect server, workers and all deployments on this machine, with the demo org or an org of yours.

The same from processes as deployments/compose.yaml is from containers. With GENESYS_WRITER_CLIENT_ID and its secret in
the environment the deployments work on that org; without, on the demo org.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import anyio
import typer
from prefect import get_client
from prefect.client.schemas.actions import WorkPoolUpdate
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.settings import PREFECT_API_URL, temporary_settings

from deployments.processes import Processes, StartError
from deployments.register import POOL

ROOT = Path(__file__).resolve().parent.parent
PREFECT_FILE = "deployments/prefect.yaml"
_START_SECONDS = 120.0
_GRACE_SECONDS = 60.0
_RUNNING = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING])))
_DEMO = {
    "GENESYS_AUDIT_CLIENT_ID": "demo-reader",
    "GENESYS_AUDIT_CLIENT_SECRET": "demo-reader-secret",
    "GENESYS_WRITER_CLIENT_ID": "demo-writer",
    "GENESYS_WRITER_CLIENT_SECRET": "demo-writer-secret",
    "GENESYS_TIMEOUTS_APPROVERS": '{"Ana Duarte": "three slow herons", "Bo Lindqvist": "seven quiet lamps"}',
}
"""The simulator's own, public; so are the phrases of two approvers who do not exist."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be served, and where it keeps its state. `database`: a SQLAlchemy URL, None for SQLite."""

    home: Path
    port: int
    org_port: int
    workers: int
    database: str | None = None
    poll_seconds: int = 5

    @property
    def address(self) -> str:
        """Where people open it."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def org_address(self) -> str:
        """Where the demo org listens."""
        return f"http://127.0.0.1:{self.org_port}"

    def environment(self) -> dict[str, str]:
        """Give what every process needs: one home, one server, nothing that reports to anybody."""
        database = {"PREFECT_API_DATABASE_CONNECTION_URL": self.database} if self.database else {}
        return {
            **{name: value for name, value in os.environ.items() if name != "PREFECT_PROFILE"},
            "PREFECT_HOME": str(self.home / "prefect"),
            "PREFECT_API_URL": f"{self.address}/api",
            "PREFECT_UI_API_URL": f"{self.address}/api",
            "PREFECT_SERVER_API_PORT": str(self.port),
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "PREFECT_WORKER_QUERY_SECONDS": str(self.poll_seconds),
            **database,
        }


def main(  # noqa: PLR0917 - typer calls with names
    home: Annotated[Path, typer.Option(help="Where all state is kept.")] = ROOT / ".serve",
    port: Annotated[int, typer.Option(help="Of the Prefect server and its UI.")] = 4200,
    org_port: Annotated[int, typer.Option(help="Of the demo org.")] = 4400,
    workers: Annotated[int, typer.Option(help="How many.", min=1)] = 1,
    database: Annotated[
        str | None, typer.Option(help="postgresql+asyncpg://...; SQLite, where nothing is said.")
    ] = None,
    poll_seconds: Annotated[int, typer.Option(help="How often a worker looks for runs.", min=1)] = 5,
) -> None:
    """Serve until Ctrl-C: server, workers, deployments, and the demo org unless the environment names yours."""
    asked = Asked(home.resolve(), port, org_port, workers, database, poll_seconds)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with Processes(asked.home / "logs", asked.environment()) as processes:
            _bring_up(asked, processes)
            _watch(processes, stop)
            with temporary_settings({PREFECT_API_URL: f"{asked.address}/api"}):
                anyio.run(_wind_down)
    except StartError as problem:
        typer.echo(f"Error: {problem}\nThe logs are in {asked.home / 'logs'}.", err=True)
        raise typer.Exit(1) from None


def _bring_up(asked: Asked, processes: Processes) -> None:
    org = _bring_up_org(asked, processes)
    typer.echo("starting the Prefect server")
    processes.start("server", "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(asked.port))
    processes.wait_until_up("server", f"{asked.address}/api/health", _START_SECONDS)
    typer.echo("registering the work pool, blocks, deployments and automations")
    _register(asked, processes, org)
    for number in range(1, asked.workers + 1):
        processes.start(
            f"worker-{number}", "-m", "prefect", "worker", "start", "--pool", POOL, "--name", f"worker-{number}"
        )
    typer.echo(f"\nServing on {asked.address} with {asked.workers} worker(s); Ctrl-C ends it.")
    typer.echo(f"  deployments  {asked.address}/deployments")
    typer.echo(f"  artifacts    {asked.address}/artifacts")
    typer.echo(f"  logs         {asked.home / 'logs'}")


def _register(asked: Asked, processes: Processes, environment: Mapping[str, str]) -> None:
    """Register everything and apply the deployments; twice, for an automation names a deployment that has to exist."""
    register = ("-m", "deployments.register", "--dead-runs" if asked.database else "--no-dead-runs")
    processes.run("register", *register, environment=environment)
    deploy = ("deploy", "--all", "--prefect-file", PREFECT_FILE)
    processes.run("deploy", "-m", "prefect", "--no-prompt", *deploy, environment=environment)
    processes.run("register", *register, environment=environment)


def _bring_up_org(asked: Asked, processes: Processes) -> dict[str, str]:
    """Start the demo org, unless the environment names an org; gives what names it."""
    if os.environ.get("GENESYS_WRITER_CLIENT_ID") or os.environ.get("GENESYS_AUDIT_CLIENT_ID"):
        return {}
    state = asked.home / "org"
    state.mkdir(parents=True, exist_ok=True)
    processes.start("demo-org", "-m", "simulator", "--port", str(asked.org_port), "--state", str(state))
    processes.wait_until_up("demo-org", f"{asked.org_address}/simulator/state", _START_SECONDS)
    typer.echo(f"the demo org listens on {asked.org_address}")
    return {**_DEMO, "GENESYS_API_URL": asked.org_address}


def _watch(processes: Processes, stop: threading.Event) -> None:
    while not stop.wait(1):
        ended = processes.ended()
        if ended:
            raise StartError(f"{ended[0]} has ended; its last words:\n{processes.last_words(ended[0])}")


async def _wind_down() -> None:
    """Let what runs come to its end: a worker that is stopped kills its runs at once (prefect.md 12)."""
    async with get_client() as client:
        await client.update_work_pool(POOL, WorkPoolUpdate(is_paused=True))
        end = time.monotonic() + _GRACE_SECONDS
        while time.monotonic() < end and (left := await client.read_flow_runs(flow_run_filter=_RUNNING)):
            typer.echo(f"waiting for {len(left)} run(s) to end, {_GRACE_SECONDS:.0f} s at most")
            await anyio.sleep(2)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    typer.run(main)
