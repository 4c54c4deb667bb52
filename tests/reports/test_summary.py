"""Summaries that a manager can read, whatever people named their Architect flows."""

import re
from pathlib import Path

import pytest

from reports.markdown.summary import coverage_line, markdown_summary
from tests.golden import is_golden
from tests.reports.made import made
from tests.timeouts.conftest import inventory, listed, reading, step
from tests.timeouts.org_of_examples import (
    ACTIONS,
    AFTER,
    ARCHITECT_FLOWS,
    INVENTORY,
    OUTCOMES,
    address,
    plan,
    roll_back,
)
from timeouts.model.settings import LiteralTimeout

GOLDEN = Path(__file__).parent / "golden"

ADDRESSES = {each.id: address(each) for each in ARCHITECT_FLOWS}

SUMMARIES = {
    "audit": markdown_summary(made(INVENTORY), ADDRESSES),
    "dry_run": markdown_summary(made(INVENTORY, plan(architect_flows=1)), ADDRESSES),
    "applied": markdown_summary(made(INVENTORY, plan(), OUTCOMES), ADDRESSES),
    "stopped": markdown_summary(made(INVENTORY, plan(architect_flows=1), []), ADDRESSES),
    "roll_back": markdown_summary(made(AFTER, roll_back()), ADDRESSES),
    "empty_org": markdown_summary(made(inventory()), {}),
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_summary_reads_as_the_golden_file(name: str) -> None:
    path = GOLDEN / f"summary_{name}.md"
    found = SUMMARIES[name]

    assert is_golden(path, found)


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(name: str) -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", SUMMARIES[name], re.MULTILINE)

    assert all(len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1 for table in tables)


def test_the_coverage_line_adds_up() -> None:
    line = coverage_line(INVENTORY.coverage)

    assert line == "7 Architect flows listed = 3 read + 1 unreadable + 1 not published + 2 not read"


def test_the_ten_shortest_waits_are_shown() -> None:
    steps = [step(number, LiteralTimeout(timeout_ms=number * 1_000)) for number in range(12, 0, -1)]
    text = markdown_summary(made(inventory([listed()], [reading(*steps)], ACTIONS)), ADDRESSES)

    assert re.findall(r"^\| (\d+s) ", text, re.MULTILINE) == [f"{number}s" for number in range(1, 11)]


def test_a_long_list_says_how_much_more_there_is() -> None:
    architect_flows = [listed(f"af-{number}") for number in range(60)]

    assert "and 10 more: see the tables" in markdown_summary(made(inventory(architect_flows)), {})
