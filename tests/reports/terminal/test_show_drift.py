"""What moved since the last audit, in the terminal and on the page."""

from reports.page.page import html_report
from tests.reports.made import printed
from tests.reports.org_of_rows import REPORTS
from tests.timeouts.drift.two_audits import drift
from timeouts.drift.drift import Drift


def shown(found: Drift, width: int = 100) -> str:
    return printed(REPORTS["audit"].model_copy(update={"drift": found}), width)


def test_a_sentence_says_what_moved_and_a_table_what_affects_callers() -> None:
    text = shown(drift(), 200)

    assert "1 wait lowered, 3 waits raised" in text
    assert "our run brave-ant" in text
    assert text.index("1 wait lowered") < text.index("shortest waits")


def test_a_step_that_only_follows_its_action_is_told_by_the_action() -> None:
    text = shown(drift(), 200)

    assert "action limit" in text
    assert "Call CRM 2" in text  # the one that Ada lowered
    assert text.count("Slow | score") == 1


def test_a_first_audit_is_one_sentence_and_no_table() -> None:
    text = shown(Drift(note="This is the first audit."))

    assert "This is the first audit." in text
    assert "What moved" not in text


def test_what_is_left_out_is_counted() -> None:
    found = drift()
    many = found.model_copy(update={"steps": found.steps[:1] * 40, "actions": ()})

    assert "... and 32 more" in shown(many)


def test_the_page_tells_it_too_and_shows_names_as_text() -> None:
    page = html_report(REPORTS["audit"].model_copy(update={"drift": drift()}))

    assert "Since the last audit" in page
    assert "Billing | *EMEA*" in page
