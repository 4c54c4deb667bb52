"""What an approver reads: who asks for what, every row of the plan, and how to answer."""

from pydantic import SecretStr

from reports.markdown.approval import question, record_page
from tests.timeouts.org_of_examples import plan
from timeouts.planning.approval import Answer, ApprovalRecord, Proposal, Ruling, approval_code

NOW_MS = 1_700_000_000_000
PROPOSAL = Proposal(
    run_id="run-1",
    organization=plan().organization,
    asked_by="Bo | Lindqvist",
    asked_ms=NOW_MS,
    expires_ms=NOW_MS + 60_000,
    checksum=plan().checksum,
    policy=plan().policy,
    waive=("share",),
)
RECORD = ApprovalRecord(proposal=PROPOSAL)
REFUSED = RECORD.with_answer(Answer(approver="Ana"), Ruling(verdict="refused", reason="another | plan"), NOW_MS)


def asked(record: ApprovalRecord = RECORD) -> str:
    return question(plan(), record, whole_plan="https://prefect/artifacts/key/plan", format_time=str)


def page(record: ApprovalRecord = RECORD) -> str:
    return record_page(plan(), record, address=lambda pin: f"https://org/{pin.architect_flow_id}", format_time=str)


def test_the_question_says_who_asks_what_and_where_every_row_is() -> None:
    assert r"Bo \| Lindqvist asks" in asked()
    assert f"**{len(plan().changes)} steps** in **{len(plan().pins)} Architect flows**" in asked()
    assert "[every row of the plan](https://prefect/artifacts/key/plan)" in asked()
    assert f"genesys-timeouts approval-code run-1 {plan().checksum}" in asked()


def test_who_approves_a_plan_that_was_made_without_seeing_everything_is_told_so() -> None:
    """Issue F, 14."""
    missing = ("3 of 57 Architect flows could not be read", "The functions behind A | B could not be read")
    record = RECORD.model_copy(update={"proposal": PROPOSAL.model_copy(update={"missing": missing})})

    said = "**Not everything could be read:** 3 of 57 Architect flows could not be read; The functions behind A \\| B"
    assert said in asked(record)
    assert said in page(record)
    assert "Not everything" not in asked() + page()


def test_the_question_is_made_of_paragraphs_for_prefects_form_shows_nothing_else() -> None:
    assert not [line for line in asked(REFUSED).splitlines() if line.startswith(("#", "|", "- "))]


def test_an_answer_that_was_refused_stands_first_with_its_reason() -> None:
    assert asked(REFUSED).startswith(r"**Refused:** another \| plan.")


def test_the_page_has_every_row_of_the_plan() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| [")]

    assert len(rows) == len(plan().changes)
    assert all(f"https://org/{change.architect_flow_id}" in page() for change in plan().changes)


def test_the_page_says_of_what_kind_the_steps_are_where_not_all_are_data_steps() -> None:
    changes = tuple(change.model_copy(update={"kind": "secure"}) for change in plan().changes)
    written = record_page(plan().model_copy(update={"changes": changes}), RECORD, address=lambda _: "", format_time=str)

    assert "| Architect flow | Step | Kind | Action |" in written
    assert written.count("| secure |") == len(changes)
    assert "Kind" not in page()


def test_the_page_says_who_decided_what_and_what_came_of_it() -> None:
    code = approval_code(SecretStr("three slow herons"), "run-1", plan().checksum)
    approved = Answer(decision="approve", approver="Ana", plan_checksum=plan().checksum, code=code, note="go")
    done = REFUSED.with_answer(approved, Ruling(verdict="approved", reason="go"), NOW_MS + 1)
    written = page(done.model_copy(update={"outcomes": {"Architect flows published": 2}}))

    assert f"| {NOW_MS} | Ana | refused | another \\| plan |" in written
    assert f"| {NOW_MS + 1} | Ana | approved | go |" in written
    assert "2 Architect flows published" in written
    assert "- share" in written
    assert code not in written
