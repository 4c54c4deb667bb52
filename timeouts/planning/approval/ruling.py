"""What an answer to a plan comes to, and every reason to refuse it.

What counts is compared with what is running, never with what is stored: an answer is kept with its signature, and
judged anew from it whenever the run goes on.
"""

import typing
from collections.abc import Iterator, Mapping

from pydantic import Field, field_validator

from timeouts.model.durations import DurationMs, format_duration
from timeouts.model.org import Organization
from timeouts.model.values import Value
from timeouts.planning.approval.register import Approver, Register
from timeouts.planning.approval.request import Decision, Request, SignatureProblem, signer_of
from timeouts.planning.changes import LimitName
from timeouts.planning.saved_plan import LIFETIME_MS
from timeouts.policy.policy import Policy

SHORTEST_WAIT_MS = 60_000
NOBODY = "somebody (not signed)"
"""Who is told to have done what no signature shows."""


class ApprovalTerms(Value):
    """How a plan is approved."""

    wait: DurationMs = Field(
        default=43_200_000,
        json_schema_extra={"default": "12h"},
        description="How long the run waits for an answer, such as 12h; when that has passed, the plan counts "
        "as rejected.",
    )

    @field_validator("wait")
    @classmethod
    def _is_possible(cls, wait: int) -> int:
        if not SHORTEST_WAIT_MS <= wait <= LIFETIME_MS:
            raise ValueError(
                f"{format_duration(wait)} is no wait for an approval, as a plan lives for a day: name 1m to 24h"
            )
        return wait


class Proposal(Value):
    """What a run asks to have approved: a plan by its checksum, and what else the run was told to do.

    Times are milliseconds since 1970; `expires_ms` is the saved plan's. `asked_by` is what somebody typed. `missing`:
    what could not be read when it was planned, a sentence each. `spares_nothing`: what was to keep something as it is
    and matches nothing, a sentence each.
    """

    run_id: str
    organization: Organization
    asked_by: str
    asked_ms: int
    expires_ms: int
    checksum: str
    policy: Policy
    waive: tuple[LimitName, ...] = ()
    protected: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    spares_nothing: tuple[str, ...] = ()

    @property
    def request(self) -> Request:
        """What approvers sign."""
        return request_of(self.organization.id, self.run_id, self.checksum, self.expires_ms, self.waive)


class Answer(Value):
    """What somebody filled in. `signature` is no secret: it is good for this decision on this plan of this run."""

    decision: Decision = "reject"
    signature: str = ""
    note: str = ""


Verdict = typing.Literal["signed", "approved", "rejected", "refused", "expired"]
"""Signed: it counts, and another signature is needed. Refused: the answer was no valid one."""

STANDING: frozenset[Verdict] = frozenset({"signed", "approved"})


class Ruling(Value):
    """What an answer comes to, and whose key signed it. `is_final`: no other answer can help."""

    verdict: Verdict
    reason: str = ""
    by: Approver | None = None
    is_final: bool = False


class Answered(Value):
    """An answer, what it came to, and when it was looked at, in milliseconds since 1970."""

    answered_ms: int
    answer: Answer
    ruling: Ruling

    @property
    def who(self) -> str:
        """Who answered, as far as a signature shows it."""
        return self.ruling.by.name if self.ruling.by else NOBODY


class ApprovalRecord(Value):
    """Who asked, who answered what, when and why, and what came of it; kept beside the run's report.

    `outcomes`: how many Architect flows and actions became what, once the plan was applied.
    """

    proposal: Proposal
    answers: tuple[Answered, ...] = ()
    outcomes: Mapping[str, int] = {}

    @property
    def standing(self) -> dict[Decision, Answered]:
        """The signatures that count so far, by what they decide."""
        return {each.answer.decision: each for each in self.answers if each.ruling.verdict in STANDING}

    @property
    def refusals(self) -> int:
        """How many answers did not fit."""
        return sum(each.ruling.verdict == "refused" for each in self.answers)

    def with_answer(self, answer: Answer, ruling: Ruling, now_ms: int) -> typing.Self:
        """Return the record with one more answer."""
        answered = Answered(answered_ms=now_ms, answer=answer, ruling=ruling)
        return self.model_copy(update={"answers": (*self.answers, answered)})


class Running(Value):
    """What is running: what its signatures have to be for, and the proposal as its parameters would make it now.

    `request`: the org as the platform names it, this run, and the plan that would be published.
    """

    request: Request
    proposal: Proposal


def request_of(org: str, run: str, checksum: str, expires_ms: int, waive: tuple[LimitName, ...]) -> Request:
    """Return what approvers of a plan sign."""
    return Request(org=org, run=run, plan=bare(checksum), expires_ms=expires_ms, waive=waive)


def foreign(record: ApprovalRecord, running: Running) -> str:
    """Say what a stored record is of where that is another run, org or plan than what is running, '' where not."""
    kept, now = record.proposal.request, running.request
    other = [
        f"{what} {getattr(kept, name)} instead of {getattr(now, name)}"
        for name, what in (("run", "the run"), ("org", "the org"), ("plan", "the plan"))
        if getattr(kept, name) != getattr(now, name)
    ]
    return f"result storage holds the approval of {', '.join(other)}: nothing of it counts" if other else ""


def rule_on(answer: Answer, record: ApprovalRecord, running: Running, register: Register, *, now_ms: int) -> Ruling:
    """Decide what an answer comes to after those that the record holds.

    A plan is approved when as many different keys as the register says have signed it, one of them to approve it.
    """
    signature = answer.signature.strip()
    try:
        by = signer_of(signature, running.request, answer.decision, register)
    except SignatureProblem as problem:
        if answer.decision == "reject":  # whoever looks at the run may stop it; who it was is not known
            return Ruling(verdict="rejected", reason=_why_unsigned(answer, problem), is_final=True)
        return _against(record, running, now_ms) or _refused(str(problem))
    if answer.decision == "reject":
        return Ruling(verdict="rejected", reason=answer.note.strip(), by=by, is_final=True)
    return _against(record, running, now_ms) or _counted(answer, by, record, register)


def judged_again(record: ApprovalRecord, running: Running, register: Register, *, now_ms: int) -> ApprovalRecord:
    """Return the record with what its answers come to now; a stored approval that does not hold ends it."""
    again = record.model_copy(update={"answers": ()})
    for each in record.answers:
        ruling = each.ruling
        if ruling.verdict != "refused":
            ruling = rule_on(each.answer, again, running, register, now_ms=now_ms)
        if ruling.verdict == "refused" and each.ruling.verdict != "refused" and not ruling.is_final:
            told = f"an answer that result storage holds does not count: {ruling.reason}"
            ruling = ruling.model_copy(update={"reason": told, "is_final": True})
        again = again.with_answer(each.answer, ruling, each.answered_ms)
        if ruling.is_final:
            break
    return again


def expiry(running: Running, now_ms: int) -> Ruling | None:
    """Return the ruling that ends an approval which no answer can give any more, None while one can."""
    if now_ms < running.request.expires_ms:
        return None
    said = "the plan has expired: start a new run, and have its plan approved"
    return Ruling(verdict="expired", reason=said, is_final=True)


def _against(record: ApprovalRecord, running: Running, now_ms: int) -> Ruling | None:
    """Return what stands against any approval of what is running, None where nothing does."""
    if other := foreign(record, running):
        return _refused(other, is_final=True)
    if changed := ", ".join(_differing(record.proposal, running.proposal)):
        return _refused(
            f"the run's parameters were changed after its plan was made ({changed}): start a new run", is_final=True
        )
    if expired := expiry(running, now_ms):
        return expired
    if running.request.expires_ms > now_ms + LIFETIME_MS:
        return _refused("the plan would live for longer than a plan may: start a new run", is_final=True)
    return None


def _counted(answer: Answer, by: Approver, record: ApprovalRecord, register: Register) -> Ruling:
    """Return what a valid signature comes to beside those that stand already."""
    standing = record.standing
    for each in standing.values():
        if each.ruling.by == by:
            return _refused(
                f"{by.name} has signed already ({each.answer.decision}): somebody else has to, with a key of their own"
            )
    if earlier := standing.get(answer.decision):
        return _refused(f"{earlier.who} has signed {answer.decision} already")
    signed = {*standing, answer.decision}
    if "approve" in signed and len(signed) >= register.signatures:
        return Ruling(verdict="approved", reason=answer.note.strip(), by=by, is_final=True)
    return Ruling(verdict="signed", reason=answer.note.strip(), by=by)


def _why_unsigned(answer: Answer, problem: SignatureProblem) -> str:
    note = answer.note.strip()
    return note if not answer.signature.strip() else f"{note} ({problem})".strip()


def _refused(reason: str, *, is_final: bool = False) -> Ruling:
    return Ruling(verdict="refused", reason=reason, is_final=is_final)


def _differing(one: Proposal, other: Proposal) -> Iterator[str]:
    return (name for name in type(one).model_fields if getattr(one, name) != getattr(other, name))


def bare(checksum: str) -> str:
    """Return a checksum without what people may leave out."""
    return checksum.strip().lower().removeprefix("sha256:")
