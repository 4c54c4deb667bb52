"""What moved between two runs, from their documents alone."""

from dataclasses import replace

import pytest

from reports.frames.compared.comparison import NotComparableError, drift_of_reports
from reports.frames.compared.drift import drift_sentence
from reports.report import Report
from tests.reports.made import made
from tests.timeouts.org_of_examples import AFTER, INVENTORY, OUTCOMES, plan

BEFORE, NOW = made(INVENTORY, name="calm-fox"), made(AFTER, name="loyal-dove")


def test_a_run_and_itself_show_that_nothing_moved() -> None:
    assert not drift_of_reports(BEFORE, BEFORE, "2026-11-29 14:02 UTC").is_found


def test_steps_that_were_raised_in_between_are_named_with_what_callers_waited() -> None:
    found = drift_of_reports(BEFORE, NOW, "2026-11-29 14:02 UTC")

    assert {step.move for step in found.steps} == {"raised"}
    assert all((step.before_effective_ms or 0) < (step.after_effective_ms or 0) for step in found.steps)
    assert found.since is not None
    assert found.since.run_name == "calm-fox"


@pytest.mark.parametrize(
    ("earlier", "since"),
    [
        (BEFORE, "since the audit of Monday (calm-fox)"),
        (made(INVENTORY, plan(), name="calm-fox"), "since the raise run of Monday (calm-fox)"),
        (made(INVENTORY, plan(), OUTCOMES, name="calm-fox"), "since before the raise run of Monday (calm-fox)"),
    ],
    ids=["audit", "dry run", "published"],
)
def test_it_is_said_since_what_of_which_run(earlier: Report, since: str) -> None:
    assert since in drift_sentence(drift_of_reports(earlier, NOW, "Monday"))


def test_documents_of_two_orgs_are_not_compared() -> None:
    other = BEFORE.model_copy(update={"org": BEFORE.org.model_copy(update={"id": "another"})})

    with pytest.raises(NotComparableError, match="only two runs in one org can be compared"):
        drift_of_reports(BEFORE, other, "")


def test_where_one_looked_at_a_part_only_that_part_is_compared() -> None:
    part = INVENTORY.architect_flows[0].id
    chosen = [reading for reading in INVENTORY.readings if reading.architect_flow_id == part]
    partly = made(replace(INVENTORY, readings=tuple(chosen)).of({part}), name="calm-fox")

    found = drift_of_reports(partly, NOW, "")

    assert {step.architect_flow_id for step in found.steps} <= {part}
    assert not [step for step in found.steps if step.move in {"new", "gone"}]


def test_a_document_that_was_read_back_says_the_same() -> None:
    read = Report.model_validate_json(NOW.to_json())

    assert drift_of_reports(BEFORE, read, "x") == drift_of_reports(BEFORE, NOW, "x")
