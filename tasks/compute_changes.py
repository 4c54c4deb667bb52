"""The task compute-changes: what a policy asks for, as a plan."""

from collections.abc import Sequence

from prefect import get_run_logger, task

from genesys import fields, of_org
from tasks.running.retries import OURS
from timeouts.inventory import Inventory
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy


@task(name="compute-changes", **OURS)
def compute_changes(inventory: Inventory, policy: Policy, protected: Sequence[str] = ()) -> Plan:
    """Compute the plan. Pure arithmetic: the same input always gives the same plan and checksum.

    `protected`: Architect flows that may change although the policy protects them.
    """
    plan = compute_plan(inventory, policy, named=protected)
    get_run_logger().info(
        "plan %s: %d changes in %d Architect flows, %d action limits",
        plan.checksum,
        len(plan.changes),
        len(plan.pins),
        len(plan.action_changes),
        extra=fields(of_org(inventory.organization)),
    )
    return plan
