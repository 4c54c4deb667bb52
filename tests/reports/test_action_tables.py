"""The tables and sections about actions: who uses them, what the figures say, whom a change affects, what it costs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from reports.frames.uses import uses_of
from reports.markdown.summary import markdown_summary
from reports.tables import action_outcomes_table, actions_table, affected_steps_table, load_table, steps_table
from tests.golden import is_golden
from tests.reports.made import made
from tests.timeouts.org_of_actions import (
    ACTION_OUTCOMES,
    INVENTORY,
    OUTCOMES,
    plan,
)
from timeouts.model.evidence import Evidence
from timeouts.planning.concurrency import Load

GOLDEN = Path(__file__).parent / "golden"
USES = uses_of(INVENTORY)
PLANNED = made(INVENTORY, plan())
ACTION_COLUMNS = (
    *("action", "category", "kind", "limit", "a call takes", "steps", "Architect flows", "after"),
    *("calls", "lost", "lost share", "at the limit", "mean", "p95", "p99", "longest", "note"),
)
AFFECTED_COLUMNS = (
    *("action", "limit before", "limit after", "Architect flow", "container", "step", "tracking id"),
    *("effective before", "effective after", "asked for"),
)
ACTION_OUTCOME_COLUMNS = (
    *("action", "outcome", "reason", "limit before", "limit after", "version before", "version after", "notes"),
)
LOAD_COLUMNS = (
    *("action", "calls in the busiest hour", "at once now", "worst case now", "worst case after", "the org's limit"),
)

TABLES = {
    "actions": (actions_table(made(replace(INVENTORY, evidence=None))), ACTION_COLUMNS),
    "actions_planned": (actions_table(PLANNED), ACTION_COLUMNS),
    "affected": (affected_steps_table(plan()), AFFECTED_COLUMNS),
    "action_outcomes": (
        action_outcomes_table(made(INVENTORY, plan(), [*OUTCOMES, *ACTION_OUTCOMES])),
        ACTION_OUTCOME_COLUMNS,
    ),
    "load": (load_table(plan().load or Load()), LOAD_COLUMNS),
    "steps_by_action": (steps_table(PLANNED), None),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_reads_as_the_golden_file(name: str) -> None:
    table, _ = TABLES[name]
    path = GOLDEN / f"{name}.json"
    found = json.dumps(table.rows(), indent=1, ensure_ascii=False) + "\n"

    assert is_golden(path, found)


@pytest.mark.parametrize("name", [name for name, (_, columns) in TABLES.items() if columns])
def test_columns_stand_in_their_order(name: str) -> None:
    table, columns = TABLES[name]

    assert table.columns == columns


SUMMARIES = {
    "levers": markdown_summary(PLANNED, {}),
    "levers_applied": markdown_summary(made(INVENTORY, plan(), [*OUTCOMES, *ACTION_OUTCOMES]), {}),
    "no_figures": markdown_summary(
        made(replace(INVENTORY, notes=(), evidence=Evidence(asked_days=7, problem="403 | no"))), {}
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

    assert "no Architect flow uses" not in markdown_summary(made(part), {})
