"""What a run leaves in the Prefect UI: a summary to begin with, tables of a sane size, a history for what moved."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from prefect.client.orchestration import PrefectClient, SyncPrefectClient
from prefect.filesystems import LocalFileSystem, RemoteFileSystem, WritableFileSystem

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from flows.record.records import kept_report
from reports.keys import history_key, key_of
from reports.table import MOST_ROWS
from simulator.demo.org import build_demo_org
from simulator.server import Running
from tasks.storage import ResultStorage
from tests.flows.artifacts import artifacts_of, summary_of, table_of, tables_of
from tests.flows.conftest import org_of_a_module, report_of, run_id_of
from tests.publishing.scenes import FLOW
from timeouts.model.org import Organization
from timeouts.policy.policy import Policy

SMALL = Organization(id="66666666-6666-4666-8666-666666666666", name="Small org")


@pytest.fixture(scope="module")
def big(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """An audit of 300 Architect flows, and where its results lie."""
    results = tmp_path_factory.mktemp("results")
    with org_of_a_module(build_demo_org(architect_flows=300), results):
        yield audit(return_state=True), results


def test_the_summary_is_the_one_artifact_of_the_run_itself_and_says_to_begin_there(big: tuple[Any, Path]) -> None:
    own = [one for one in artifacts_of(run_id_of(big[0])) if one.task_run_id is None and one.key is not None]

    assert [(one.type, str(one.description).startswith("**Begin here.**")) for one in own] == [("markdown", True)]


def test_no_table_shows_more_than_a_thousand_rows_and_each_cut_is_said(big: tuple[Any, Path]) -> None:
    artifacts = [one for one in artifacts_of(run_id_of(big[0])) if one.type == "table"]
    (steps,) = (one for one in artifacts if str(one.key).startswith("timeouts-steps"))

    assert all(len(table_of(one)) <= MOST_ROWS for one in artifacts)
    assert len(table_of(steps)) == MOST_ROWS
    assert f"The {MOST_ROWS:,} of " in str(steps.description)
    assert f"**{MOST_ROWS:,} of " in summary_of(run_id_of(big[0]))


def test_the_whole_table_is_a_csv_file_whose_place_is_said(big: tuple[Any, Path]) -> None:
    state, results = big
    path = results / f"genesys-timeouts-run-{run_id_of(state)}-steps.csv"
    found = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))

    assert len(found) > MOST_ROWS
    assert f"`{path}`" in summary_of(run_id_of(state))
    assert f"of {len(found):,}**" in summary_of(run_id_of(state))


def test_the_shortest_waits_and_what_is_not_understood_are_among_the_rows_shown(big: tuple[Any, Path]) -> None:
    state, results = big
    path = results / f"genesys-timeouts-run-{run_id_of(state)}-steps.csv"
    whole = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    report = kept_report(ResultStorage(LocalFileSystem(basepath=str(results))), run_id_of(state))
    shown = tables_of(run_id_of(state))[key_of("timeouts-steps", report.org)]

    for wanted in ("1s", "2s", "3s"):
        assert sum(row["effective now"] == wanted for row in shown) == sum(
            row["effective now"] == wanted for row in whole
        )
    assert {row["setting"] for row in whole} >= {row["setting"] for row in shown} >= {"unreadable", "literal"}


def test_cells_are_texts_whole_numbers_or_nothing(big: tuple[Any, Path]) -> None:
    kinds = {type(value) for table in tables_of(run_id_of(big[0])).values() for row in table for value in row.values()}

    assert kinds == {str, int, type(None)}


def test_a_run_that_publishes_leaves_a_history_under_a_key_of_ids_alone(small_org: Running) -> None:
    state: Any = raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True)
    key = history_key(SMALL, FLOW)
    (row,) = tables_of(run_id_of(state))[key]

    assert key == f"timeouts-of-66666666-{FLOW}"
    assert (row["before"], row["after"], row["what"]) == ("literal 3s", "literal 10s", "published")
    assert (row["version before"], row["version after"], row["run"]) == ("4.0", "5.0", report_of(state).run.name)
    assert small_org.org.configuration(FLOW)


@pytest.mark.usefixtures("small_org")
def test_a_dry_run_leaves_no_history() -> None:
    state: Any = raise_timeouts(policy=Policy.raise_to(10_000), return_state=True)

    assert history_key(SMALL, FLOW) not in tables_of(run_id_of(state))


def test_keys_are_stable_and_never_meet() -> None:
    assert key_of("timeouts-summary", SMALL) == "timeouts-summary-small-org-66666666"
    assert history_key(SMALL, "Line_A") != history_key(SMALL, "line-a")
    assert history_key(SMALL, "é") != history_key(SMALL, "e")


def test_folders_of_files_that_have_one_name_keep_artifacts_of_their_own() -> None:
    first, second = (Organization(id=f"files-{digits}", name="flows") for digits in ("1a2b3c4d5e6f", "1a9b3c4d5e6f"))

    assert key_of("timeouts-summary", first) == "timeouts-summary-flows-1a2b3c4d"
    assert key_of("timeouts-summary", first) != key_of("timeouts-summary", second)
    assert history_key(first, "Orders.yaml") != history_key(second, "Orders.yaml")


@pytest.fixture
def _no_artifacts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Prefect server that takes no artifact: it is away for just these requests."""

    def away(*_: Any, **__: Any) -> Any:
        raise httpx.ConnectError("the server is away")

    for client in (PrefectClient, SyncPrefectClient):
        for request in ("create_artifact", "update_artifact"):
            monkeypatch.setattr(client, request, away)


@pytest.mark.usefixtures("_no_artifacts")
def test_a_server_that_takes_no_artifact_costs_a_run_neither_its_publishes_nor_its_outcome(small_org: Running) -> None:
    state: Any = raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True)

    assert state.is_completed(), state.message
    assert [outcome.outcome for outcome in report_of(state).outcomes] == ["published"]
    assert artifacts_of(run_id_of(state)) == []
    assert len(json.loads(small_org.org.configuration(FLOW))["flowSequenceItemList"]) == 1


@pytest.mark.usefixtures("_no_artifacts", "small_org")
def test_a_server_that_takes_no_artifact_costs_an_audit_nothing_else() -> None:
    state: Any = audit(return_state=True)

    assert state.is_completed(), state.message
    assert report_of(state).coverage.complete


def test_where_something_is_stored_is_said_without_secrets(tmp_path: Path) -> None:
    remote = RemoteFileSystem(basepath="smb://user:secret@files.example.com/results?token=secret")

    assert ResultStorage(LocalFileSystem(basepath=str(tmp_path))).where("x.csv") == str(tmp_path / "x.csv")
    assert ResultStorage(remote).where("x.csv") == "smb://files.example.com/results/x.csv"


class _Bucket:
    """A storage whose error for what is not there is its own, as a bucket's is."""

    def read_path(self, path: str) -> bytes:
        raise RuntimeError(f"NoSuchKey: {path}")


def test_a_storage_with_errors_of_its_own_is_read_like_any_other() -> None:
    with pytest.raises(OSError, match="a-record could not be read: NoSuchKey"):
        ResultStorage(cast("WritableFileSystem", _Bucket())).read("a-record")
