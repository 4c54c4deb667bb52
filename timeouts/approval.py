"""Approval of a plan by a second person: what is asked, what is answered, and every reason to refuse an answer.

Prefect's open-source server has no users, so it cannot say who answers. Each approver therefore has a phrase, known to
the approver and to the worker alone. It never travels: what is typed into the form is a code made from it, which is
good for one plan of one run and gives nothing to whoever reads it afterwards (docs/decisions/0011-approval.md).
"""

import base64
import hashlib
import hmac
import typing
from collections.abc import Mapping

from pydantic import Field, SecretStr, field_validator

from timeouts.changes import LimitName
from timeouts.durations import DurationMs, format_duration
from timeouts.org import Organization
from timeouts.policy import Policy
from timeouts.saved_plan import LIFETIME_MS
from timeouts.values import Value

CODE_BYTES = 10
SHORTEST_WAIT_MS = 60_000
SHORTEST_PHRASE = 12
"""Characters; a code can be looked at by everyone, so that a shorter phrase could be guessed from it."""


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

    Times are milliseconds since 1970; `expires_ms` is the saved plan's. `missing`: what could not be read when it was
    planned, a sentence each.
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


class Answer(Value):
    """What somebody filled in. `code` is made by `approval_code`; it is no secret once it is used."""

    decision: typing.Literal["reject", "approve"] = "reject"
    approver: str = ""
    plan_checksum: str = ""
    code: str = ""
    note: str = ""


Verdict = typing.Literal["approved", "rejected", "refused"]
"""Refused: the answer was no valid one, and nothing was decided by it."""


class Ruling(Value):
    """What an answer comes to. `is_final`: no other answer can help, as for a plan that has expired."""

    verdict: Verdict
    reason: str = ""
    is_final: bool = False


class Answered(Value):
    """An answer, what it came to, and when it was looked at, in milliseconds since 1970."""

    answered_ms: int
    answer: Answer
    ruling: Ruling


class ApprovalRecord(Value):
    """Who asked, who answered what, when and why, and what came of it; kept beside the run's report.

    `outcomes`: how many Architect flows and actions became what, once the plan was applied.
    """

    proposal: Proposal
    answers: tuple[Answered, ...] = ()
    outcomes: Mapping[str, int] = {}

    @property
    def approval(self) -> Answer | None:
        """The answer that approved the plan, None where there is none."""
        approvals = [each.answer for each in self.answers if each.ruling.verdict == "approved"]
        return approvals[-1] if approvals else None

    def with_answer(self, answer: Answer, ruling: Ruling, now_ms: int) -> typing.Self:
        """Return the record with one more answer."""
        answered = Answered(answered_ms=now_ms, answer=answer, ruling=ruling)
        return self.model_copy(update={"answers": (*self.answers, answered)})


def approval_code(phrase: SecretStr, run_id: str, checksum: str) -> str:
    """Make the code that says: the owner of this phrase approves this plan of this run.

    Sixteen letters and digits in groups of four. The phrase is stretched, for codes are seen by everyone who looks at
    the run and must not help to guess it.
    """
    salt = f"genesys-timeouts approves {bare(checksum)} in {run_id.strip().lower()}".encode()
    made = hashlib.scrypt(phrase.get_secret_value().encode(), salt=salt, n=2**14, r=8, p=1, dklen=CODE_BYTES)
    letters = base64.b32encode(made).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def rule_on(
    answer: Answer, proposal: Proposal, asked_now: Proposal, *, phrases: Mapping[str, SecretStr], now_ms: int
) -> Ruling:
    """Decide what an answer comes to; only an approval by a second person, of this very plan, in time, is one.

    `asked_now`: the proposal as the run's parameters would make it now. `phrases`: the approvers' phrases, by name.
    """
    if answer.decision == "reject":
        return Ruling(verdict="rejected", reason=answer.note.strip(), is_final=True)
    if asked_now != proposal:
        changed = ", ".join(name for name in type(proposal).model_fields if _differs(name, proposal, asked_now))
        return _refused(
            f"the run's parameters were changed after its plan was made ({changed}): start a new run", is_final=True
        )
    if now_ms >= proposal.expires_ms:
        return _refused("the plan has expired: start a new run, and have its plan approved", is_final=True)
    return _ruling_on_approver(answer, proposal, phrases)


def _ruling_on_approver(answer: Answer, proposal: Proposal, phrases: Mapping[str, SecretStr]) -> Ruling:
    known = {_folded(name): name for name in phrases}
    name = known.get(_folded(answer.approver))
    if name is None:
        there_are = ", ".join(sorted(known.values())) or "nobody yet"
        return _refused(f"{answer.approver.strip() or 'nobody'} is no approver: there are {there_are}")
    if _folded(name) == _folded(proposal.asked_by):
        return _refused(f"{name} asked for this run, so somebody else has to approve it")
    if bare(answer.plan_checksum) != bare(proposal.checksum):
        named = answer.plan_checksum.strip() or "no checksum"
        return _refused(f"the answer names {named}, the plan of this run is {proposal.checksum}")
    if not _fits(answer.code, approval_code(phrases[name], proposal.run_id, proposal.checksum)):
        return _refused(
            f"the code is not {name}'s for this plan of this run: make it with genesys-timeouts approval-code"
        )
    return Ruling(verdict="approved", reason=answer.note.strip(), is_final=True)


def _refused(reason: str, *, is_final: bool = False) -> Ruling:
    return Ruling(verdict="refused", reason=reason, is_final=is_final)


def _differs(name: str, one: Proposal, other: Proposal) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _fits(typed: str, made: str) -> bool:
    def letters(code: str) -> bytes:
        return "".join(code.split()).replace("-", "").upper().encode()

    return hmac.compare_digest(letters(typed), letters(made))


def bare(checksum: str) -> str:
    """Return a checksum without what people may leave out."""
    return checksum.strip().lower().removeprefix("sha256:")


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
