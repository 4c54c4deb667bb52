"""Tables: what people read, in a fixed order of columns, without gaps that are not said."""

import json
from pathlib import Path

import pytest

from reports.tables import outcomes_table, plan_table, steps_table, verified_table
from tests.golden import is_golden
from tests.reports.made import made
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_examples import AFTER, INVENTORY, OUTCOMES, plan, roll_back
from tests.timeouts.planning.outcomes import became
from timeouts.model.settings import Suggested

GOLDEN = Path(__file__).parent / "golden"

STEP_COLUMNS = (
    *("Architect flow", "type", "version", "container", "step", "tracking id", "action", "setting"),
    *("step timeout", "action limit", "effective now", "after", "rule", "note"),
)
OUTCOME_COLUMNS = (
    *("Architect flow", "type", "outcome", "reason", "version before", "version after", "steps changed", "notes"),
)
VERIFIED_COLUMNS = (
    *("Architect flow", "step", "before", "after", "outcome", "effective before", "effective after"),
    *("action", "type", "version", "container", "tracking id"),
)
APPLIED = made(INVENTORY, plan(), OUTCOMES)

TABLES = {
    "steps": (steps_table(made(INVENTORY)), STEP_COLUMNS),
    "steps_planned": (steps_table(APPLIED), STEP_COLUMNS),
    "plan": (plan_table(APPLIED), STEP_COLUMNS),
    "outcomes": (outcomes_table(APPLIED), OUTCOME_COLUMNS),
    "verified": (verified_table(APPLIED), VERIFIED_COLUMNS),
    "roll_back": (plan_table(made(AFTER, roll_back())), STEP_COLUMNS),
    "rolled_back": (verified_table(made(AFTER, roll_back(), OUTCOMES)), VERIFIED_COLUMNS),
    "nothing": (steps_table(made(inventory())), STEP_COLUMNS),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_reads_as_the_golden_file(name: str) -> None:
    table, _ = TABLES[name]
    path = GOLDEN / f"{name}.json"
    found = json.dumps(table.rows(), indent=1, ensure_ascii=False) + "\n"

    assert is_golden(path, found)


@pytest.mark.parametrize("name", TABLES)
def test_columns_stand_in_their_order(name: str) -> None:
    table, columns = TABLES[name]

    assert table.columns == columns


def test_a_tracking_id_is_a_whole_number_or_nothing() -> None:
    found = TABLES["steps"][0].rows()

    assert {type(row["tracking id"]) for row in found} == {int, type(None)}


def test_a_definition_that_decides_by_itself_shows_its_default() -> None:
    steps = step(1, Suggested(), default_ms=3_000)
    (row,) = steps_table(made(inventory([listed()], [reading(steps)]))).rows()

    assert (row["step timeout"], row["action limit"], row["effective now"]) == ("(3s)", "none", "3s")


def test_what_a_suggested_timeout_is_worth_can_be_configured() -> None:
    found = inventory([listed()], [reading(step(1, Suggested()))], [action()], suggested_default_ms=5_000)

    assert steps_table(made(found)).rows()[0]["effective now"] == "5s"


def test_what_was_not_started_is_said() -> None:
    assert {row["outcome"] for row in verified_table(made(INVENTORY, plan(), [])).rows()} == {"not started"}


def test_what_was_there_already_counts_as_verified() -> None:
    there = [became("unchanged", "af-3", "Zulu", version_before="1.0")]
    found = {
        row["Architect flow"]: row["effective after"] for row in verified_table(made(INVENTORY, plan(), there)).rows()
    }

    assert found["Zulu | pipes"] == "10s"


def test_an_outcome_outside_of_the_plan_is_shown_too() -> None:
    (row,) = outcomes_table(made(INVENTORY, plan(), [became("unchanged", "x", "Other")])).rows()

    assert (row["Architect flow"], row["type"], row["steps changed"]) == ("Other", "", 0)
