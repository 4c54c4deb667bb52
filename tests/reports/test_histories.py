"""The history of single Architect flows: what a run or somebody else did to each, one small table a time."""

import json
from pathlib import Path

from reports.histories import History, histories_of
from tests.golden import is_golden
from tests.reports.made import made
from tests.timeouts.drift.two_audits import drift
from tests.timeouts.org_of_examples import INVENTORY, OUTCOMES, plan
from tests.timeouts.planning.outcomes import became
from timeouts.planning.outcomes import Outcome

GOLDEN = Path(__file__).parent / "golden"
APPLIED = made(INVENTORY, plan(), OUTCOMES)
AUDITED = made(INVENTORY, drift=drift())
HISTORY_COLUMNS = (
    *("step", "container", "tracking id", "action", "before", "after", "effective before", "effective after"),
    *("what", "version before", "version after", "published by", "run"),
)


def as_text(histories: list[History]) -> str:
    found = [{"of": one.name, "sentence": one.sentence, "rows": list(one.rows)} for one in histories]
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def test_the_histories_of_a_run_read_as_the_golden_file() -> None:
    assert is_golden(GOLDEN / "histories_of_run.json", as_text(histories_of(APPLIED)))


def test_the_histories_of_what_moved_read_as_the_golden_file() -> None:
    assert is_golden(GOLDEN / "histories_of_drift.json", as_text(histories_of(AUDITED)))


def test_those_that_went_wrong_come_first() -> None:
    assert [one.architect_flow_id for one in histories_of(APPLIED)] == ["af-1", "af-3"]


def test_what_was_left_as_it_was_has_no_history() -> None:
    left: list[Outcome] = [
        became("skipped", "af-3", "Zulu | pipes", reason="locked"),
        became("unchanged", "af-1", "Support"),
    ]

    assert histories_of(made(INVENTORY, plan(), left)) == []


def test_what_a_run_of_ours_did_is_not_told_twice() -> None:
    assert "af-2" not in {one.architect_flow_id for one in histories_of(AUDITED)}


def test_columns_stand_in_their_order() -> None:
    for one in (*histories_of(APPLIED), *histories_of(AUDITED)):
        assert {tuple(row) for row in one.rows} == {HISTORY_COLUMNS}
