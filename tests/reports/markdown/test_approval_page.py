"""What an approver reads: who asks for what, every row of the plan, and how to answer."""

from typing import Any

from reports.markdown.approval import question, record_page
from reports.words import utc
from tests.approvers import ANA, BO, fingerprint, register, signed
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_examples import plan
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.approval.request import Decision, read_request
from timeouts.planning.approval.ruling import Answer, ApprovalRecord, Proposal, Ruling, Running, rule_on
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy

NOW_MS = 1_700_000_000_000
ANSWER_BY_MS = NOW_MS + 60_000
PROPOSAL = Proposal(
    run_id="run-1",
    organization=plan().organization,
    asked_by="Bo | Lindqvist",
    asked_ms=NOW_MS,
    expires_ms=ANSWER_BY_MS,
    checksum=plan().checksum,
    policy=plan().policy,
    waive=("share",),
)
RECORD = ApprovalRecord(proposal=PROPOSAL)
REFUSED = RECORD.with_answer(Answer(), Ruling(verdict="refused", reason="another | plan"), NOW_MS)


def after(
    name: str, decision: Decision, note: str, record: ApprovalRecord = RECORD, at_ms: int = NOW_MS
) -> ApprovalRecord:
    """The record after somebody has signed."""
    given = Answer(decision=decision, signature=signed(name, PROPOSAL.request, decision), note=note)
    running = Running(request=PROPOSAL.request, proposal=PROPOSAL)
    return record.with_answer(given, rule_on(given, record, running, register(), now_ms=at_ms), at_ms)


def asked(record: ApprovalRecord = RECORD, signatures: int = 2, answer_by_ms: int = ANSWER_BY_MS) -> str:
    where = "https://prefect/artifacts/key/plan"
    return question(plan(), record, signatures, whole_plan=where, answer_by_ms=answer_by_ms)


def page(record: ApprovalRecord = RECORD, signatures: int = 2, answer_by_ms: int | None = None, **changed: Any) -> str:
    shown = plan().model_copy(update=changed)
    addresses = {pin.architect_flow_id: f"https://org/{pin.architect_flow_id}" for pin in shown.pins}
    return record_page(shown, record, signatures, addresses, answer_by_ms)


def test_the_question_says_who_asks_what_and_where_every_row_is() -> None:
    assert r"Bo \| Lindqvist (name as typed) asks" in asked()
    assert f"**{len(plan().changes)} steps** in **{len(plan().pins)} Architect flows**" in asked()
    assert "[every row of the plan](https://prefect/artifacts/key/plan)" in asked()


def test_of_one_of_each_the_question_speaks_as_of_one() -> None:
    org = inventory(
        [listed()], [reading(step(1, LiteralTimeout(timeout_ms=3_000)))], [action(limit_ms=5_000, version=1)]
    )
    one = compute_plan(org, Policy.raise_to(10_000, levers=("step", "action")))

    said = question(one, RECORD, 1, whole_plan="https://prefect/plan", answer_by_ms=ANSWER_BY_MS)

    assert "to change **1 step** in **1 Architect flow** and **1 action limit**." in said
    assert "**0 of 1 signature**." in said


def test_the_question_has_the_command_ready_to_paste_and_says_how_many_have_signed() -> None:
    """Who wants it signs first; then the command is the one of who approves."""
    once = after(BO, "ask", "")

    assert "**0 of 2 signatures**." in asked()
    assert f"`genesys-timeouts approver sign ask {PROPOSAL.request.text}`" in asked()
    assert f"**1 of 2 signatures**: {BO} asked." in asked(once)
    assert f"`genesys-timeouts approver sign approve {PROPOSAL.request.text}`" in asked(once)
    assert f"`genesys-timeouts approver sign approve {PROPOSAL.request.text}`" in asked(signatures=1)
    assert f"sign ask {PROPOSAL.request.text}" in asked(after(ANA, "approve", ""))
    assert read_request(PROPOSAL.request.text) == PROPOSAL.request
    assert "Refused" not in asked(once)


def test_who_approves_a_plan_that_was_made_without_seeing_everything_is_told_so() -> None:
    missing = ("3 of 57 Architect flows could not be read", "The functions behind A | B could not be read")
    record = RECORD.model_copy(update={"proposal": PROPOSAL.model_copy(update={"missing": missing})})

    said = "**Not everything could be read:** 3 of 57 Architect flows could not be read; The functions behind A \\| B"
    assert said in asked(record)
    assert said in page(record)
    assert "Not everything" not in asked() + page()


def test_who_approves_is_told_what_was_to_be_spared_and_matches_nothing() -> None:
    spared = ("Nothing is protected by Paymnet*: no Architect flow is called so.",)
    record = RECORD.model_copy(update={"proposal": PROPOSAL.model_copy(update={"spares_nothing": spared})})

    assert "**Nothing is protected by Paymnet\\*: no Architect flow is called so.**" in asked(record)
    assert "Nothing is protected by" in page(record)
    assert "Nothing is protected" not in asked() + page()


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
    written = page(changes=changes)

    assert "| Architect flow | Step | Kind | Action |" in written
    assert written.count("| secure |") == len(changes)
    assert "Kind" not in page()


def test_the_page_says_who_decided_what_by_their_keys_and_what_came_of_it() -> None:
    done = after(ANA, "approve", "go", after(BO, "ask", "please", REFUSED), NOW_MS + 50_000)
    written = page(done.model_copy(update={"outcomes": {"Architect flows published": 2}}))

    assert f"| {utc(NOW_MS)} | Bo \\| Lindqvist (name as typed) | started the run |  |" in written
    assert f"| {utc(NOW_MS)} | somebody (not signed) | refused | another \\| plan |" in written
    assert f"| {utc(NOW_MS)} | {BO} (key {fingerprint(BO)}) | asked | please |" in written
    assert f"| {utc(NOW_MS + 50_000)} | {ANA} (key {fingerprint(ANA)}) | approved | go |" in written
    assert "2 Architect flows published" in written
    assert "- share" in written


def test_the_page_says_to_each_of_the_two_how_to_sign() -> None:
    for decision in ("ask", "approve"):
        assert f"`genesys-timeouts approver sign {decision} {PROPOSAL.request.text}`" in page()
    assert "sign ask" not in page(signatures=1)


def test_question_and_page_say_until_when_the_run_waits_and_until_when_the_plan_holds() -> None:
    """Both named the end of the plan alone: who answered hours before that found the run dead."""
    sooner_ms = ANSWER_BY_MS - 60_000
    both = f"by {utc(sooner_ms)}; the plan itself holds until {utc(ANSWER_BY_MS)}."

    assert f"Answer {both} Sign on" in asked(answer_by_ms=sooner_ms)
    assert f"Answer by {utc(ANSWER_BY_MS)}. Sign on" in asked()
    assert f"have to sign. The next answer has to come {both}" in page(answer_by_ms=sooner_ms)
    assert f"have to sign. The next answer has to come by {utc(ANSWER_BY_MS)}." in page(answer_by_ms=ANSWER_BY_MS)
    assert "has to come by" not in page()  # once it is decided


def test_what_nobody_signed_is_told_as_nobodys() -> None:
    rejected = RECORD.with_answer(Answer(), Ruling(verdict="rejected", reason="no", is_final=True), NOW_MS)

    assert f"| {utc(NOW_MS)} | somebody (not signed) | rejected | no |" in page(rejected)
