"""Approval: only two people's signatures of this very plan, in time, count; everything else is refused by name."""

from typing import Any

import pytest
from pydantic import ValidationError

from tests.approvers import ANA, BO, CY, MAL, fingerprint, register, signed
from tests.timeouts.conftest import ORG
from timeouts.model.org import Organization
from timeouts.planning.approval.register import Register
from timeouts.planning.approval.request import Decision
from timeouts.planning.approval.ruling import (
    Answer,
    ApprovalRecord,
    ApprovalTerms,
    Proposal,
    Ruling,
    Running,
    foreign,
    judged_again,
    rule_on,
)
from timeouts.planning.saved_plan import LIFETIME_MS
from timeouts.policy.policy import Policy

NOW_MS = 1_700_000_000_000
CHECKSUM = f"sha256:{'0123456789abcdef' * 4}"
PROPOSAL = Proposal(
    run_id="run-1",
    organization=ORG,
    asked_by=BO,
    asked_ms=NOW_MS,
    expires_ms=NOW_MS + 1_000,
    checksum=CHECKSUM,
    policy=Policy.raise_to(10_000),
    waive=("share",),
)
REQUEST = PROPOSAL.request
RUNNING = Running(request=REQUEST, proposal=PROPOSAL)
ASKED = ApprovalRecord(proposal=PROPOSAL)
OTHERS = {
    "org": "org-2",
    "run": "run-0",
    "plan": "f" * 64,
    "expires_ms": NOW_MS + 2_000,
    "waive": (),
}
"""What each field of a request may be instead."""


def answer(name: str = ANA, decision: Decision = "approve", **changed: Any) -> Answer:
    request = REQUEST.model_copy(update=changed)
    return Answer(decision=decision, signature=signed(name, request, decision), note=" ok ")


def ruling(given: Answer, record: ApprovalRecord = ASKED, **changed: Any) -> Ruling:
    arguments: dict[str, Any] = {"running": RUNNING, "register": register(), "now_ms": NOW_MS} | changed
    return rule_on(given, record, **arguments)


def after(*given: Answer, who: Register | None = None) -> ApprovalRecord:
    """The record after these answers."""
    record = ASKED
    for each in given:
        found = rule_on(each, record, RUNNING, who or register(), now_ms=NOW_MS)
        record = record.with_answer(each, found, NOW_MS)
    return record


BO_ASKED = after(answer(BO, "ask"))


def test_who_asks_signs_and_a_second_person_approves_the_plan_that_is_named() -> None:
    (asked,) = BO_ASKED.answers
    approved = ruling(answer(), BO_ASKED)

    assert (asked.ruling.verdict, asked.who, asked.ruling.is_final) == ("signed", BO, False)
    assert (approved.verdict, approved.reason, approved.is_final) == ("approved", "ok", True)
    assert approved.by is not None
    assert approved.by.label == f"{ANA} (key {fingerprint(ANA)})"


def test_the_order_of_the_two_signatures_does_not_count() -> None:
    approved_first = after(answer())

    assert approved_first.answers[-1].ruling.verdict == "signed"
    assert ruling(answer(BO, "ask"), approved_first).verdict == "approved"


def test_nobody_approves_what_they_ask_for_whatever_name_is_typed() -> None:
    """The name under asked_by is another one here: what counts is the key."""
    asked_as_another = ASKED.model_copy(update={"proposal": PROPOSAL.model_copy(update={"asked_by": "Zoe"})})
    running = RUNNING.model_copy(update={"proposal": asked_as_another.proposal})
    record = asked_as_another.with_answer(answer(BO, "ask"), BO_ASKED.answers[0].ruling, NOW_MS)

    found = ruling(answer(BO), record, running=running)

    assert (found.verdict, found.is_final) == ("refused", False)
    assert f"{BO} has signed already (ask): somebody else has to, with a key of their own" in found.reason


def test_two_who_ask_approve_nothing() -> None:
    assert f"{BO} has signed ask already" in ruling(answer(ANA, "ask"), BO_ASKED).reason


def test_the_same_signature_twice_is_refused() -> None:
    assert ruling(answer(BO, "ask"), BO_ASKED).verdict == "refused"


def test_where_the_register_wants_one_signature_one_approves_and_an_ask_alone_does_not() -> None:
    one = register(signatures=1)

    assert ruling(answer(), register=one).verdict == "approved"
    assert ruling(answer(BO, "ask"), register=one).verdict == "signed"


@pytest.mark.parametrize("field", sorted(OTHERS))
@pytest.mark.parametrize("decision", ["ask", "approve"])
def test_a_signature_of_another_org_run_plan_time_or_waiver_does_not_fit(decision: Decision, field: str) -> None:
    found = ruling(answer(ANA, decision, **{field: OTHERS[field]}), BO_ASKED)

    assert (found.verdict, found.is_final) == ("refused", False)
    assert f"the signature of {ANA} is not for what this run asks" in found.reason


def test_a_signature_of_another_decision_is_named() -> None:
    turned = answer(ANA, "reject").model_copy(update={"decision": "approve"})

    assert f"{ANA} signed reject, and the answer is approve" in ruling(turned, BO_ASKED).reason


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (answer(MAL), f"the key {fingerprint(MAL)} is no approver's"),
        (Answer(decision="approve"), "there is no signature"),
        (Answer(decision="approve", signature=answer().signature[:-1]), "there is no signature"),
        (Answer(decision="approve", signature="AAAA-BBBB-CCCC-DDDD"), "there is no signature"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_can_be_given_again(given: Answer, reason: str) -> None:
    found = ruling(given, BO_ASKED)

    assert (found.verdict, found.is_final) == ("refused", False)
    assert reason in found.reason


def test_a_signature_under_somebody_elses_fingerprint_is_refused() -> None:
    stolen = f"{fingerprint(CY)}.{answer().signature.partition('.')[2]}"

    assert f"the signature of {CY} is not for" in ruling(Answer(decision="approve", signature=stolen), BO_ASKED).reason


def test_a_revoked_key_approves_nothing_more() -> None:
    found = ruling(answer(), BO_ASKED, register=register(revoked=[fingerprint(ANA)]))

    assert (found.verdict, found.reason) == ("refused", f"the key {fingerprint(ANA)} of {ANA} is revoked")


def test_line_breaks_of_a_pasted_signature_do_not_count() -> None:
    text = answer().signature
    broken = answer().model_copy(update={"signature": f" {text[:40]}\n{text[40:]} "})

    assert ruling(broken, BO_ASKED).verdict == "approved"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"policy": Policy.raise_to(20_000)}, "(policy)"),
        ({"waive": ("share", "reach")}, "(waive)"),
        ({"protected": ("Main line",)}, "(protected)"),
        ({"asked_by": "Cy Ode"}, "(asked_by)"),
    ],
)
def test_a_run_whose_parameters_were_changed_cannot_be_approved(changed: dict[str, Any], named: str) -> None:
    running = RUNNING.model_copy(update={"proposal": PROPOSAL.model_copy(update=changed)})

    found = ruling(answer(), BO_ASKED, running=running)

    assert (found.verdict, found.is_final) == ("refused", True)
    assert named in found.reason


def test_limits_that_are_waived_in_the_parameters_and_in_storage_alike_are_still_not_signed() -> None:
    proposal = PROPOSAL.model_copy(update={"waive": ("share", "window")})
    running = Running(request=proposal.request, proposal=proposal)

    found = ruling(answer(), ApprovalRecord(proposal=proposal), running=running)

    assert "is not for what this run asks" in found.reason


def test_an_expired_plan_cannot_be_approved() -> None:
    found = ruling(answer(), BO_ASKED, now_ms=PROPOSAL.expires_ms)

    assert (found.verdict, found.is_final) == ("expired", True)
    assert "expired" in found.reason


def test_a_plan_that_would_live_for_longer_than_a_plan_may_cannot_be_approved() -> None:
    proposal = PROPOSAL.model_copy(update={"expires_ms": NOW_MS + LIFETIME_MS + 1})
    running = Running(request=proposal.request, proposal=proposal)
    given = Answer(decision="approve", signature=signed(ANA, proposal.request, "approve"))

    assert "longer than a plan may" in ruling(given, ApprovalRecord(proposal=proposal), running=running).reason


def test_whoever_looks_at_the_run_may_reject_its_plan_and_nobody_is_said_to_have_done_it() -> None:
    found = ruling(Answer(note=" not tonight "))

    assert found == Ruling(verdict="rejected", reason="not tonight", is_final=True)
    assert ASKED.with_answer(Answer(), found, NOW_MS).answers[-1].who == "somebody (not signed)"


def test_a_rejection_that_is_signed_is_told_as_that_persons() -> None:
    found = ruling(answer(CY, "reject"), BO_ASKED)

    assert (found.verdict, found.by and found.by.name) == ("rejected", CY)


def test_a_rejection_with_a_signature_that_does_not_fit_rejects_as_nobody() -> None:
    found = ruling(answer(CY, "reject", run="run-0"))

    assert (found.verdict, found.by) == ("rejected", None)
    assert "is not for what this run asks" in found.reason


def test_an_answer_rejects_unless_it_says_otherwise() -> None:
    assert Answer().decision == "reject"


APPROVED = after(answer(BO, "ask"), answer())


def test_what_is_kept_is_judged_again_and_comes_to_the_same() -> None:
    assert judged_again(APPROVED, RUNNING, register(), now_ms=NOW_MS) == APPROVED
    assert ApprovalRecord.model_validate_json(APPROVED.model_dump_json()) == APPROVED


def test_an_approval_that_somebody_has_written_into_the_record_does_not_count() -> None:
    forged = BO_ASKED.with_answer(
        Answer(decision="approve", signature=answer(MAL).signature),
        Ruling(verdict="approved", by=APPROVED.answers[-1].ruling.by, is_final=True),
        NOW_MS,
    )

    last = judged_again(forged, RUNNING, register(), now_ms=NOW_MS).answers[-1]

    assert (last.ruling.verdict, last.ruling.is_final, last.ruling.by) == ("refused", True, None)
    assert last.ruling.reason.startswith("an answer that result storage holds does not count: the key")


def test_a_signature_that_asks_does_not_approve_because_the_record_says_so() -> None:
    first = BO_ASKED.answers[0]
    forged = BO_ASKED.model_copy(
        update={"answers": (first.model_copy(update={"ruling": APPROVED.answers[-1].ruling}),)}
    )

    last = judged_again(forged, RUNNING, register(), now_ms=NOW_MS).answers[-1]

    assert (last.ruling.verdict, last.who) == ("signed", BO)


def test_a_name_that_was_changed_in_the_record_is_told_as_the_keys() -> None:
    first = BO_ASKED.answers[0]
    named = first.model_copy(update={"ruling": Ruling(verdict="signed", by=APPROVED.answers[-1].ruling.by)})
    forged = BO_ASKED.model_copy(update={"answers": (named,)})

    assert judged_again(forged, RUNNING, register(), now_ms=NOW_MS).answers[-1].who == BO


def test_an_approval_by_a_key_that_was_revoked_since_does_not_hold() -> None:
    who = register(revoked=[fingerprint(ANA)])

    assert "is revoked" in judged_again(APPROVED, RUNNING, who, now_ms=NOW_MS).answers[-1].ruling.reason


def test_an_approval_does_not_outlive_its_plan() -> None:
    again = judged_again(APPROVED, RUNNING, register(), now_ms=PROPOSAL.expires_ms)

    assert again.answers[-1].ruling.verdict == "expired"


@pytest.mark.parametrize(("field", "told"), [("org", "the org"), ("run", "the run"), ("plan", "the plan")])
def test_the_record_of_another_run_org_or_plan_is_named_and_nothing_of_it_holds(field: str, told: str) -> None:
    running = RUNNING.model_copy(update={"request": REQUEST.model_copy(update={field: OTHERS[field]})})

    assert f"holds the approval of {told} {getattr(REQUEST, field)} instead of {OTHERS[field]}" in foreign(
        APPROVED, running
    )
    assert judged_again(APPROVED, running, register(), now_ms=NOW_MS).answers[-1].ruling.verdict == "refused"


def test_a_replayed_record_that_was_made_to_fit_still_has_signatures_of_another_run() -> None:
    here = PROPOSAL.model_copy(update={"run_id": "run-2", "organization": Organization(id=ORG.id, name=ORG.name)})
    replayed = APPROVED.model_copy(update={"proposal": here})
    running = Running(request=here.request, proposal=here)

    last = judged_again(replayed, running, register(), now_ms=NOW_MS).answers[-1]

    assert (last.ruling.verdict, last.ruling.is_final) == ("refused", True)
    assert "is not for what this run asks" in last.ruling.reason


@pytest.mark.parametrize("wait", ["59s", "25h", "0s"])
def test_an_approval_is_waited_for_between_a_minute_and_a_day(wait: str) -> None:
    with pytest.raises(ValidationError, match="name 1m to 24h"):
        ApprovalTerms.model_validate({"wait": wait})
