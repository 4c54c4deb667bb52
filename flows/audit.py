"""The Prefect flow audit: what every Call Data Action step of an org waits. It cannot write."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.connections import credentials_for, links_for, read_client
from flows.endings import ending
from flows.reading import evidence_wanted, take_inventory
from flows.records import keep_report
from flows.report import first_report, this_run
from flows.running import several_at_a_time
from genesys.block import GenesysCloudCredentials
from tasks.compute_changes import compute_changes
from tasks.leave_artifacts import leave_artifacts
from tasks.storage import storage_of_run
from timeouts.periods import NO_DAYS, DaysOrNone
from timeouts.policy import Policy


@flow(name="audit", task_runner=several_at_a_time())
def audit(
    org: GenesysCloudCredentials | None = None, policy: Policy | None = None, evidence: DaysOrNone = NO_DAYS
) -> State[Any]:
    """List every Call Data Action step of an org with its timeout, its action's limit and what callers really wait.

    Args:
        org: The org, by its credentials. None: the worker's environment decides.
        policy: What steps should wait. Given, the run also shows what it would change; it changes nothing.
        evidence: Also rank the actions by the calls lost in so many days, such as 14d.
    """
    credentials = credentials_for(org)
    with read_client(credentials) as client:
        inventory = take_inventory(client, evidence=evidence_wanted(evidence, policy))
        requests = client.request_counts()
    plan = compute_changes(inventory, policy) if policy else None
    default_ms = (policy or Policy()).suggested_default
    report = first_report(this_run("audit", "read only"), inventory, plan, default_ms, requests)
    keep_report(storage_of_run(), report)
    leave_artifacts(inventory, plan, None, suggested_default_ms=default_ms, link=links_for(credentials))
    return ending(report)
