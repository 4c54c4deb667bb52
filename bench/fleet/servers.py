"""The servers of a fleet as processes: Postgres, Redis, one API, the background services apart, and workers.

The same parts as in deployments/compose.yaml, with one replica of the API. They come from Debian's packages, as for the
tests; what makes that Postgres durable is switched off, so that the disk of one machine is not what is measured.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
from prefect.settings import PREFECT_API_URL, temporary_settings
from pydantic import SecretStr

from bench.fleet.load import cpu_seconds, own_cpu_seconds, resident_mb
from bench.simulators import CLIENT_ID, CLIENT_SECRET, Simulator
from deployments.processes import Processes
from deployments.register import POOL, ROOT
from genesys.block import GenesysCloudCredentials
from tests.servers import free_port, postgres, redis

_START_SECONDS = 240.0
_HTTP_SECONDS = 120.0
_SEAL = "5ea1" * 16


@dataclass(frozen=True, slots=True)
class Load:
    """Processor seconds by part, since each began. `runs`: the processes of runs; `workers`: without them."""

    api: float
    services: float
    postgres: float
    redis: float
    workers: float
    runs: float

    def since(self, before: "Load") -> "Load":
        """Return what was used between two moments."""
        return Load(*(getattr(self, name) - getattr(before, name) for name in Load.__slots__))

    @property
    def server(self) -> float:
        """All but the workers' machine: API, services, Postgres and Redis."""
        return self.api + self.services + self.postgres + self.redis

    @property
    def whole(self) -> float:
        """Everything."""
        return self.server + self.workers + self.runs


@dataclass(slots=True)
class Servers:
    """Servers that run, and the workers that were started last."""

    api: httpx.Client
    processes: Processes
    database: str
    pids: dict[str, int]
    folder: Path
    workers: dict[str, int]
    storage: Path

    def start_workers(self, count: int) -> None:
        """Start workers that run one flow run each at a time, with a result storage that knows nothing."""
        self.storage = Path(tempfile.mkdtemp(prefix="results-", dir=self.folder))
        environment = {
            "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(self.storage),
            "GENESYS_TIMEOUTS_SEAL_KEYS": _SEAL,
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        }
        for number in range(1, count + 1):
            name = f"worker-{number}"
            command = ("-m", "prefect", "worker", "start", "--pool", POOL, "--name", name, "--limit", "1")
            self.workers[name] = self.processes.start(name, *command, environment=environment).pid

    def end_workers(self) -> None:
        """End the workers, and throw away what their runs stored."""
        for name in list(self.workers):
            self.processes.end(name)
            del self.workers[name]
        shutil.rmtree(self.storage)

    def load(self) -> Load:
        """Return what each part has used by now."""
        own = sum(map(own_cpu_seconds, self.workers.values()))
        with_runs = sum(map(cpu_seconds, self.workers.values()))
        parts = {name: cpu_seconds(pid) for name, pid in self.pids.items()}
        return Load(**parts, workers=own, runs=with_runs - own)

    def memory_mb(self) -> dict[str, float]:
        """Return what each part of the server holds in memory."""
        return {name: resident_mb(pid) for name, pid in self.pids.items()}

    def database_bytes(self) -> tuple[int, int]:
        """Return the size of Prefect's database, dead rows included, and what of it are events, kept for a week."""
        return asyncio.run(_database_bytes(self.database))

    def stored_bytes(self) -> int:
        """Return the size of what runs keep in the result storage."""
        return sum(path.stat().st_size for path in self.storage.rglob("*") if path.is_file())

    def save_org(self, name: str, simulator: Simulator) -> str:
        """Save the credentials of an org, and return the id of their block."""
        secret = SecretStr(CLIENT_SECRET)
        block = GenesysCloudCredentials(client_id=CLIENT_ID, client_secret=secret, api_url=simulator.url)
        with temporary_settings({PREFECT_API_URL: str(self.api.base_url).rstrip("/")}):
            saved: Any = block.save(name, overwrite=True)  # waited for, where no loop runs
        return str(saved)

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Ask the API."""
        answer = self.api.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    def deployment(self, name: str) -> str:
        """Return the id of a deployment, by FLOW/NAME."""
        answer = self.api.get(f"/deployments/name/{name}")
        answer.raise_for_status()
        return str(answer.json()["id"])


async def _database_bytes(url: str) -> tuple[int, int]:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        events = "pg_total_relation_size('events') + pg_total_relation_size('event_resources')"
        whole, of_events = await connection.fetchrow(f"SELECT pg_database_size(current_database()), {events}")
        return int(whole), int(of_events)
    finally:
        await connection.close()


@contextmanager
def servers_in(folder: Path) -> Iterator[Servers]:
    """Run everything but workers, with the deployments registered, for as long as the block lasts."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres(folder))
        redis_port = stack.enter_context(redis(folder))
        port = free_port()
        given = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "GENESYS_"))}
        given |= {"PREFECT_HOME": str(folder / "home"), "PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
        given |= {"GENESYS_TIMEOUTS_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "DO_NOT_TRACK": "1"}
        server = _server_environment(database, f"redis://127.0.0.1:{redis_port}/0")
        processes = stack.enter_context(Processes(folder / "logs", given))
        processes.run("migrate", "-m", "deployments.migrate", environment=server)
        start = ("-m", "prefect", "server", "start", "--no-services", "--host", "127.0.0.1", "--port", str(port))
        api = processes.start("api", *start, environment=server)
        services = processes.start("services", "-m", "prefect", "server", "services", "start", environment=server)
        processes.wait_until_up("api", f"http://127.0.0.1:{port}/api/health", _START_SECONDS)
        processes.run("register", "-m", "cli", "register", "--dead-runs")
        pids = {"api": api.pid, "services": services.pid}
        pids |= {"postgres": _listening_on(database.rpartition(":")[2].partition("/")[0], "postgres")}
        pids |= {"redis": _listening_on(str(redis_port), "redis-server")}
        client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=_HTTP_SECONDS))
        yield Servers(client, processes, database, pids, folder, {}, folder)


def _server_environment(database: str, broker: str) -> dict[str, str]:
    """Return what deployments/compose.yaml tells the API and the services, as far as it changes what they do."""
    return {
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database,
        "PREFECT_SERVER_DATABASE_CONNECTION_TIMEOUT": "60",
        "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false",
        "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_MESSAGING_BROKER": "prefect_redis.messaging",
        "PREFECT_MESSAGING_CACHE": "prefect_redis.messaging",
        "PREFECT_SERVER_EVENTS_CAUSAL_ORDERING": "prefect_redis.ordering",
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect_redis.lease_storage",
        "PREFECT_SERVER_WORKER_CHANNEL_CLEANUP_QUEUE_STORAGE": "prefect_redis.cleanup_queue",
        "PREFECT_REDIS_MESSAGING_URL": broker,
        "PREFECT_REDIS_WORKER_CLEANUP_QUEUE_URL": broker,
        "PREFECT_SERVER_DOCKET_URL": broker,
    }


def _listening_on(port: str, program: str) -> int:
    """Find the process that was started with a port: the context managers of the tests keep it to themselves."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if Path(words[0].split(" ")[0]).name == program and any(
            port in word.split(":") + word.split() for word in words
        ):
            return int(folder.name)
    raise LookupError(f"no {program} with port {port}")
