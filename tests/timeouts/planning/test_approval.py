"""Approval: only a second person's approval of this very plan, in time, counts; everything else is refused by name."""

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from tests.timeouts.conftest import ORG
from timeouts.model.org import Organization
from timeouts.planning.approval import Answer, ApprovalRecord, ApprovalTerms, Proposal, Ruling, approval_code, rule_on
from timeouts.policy.policy import Policy

NOW_MS = 1_700_000_000_000
CHECKSUM = f"sha256:{'0123456789abcdef' * 4}"
OTHER_PLAN = f"sha256:{'f' * 64}"
PHRASES = {"Ana Duarte": SecretStr("tide pool lantern"), "Bo Lindqvist": SecretStr("seven slow herons")}
PROPOSAL = Proposal(
    run_id="run-1",
    organization=ORG,
    asked_by="Bo Lindqvist",
    asked_ms=NOW_MS,
    expires_ms=NOW_MS + 1_000,
    checksum=CHECKSUM,
    policy=Policy.raise_to(10_000),
)


def code(name: str = "Ana Duarte", run_id: str = "run-1", checksum: str = CHECKSUM) -> str:
    return approval_code(PHRASES[name], run_id, checksum)


def answer(**changed: Any) -> Answer:
    right = {"decision": "approve", "approver": "Ana Duarte", "plan_checksum": CHECKSUM, "code": code(), "note": "ok"}
    return Answer.model_validate(right | changed)


def ruling(given: Answer, asked_now: Proposal = PROPOSAL, now_ms: int = NOW_MS) -> Ruling:
    return rule_on(given, PROPOSAL, asked_now, phrases=PHRASES, now_ms=now_ms)


def test_a_second_person_approves_the_plan_that_is_named() -> None:
    assert Ruling(verdict="approved", reason="ok", is_final=True) == ruling(answer())


@pytest.mark.parametrize(
    "changed",
    [
        {"approver": "  ana   duarte "},
        {"plan_checksum": CHECKSUM.removeprefix("sha256:").upper()},
        {"code": code().lower().replace("-", " ")},
    ],
)
def test_spelling_does_not_count(changed: dict[str, str]) -> None:
    assert ruling(answer(**changed)).verdict == "approved"


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"plan_checksum": OTHER_PLAN}, "the answer names sha256:ffff"),
        ({"plan_checksum": ""}, "names no checksum"),
        ({"plan_checksum": CHECKSUM[:20]}, "names sha256:0123"),
        ({"approver": "Cy Ode"}, "Cy Ode is no approver: there are Ana Duarte, Bo Lindqvist"),
        ({"approver": ""}, "nobody is no approver"),
        ({"approver": "Bo Lindqvist", "code": code("Bo Lindqvist")}, "Bo Lindqvist asked for this run"),
        ({"approver": "bo lindqvist", "code": code("Bo Lindqvist")}, "Bo Lindqvist asked for this run"),
        ({"code": ""}, "the code is not Ana Duarte's"),
        ({"code": code("Bo Lindqvist")}, "the code is not Ana Duarte's"),
        ({"code": code(run_id="run-0")}, "for this plan of this run"),
        ({"code": code(checksum=OTHER_PLAN)}, "for this plan of this run"),
        ({"code": PHRASES["Ana Duarte"].get_secret_value()}, "the code is not Ana Duarte's"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_can_be_given_again(changed: dict[str, str], reason: str) -> None:
    found = ruling(answer(**changed))

    assert (found.verdict, found.is_final) == ("refused", False)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"policy": Policy.raise_to(20_000)}, "(policy)"),
        ({"waive": ("share",)}, "(waive)"),
        ({"protected": ("Main line",)}, "(protected)"),
        ({"asked_by": "Cy Ode"}, "(asked_by)"),
        ({"organization": Organization(id="org-2", name="Other")}, "(organization)"),
    ],
)
def test_a_run_whose_parameters_were_changed_cannot_be_approved(changed: dict[str, Any], named: str) -> None:
    found = ruling(answer(), asked_now=PROPOSAL.model_copy(update=changed))

    assert (found.verdict, found.is_final) == ("refused", True)
    assert named in found.reason


def test_an_expired_plan_cannot_be_approved() -> None:
    assert "expired" in ruling(answer(), now_ms=PROPOSAL.expires_ms).reason


def test_whoever_looks_at_the_run_may_reject_its_plan() -> None:
    assert Ruling(verdict="rejected", reason="not tonight", is_final=True) == ruling(Answer(note=" not tonight "))


def test_an_answer_rejects_unless_it_says_otherwise() -> None:
    assert Answer().decision == "reject"


def test_nobody_can_approve_where_nobody_is_an_approver() -> None:
    found = rule_on(answer(), PROPOSAL, PROPOSAL, phrases={}, now_ms=NOW_MS)

    assert "there are nobody yet" in found.reason


def test_a_code_can_be_read_out_and_typed() -> None:
    assert len(code()) == 19
    assert code().replace("-", "").isalnum()


def test_a_record_says_which_answer_approved_it() -> None:
    record = ApprovalRecord(proposal=PROPOSAL)
    refused = record.with_answer(Answer(), Ruling(verdict="refused"), NOW_MS)
    approved = refused.with_answer(answer(), Ruling(verdict="approved"), NOW_MS)

    assert (None, None, answer()) == (record.approval, refused.approval, approved.approval)
    assert approved == ApprovalRecord.model_validate_json(approved.model_dump_json())


@pytest.mark.parametrize("wait", ["59s", "25h", "0s"])
def test_an_approval_is_waited_for_between_a_minute_and_a_day(wait: str) -> None:
    with pytest.raises(ValidationError, match="name 1m to 24h"):
        ApprovalTerms.model_validate({"wait": wait})
