"""The Prefect flow audit: what every Call Data Action step of an org waits. It cannot write."""

from typing import Any

from prefect.client.schemas.objects import State

from flows.connections import credentials_for, links_for, read_client
from flows.endings import ending
from flows.events import tell
from flows.figures import leave_figures
from flows.leaving import leave_behind
from flows.reading import evidence_wanted, take_inventory
from flows.records import keep_report
from flows.report import Report, Run, first_report, this_run
from flows.running import quick_flow, several_at_a_time
from genesys.block import GenesysCloudCredentials
from tasks.compare_with_last_audit import compare_with_last_audit
from tasks.compute_changes import compute_changes
from tasks.inventory import Inventory
from tasks.moments import moment, now_ms
from tasks.storage import storage_of_run
from tasks.uninspected import uninspected
from timeouts.drift import Drift
from timeouts.periods import NO_DAYS, DaysOrNone
from timeouts.policy import Policy
from timeouts.snapshot import Moment


@quick_flow(name="audit", task_runner=several_at_a_time())
def audit(
    org: GenesysCloudCredentials | None = None, policy: Policy | None = None, evidence: DaysOrNone = NO_DAYS
) -> State[Any]:
    """List every Call Data Action step of an org with its timeout, its action's limit and what callers really wait.

    Args:
        org: The org, by its credentials. None: the worker's environment decides.
        policy: What steps should wait. Given, the run also shows what it would change; it changes nothing.
        evidence: Also rank the actions by the calls lost in so many days, such as 14d.
    """
    credentials, run = credentials_for(org), this_run("audit", "read only")
    moment = _this_moment(run)
    with read_client(credentials) as client:
        inventory = take_inventory(client, evidence=evidence_wanted(evidence, policy))
        requests = client.request_counts()
    plan = compute_changes(uninspected(inventory), policy) if policy else None
    default_ms = (policy or Policy()).suggested_default
    drift = _drift(inventory, moment, default_ms, credentials.client_id)
    report = first_report(run, inventory, plan, default_ms, requests).with_drift(drift)
    keep_report(storage_of_run(), report)
    end, report = ending(report), report.without_steps()
    leave_behind(inventory, report, suggested_default_ms=default_ms, link=links_for(credentials))
    leave_figures(report)
    _tell(report, drift)
    return end


def _this_moment(run: Run) -> Moment:
    began_ms = now_ms()
    return Moment(
        run_id=run.id,
        run_name=run.name,
        began_ms=began_ms,
        began=moment(began_ms),
    )


def _drift(inventory: Inventory, moment: Moment, default_ms: int, client_id: str) -> Drift:
    """Compare with the last audit; where that is not possible, the audit goes on and says so."""
    state = compare_with_last_audit(uninspected(inventory), moment, default_ms, client_id, return_state=True)
    found = state.result(raise_on_failure=False)
    if isinstance(found, Drift):
        return found
    return Drift(note=f"What moved since the last audit could not be found out: {found}")


def _tell(report: Report, drift: Drift) -> None:
    """Tell automations of gaps and of drift."""
    coverage = report.coverage
    if not coverage.complete:
        tell(
            "audit-incomplete",
            report.org,
            {"listed": coverage.listed, "not_read": coverage.not_read, "unreadable": coverage.unreadable},
        )
    if drift.since is not None and drift.is_found:
        since = {"since_run": drift.since.run_id, "since": drift.since.began}
        tell("drift-found", report.org, {"counts": drift.counts, "by": drift.by_whom, **since})
