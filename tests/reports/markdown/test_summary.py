"""Summaries that a manager can read: what is shown of much."""

import re

from reports.markdown.summary import markdown_summary
from tests.reports.made import made
from tests.timeouts.conftest import inventory, listed, reading, step
from tests.timeouts.org_of_examples import ACTIONS
from timeouts.model.settings import LiteralTimeout


def test_the_ten_shortest_waits_are_shown() -> None:
    steps = [step(number, LiteralTimeout(timeout_ms=number * 1_000)) for number in range(12, 0, -1)]
    text = markdown_summary(made(inventory([listed()], [reading(*steps)], ACTIONS)), {})

    assert re.findall(r"^\| (\d+s) ", text, re.MULTILINE) == [f"{number}s" for number in range(1, 11)]


def test_a_long_list_says_how_much_more_there_is() -> None:
    architect_flows = [listed(f"af-{number}") for number in range(60)]

    assert "and 10 more: see the tables" in markdown_summary(made(inventory(architect_flows)), {})
