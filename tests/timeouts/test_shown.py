"""Tables of a size that people can use: the rows that matter most, and the whole as a file that does nothing."""

import csv
import io

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_examples import INVENTORY, plan
from timeouts.settings import Expression, Literal, Suggested, Unreadable
from timeouts.shown import (
    MOST_ROWS,
    as_csv,
    changed_then_odd_then_shortest,
    problems_first,
    shortest_now,
    what_matters,
)
from timeouts.tables import OUTCOME_COLUMNS, frame, plan_table, rows, steps_table


def read_back(table: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig"), newline="")))


def test_a_table_of_a_thousand_rows_is_shown_as_it_is() -> None:
    table = frame([{"step": str(number)} for number in range(MOST_ROWS)], ["step"])

    assert what_matters(table, lambda row: (-int(row["step"]),)) is table


def test_a_larger_one_shows_the_rows_that_rank_first() -> None:
    table = frame([{"step": str(number)} for number in range(MOST_ROWS + 500)], ["step"])
    shown = rows(what_matters(table, lambda row: (-int(row["step"]),)))

    assert (len(shown), shown[0]["step"], shown[-1]["step"]) == (MOST_ROWS, "1499", "500")


def test_of_steps_what_changes_comes_first_then_what_is_odd_then_the_shortest_waits() -> None:
    steps = [
        step(1, Expression(text="Flow.wait")),
        step(2, Literal(timeout_ms=60_000)),
        step(3, Literal(timeout_ms=2_000)),
        step(4, Unreadable(reason="unset")),
        step(5, Suggested(), "gone"),
        step(6, Literal(timeout_ms=9_000)),
    ]
    table = steps_table(inventory([listed()], [reading(*steps)], [action()]))
    table.loc[table["step"] == "Call CRM 6", "after"] = "10s"
    shown = what_matters(table, changed_then_odd_then_shortest, most=5)

    assert list(shown["step"]) == [f"Call CRM {number}" for number in (6, 4, 5, 3, 2)]


def test_of_changes_the_shortest_waits_come_first() -> None:
    shown = what_matters(plan_table(plan()), shortest_now, most=1)

    assert list(shown["effective now"]) == ["500ms"]


def test_of_outcomes_those_to_look_into_come_first() -> None:
    became = ("published", "unchanged", "skipped", "failed", "unknown")
    table = frame([dict.fromkeys(OUTCOME_COLUMNS, "") | {"outcome": one} for one in became], OUTCOME_COLUMNS)

    assert list(what_matters(table, problems_first, most=4)["outcome"]) == ["unknown", "failed", "skipped", "published"]


def test_names_that_begin_like_a_formula_are_text_in_a_spreadsheet() -> None:
    names = ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "\uff1d1", "a=1"]
    table = frame([{"step": name} for name in names], ["step"])

    assert [row[0] for row in read_back(table)[1:]] == [*(f"'{name}" for name in names[:-1]), "a=1"]


def test_a_separator_of_another_country_opens_no_new_cell() -> None:
    assert b'"x;=1+1"' in as_csv(frame([{"step": "x;=1+1"}], ["step"]))


def test_numbers_stay_numbers_and_gaps_stay_empty() -> None:
    table = steps_table(INVENTORY)
    head, *found = read_back(table)
    place = head.index("tracking id")

    assert {row[place] for row in found} == {"", "1", "2", "3", "5", "6"}


@given(st.lists(st.text(), min_size=1))
def test_no_cell_begins_a_formula_and_no_name_is_lost(names: list[str]) -> None:
    found = [row[0] for row in read_back(frame([{"step": name} for name in names], ["step"]))[1:]]

    for name, cell in zip(names, found, strict=True):
        assert cell in (name, f"'{name}")
        assert not cell.lstrip().startswith(("=", "+", "-", "@"))


def test_half_a_surrogate_in_a_name_does_not_cost_the_file() -> None:
    assert b'"Call \\ud800"' in as_csv(frame([{"step": "Call \ud800"}], ["step"]))
