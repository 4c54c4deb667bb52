"""What a registration leaves on a real server that was registered at before."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deployments.processes import Processes
from tests.deployments.served import ROOT
from tests.servers import free_port


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Processes, httpx.Client]]:
    """A Prefect server of its own, on SQLite."""
    monkeypatch.chdir(ROOT)
    port = free_port()
    given = {
        **os.environ,
        "HOME": str(tmp_path),
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_PORT": str(port),
    }
    with Processes(tmp_path / "logs", given) as processes, httpx.Client(base_url=given["PREFECT_API_URL"]) as api:
        processes.start("server", "-m", "prefect", "server", "start", "--port", str(port))
        processes.wait_until_up("server", f"{given['PREFECT_API_URL']}/health", 120)
        yield processes, api


def test_limits_that_an_older_registration_has_set_are_gone_from_all_that_writes(
    server: tuple[Processes, httpx.Client],
) -> None:
    """Issue F, 3: a lease that is lost would end a run in the middle of a publish."""
    processes, api = server
    processes.run("register", "-m", "deployments.register", "--no-dead-runs")
    names = [f"{each['name']}" for each in api.post("/deployments/filter", json={}).json()]
    for each in api.post("/deployments/filter", json={}).json():
        if not each["name"].startswith("audit"):
            api.patch(f"/deployments/{each['id']}", json={"concurrency_limit": 8}).raise_for_status()

    processes.run("register", "-m", "deployments.register", "--no-dead-runs")

    limited = [each["name"] for each in api.post("/deployments/filter", json={}).json() if has_limit(each)]
    assert len(names) == 7
    assert sorted(limited) == ["audit", "audit-nightly"]


def has_limit(deployment: dict[str, object]) -> bool:
    return deployment["concurrency_limit"] is not None or deployment["global_concurrency_limit"] is not None
