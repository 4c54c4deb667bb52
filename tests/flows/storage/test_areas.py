"""Audits and runs that write have areas of their own: an audit writes nothing that a writer reads."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect import flow
from prefect.client.schemas.objects import State
from prefect.settings import PREFECT_RESULTS_LOCAL_STORAGE_PATH

from cli.kept import names
from flows.audit import audit
from flows.effect import effect
from flows.fleet import _report_of
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from genesys import ConfigurationProblem
from simulator.server import Running
from tasks.storage import default_storage, storages_of_all
from tasks.storage.results import AUDITS, STORAGE, WRITES
from tests.environment import point_at
from tests.flows.conftest import org_of_a_module, report_of, run_id_of
from tests.publishing.scenes import FLOW, configuration, org_seed
from timeouts.policy.policy import Policy

TEN_SECONDS = Policy.raise_to(10_000)
CONFIGURATION = f"/api/v2/flows/{FLOW}/versions/4.0/configuration"


def results() -> Path:
    return Path(str(PREFECT_RESULTS_LOCAL_STORAGE_PATH.value()))


def left_in(area: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (results() / area).glob("*")}


@pytest.fixture
def within(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Go on as a run of a deployment whose job variables name this area."""
    return lambda area: monkeypatch.setenv(STORAGE, area)


@pytest.fixture
def warned(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    return lambda: "\n".join(each.getMessage() for each in caplog.records if each.levelname == "WARNING")


@pytest.fixture(scope="module")
def _raised(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[State[Any], Running, Path]]:
    kept = tmp_path_factory.mktemp("kept")
    with org_of_a_module(org_seed(), kept) as org:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(STORAGE, AUDITS)
            audit(return_state=True)
            patch.setenv(STORAGE, WRITES)
            done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
        assert org.org.configuration(FLOW) == configuration(10)
        yield done, org, kept


@pytest.fixture
def raised(
    _raised: tuple[State[Any], Running, Path],
    results: Path,
    within: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> State[Any]:
    """An audit, then a raise that was applied, once for all tests; what follows is an audit, with all that was kept."""
    done, org, kept = _raised
    shutil.copytree(kept, results)
    point_at(org.url, monkeypatch)
    within(AUDITS)
    return done


def test_each_writes_to_its_own_area_alone(small_org: Running, within: Callable[[str], None]) -> None:
    within(AUDITS)
    audit(return_state=True)
    within(WRITES)
    raised = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    assert small_org.org.configuration(FLOW) == configuration(10)
    within(AUDITS)
    assert [path.name for path in sorted(results().iterdir())] == [AUDITS, WRITES]
    of_writers = left_in(WRITES)
    audit(return_state=True)
    effect(run_id_of(raised), return_state=True)
    assert left_in(WRITES) == of_writers

    of_audits = left_in(AUDITS)
    within(WRITES)
    roll_back(run_id_of(raised), mode="apply", return_state=True)
    assert left_in(AUDITS) == of_audits
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_writer_reads_nothing_that_an_audit_has_left(small_org: Running, within: Callable[[str], None]) -> None:
    within(AUDITS)
    seen = audit(policy=TEN_SECONDS, return_state=True)
    small_org.org.clear_log()
    within(WRITES)

    raise_timeouts(policy=TEN_SECONDS, return_state=True)
    back = roll_back(run_id_of(seen), return_state=True)

    assert [call.path for call in small_org.org.log].count(CONFIGURATION) == 1, "it reads anew what the audit has read"
    assert f"there is no record of a run {run_id_of(seen)} here" in (back.message or "")


def test_an_audit_knows_what_our_writers_published(raised: State[Any]) -> None:
    drift = report_of(audit(return_state=True)).drift

    assert drift is not None
    assert [(line.ours, line.published_by) for line in drift.architect_flows] == [
        (True, f"our run {raised_name(raised)}")
    ]


def raised_name(raised: State[Any]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STORAGE, WRITES)
        return report_of(raised).run.name


def test_an_effect_finds_the_record_of_the_run_that_wrote(raised: State[Any]) -> None:
    state = effect(run_id_of(raised), return_state=True)

    assert state.is_completed(), state.message
    assert f"The run {raised_name(raised)} of" in (state.message or "")


def test_an_audit_that_may_not_read_what_writers_know_says_so_and_goes_on(
    raised: State[Any], warned: Callable[[], str]
) -> None:
    assert raised.is_completed()
    (results() / WRITES).rename(results() / "elsewhere")
    (results() / WRITES).write_text("nothing that can be opened as a folder")

    state = audit(return_state=True)

    assert state.is_completed(), state.message
    for kind in ("ours", "clients", "drafts"):
        assert f"{results()}/{WRITES}/genesys-timeouts-{kind}-" in warned()
    assert "cannot be read, and counts as nothing" in warned()
    drift = report_of(state).drift
    assert drift is not None
    assert [line.move for line in drift.steps] == ["raised"]


def test_a_fleet_finds_what_its_runs_left_in_either_area(raised: State[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    seen = audit(return_state=True)
    monkeypatch.delenv(STORAGE)

    @flow(persist_result=False)
    def looking() -> list[str]:
        return [report.run.id for run in (seen, raised) if (report := _report_of(run_id_of(run)))]

    assert looking() == [run_id_of(seen), run_id_of(raised)]


def test_what_an_audit_worker_puts_beside_a_writers_record_is_not_what_is_shown(
    raised: State[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is in an audit's process may write to audits/ and seal: that is asked last."""
    monkeypatch.delenv(STORAGE)
    empty, of_writers, of_audits = storages_of_all()
    assert [each.where("") for each in (empty, of_writers, of_audits)] == [
        str(results() / area) for area in ("", WRITES, AUDITS)
    ]
    name = f"genesys-timeouts-run-{run_id_of(raised)}-1-before"
    forged = of_writers.read(name).replace(b'"mode":"apply"', b'"mode":"dry run"')
    of_audits.write(name, forged)

    assert names.report_of(run_id_of(raised), storages_of_all()).run.mode == "apply"


def test_without_an_area_there_is_one_storage_for_all(small_org: Running) -> None:
    audit(return_state=True)
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert not [path for path in results().iterdir() if path.is_dir()]
    assert small_org.org.configuration(FLOW) == configuration()


def test_an_area_that_does_not_exist_is_refused_by_name(within: Callable[[str], None]) -> None:
    within("writers")

    with pytest.raises(ConfigurationProblem, match="GENESYS_TIMEOUTS_STORAGE is writers: set it to audits or writes"):
        default_storage()
