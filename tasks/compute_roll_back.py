"""The task compute-roll-back: the inverse of what a run published."""

from collections.abc import Collection

from prefect import get_run_logger, task

from genesys import fields, of_org
from tasks.running.retries import OURS
from timeouts.inventory import Inventory
from timeouts.planning.later.places import KnownPlaces
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back as compute


@task(name="compute-roll-back", **OURS)
def compute_roll_back(inventory: Inventory, undone: Plan, may_be_live: Collection[str], places: KnownPlaces) -> Plan:
    """Compute the plan that undoes a run, against what the org says now.

    `may_be_live`: the ids of the Architect flows and actions that the run published, or may have. `places`: where it
    knew the steps of files that have no ids.
    """
    plan = compute(undone, may_be_live, inventory, places)
    get_run_logger().info(
        "roll back %s: %d steps and %d action limits, %d and %d are left",
        plan.checksum,
        len(plan.changes),
        len(plan.action_changes),
        len(plan.left_alone),
        len(plan.actions_left),
        extra=fields(of_org(inventory.organization)),
    )
    return plan
