"""What has moved since the audit before, in words: one sentence, the table, and the section of a run's summary."""

import json
import re
from pathlib import Path

from reports.frames.drift import drift_sentence
from reports.markdown.drift import drift_section
from reports.markdown.text import linked
from reports.tables import drift_table
from tests.golden import is_golden
from tests.timeouts.drift.two_audits import BEFORE, LATER, drift
from timeouts.drift.drift import Drift, drift_between

GOLDEN = Path(__file__).parent / "golden"
DRIFT_COLUMNS = (
    *("what", "Architect flow", "type", "container", "step", "tracking id", "action"),
    *("before", "after", "effective before", "effective after", "version", "published by", "note"),
)


def test_the_table_reads_as_the_golden_file() -> None:
    found = json.dumps(drift_table(drift()).rows(), indent=1, ensure_ascii=False) + "\n"

    assert is_golden(GOLDEN / "drift.json", found)


def test_the_section_reads_as_the_golden_file() -> None:
    text = drift_section(drift(), lambda key, name: linked(name, key and f"https://example.com/{key}")) + "\n"

    assert is_golden(GOLDEN / "drift.md", text)
    tables = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    assert all(len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1 for table in tables)


def test_columns_stand_in_their_order() -> None:
    found = drift_table(drift())

    assert found.columns == DRIFT_COLUMNS
    assert {type(row["tracking id"]) for row in found.rows()} == {int, type(None)}


def test_a_link_column_opens_what_is_still_there() -> None:
    found = drift_table(drift(), {"af-1": "https://example.com/af-1"}).rows()

    assert {row["in Architect"] for row in found if row["Architect flow"] == "Support"} == {"https://example.com/af-1"}
    assert {row["in Architect"] for row in found if row["Architect flow"] == "Old line"} == {""}


def test_a_first_audit_says_that_there_is_nothing_to_compare_with() -> None:
    assert drift_sentence(Drift(note="This is the first audit.")) == "This is the first audit."


def test_nothing_that_moved_is_one_sentence() -> None:
    found = drift_between(BEFORE, BEFORE.model_copy(update={"stamp": LATER}))

    assert drift_sentence(found) == (
        "No timeout moved since the audit of 2026-11-22 03:15 UTC (quiet-fox); 1 could not be compared."
    )
