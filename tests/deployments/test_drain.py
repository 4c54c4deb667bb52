"""What a drain waits for, on a server without the automation for dead runs."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from deployments.drain import drain
from deployments.register import POOL
from tests.deployments.killing import kill_workers
from tests.deployments.served import ROOT, Served
from tests.environment import without_settings
from tests.prefect_servers import make_prefect_home, prefect_server

pytestmark = pytest.mark.timeout(600)


def test_a_drain_says_what_it_waits_for_and_does_not_wait_for_a_run_whose_heartbeats_have_stopped(
    on_sqlite: Served,
) -> None:
    on_sqlite.control("faults", kind="hang", match={"method": "GET", "path": "/api/v2/**", "times": None})
    run = on_sqlite.start("audit/audit")
    wait_for_a_heartbeat(on_sqlite, run)
    said: list[str] = []

    there = {PREFECT_API_URL: f"{on_sqlite.address}/api", PREFECT_API_AUTH_STRING: on_sqlite.password}
    with temporary_settings(there):
        living = drain(POOL, patience_s=0, say=said.append)
        kill_workers(on_sqlite)
        left = drain(POOL, patience_s=200, say=said.append)

    on_sqlite.api.patch("/work_pools/genesys-timeouts", json={"is_paused": False}).raise_for_status()
    name = f"{on_sqlite.run(run)['name']} ({run})"
    on_sqlite.api.delete(f"/flow_runs/{run}").raise_for_status()
    on_sqlite.begin_anew()
    assert [str(each.id) for each in living] == [run]
    assert left == []
    assert said == [
        *[f"waiting for {name}, Running"] * 2,
        f"not waited for: {name}, its heartbeats have stopped",
    ]


def test_a_drain_of_a_pool_that_is_not_there_says_so_and_what_to_do(tmp_path: Path) -> None:
    make_prefect_home(tmp_path / "prefect")
    with prefect_server(tmp_path / "prefect") as url:
        said = subprocess.run(
            [sys.executable, "-m", "deployments.drain", "--pool", "genesys-timeout"],
            cwd=ROOT, env={**without_settings(), "PREFECT_API_URL": url, "COLUMNS": "200"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert said.returncode == 2
    assert (
        f"there is no work pool genesys-timeout on the Prefect server at {url}, and nothing was paused" in said.stderr
    )
    assert "prefect work-pool ls" in said.stderr
    assert "Traceback" not in said.stderr


def wait_for_a_heartbeat(served: Served, run: str) -> None:
    wanted = {"event": {"name": ["prefect.flow-run.heartbeat"]}, "resource": {"id": [f"prefect.flow-run.{run}"]}}
    deadline = time.monotonic() + 60
    while not served.post("/events/filter", {"filter": wanted})["events"]:
        assert time.monotonic() < deadline
        time.sleep(0.5)
