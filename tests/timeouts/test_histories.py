"""The history of single Architect flows: what a run or somebody else did to each, one small table a time."""

import json
from pathlib import Path

from tests.golden import is_golden
from tests.timeouts.org_of_examples import OUTCOMES, plan
from tests.timeouts.outcomes import became
from tests.timeouts.two_audits import drift
from timeouts.histories import HISTORY_COLUMNS, History, histories_of_drift, histories_of_run
from timeouts.outcomes import Outcome
from timeouts.tables import rows

GOLDEN = Path(__file__).parent / "golden"


def as_text(histories: list[History]) -> str:
    found = [{"of": one.name, "sentence": one.sentence, "rows": rows(one.table)} for one in histories]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def test_the_histories_of_a_run_read_as_the_golden_file() -> None:
    assert is_golden(GOLDEN / "histories_of_run.json", as_text(histories_of_run(plan(), OUTCOMES, "bold-owl")))


def test_the_histories_of_what_moved_read_as_the_golden_file() -> None:
    assert is_golden(GOLDEN / "histories_of_drift.json", as_text(histories_of_drift(drift(), "bold-owl")))


def test_those_that_went_wrong_come_first() -> None:
    assert [one.architect_flow_id for one in histories_of_run(plan(), OUTCOMES, "bold-owl")] == ["af-1", "af-3"]


def test_what_was_left_as_it_was_has_no_history() -> None:
    left: list[Outcome] = [
        became("skipped", "af-3", "Zulu | pipes", reason="locked"),
        became("unchanged", "af-1", "Support"),
    ]

    assert histories_of_run(plan(), left, "bold-owl") == []


def test_what_a_run_of_ours_did_is_not_told_twice() -> None:
    assert "af-2" not in {one.architect_flow_id for one in histories_of_drift(drift(), "bold-owl")}


def test_columns_stand_in_their_order() -> None:
    for one in (*histories_of_run(plan(), OUTCOMES, "x"), *histories_of_drift(drift(), "x")):
        assert tuple(one.table.columns) == HISTORY_COLUMNS
