"""The Prefect flow raise-approved: a plan, an approval by a second person, and then exactly that plan."""

from collections import Counter
from functools import partial
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime
from prefect.client.schemas.objects import State
from pydantic import StringConstraints

from flows.apply_plan import saved_run
from flows.approval.approvers import approvers_phrases
from flows.approval.approving import Approving, not_approved
from flows.raise_timeouts import planned_run
from flows.record.records import NoRecordError, kept_report, saved_plan_text
from flows.run.connections import credentials_for, links_for
from flows.run.endings import incomplete
from flows.run.executing import PlannedRun, execute_plan
from flows.run.task_runner import TASK_RUNNER
from genesys import Credentials
from genesys.block import GenesysCloudCredentials
from reports.words import missing_in
from tasks.running.clock import now_ms
from tasks.running.states import failed
from tasks.storage import storage_of_run
from tasks.storage.approvals import stored_approval
from timeouts.model.org import ArchitectFlow
from timeouts.model.periods import NO_DAYS, DaysOrNone
from timeouts.planning.approval import ApprovalRecord, ApprovalTerms, Proposal
from timeouts.planning.changes import LimitName, Pin
from timeouts.planning.limits import unwaived
from timeouts.planning.outcomes import TargetKind, of_kind
from timeouts.planning.plan import Plan
from timeouts.planning.saved_plan import LIFETIME_MS, read_saved_plan
from timeouts.policy.policy import Policy

Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@flow(name="raise-approved", task_runner=TASK_RUNNER, persist_result=False)
def raise_approved(
    *,  # so that the run form may ask in this order: first who and where, then the many fields of the policy
    asked_by: Person,
    org: GenesysCloudCredentials | None = None,
    policy: Policy,
    approval: ApprovalTerms = ApprovalTerms(),  # noqa: B008 - frozen
    waive: tuple[LimitName, ...] = (),
    protected: tuple[str, ...] = (),
    evidence: DaysOrNone = NO_DAYS,
) -> State[Any]:
    """Plan the raises that a policy asks for, wait for a second person's approval, publish and verify that plan.

    Args:
        asked_by: Your name. Somebody else has to approve the plan.
        org: The org, by its credentials. None: the worker's environment decides.
        policy: Which steps should wait how long. The first rule that matches a step decides.
        approval: How the plan is approved.
        waive: Limits of the policy that this run may exceed, each by its name.
        protected: Protected Architect flows that this run may change, each by its whole name or id.
        evidence: The org's own figures of so many days, such as 14d: for rules that go by them, and what waiting costs.
    """
    credentials, storage = credentials_for(org), storage_of_run()
    record = stored_approval(storage, str(runtime.flow_run.id)).get()
    is_new = record is None
    if record is None:
        approvers_phrases()  # where nobody could approve it, no plan is made
        planned = planned_run(credentials, policy, protected, evidence)
        shown = execute_plan(planned, "raise", apply=False, waive=waive)
        if planned.plan.changes_nothing:
            return shown
        if refusals := unwaived(planned.plan.violations, waive):
            return failed("nothing can be approved: " + "; ".join(refusal.text for refusal in refusals))
        record = ApprovalRecord(proposal=_proposal(planned, asked_by, waive, protected))
    approving = Approving(_plan_of(record), record, partial(_address, credentials))
    if is_new:
        approving.propose()
    told_now = {"policy": policy, "asked_by": asked_by, "waive": waive, "protected": protected}
    ruling = approving.decide(record.proposal.model_copy(update=told_now), approval.wait)
    if ruling.verdict != "approved":
        return not_approved(approving.record)
    ended = execute_plan(saved_run(credentials, record.proposal.checksum), "raise", apply=True, waive=waive)
    _finish(approving, record.proposal.run_id)
    return _with_what_was_missing(ended, record.proposal.missing)


def _finish(approving: Approving, run_id: str) -> None:
    """Write down what came of the approved plan; where that is not possible, the run ends as it ended all the same."""
    try:
        approving.finish(_counted_outcomes(run_id))
    except (OSError, NoRecordError) as problem:
        get_run_logger().error("what came of the approved plan could not be added to its record: %s", problem)


def _proposal(planned: PlannedRun, asked_by: str, waive: tuple[LimitName, ...], protected: tuple[str, ...]) -> Proposal:
    asked_ms, plan = now_ms(), planned.plan
    return Proposal(
        run_id=str(runtime.flow_run.id),
        organization=plan.organization,
        asked_by=asked_by,
        asked_ms=asked_ms,
        expires_ms=asked_ms + LIFETIME_MS,
        checksum=plan.checksum,
        policy=plan.policy,
        waive=waive,
        protected=protected,
        missing=missing_in(planned.inventory.coverage, planned.inventory.gaps),
    )


def _with_what_was_missing(ended: State[Any], missing: tuple[str, ...]) -> State[Any]:
    """Return the end of an approved run: it applied all of a plan that was made without seeing everything."""
    if not missing or not ended.is_completed():
        return ended
    return incomplete(f"{ended.message}; when it was planned", missing)


def _plan_of(record: ApprovalRecord) -> Plan:
    """Return the plan that was proposed, as it was stored. Its age counts when the answer is judged."""
    proposal = record.proposal
    text = saved_plan_text(storage_of_run(), proposal.checksum)
    return read_saved_plan(text, now_ms=proposal.asked_ms, organization_id=proposal.organization.id)


def _address(credentials: Credentials, pin: Pin) -> str:
    return links_for(credentials)(ArchitectFlow(id=pin.architect_flow_id, name=pin.name, type=pin.type))


def _counted_outcomes(run_id: str) -> dict[str, int]:
    report = kept_report(storage_of_run(), run_id)
    names: dict[TargetKind, str] = {"architect_flow": "Architect flows", "action": "actions"}
    return dict(Counter(f"{names[kind]} {each.outcome}" for kind in names for each in of_kind(report.outcomes, kind)))
