"""Asking for an approval: the run is suspended, so that no process waits, until somebody answers in Prefect's UI.

When the run is resumed its Prefect flow starts from the top. What was asked and answered is therefore kept in result
storage, and every answer is judged anew, by its code, before anything is published.
"""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from prefect import get_run_logger
from prefect.client.schemas.objects import State
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.settings import PREFECT_UI_URL
from pydantic import Field

from flows.approval.approvers import approvers_phrases
from flows.run.events import emit
from reports.markdown.approval import Address, question
from tasks.publish_approval import approval_key, publish_approval
from tasks.running.clock import format_utc, now_ms
from tasks.running.states import cancelled, failed
from tasks.storage import storage_of_run
from tasks.storage.approvals import stored_approval
from timeouts.planning.approval import Answer, ApprovalRecord, Proposal, Ruling, rule_on
from timeouts.planning.plan import Plan

ANSWERS = 3
"""So many answers that do not fit end the run: who mistypes a code may try again, who tries codes may not."""


class Approval(RunInput):
    """Your answer to this plan"""  # noqa: D400 - the title of the form

    # Titles alone: descriptions would take the room from what is asked, which stands above the form.
    decision: Literal["reject", "approve"] = Field(
        default="reject", title="Decision: approve publishes this plan", json_schema_extra={"position": 0}
    )
    approver: str = Field(
        default="", title="Your name, as an administrator wrote it down", json_schema_extra={"position": 1}
    )
    plan_checksum: str = Field(
        default="", title="Checksum of the plan that you have read", json_schema_extra={"position": 2}
    )
    code: str = Field(default="", title="Your code, never the phrase itself", json_schema_extra={"position": 3})
    note: str = Field(default="", title="Note: why; kept with the run", json_schema_extra={"position": 4})


class Approving:
    """The approval of one run's plan: keeps its record, tells of it, and suspends the run until it is decided."""

    def __init__(self, plan: Plan, record: ApprovalRecord, address: Address) -> None:
        self._plan = plan
        self._address = address
        self._page: UUID | None = None
        self.record = record

    def propose(self) -> None:
        """Write down what is to be approved, and tell of it."""
        self._keep(self.record)
        proposal = self.record.proposal
        emit("approval-asked", proposal.organization, {"checksum": proposal.checksum, "asked_by": proposal.asked_by})

    def decide(self, asked_now: Proposal, wait_ms: int) -> Ruling:
        """Return the ruling that decides, or suspend the run until there is one; then this raises Prefect's Pause.

        `asked_now`: the proposal as the run's parameters make it now. An approval that an earlier attempt of the run
        was given is judged again and counts on, until the plan expires.
        """
        if self.record.approval is not None:
            self._judge(self.record.approval, asked_now)
        while _is_open(self.record):
            page = question(self._plan, self.record, whole_plan=self._whole_plan(), format_time=format_utc)
            given = suspend_flow_run(
                wait_for_input=Approval.with_initial_data(description=page),
                timeout=wait_ms // 1000,
                key=f"approval-{len(self.record.answers) + 1}",
            )
            self._judge(Answer.model_validate(given.model_dump(include=set(Answer.model_fields))), asked_now)
        return self.record.answers[-1].ruling

    def finish(self, outcomes: Mapping[str, int]) -> None:
        """Write down what came of an approved plan."""
        self._keep(self.record.model_copy(update={"outcomes": outcomes}))

    def _judge(self, answer: Answer, asked_now: Proposal) -> None:
        at_ms, proposal = now_ms(), self.record.proposal
        ruling = rule_on(answer, proposal, asked_now, phrases=approvers_phrases(), now_ms=at_ms)
        self._keep(self.record.with_answer(answer, ruling, at_ms))
        told = {"checksum": proposal.checksum, "verdict": ruling.verdict, "by": answer.approver, "why": ruling.reason}
        emit("approval-decided", proposal.organization, told)

    def _keep(self, record: ApprovalRecord) -> None:
        self.record = record
        stored_approval(storage_of_run(), record.proposal.run_id).put(record)
        left = publish_approval(self._plan, record, address=self._address, format_time=format_utc, return_state=True)
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
    return not record.answers or (not record.answers[-1].ruling.is_final and len(record.answers) < ANSWERS)


def not_approved(record: ApprovalRecord) -> State[Any]:
    """Return the state of a run whose plan was not approved: nothing was published."""
    last = record.answers[-1]
    who = last.answer.approver.strip() or "somebody"
    why = f": {last.ruling.reason}" if last.ruling.reason else ""
    if last.ruling.verdict == "rejected":
        return cancelled(f"{who} rejected the plan{why}. Nothing was published.", name="Rejected")
    return failed(f"the approval was refused{why}. Nothing was published.", name="Refused")
