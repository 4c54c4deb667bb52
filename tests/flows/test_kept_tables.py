"""Tables that say what they said the last time are not made again: most nights nothing has moved."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from prefect import flow
from prefect.settings import PREFECT_API_URL, PREFECT_RESULTS_LOCAL_STORAGE_PATH

from flows.audit import audit
from simulator.people import Deed
from simulator.server import Running
from simulator.versions import Actor
from tasks.kept_tables import KeptTables
from tasks.storage import default_storage
from tests.flows.artifacts import tables_of
from tests.publishing.scenes import COLLEAGUE, FLOW, configuration
from timeouts.policy import Policy
from timeouts.shown import Cut
from timeouts.tables import frame

ORG = "an-org"

# An audit as a process of its own, which tells what it had to load.
AN_AUDIT = """
import json, sys
from flows.audit import audit
state = audit(return_state=True)
run_id = str(state.state_details.flow_run_id)
print(json.dumps({"completed": state.is_completed(), "pandas": "pandas" in sys.modules, "run_id": run_id}))
"""


def audited(**options: Any) -> dict[str, list[dict[str, Any]]]:
    """Run an audit; gives its tables without that of requests, which differs."""
    state = audit(return_state=True, **options)
    tables = tables_of(state.state_details.flow_run_id)
    return {key: table for key, table in tables.items() if not key.startswith("timeouts-requests")}


def csv_files() -> dict[str, set[bytes]]:
    """What was written as CSV files, by what is in them."""
    found: dict[str, set[bytes]] = {}
    for path in Path(str(PREFECT_RESULTS_LOCAL_STORAGE_PATH.value())).glob("genesys-timeouts-run-*.csv"):
        found.setdefault(path.stem.rpartition("-")[2], set()).add(path.read_bytes())
    return found


def audit_elsewhere() -> dict[str, Any]:
    given = {
        **os.environ,
        "PREFECT_API_URL": str(PREFECT_API_URL.value()),
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(PREFECT_RESULTS_LOCAL_STORAGE_PATH.value()),
    }
    done = subprocess.run(
        [sys.executable, "-c", AN_AUDIT], env=given, capture_output=True, text=True, timeout=150, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.usefixtures("demo")
def test_an_audit_of_an_unchanged_org_shows_the_same_tables_without_loading_what_makes_them() -> None:
    first, second = audit_elsewhere(), audit_elsewhere()

    assert [first["completed"], first["pandas"], second["completed"], second["pandas"]] == [True, True, True, False]
    before, after = tables_of(first["run_id"]), tables_of(second["run_id"])
    assert list(after) == list(before)
    same = [key for key in before if not key.startswith("timeouts-requests")]
    assert len(same) == 3
    assert [after[key] for key in same] == [before[key] for key in same]
    assert {what: len(contents) for what, contents in csv_files().items()} == {"drift": 1, "steps": 1, "actions": 1}


def test_a_moved_timeout_is_in_the_next_table(small_org: Running) -> None:
    before = audited()
    ada = Actor("person", COLLEAGUE.id, COLLEAGUE.name)
    moved = Deed(kind="publish", architect_flow_id=FLOW, person=ada, body=configuration(2, "Ada's"))
    assert not small_org.org.play(moved).refused
    after = audited()

    changed = {key.rpartition("-")[0] for key in before if before[key] != after[key]}
    assert changed >= {"timeouts-steps-small-org", "timeouts-drift-small-org"}


@pytest.mark.usefixtures("demo")
def test_a_policy_and_another_default_are_in_the_next_table() -> None:
    found = [
        audited(),
        audited(policy=Policy.raise_to(10_000)),
        audited(policy=Policy.raise_to(20_000)),
        audited(policy=Policy.model_validate({"suggested_default": "7s"})),
        audited(),
    ]
    steps = [next(table for key, table in tables.items() if key.startswith("timeouts-steps")) for tables in found]

    assert steps[0] == steps[4]
    assert len({json.dumps(table) for table in steps}) == 4


def a_table() -> Cut:
    return Cut.of(frame([{"step": "Call CRM", "steps": None}, {"step": "=1", "steps": 2}], ["step", "steps"]))


def never() -> Cut:
    raise AssertionError("it was made again")


def test_what_was_kept_is_given_back_to_the_cell_and_to_the_byte() -> None:
    kept = KeptTables(default_storage(), ORG)
    made = kept.table("steps", ("v1",), a_table)

    assert kept.table("steps", ("v1",), never) == made == a_table()


def test_another_question_another_org_and_a_damaged_file_are_answered_anew() -> None:
    kept = KeptTables(default_storage(), ORG)
    kept.table("steps", ("v1",), a_table)

    for asked, what, says in (
        (kept, "steps", ("v2",)),
        (kept, "actions", ("v1",)),
        (KeptTables(default_storage(), "another org"), "steps", ("v1",)),
    ):
        with pytest.raises(AssertionError, match="made again"):
            asked.table(what, says, never)

    kept.table("steps", ("v1",), a_table)
    default_storage().write(kept.name("steps"), b"\x1f\x8b damaged")
    assert kept.table("steps", ("v1",), a_table) == a_table()


def test_what_another_state_of_this_program_made_is_made_again(tmp_path: Path) -> None:
    for name in ("first", "same", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tables.py").write_text("as it was" if name != "second" else "as it is")

    KeptTables(default_storage(), ORG, program=tmp_path / "first").table("steps", ("v1",), a_table)
    assert KeptTables(default_storage(), ORG, program=tmp_path / "same").table("steps", ("v1",), never) == a_table()
    with pytest.raises(AssertionError, match="made again"):
        KeptTables(default_storage(), ORG, program=tmp_path / "second").table("steps", ("v1",), never)


def test_where_the_program_cannot_be_told_from_another_nothing_is_kept(tmp_path: Path) -> None:
    kept = KeptTables(default_storage(), ORG, program=tmp_path)
    kept.table("steps", ("v1",), a_table)

    with pytest.raises(AssertionError, match="made again"):
        kept.table("steps", ("v1",), never)


def half_a_surrogate() -> Cut:
    return Cut([{"step": "Call \ud800"}], 1, b"step")


@flow
def a_run_that_keeps_it() -> bool:
    return KeptTables(default_storage(), ORG).table("steps", ("v1",), half_a_surrogate) == half_a_surrogate()


def test_a_table_that_cannot_be_kept_is_left_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    assert a_run_that_keeps_it()
    assert "could not be kept for the next run" in caplog.text
