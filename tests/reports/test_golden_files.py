"""All that people read of a run, whole: tables, summaries and the terminal, as the golden files have it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from reports.histories import History, histories_of
from reports.markdown.as_code import as_code_section
from reports.markdown.drift import drift_section
from reports.markdown.summary import markdown_summary
from reports.markdown.text import linked
from reports.tables import (
    action_outcomes_table,
    actions_table,
    affected_steps_table,
    as_code_table,
    drift_table,
    load_table,
    outcomes_table,
    plan_table,
    steps_table,
    undone_table,
    verified_table,
)
from tests.golden import is_golden
from tests.reports import org_of_rows, org_with_actions
from tests.reports.made import made, printed
from tests.timeouts import org_of_actions
from tests.timeouts.as_code import org_and_files
from tests.timeouts.as_code.org_and_files import as_code
from tests.timeouts.conftest import inventory
from tests.timeouts.drift.two_audits import drift
from tests.timeouts.org_of_examples import AFTER, ARCHITECT_FLOWS, INVENTORY, OUTCOMES, address, plan, roll_back
from timeouts.model.evidence import Evidence
from timeouts.planning.concurrency import Load

GOLDEN = Path(__file__).parent / "golden"

AUDITED, APPLIED = made(INVENTORY), made(INVENTORY, plan(), OUTCOMES)
STOPPED = made(INVENTORY, plan(architect_flows=1), [])
ROLLED_BACK = made(AFTER, roll_back())
EMPTY = made(inventory())
LEVERS = org_of_actions.INVENTORY
LEVERS_PLANNED = made(LEVERS, org_of_actions.plan())
LEVERS_APPLIED = made(LEVERS, org_of_actions.plan(), org_of_actions.ALL_OUTCOMES)
DEPLOYED = made(org_and_files.ORG, org_and_files.plan(), as_code=as_code())
NO_FIGURES = made(replace(LEVERS, notes=(), evidence=Evidence(asked_days=7, problem="403 | no")))

TABLES = {
    "steps": steps_table(AUDITED),
    "steps_planned": steps_table(APPLIED),
    "plan": plan_table(APPLIED),
    "outcomes": outcomes_table(APPLIED),
    "verified": verified_table(APPLIED),
    "roll_back": plan_table(ROLLED_BACK),
    "rolled_back": verified_table(made(AFTER, roll_back(), OUTCOMES)),
    "nothing": steps_table(EMPTY),
    "actions": actions_table(made(replace(LEVERS, evidence=None))),
    "actions_planned": actions_table(LEVERS_PLANNED),
    "affected": affected_steps_table(org_of_actions.plan()),
    "action_outcomes": action_outcomes_table(LEVERS_APPLIED),
    "load": load_table(org_of_actions.plan().load or Load()),
    "steps_by_action": steps_table(LEVERS_PLANNED),
    "drift": drift_table(drift()),
    "as_code": as_code_table(as_code()),
    "undone": undone_table(DEPLOYED.undone),
}
HISTORIES = {
    "histories_of_run": histories_of(APPLIED),
    "histories_of_drift": histories_of(made(INVENTORY, drift=drift())),
}
ADDRESSES = {each.id: address(each) for each in ARCHITECT_FLOWS}
MARKDOWN = {
    "summary_audit": markdown_summary(AUDITED, ADDRESSES),
    "summary_dry_run": markdown_summary(made(INVENTORY, plan(architect_flows=1)), ADDRESSES),
    "summary_applied": markdown_summary(APPLIED, ADDRESSES),
    "summary_stopped": markdown_summary(STOPPED, ADDRESSES),
    "summary_roll_back": markdown_summary(ROLLED_BACK, ADDRESSES),
    "summary_empty_org": markdown_summary(EMPTY, {}),
    "summary_levers": markdown_summary(LEVERS_PLANNED, {}),
    "summary_levers_applied": markdown_summary(LEVERS_APPLIED, {}),
    "summary_no_figures": markdown_summary(NO_FIGURES, {}),
    "as_code": as_code_section(as_code(), lambda key, name: linked(name, f"https://example.com/{key}")) + "\n",
    "drift": drift_section(drift(), lambda key, name: linked(name, key and f"https://example.com/{key}")) + "\n",
}
SHOWN = {name: printed(one, where=org_of_rows.WHERE) for name, one in org_of_rows.REPORTS.items()}
SHOWN |= {"as_code": printed(DEPLOYED, 120), "as_code_narrow": printed(made(org_and_files.ORG, as_code=as_code()), 70)}
SHOWN |= {name: printed(one) for name, one in org_with_actions.REPORTS.items()}


def rows_of(found: Iterable[object]) -> str:
    return json.dumps(list(found), indent=1, ensure_ascii=False) + "\n"


def history_in_words(one: History) -> Mapping[str, object]:
    return {"of": one.name, "sentence": one.sentence, "rows": list(one.rows)}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_reads_as_the_golden_file_with_its_columns_in_their_order(name: str) -> None:
    assert is_golden(GOLDEN / f"{name}.json", rows_of(TABLES[name].rows()))


def test_a_table_without_rows_has_the_same_columns() -> None:
    assert TABLES["nothing"].columns == TABLES["steps"].columns == TABLES["plan"].columns


@pytest.mark.parametrize("name", HISTORIES)
def test_the_histories_of_a_run_and_of_what_moved_read_as_the_golden_file(name: str) -> None:
    assert is_golden(GOLDEN / f"{name}.json", rows_of(map(history_in_words, HISTORIES[name])))


@pytest.mark.parametrize("name", MARKDOWN)
def test_a_summary_reads_as_the_golden_file(name: str) -> None:
    assert is_golden(GOLDEN / f"{name}.md", MARKDOWN[name])


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(name: str) -> None:
    tables = re.findall(r"(?:^\|.*\|\n)+", MARKDOWN[name], re.MULTILINE)

    assert all(len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1 for table in tables)


@pytest.mark.parametrize("name", SHOWN)
def test_a_run_in_the_terminal_reads_as_the_golden_file(name: str) -> None:
    lines = (line.rstrip() for line in SHOWN[name].splitlines())
    found = re.sub(r"sha256:[0-9a-f]{64}", "sha256:...", "\n".join(lines) + "\n")

    assert is_golden(GOLDEN / f"{name}.txt", found)
