"""A real Prefect server for the session, and orgs on the simulator that a run finds through its environment."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_RESULTS_LOCAL_STORAGE_PATH,
    temporary_settings,
)

from flows.records import kept_report
from reports.report import Report
from simulator.demo_org import build_demo_org
from simulator.server import Running, running
from simulator.switches import Switches
from tasks.storage import default_storage
from tests.prefect_servers import prefect_api
from tests.publishing.scenes import org_seed


@pytest.fixture(scope="session", autouse=True)
def _prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One server for all; without heartbeats, whose thread holds every run up for a second.

    Source: docs/measured.md#heartbeats.
    """
    with (
        prefect_api(tmp_path_factory.mktemp("prefect")),
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
    ):
        yield


@pytest.fixture(autouse=True)
def _own_results(_prefect: None, tmp_path: Path) -> Iterator[None]:
    """Nothing that another test has read or reported is there."""
    with temporary_settings({PREFECT_RESULTS_LOCAL_STORAGE_PATH: tmp_path / "results"}):
        yield


@pytest.fixture(scope="session")
def _small() -> Iterator[Running]:
    with running(org_seed()) as simulator:
        yield simulator


@pytest.fixture
def small_org(_small: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The org of tests/publishing, made anew, and the environment pointing at it."""
    _small.org.reseed(org_seed())
    _small.org.set_switches(Switches())
    point_at(_small.url, monkeypatch)
    return _small


@pytest.fixture(scope="session")
def _demo() -> Iterator[Running]:
    with running(build_demo_org()) as simulator:
        yield simulator


@pytest.fixture
def demo(_demo: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The demo org at its beginning, and the environment pointing at it."""
    _demo.org.reset()
    _demo.org.set_switches(Switches())
    point_at(_demo.url, monkeypatch)
    monkeypatch.setenv("GENESYS_READ_TIMEOUT", "30s")
    return _demo


def report_of(state: Any) -> Report:
    """What a run left behind; `state` is what its Prefect flow returned."""
    return kept_report(default_storage(), str(state.state_details.flow_run_id))


def point_at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the environment as a user would."""
    monkeypatch.setenv("GENESYS_API_URL", url)
    monkeypatch.setenv("GENESYS_CLIENT_ID", "demo-writer")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "demo-writer-secret")
    monkeypatch.setenv("GENESYS_READ_TIMEOUT", "250ms")
