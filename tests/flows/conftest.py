"""A real Prefect server for all of these tests, and orgs on the simulator that a run finds through its environment."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_RESULTS_LOCAL_STORAGE_PATH, temporary_settings

from flows.raise_timeouts import raise_timeouts
from flows.record.records import kept_report
from reports.report import Report
from simulator.demo.org import build_demo_org
from simulator.org.org import Org
from simulator.org.seeds import OrgSeed
from simulator.org.versions import PublishPlan
from simulator.server import Running, running
from simulator.switches import Switches
from tasks.storage import default_storage
from tests.company import of_nobody
from tests.contents import own_content
from tests.environment import point_at
from tests.flows.clocks import MachineClock
from tests.prefect_servers import prefect_of_runs
from tests.publishing.scenes import org_seed
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy


@pytest.fixture(scope="package")
def _results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("of-runs") / "results"


@pytest.fixture(scope="package", autouse=True)
def _prefect(_results: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One server for all, until the last of them: idle, it costs a tenth of a core."""
    folder = tmp_path_factory.mktemp("prefect")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in of_nobody(folder).items():
            patch.setenv(name, value)
        with prefect_of_runs(folder, _results):
            yield


@pytest.fixture(autouse=True)
def results(_results: Path, _prefect: None) -> Iterator[Path]:
    """Where runs keep their results; nothing that another test has read or reported is there."""
    if _results.is_dir():
        shutil.rmtree(_results)
    _results.unlink(missing_ok=True)
    if _results == PREFECT_RESULTS_LOCAL_STORAGE_PATH.value():
        yield _results
        return
    with temporary_settings({PREFECT_RESULTS_LOCAL_STORAGE_PATH: _results}):  # its module has an own folder
        yield _results


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MachineClock:
    return MachineClock(monkeypatch)


AT_ONCE = PublishPlan(reads=0)
"""A publish that the first poll sees ended: runs poll on the real clock here, and on a fake one in tests/publishing."""


@pytest.fixture(scope="session")
def _small() -> Iterator[Running]:
    with running(org_seed()) as simulator:
        yield simulator


@pytest.fixture
def small_org(_small: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The org of tests/publishing, made anew, and the environment pointing at it."""
    _small.org.reseed(org_seed())
    _small.org.set_switches(Switches())
    _small.org.plan_publish(AT_ONCE)
    point_at(_small.url, monkeypatch)
    return _small


@pytest.fixture(scope="session")
def _demo() -> Iterator[Running]:
    with running(build_demo_org(), keeps=True) as simulator:
        yield simulator


@pytest.fixture
def demo(_demo: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The demo org at its beginning, and the environment pointing at it."""
    _demo.org.reset()
    _demo.org.set_switches(Switches())
    _demo.org.plan_publish(AT_ONCE)
    point_at(_demo.url, monkeypatch, "30s")
    return _demo


@contextmanager
def _runs_in(org: Running, results: Path) -> Iterator[None]:
    """Let the environment point at an org, for runs whose results lie in this folder."""
    with pytest.MonkeyPatch.context() as patch, temporary_settings({PREFECT_RESULTS_LOCAL_STORAGE_PATH: results}):
        point_at(org.url, patch, "30s")
        yield


@contextmanager
def org_of_a_module(seed: OrgSeed, results: Path) -> Iterator[Running]:
    """An org that the environment points at while the block lasts, for runs whose results lie in this folder."""
    with running(seed) as simulator, _runs_in(simulator, results):
        simulator.org.plan_publish(AT_ONCE)
        yield simulator


@pytest.fixture(scope="package")
def _dry_run(_prefect: None, _small: Running, tmp_path_factory: pytest.TempPathFactory) -> tuple[State[Any], Path]:
    kept = tmp_path_factory.mktemp("dry-run")
    _small.org.reseed(org_seed())
    _small.org.set_switches(Switches())
    with _runs_in(_small, kept):
        return raise_timeouts(policy=Policy.raise_to(10_000), return_state=True), kept


@pytest.fixture
def dry_run(small_org: Running, _dry_run: tuple[State[Any], Path], results: Path) -> State[Any]:
    """A dry run of the small org as it is made: one for all tests, each of which finds what it has kept."""
    assert small_org.url
    state, kept = _dry_run
    shutil.copytree(kept, results)
    return state


def live_contents(org: Org) -> dict[str, str]:
    """What is live of each Architect flow, by id."""
    published = (key for key, each in org.state()["architectFlows"].items() if each["published"] is not None)
    return {architect_flow_id: own_content(org.configuration(architect_flow_id)) for architect_flow_id in published}


def run_id_of(state: State[Any]) -> str:
    return str(state.state_details.flow_run_id)


def report_of(state: State[Any]) -> Report:
    """What a run left behind; `state` is what its Prefect flow returned."""
    return kept_report(default_storage(), run_id_of(state))


def plan_of(state: State[Any]) -> Plan:
    """The plan that a run made."""
    plan = report_of(state).plan
    assert plan is not None
    return plan
