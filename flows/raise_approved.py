"""The Prefect flow raise-approved: a plan, an approval by a second person, and then exactly that plan."""

from collections import Counter
from dataclasses import replace
from typing import Annotated, Any

from prefect import flow, get_run_logger, runtime
from prefect.client.schemas.objects import State
from pydantic import StringConstraints

from flows.apply_plan import saved_plan, saved_run
from flows.approval.approvers import register_here
from flows.approval.approving import Approving, not_approved
from flows.approval.history import NotInHistoryError
from flows.raise_timeouts import planned_run
from flows.record.records import NoRecordError, kept_report, saved_plan_text
from flows.run.endings import incomplete
from flows.run.executing import PlannedRun, execute_plan
from flows.run.our_flow import OURS, our_flow
from flows.sources.connections import credentials_for, links_for, read_client
from flows.sources.sources import OrgSource
from genesys import Credentials
from genesys.block import GenesysCloudCredentials
from reports.frames.planned.unmatched import spares_nothing
from reports.words import missing_in
from tasks.running.clock import now_ms
from tasks.running.states import failed
from tasks.storage import storage_of_run
from tasks.storage.approvals import stored_approval
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.periods import NO_DAYS, DaysOrNone
from timeouts.planning.approval.ruling import ApprovalRecord, ApprovalTerms, Proposal, Running, request_of
from timeouts.planning.changes import LimitName
from timeouts.planning.limits import unwaived
from timeouts.planning.outcomes import TargetKind, of_kind
from timeouts.planning.plan import Plan
from timeouts.planning.saved_plan import LIFETIME_MS, stored_plan
from timeouts.policy.policy import Policy

Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@flow(name="raise-approved", **OURS)
@our_flow
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
        asked_by: Your name, shown as you type it. Who asks and who approves is shown by their signatures.
        org: The org, by its credentials. None: the worker's environment decides.
        policy: Which steps should wait how long. The first rule that matches a step decides.
        approval: How the plan is approved.
        waive: Limits of the policy that this run may exceed, each by its name.
        protected: Protected Architect flows that this run may change, each by its whole name or id.
        evidence: The org's own figures of so many days, such as 14d: for rules that go by them, and what waiting costs.
    """
    credentials, register = credentials_for(org), register_here()  # where nobody can approve it, no plan is made
    record = _kept_record()
    is_new = record is None
    if record is None:
        planned = planned_run(OrgSource(credentials), policy, protected, evidence)
        shown = execute_plan(planned, "raise", apply=False, waive=waive)
        if planned.plan.changes_nothing:
            return shown
        if refusals := unwaived(planned.plan.violations, waive):
            return failed("nothing can be approved: " + "; ".join(refusal.text for refusal in refusals))
        record = ApprovalRecord(proposal=_proposal(planned, asked_by, waive, protected))
    plan = _plan_of(record)
    approving = Approving(plan, record, register, _addresses(credentials, plan), wait_ms=approval.wait)
    if is_new:
        approving.propose()
    told_now = {"policy": policy, "asked_by": asked_by, "waive": waive, "protected": protected}
    asked_now = record.proposal.model_copy(update=told_now)
    organization = _asked_organization(credentials)
    if approving.decide(_running(asked_now, organization, plan)).verdict != "approved":
        return not_approved(approving.record)
    planned = saved_run(OrgSource(credentials), saved_plan(record.proposal.checksum))
    planned = _until(record.proposal.expires_ms, planned)
    # Reading takes a while, and what was read is a file: what is confirmed is the plan that is published, now.
    if approving.confirm(_running(asked_now, planned.plan.organization, planned.plan)).verdict != "approved":
        return not_approved(approving.record)
    ended = _publish(approving, planned, waive)
    return _with_what_was_missing(ended, record.proposal.missing)


def _until(signed_ms: int, planned: PlannedRun) -> PlannedRun:
    """Return a plan that is to be published by the deadline that was signed: another dry run puts off its own."""
    until_ms = signed_ms if planned.until_ms is None else min(signed_ms, planned.until_ms)
    return replace(planned, until_ms=until_ms)


def _kept_record() -> ApprovalRecord | None:
    """Return how far the approval is, None where none was asked for; raises ValueError for a record that is damaged."""
    try:
        return stored_approval(storage_of_run(), str(runtime.flow_run.id)).read()
    except FileNotFoundError:
        return None
    except ValueError as problem:
        raise ValueError(
            f"the record of this run's approval in result storage cannot be used ({problem}), so that nothing counts "
            "as approved: start a new run. Nothing was published."
        ) from None


def _asked_organization(credentials: Credentials) -> Organization:
    """Ask the platform which org the credentials are of: what storage holds about that does not count here."""
    with read_client(credentials) as client:
        return client.organization()


def _running(asked_now: Proposal, organization: Organization, plan: Plan) -> Running:
    """Return what is running, as the run, the platform and the plan itself say it."""
    run_id, waive = str(runtime.flow_run.id), asked_now.waive
    same = organization.key == asked_now.organization.key
    here = {
        "run_id": run_id,
        "organization": asked_now.organization if same else organization,
        "checksum": plan.checksum,
    }
    return Running(
        request=request_of(organization.id, run_id, plan.checksum, asked_now.expires_ms, waive),
        proposal=asked_now.model_copy(update=here),
    )


def _publish(approving: Approving, planned: PlannedRun, waive: tuple[LimitName, ...]) -> State[Any]:
    """Publish the approved plan; whatever that ends with is written down."""
    run_id = approving.record.proposal.run_id
    try:
        ended = execute_plan(planned, "raise", apply=True, waive=waive)
    except BaseException as problem:  # a SIGTERM too, which Prefect raises once what was in flight is finished
        _finish(approving, run_id, type(problem).__name__ if isinstance(problem, Exception) else "Interrupted")
        raise
    _finish(approving, run_id, ended.name or str(ended.type))
    return ended


def _finish(approving: Approving, run_id: str, ended: str) -> None:
    """Write down what came of the approved plan; where that is not possible, the run ends as it ended all the same."""
    try:
        approving.finish(_counted_outcomes(run_id), ended)
    except (OSError, NoRecordError, NotInHistoryError) as problem:
        get_run_logger().error("what came of the approved plan could not be added to its record: %s", problem)


def _proposal(planned: PlannedRun, asked_by: str, waive: tuple[LimitName, ...], protected: tuple[str, ...]) -> Proposal:
    asked_ms, plan = now_ms(), planned.plan
    saved = stored_plan(saved_plan_text(storage_of_run(), plan.checksum))
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
        spares_nothing=tuple(spares_nothing(saved.unmatched, plan.organization)),
    )


def _with_what_was_missing(ended: State[Any], missing: tuple[str, ...]) -> State[Any]:
    """Return the end of an approved run: it applied all of a plan that was made without seeing everything."""
    if not missing or not ended.is_completed():
        return ended
    return incomplete(f"{ended.message}; when it was planned", missing)


def _plan_of(record: ApprovalRecord) -> Plan:
    """Return the plan that was proposed, by its checksum.

    Its age counts when the answer is judged; another run may have made the same plan, and stored it, meanwhile.
    """
    return stored_plan(saved_plan_text(storage_of_run(), record.proposal.checksum)).plan


def _addresses(credentials: Credentials, plan: Plan) -> dict[str, str]:
    link = links_for(credentials)
    flows = (ArchitectFlow(id=pin.architect_flow_id, name=pin.name, type=pin.type) for pin in plan.pins)
    return {each.id: link(each) for each in flows}


def _counted_outcomes(run_id: str) -> dict[str, int]:
    report = kept_report(storage_of_run(), run_id)
    names: dict[TargetKind, str] = {"architect_flow": "Architect flows", "action": "actions"}
    return dict(Counter(f"{names[kind]} {each.outcome}" for kind in names for each in of_kind(report.outcomes, kind)))
