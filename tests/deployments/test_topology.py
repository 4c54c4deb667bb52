"""What the images would run, as processes: the commands and the variables of compose.yaml and the Dockerfile, with only
hosts, ports and folders replaced, on Debian's Postgres and Redis.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings
from sqlalchemy.engine import make_url

from deployments.drain import drain
from tests.deployments.files import ROOT, composed, contents_of_secrets, environment, image_environment
from tests.servers import free_port, postgres, redis
from timeouts.model.durations import parse_duration

PASSWORDS = {
    "POSTGRES_PASSWORD": "of-postgres",
    "REDIS_PASSWORD": "of-redis",
    "PREFECT_SERVER_ENCRYPTION_KEY": "b2YgdGhlIGJsb2NrcyBpbiB0ZXN0cywgMzIgYnl0ZXM=",
    "GENESYS_TIMEOUTS_SEAL_KEYS": "5ea1" * 16,
}
AUTH = "operator:a-long-password"
GIVEN = {**PASSWORDS, "PREFECT_SERVER_API_AUTH_STRING": AUTH}
PATIENCE_S = 150.0
# Five processes of Prefect start in half a minute here, and in two where other tests keep both cores busy.
pytestmark = pytest.mark.timeout(400)
BIN = Path(sys.executable).parent

A_FLOW = """
import time
from pathlib import Path

from prefect import flow


@flow(persist_result=True)
def slow(folder: str) -> str:
    Path(folder, "started").touch()
    while not Path(folder, "may end").exists():
        time.sleep(0.1)
    return "done"
"""


@dataclass(frozen=True)
class Topology:
    """Two replicas of the API, their background services and a worker, all running."""

    replicas: tuple[str, str]
    folder: Path
    worker: dict[str, str]


@pytest.fixture(scope="module")
def topology(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    folder = tmp_path_factory.mktemp("topology")
    (folder / "slow_flow.py").write_text(A_FLOW, "utf-8")
    services = composed(GIVEN)["services"]
    # Redis with what compose.yaml tells it, except where it keeps what it appends.
    options = [str(part) for part in services["redis"]["command"][2:]]
    options += contents_of_secrets(GIVEN)["redis.conf"].split()
    options[-2] = f"--{options[-2]}"
    with (
        postgres(folder) as database,
        redis(folder, *options) as redis_port,
        contextlib.ExitStack() as processes,
    ):
        url = make_url(database)
        ports = free_port(), free_port()
        there = {"postgres": f"{url.host}:{url.port}", "redis": f"127.0.0.1:{redis_port}"}
        there["proxy"] = f"127.0.0.1:{ports[0]}"
        server = replaced(environment(services["api"], GIVEN), there, database=str(url.database))
        subprocess.run(
            command(services["migrate"]), env=process_environment(folder / "migrate", server), check=True, cwd=ROOT
        )
        for port in ports:
            variables = {**server, "PREFECT_SERVER_API_PORT": str(port), "PREFECT_SERVER_API_HOST": "127.0.0.1"}
            processes.enter_context(running(services["api"], folder / f"api-{port}", variables))
        processes.enter_context(running(services["services"], folder / "services", server))
        first, second = (f"http://127.0.0.1:{port}/api" for port in ports)
        for replica in (first, second):
            until(lambda url=replica: answer(f"{url}/health", auth=None) is True, f"{replica} is healthy")
        # What `register` makes, as far as a worker needs it.
        answer(f"{first}/work_pools/", {"name": "genesys-timeouts", "type": "process"})
        client = {**environment(services["worker"], GIVEN), "PREFECT_API_URL": first, "PYTHONPATH": str(folder)}
        client |= {"PREFECT_WORKER_WEBSERVER_PORT": str(free_port()), "PREFECT_WORKER_QUERY_SECONDS": "1"}
        processes.enter_context(running(services["worker"], folder / "worker", client))
        yield Topology((first, second), folder, process_environment(folder / "worker", client))


def test_both_replicas_are_ready_and_ask_for_the_password(topology: Topology) -> None:
    for replica in topology.replicas:
        assert answer(f"{replica}/ready")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            answer(f"{replica}/admin/version", auth="operator:guessed")


def test_what_is_made_on_one_replica_is_there_on_the_other(topology: Topology) -> None:
    first, second = topology.replicas
    answer(f"{first}/v2/concurrency_limits/", {"name": "one-writer", "limit": 1})
    assert answer(f"{second}/v2/concurrency_limits/one-writer")["limit"] == 1


def test_an_event_emitted_on_one_replica_is_found_on_the_other(topology: Topology) -> None:
    first, second = topology.replicas
    event = {
        "id": str(uuid4()),
        "occurred": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "event": "genesys-timeouts.drift-found",
        "resource": {"prefect.resource.id": "genesys-timeouts.org.acme"},
    }
    answer(f"{first}/events", [event])
    wanted = {"filter": {"event": {"name": [event["event"]]}}}
    # Only the background services write events to the database: it has come through Redis.
    until(
        lambda: [one["id"] for one in answer(f"{second}/events/filter", wanted)["events"]] == [event["id"]],
        "the event has arrived",
    )


def test_a_drain_waits_for_the_run_that_goes_on_and_its_result_lies_where_workers_share_it(topology: Topology) -> None:
    first, second = topology.replicas
    run = start_slow_run(first, topology.folder)
    until((topology.folder / "started").exists, "the run has started")

    with temporary_settings({PREFECT_API_URL: first, PREFECT_API_AUTH_STRING: AUTH}):
        assert [str(one.id) for one in drain("genesys-timeouts", patience_s=0)] == [run]

    command_line = [sys.executable, "-m", "deployments.drain", "--patience", str(PATIENCE_S)]
    with subprocess.Popen(command_line, cwd=ROOT, env=topology.worker, stdout=subprocess.PIPE, text=True) as draining:
        (topology.folder / "may end").touch()
        said, _ = draining.communicate()
    assert draining.returncode == 0
    assert "prefect work-pool resume genesys-timeouts" in said
    assert answer(f"{second}/flow_runs/{run}")["state"]["type"] == "COMPLETED"
    assert answer(f"{second}/work_pools/genesys-timeouts")["is_paused"] is True
    assert len(list((topology.folder / "results").iterdir())) == 1


def start_slow_run(replica: str, folder: Path) -> str:
    flow = answer(f"{replica}/flows/", {"name": "slow"})["id"]
    deployment = {
        "name": "slow",
        "flow_id": flow,
        "entrypoint": "slow_flow.slow",
        "pull_steps": [],
        "work_pool_name": "genesys-timeouts",
    }
    made = answer(f"{replica}/deployments/", deployment)["id"]
    asked = {"state": {"type": "SCHEDULED"}, "parameters": {"folder": str(folder)}}
    return str(answer(f"{replica}/deployments/{made}/create_flow_run", asked)["id"])


def replaced(variables: dict[str, str], there: dict[str, str], database: str) -> dict[str, str]:
    """Return the variables with the hosts of compose.yaml replaced by where the same servers listen here."""
    host, port = there["postgres"].split(":")
    assert variables["PREFECT_SERVER_DATABASE_HOST"] == "postgres"
    moved = {name: value.replace("@redis:6379", f"@{there['redis']}") for name, value in variables.items()}
    moved = {name: value.replace("//proxy:8080", f"//{there['proxy']}") for name, value in moved.items()}
    here = {"HOST": host, "PORT": port, "NAME": database}
    return {**moved, **{f"PREFECT_SERVER_DATABASE_{name}": value for name, value in here.items()}}


def process_environment(home: Path, variables: dict[str, str]) -> dict[str, str]:
    """Return the whole environment of a process: the image's, with its folders in `home`, then the service's."""
    image = {name: value.replace("/tmp", str(home)) for name, value in image_environment().items()}  # noqa: S108
    shared = home.parent / "results"
    for folder in (home, shared):
        folder.mkdir(exist_ok=True)
    image |= {"PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(shared), "PATH": f"{BIN}:{os.environ['PATH']}"}
    image["PYTHONPATH"] = str(ROOT)
    return {**image, **variables}


def command(service: dict[str, Any]) -> list[str]:
    program, *rest = service["command"]
    return [str(BIN / program), *rest]


@contextlib.contextmanager
def running(service: dict[str, Any], home: Path, variables: dict[str, str]) -> Iterator[None]:
    """Run a service until the end, and see that SIGTERM ends it within the grace period that compose.yaml gives it."""
    with home.with_suffix(".log").open("wb") as log:
        process = subprocess.Popen(
            command(service), env=process_environment(home, variables), cwd=home.parent, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=parse_duration(service["stop_grace_period"]) / 1000)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def answer(url: str, body: object = None, method: str | None = None, auth: str | None = AUTH) -> Any:
    """Ask the API as a client that has the password would."""
    headers = {"Content-Type": "application/json"}
    if auth is not None:
        headers["Authorization"] = f"Basic {b64encode(auth.encode()).decode()}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers, method=method)  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
        return json.loads(response.read() or "null")


def until(holds: Any, what: str) -> None:
    """Wait until it holds; a server that does not answer yet is waited for."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if holds():
                return
        assert time.monotonic() < deadline, f"not after {PATIENCE_S:.0f} s: {what}"
        time.sleep(0.2)
