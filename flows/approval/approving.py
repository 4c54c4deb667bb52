"""Asking for an approval: the run is suspended, so that no process waits, until somebody answers in Prefect's UI.

When the run is resumed its Prefect flow starts from the top. What was asked and answered is therefore kept in result
storage, and every answer is judged anew, by its signature and against what is running, before anything is published.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.settings import PREFECT_UI_URL
from pydantic import Field

from flows.approval.history import NotInHistoryError, append, closed_by
from flows.run.events import emit
from flows.run.suspension import finishing_first
from reports.markdown.approval import question
from reports.table import Addresses
from reports.words import utc
from tasks.publish_approval import approval_key, publish_approval
from tasks.running.clock import now_ms
from tasks.running.states import cancelled, failed
from tasks.storage import storage_of_run
from tasks.storage.approvals import stored_approval
from timeouts.planning.approval.history import Happened, decided, happened
from timeouts.planning.approval.register import Register
from timeouts.planning.approval.request import Decision
from timeouts.planning.approval.ruling import (
    STANDING,
    Answer,
    ApprovalRecord,
    Ruling,
    Running,
    expiry,
    foreign,
    judged_again,
    rule_on,
)
from timeouts.planning.plan import Plan

ANSWERS = 3
"""So many answers that do not fit end the run. Who writes to result storage can have them counted anew: it gains
nothing, as no number of tries makes a signature."""


class Approval(RunInput):
    """Your answer to this plan"""  # noqa: D400 - the title of the form

    # Titles alone: descriptions would take the room from what is asked, which stands above the form.
    decision: Decision = Field(
        default="reject", title="Decision: what you have signed", json_schema_extra={"position": 0}
    )
    signature: str = Field(default="", title="Signature, as approver sign prints it", json_schema_extra={"position": 1})
    note: str = Field(default="", title="Note: why; kept with the run, not signed", json_schema_extra={"position": 2})


class Approving:
    """The approval of one run's plan: keeps its record, tells of it, and suspends the run until it is decided."""

    def __init__(
        self, plan: Plan, record: ApprovalRecord, register: Register, addresses: Addresses, *, wait_ms: int
    ) -> None:
        """`wait_ms`: how long each answer is waited for, unless the plan expires before."""
        self._plan = plan
        self._register = register
        self._addresses = addresses
        self._wait_ms = wait_ms
        self._page: UUID | None = None
        self.record = record

    def propose(self) -> None:
        """Write down what is to be approved, and tell of it. Raises NotInHistoryError where that is not possible."""
        proposal = self.record.proposal
        self._append(happened("proposed", proposal, proposal.asked_ms, name=proposal.asked_by))
        self._keep(self.record)
        told = {"checksum": proposal.checksum, "asked_by": proposal.asked_by, "answer_by": utc(self._answer_by_ms())}
        emit("approval-asked", proposal.organization, told)

    def decide(self, running: Running) -> Ruling:
        """Return the ruling that decides, or suspend the run until there is one; then this raises Prefect's Pause.

        What earlier attempts of the run were answered is judged again and counts on, until the plan expires.
        """
        if other := foreign(self.record, running):
            return self._refuse(running, other)
        self._judge_again(running)
        while _is_open(self.record):
            if expired := expiry(running, now_ms()):
                return self._expire(expired)
            signatures, answer_by_ms = self._register.signatures, self._answer_by_ms()
            page = question(
                self._plan, self.record, signatures, whole_plan=self._whole_plan(), answer_by_ms=answer_by_ms
            )
            given = suspend_flow_run(
                wait_for_input=Approval.with_initial_data(description=page),
                timeout=max(1, (answer_by_ms - now_ms()) // 1000),
                key=f"approval-{len(self.record.answers) + 1}",
            )
            self._judge(Answer.model_validate(given.model_dump(include=set(Answer.model_fields))), running)
        return self.record.answers[-1].ruling

    def _answer_by_ms(self) -> int:
        """Return until when the next answer is waited for: once the plan has expired, none could approve it."""
        return min(now_ms() + self._wait_ms, self.record.proposal.expires_ms)

    def confirm(self, running: Running) -> Ruling:
        """Judge all signatures once more against the plan that is about to be published, and write that down.

        Raises NotInHistoryError where that is not possible, HistoryProblem where it is broken: nothing is published.
        """
        if other := foreign(self.record, running):
            return self._refuse(running, other)
        proposal = self.record.proposal
        if closing := closed_by(storage_of_run(), proposal.organization, proposal.run_id):
            told = f"the history of decisions says that {closing.name} has answered already: {closing.what}"
            return self._refuse(running, told)
        self._judge_again(running)
        ruling = self.record.answers[-1].ruling
        if ruling.verdict == "approved":
            approval = self.record.standing["approve"]
            begins = decided(approval.answer, approval.ruling, self.record.proposal, now_ms())
            self._append(begins.model_copy(update={"what": "publishes", "why": ""}))
        return ruling

    def finish(self, outcomes: Mapping[str, int], ended: str) -> None:
        """Write down what came of an approved plan; `ended`: the name of the state that the run ends in."""
        self._keep(self.record.model_copy(update={"outcomes": outcomes}))
        came = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
        self._append(happened("ended", self.record.proposal, now_ms(), why=f"{ended}: {came}"))

    def _judge(self, answer: Answer, running: Running) -> None:
        at_ms = now_ms()
        ruling = rule_on(answer, self.record, running, self._register, now_ms=at_ms)
        # First the history: what is not in it does not count, and is asked for again.
        self._write_down(decided(answer, ruling, self.record.proposal, at_ms), ruling)
        self._keep(self.record.with_answer(answer, ruling, at_ms))
        self._tell(ruling)

    def _judge_again(self, running: Running) -> None:
        """Judge what is kept; where that comes to something else than it did, it is told and written down."""
        again = judged_again(self.record, running, self._register, now_ms=now_ms())
        if again == self.record:
            return
        last = again.answers[-1]
        if last.ruling.verdict not in STANDING:
            self._write_down(decided(last.answer, last.ruling, again.proposal, now_ms()), last.ruling)
        self._keep(again)
        self._tell(last.ruling)

    def _expire(self, ruling: Ruling) -> Ruling:
        """End an approval that nobody has given in time: told, written down and kept as an answer without a name."""
        at_ms = now_ms()
        self._write_down(happened("expired", self.record.proposal, at_ms, why=ruling.reason), ruling)
        # An approval without a signature comes to the same when it is judged again.
        self._keep(self.record.with_answer(Answer(decision="approve"), ruling, at_ms))
        self._tell(ruling)
        return ruling

    def _refuse(self, running: Running, reason: str) -> Ruling:
        """Refuse a record that is not of this run: told and written down as this run's, and left as it lies there."""
        ruling = Ruling(verdict="refused", reason=reason, is_final=True)
        self.record = ApprovalRecord(proposal=running.proposal).with_answer(Answer(), ruling, now_ms())
        self._write_down(happened("refused", running.proposal, now_ms(), why=reason), ruling)
        self._tell(ruling)
        return ruling

    def _write_down(self, what: Happened, ruling: Ruling) -> None:
        try:
            self._append(what)
        except NotInHistoryError as problem:
            if ruling.verdict in STANDING:
                raise
            get_run_logger().error("%s", problem)  # what stops a run stops it all the same

    def _append(self, what: Happened) -> None:
        append(storage_of_run(), self.record.proposal.organization, what)

    def _tell(self, ruling: Ruling) -> None:
        proposal = self.record.proposal
        told = {
            "checksum": proposal.checksum,
            "verdict": ruling.verdict,
            "decision": self.record.answers[-1].answer.decision,
            "by": self.record.answers[-1].who,
            "key": ruling.by.fingerprint if ruling.by else "",
            "why": ruling.reason,
            "answer_by": utc(self._answer_by_ms()) if _is_open(self.record) else "",
        }
        emit("approval-decided", proposal.organization, told)

    def _keep(self, record: ApprovalRecord) -> None:
        self.record = record
        stored_approval(storage_of_run(), record.proposal.run_id).put(record)
        self._publish_page()

    def _publish_page(self) -> None:
        with finishing_first():  # what was written down before it is told of after it
            signatures = self._register.signatures
            by_ms = self._answer_by_ms() if _is_open(self.record) else None
            left = publish_approval(self._plan, self.record, signatures, self._addresses, by_ms, return_state=True)
        if left.is_completed():
            self._page = left.result()
        else:
            # The record is kept; a page about it must not make a failure of what is published.
            get_run_logger().warning("the page of the approval was not published: %s", left.message)

    def _whole_plan(self) -> str:
        """Return the address of the record's page; of all its versions, where this process has published none."""
        ui = PREFECT_UI_URL.value()
        key = approval_key(self.record.proposal.organization)
        page = f"artifact/{self._page}" if self._page else f"key/{key}"
        return f"{ui.rstrip('/')}/artifacts/{page}" if ui else ""


def _is_open(record: ApprovalRecord) -> bool:
    """Return whether another answer may be given."""
    return not (record.answers and record.answers[-1].ruling.is_final) and record.refusals < ANSWERS


def not_approved(record: ApprovalRecord) -> State[Any]:
    """Return the state of a run whose plan was not approved: nothing was published."""
    last = record.answers[-1]
    why = f": {last.ruling.reason}" if last.ruling.reason else ""
    if last.ruling.verdict == "rejected":
        return cancelled(f"{last.who} rejected the plan{why}. Nothing was published.", name="Rejected")
    return failed(f"the approval was refused{why}. Nothing was published.", name="Refused")
