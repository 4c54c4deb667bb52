"""The Prefect flow raise-timeouts: audit, plan, and when asked publish and verify."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.connections import credentials_for, links_for, read_client, write_client
from flows.endings import ending
from flows.reading import take_inventory
from flows.report import Report, first_report, keep_plan, keep_report, this_run
from flows.rollout import orders_of, roll_out
from flows.running import several_at_a_time
from genesys import Credentials
from tasks.compute_changes import compute_changes
from tasks.inventory import Inventory
from tasks.leave_artifacts import leave_artifacts
from tasks.storage import storage_of_run
from timeouts.plan import Plan
from timeouts.policy import Policy


@flow(name="raise-timeouts", task_runner=several_at_a_time())
def raise_timeouts(policy: Policy, org: str | None = None, apply: bool = False) -> State[Any]:
    """Raise the timeouts of Call Data Action steps as a policy asks.

    Args:
        policy: Which steps should wait how long. The first rule that matches a step decides.
        org: Name of a Genesys Cloud Credentials block. Empty: the worker's environment decides.
        apply: Publish the changes. Off: a dry run that shows the plan and changes nothing.
    """
    credentials = credentials_for(org)
    default_ms = policy.suggested_default
    with read_client(credentials) as client:
        inventory = take_inventory(client)
        requests = client.request_counts()
    plan = compute_changes(inventory.listing, inventory.readings, policy)
    report = first_report(this_run("raise", "apply" if apply else "dry run"), inventory, plan, default_ms, requests)
    keep_plan(storage_of_run(), report)  # the values from before, stored before the first write
    if apply and not plan.violations:
        report = _publish(credentials, inventory, plan, report)
    outcomes = report.outcomes if apply else None
    leave_artifacts(inventory, plan, outcomes, suggested_default_ms=default_ms, link=links_for(credentials))
    return ending(report)


def _publish(credentials: Credentials, inventory: Inventory, plan: Plan, report: Report) -> Report:
    """Roll the plan out; the report is stored again after every outcome."""
    read_requests = report.requests
    with write_client(credentials) as client:
        for outcome in roll_out(client, orders_of(plan, inventory.readings)):
            report = report.with_outcome(outcome, read_requests + client.request_counts())
            keep_report(storage_of_run(), report)
    return report
