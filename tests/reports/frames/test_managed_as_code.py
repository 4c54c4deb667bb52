"""An Architect flow that may come out of a repository: everybody who reads of a plan reads what its deploy may undo."""

import pytest

from reports.markdown.approval import question, record_page
from reports.markdown.summary import markdown_summary
from reports.page.page import html_report
from reports.tables import plan_table, steps_table
from tests.reports.made import made, printed
from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.org import Publisher
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.approval.ruling import ApprovalRecord, Proposal
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy

CI = Publisher(kind="client", id="c-1", name="CX as Code")
POLICY = Policy.raise_to(10_000)
SHORT = reading(step(1, LiteralTimeout(timeout_ms=3_000)))
ORG = inventory([listed(published_by=CI)], [SHORT], [action()])
PLAN = compute_plan(ORG, POLICY)
REPORT = made(ORG, PLAN)
WARNING = "published by the client CX as Code: its next deploy may overwrite this"
RECORD = ApprovalRecord(
    proposal=Proposal(
        run_id="run-1",
        organization=PLAN.organization,
        asked_by="Bo",
        asked_ms=0,
        expires_ms=1,
        checksum=PLAN.checksum,
        policy=POLICY,
    )
)


def test_the_summary_the_page_and_the_terminal_warn_of_its_next_deploy() -> None:
    assert f"Support: {WARNING}" in markdown_summary(REPORT, {})
    assert f"Support: {WARNING}" in html_report(REPORT)
    assert WARNING in printed(REPORT, width=200)


def test_the_approver_is_warned_in_the_question_and_in_the_record() -> None:
    asked = question(PLAN, RECORD, 2, whole_plan="http://x", answer_by_ms=1)

    assert "1 Architect flow of it published by the client CX as Code, whose next deploy may overwrite this" in asked
    assert f"Support: {WARNING}" in record_page(PLAN, RECORD, 2, {})


def test_the_tables_and_the_json_say_who_published() -> None:
    for table in (plan_table(REPORT), steps_table(REPORT)):
        assert table.cells[0][table.columns.index("published by")] == "the client CX as Code"
    assert b'"published_by":{"kind":"client","id":"c-1","name":"CX as Code"}' in REPORT.to_json()


@pytest.mark.parametrize("by", [None, Publisher(kind="person", name="Ada"), Publisher(kind="us", id="c-2")])
def test_nobody_is_warned_of_what_a_person_or_we_published(by: Publisher | None) -> None:
    org = inventory([listed(published_by=by)], [SHORT], [action()])
    plan = compute_plan(org, POLICY)

    assert plan.pins
    assert "deploy" not in markdown_summary(made(org, plan), {}) + html_report(made(org, plan)) + printed(
        made(org, plan)
    )
    assert "deploy" not in question(plan, RECORD, 2, whole_plan="http://x", answer_by_ms=1)
