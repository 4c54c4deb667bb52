"""Tables: what people read, in a fixed order of columns, without gaps that are not said."""

import json
from pathlib import Path

import pytest

from tests.golden import is_golden
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_examples import INVENTORY, OUTCOMES, plan, roll_back
from timeouts.outcomes import Unchanged
from timeouts.settings import Suggested
from timeouts.tables import (
    OUTCOME_COLUMNS,
    STEP_COLUMNS,
    VERIFIED_COLUMNS,
    outcomes_table,
    plan_table,
    rows,
    steps_table,
    verified_table,
)

GOLDEN = Path(__file__).parent / "golden"

TABLES = {
    "steps": (steps_table(INVENTORY), STEP_COLUMNS),
    "steps_planned": (steps_table(INVENTORY, plan()), STEP_COLUMNS),
    "plan": (plan_table(plan()), STEP_COLUMNS),
    "outcomes": (outcomes_table(OUTCOMES, plan()), OUTCOME_COLUMNS),
    "verified": (verified_table(OUTCOMES, plan()), VERIFIED_COLUMNS),
    "roll_back": (plan_table(roll_back()), STEP_COLUMNS),
    "rolled_back": (verified_table(OUTCOMES, roll_back()), VERIFIED_COLUMNS),
    "nothing": (steps_table(inventory()), STEP_COLUMNS),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_reads_as_the_golden_file(name: str) -> None:
    table, _ = TABLES[name]
    path = GOLDEN / f"{name}.json"
    found = json.dumps(rows(table), indent=1, ensure_ascii=False) + "\n"

    assert is_golden(path, found)


@pytest.mark.parametrize("name", TABLES)
def test_columns_stand_in_their_order(name: str) -> None:
    table, columns = TABLES[name]

    assert tuple(table.columns) == columns


@pytest.mark.parametrize("name", TABLES)
def test_no_cell_is_nan(name: str) -> None:
    table, _ = TABLES[name]
    values = table.drop(columns="tracking id", errors="ignore")

    assert not values.isna().to_numpy().any()


def test_a_tracking_id_is_a_whole_number_or_nothing() -> None:
    found = rows(TABLES["steps"][0])

    assert {type(row["tracking id"]) for row in found} == {int, type(None)}


def test_a_definition_that_decides_by_itself_shows_its_default() -> None:
    steps = step(1, Suggested(), default_ms=3_000)
    (row,) = rows(steps_table(inventory([listed()], [reading(steps)])))

    assert (row["step timeout"], row["action limit"], row["effective now"]) == ("(3s)", "none", "3s")


def test_what_a_suggested_timeout_is_worth_can_be_configured() -> None:
    found = inventory([listed()], [reading(step(1, Suggested()))], [action()], suggested_default_ms=5_000)

    assert rows(steps_table(found))[0]["effective now"] == "5s"


def test_what_was_not_started_is_said() -> None:
    assert {row["outcome"] for row in rows(verified_table([], plan()))} == {"not started"}


def test_what_was_there_already_counts_as_verified() -> None:
    became = [Unchanged(architect_flow_id="af-3", name="Zulu", version_before="1.0")]
    found = {row["Architect flow"]: row["effective after"] for row in rows(verified_table(became, plan()))}

    assert found["Zulu | pipes"] == "10s"


def test_an_outcome_outside_of_the_plan_is_shown_too() -> None:
    (row,) = rows(outcomes_table([Unchanged(architect_flow_id="x", name="Other")], plan()))

    assert (row["Architect flow"], row["type"], row["steps changed"]) == ("Other", "", 0)
