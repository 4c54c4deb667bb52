"""What has moved since the audit before, in words: one sentence, and what a table leads to."""

from reports.frames.compared.drift import drift_rows, drift_sentence
from reports.markdown.drift import drift_section
from reports.tables import drift_table
from tests.reports.made import made, printed
from tests.timeouts.conftest import copy_of, inventory, listed, reading, step
from tests.timeouts.drift.two_audits import BEFORE, LATER, S3, S10, drift, moved_between, seen


def test_a_link_column_opens_what_is_still_there() -> None:
    found = drift_table(drift(), {"af-1": "https://example.com/af-1"}).rows()

    assert {row["in Architect"] for row in found if row["Architect flow"] == "Support"} == {"https://example.com/af-1"}
    assert {row["in Architect"] for row in found if row["Architect flow"] == "Old line"} == {""}


def test_nothing_that_moved_is_one_sentence() -> None:
    found = moved_between(BEFORE, BEFORE.model_copy(update={"stamp": LATER}))

    assert drift_sentence(found) == (
        "No timeout moved since the audit of 2026-11-22 03:15 UTC (quiet-fox); 1 could not be compared."
    )


def test_a_module_that_was_taken_in_is_told_in_the_sentence_the_table_and_the_summary() -> None:
    before = [reading(snapshots=(copy_of(step(7, S3)),))]
    after = [reading(snapshots=(copy_of(step(7, S10), version="4.0"),))]
    found = moved_between(seen([listed()], before), seen([listed(published_version="5.0")], after, stamp=LATER))

    assert drift_sentence(found).startswith("1 Architect flow with other copies of a module since")
    assert [(row.what, row.note) for row in drift_rows(found)] == [
        ("published", "no timeout of its own moved"),
        ("module taken in", "Common login 4.0: 1 step of it other than before"),
    ]
    assert "| module taken in | Support |  | Common login 4.0: 1 step" in drift_section(found, lambda _, name: name)
    assert "module Common login" in printed(made(inventory([listed()]), drift=found), 200)


def test_a_module_that_was_taken_in_and_says_the_same_is_in_the_table_alone() -> None:
    before, after = ([reading(snapshots=(copy_of(step(7, S3), version=version),))] for version in ("3.0", "4.0"))
    found = moved_between(seen([listed()], before), seen([listed(published_version="5.0")], after, stamp=LATER))

    assert drift_sentence(found).startswith("No timeout moved since")
    assert drift_rows(found)[1].note == "Common login 4.0: its steps say the same"
    assert "module taken in" not in drift_section(found, lambda _, name: name)
