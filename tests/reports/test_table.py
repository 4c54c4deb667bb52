"""Tables of a size that people can use: the rows that matter most, and the whole as a file that does nothing."""

import csv
import io
import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.frames.planned.outcomes import outcome_rows, worst_first
from reports.table import MOST_ROWS, Table
from reports.tables import plan_table, steps_table
from tests.reports.made import made
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_examples import INVENTORY, plan
from tests.timeouts.planning.outcomes import became
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, Unreadable
from timeouts.planning.computing import compute_plan
from timeouts.planning.outcomes import KINDS
from timeouts.policy.policy import Policy


def table_of(names: Sequence[str]) -> Table:
    """A table of one column."""
    return Table.of("timeouts-x", "Names", names, {"step": lambda name: name}, rank=lambda name: -len(name))


def read_back(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table.csv().decode("utf-8-sig"), newline="")))


def test_a_table_of_a_thousand_rows_is_shown_as_it_is() -> None:
    table = table_of(["x" * number for number in range(MOST_ROWS)])

    assert table.rows(most=MOST_ROWS) == table.rows()


def test_a_larger_one_shows_the_rows_that_rank_first() -> None:
    shown = table_of(["x" * number for number in range(1, 1_501)]).rows(most=MOST_ROWS)

    assert (len(shown), len(str(shown[0]["step"])), len(str(shown[-1]["step"]))) == (MOST_ROWS, 1_500, 501)


def test_of_steps_what_changes_comes_first_then_what_is_odd_then_the_shortest_waits() -> None:
    steps = [
        step(1, Expression(text="Flow.wait")),
        step(2, LiteralTimeout(timeout_ms=60_000)),
        step(3, LiteralTimeout(timeout_ms=12_000)),
        step(4, Unreadable(reason="unset")),
        step(5, Suggested(), "gone"),
        step(6, LiteralTimeout(timeout_ms=9_000)),
    ]
    org = inventory([listed()], [reading(*steps)], [action()])
    shown = steps_table(made(org, compute_plan(org, Policy.raise_to(10_000)))).rows(most=5)

    assert [row["step"] for row in shown] == [f"Call CRM {number}" for number in (6, 4, 5, 3, 2)]


def test_of_changes_the_shortest_waits_come_first() -> None:
    shown = plan_table(made(INVENTORY, plan())).rows(most=1)

    assert [row["effective now"] for row in shown] == ["500ms"]


def test_of_outcomes_those_to_look_into_come_first() -> None:
    found = [became(kind, "af-1", "Support") for kind in KINDS]
    rows = worst_first(outcome_rows(made(INVENTORY, plan(), found)))

    assert [row.outcome for row in rows] == ["unknown", "failed", "skipped", "published", "unchanged"]


def test_names_that_begin_like_a_formula_are_text_in_a_spreadsheet() -> None:
    names = ["=1+1", "+1", "-1", "@sum", " =1", "\uff1d1", "a=1"]
    table = table_of(names)

    assert [row[0] for row in read_back(table)[1:]] == [*(f"'{name}" for name in names[:-1]), "a=1"]


@pytest.mark.parametrize("name", ["x;=1+1", "x\t=1+1", ";-1", "x; @sum", "x\n\uff1d1"])
def test_behind_a_separator_of_another_country_no_formula_begins(name: str) -> None:
    (_, (cell,)) = read_back(table_of([name]))

    assert not re.search(r"[;\t\n]\s*[=+\-@\uff1d]", cell)
    assert cell.replace("'", "") == name


def test_numbers_stay_numbers_and_gaps_stay_empty() -> None:
    table = steps_table(made(INVENTORY))
    head, *found = read_back(table)
    place = head.index("tracking id")

    assert {row[place] for row in found} == {"", "1", "2", "3", "5", "6"}


@given(st.lists(st.text(), min_size=1))
def test_no_cell_begins_a_formula_and_no_name_is_lost(names: list[str]) -> None:
    found = [row[0] for row in read_back(table_of(names))[1:]]

    for name, cell in zip(names, found, strict=True):
        assert cell.replace("'", "") == name.replace("'", "")
        assert not any(part.lstrip().startswith(("=", "+", "-", "@")) for part in re.split(r"[;\t\r\n]", cell))


def test_half_a_surrogate_in_a_name_does_not_cost_the_file() -> None:
    assert b'"Call \\ud800"' in table_of(["Call \ud800"]).csv()
