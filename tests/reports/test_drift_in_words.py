"""What has moved since the audit before, in words: one sentence, and what a table leads to."""

from reports.frames.drift import drift_sentence
from reports.tables import drift_table
from tests.timeouts.drift.two_audits import BEFORE, LATER, drift
from timeouts.drift.drift import drift_between


def test_a_link_column_opens_what_is_still_there() -> None:
    found = drift_table(drift(), {"af-1": "https://example.com/af-1"}).rows()

    assert {row["in Architect"] for row in found if row["Architect flow"] == "Support"} == {"https://example.com/af-1"}
    assert {row["in Architect"] for row in found if row["Architect flow"] == "Old line"} == {""}


def test_nothing_that_moved_is_one_sentence() -> None:
    found = drift_between(BEFORE, BEFORE.model_copy(update={"stamp": LATER}))

    assert drift_sentence(found) == (
        "No timeout moved since the audit of 2026-11-22 03:15 UTC (quiet-fox); 1 could not be compared."
    )
