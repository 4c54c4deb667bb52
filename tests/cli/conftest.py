"""Two orgs that the environment points at: the tutorial's kind, and the real platform's kind."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL

from simulator.demo.org import build_demo_org, build_flow_data_org
from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from simulator.switches import Switches
from tests.company import of_nobody
from tests.environment import SEAL_KEYS, point_at
from tests.prefect_servers import make_prefect_home, prefect_of_runs
from tests.publishing.scenes import org_seed


@pytest.fixture(autouse=True)
def _own_environment() -> Iterator[None]:
    """Nothing of the user's counts, and nothing that a command sets is there for the next test."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("GENESYS_", "TARGET_", "NEW_TIMEOUT_MS")) and name != SEAL_KEYS:
            del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module", autouse=True)
def _authority_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in of_nobody(tmp_path_factory.mktemp("authority")).items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A Prefect server for a module's commands in this process.

    Gives the home in which they keep their results, as processes with that home do.
    """
    home = tmp_path_factory.mktemp("home")
    with prefect_of_runs(tmp_path_factory.mktemp("prefect"), home / "prefect" / "storage"):
        yield home


@pytest.fixture
def server(prefect: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same server for processes that a test starts, instead of a temporary one for each; gives the same home."""
    monkeypatch.setenv("PREFECT_API_URL", str(PREFECT_API_URL.value()))
    return prefect


@pytest.fixture(scope="session")
def _tutorial() -> Iterator[Running]:
    with running(build_flow_data_org()) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def _architect() -> Iterator[Running]:
    with running(org_seed()) as simulator:
        yield simulator


@pytest.fixture
def tutorial_org(_tutorial: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The org of the tutorial's kind, made anew, and the environment pointing at it."""
    _tutorial.org.reseed(build_flow_data_org())
    point_at(_tutorial.url, monkeypatch, "5s")
    return _tutorial


@pytest.fixture
def architect_org(_architect: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The small org of tests/publishing, made anew, and the environment pointing at it."""
    _architect.org.reseed(org_seed())
    _architect.org.set_switches(Switches())
    _architect.org.plan_publish(PublishPlan(reads=0))
    point_at(_architect.url, monkeypatch, "5s")
    return _architect


@pytest.fixture(scope="session")
def _lasting_org() -> Iterator[Running]:
    with running(build_demo_org(), running_clock=True) as simulator:
        yield simulator


@pytest.fixture
def org(_lasting_org: Running) -> Running:
    """The demo org at its beginning."""
    _lasting_org.org.reset()
    _lasting_org.org.set_switches(Switches())
    return _lasting_org


@pytest.fixture
def pointed_at(org: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The demo org at its beginning, and the environment pointing at it."""
    point_at(org.url, monkeypatch, "30s")
    return org


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose Prefect database is there already."""
    home = tmp_path / "home"
    home.mkdir()
    make_prefect_home(home / "prefect")
    return home
