"""The tables and sections about actions: who uses them, what the figures say, who feels a change, what it costs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.golden import is_golden
from tests.timeouts.org_of_actions import (
    ACTION_OUTCOMES,
    EVIDENCE,
    INVENTORY,
    OUTCOMES,
    plan,
)
from timeouts.action_tables import (
    ACTION_COLUMNS,
    ACTION_OUTCOME_COLUMNS,
    FELT_COLUMNS,
    LOAD_COLUMNS,
    action_outcomes_table,
    actions_table,
    felt_table,
    load_table,
)
from timeouts.action_use import uses_of
from timeouts.concurrency import Load
from timeouts.evidence import Evidence
from timeouts.summary import Became, markdown_summary
from timeouts.tables import rows, steps_table

GOLDEN = Path(__file__).parent / "golden"
USES = uses_of(INVENTORY)

TABLES = {
    "actions": (actions_table(USES), ACTION_COLUMNS),
    "actions_planned": (actions_table(USES, EVIDENCE, plan()), ACTION_COLUMNS),
    "felt": (felt_table(plan()), FELT_COLUMNS),
    "action_outcomes": (action_outcomes_table(ACTION_OUTCOMES), ACTION_OUTCOME_COLUMNS),
    "load": (load_table(plan().load or Load()), LOAD_COLUMNS),
    "steps_by_action": (steps_table(INVENTORY, plan()), None),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_reads_as_the_golden_file(name: str) -> None:
    table, _ = TABLES[name]
    path = GOLDEN / f"{name}.json"
    found = json.dumps(rows(table), indent=1, ensure_ascii=False) + "\n"

    assert is_golden(path, found)


@pytest.mark.parametrize("name", [name for name, (_, columns) in TABLES.items() if columns])
def test_columns_stand_in_their_order(name: str) -> None:
    table, columns = TABLES[name]

    assert tuple(table.columns) == columns


SUMMARIES = {
    "levers": markdown_summary(INVENTORY, plan(), link=lambda _: ""),
    "levers_applied": markdown_summary(INVENTORY, plan(), Became(OUTCOMES, ACTION_OUTCOMES), link=lambda _: ""),
    "no_figures": markdown_summary(
        replace(INVENTORY, notes=(), evidence=Evidence(asked_days=7, problem="403 | no")),
        link=lambda _: "",
    ),
}


@pytest.mark.parametrize("name", SUMMARIES)
def test_a_summary_reads_as_the_golden_file(name: str) -> None:
    path = GOLDEN / f"summary_{name}.md"
    found = SUMMARIES[name]

    assert is_golden(path, found)


def test_an_action_that_steps_use_and_one_that_none_uses_are_told_apart() -> None:
    notes = {use.name: use.note for use in USES}

    assert notes == {
        "CRM | look up": "",
        "Score [v2]": "a function: 1s to 15s",
        "Get time": "owned by Genesys: not ours to change",
        "CRM token": "authenticates others: takes no limit",
        "Merge (old)": "no Architect flow uses it",
    }


def test_an_action_knows_the_shortest_and_the_longest_wait_of_its_steps() -> None:
    crm = next(use for use in USES if use.action_id == "crm")

    assert (crm.steps, crm.architect_flows, crm.shortest_ms, crm.longest_ms) == (4, 2, 3_000, 5_000)


def test_where_not_the_whole_org_was_looked_at_nothing_is_said_to_be_unused() -> None:
    part = replace(INVENTORY, is_whole=False)

    assert "no Architect flow uses" not in markdown_summary(part, link=lambda _: "")
