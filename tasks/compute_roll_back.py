"""The task compute-roll-back: the inverse of what a run published."""

from collections.abc import Sequence

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from genesys import fields, of_org
from tasks.inventory import Inventory
from timeouts.action_outcomes import ActionOutcome
from timeouts.outcomes import Outcome
from timeouts.plan import Plan
from timeouts.roll_back import compute_roll_back as compute


@task(name="compute-roll-back", cache_policy=NO_CACHE)
def compute_roll_back(
    inventory: Inventory, undone: Plan, outcomes: Sequence[Outcome], action_outcomes: Sequence[ActionOutcome]
) -> Plan:
    """Compute the plan that undoes a run, against what the org says now."""
    listing = inventory.listing
    plan = compute(
        undone,
        outcomes,
        action_outcomes,
        organization=listing.organization,
        architect_flows=listing.architect_flows,
        readings=inventory.readings,
        actions=listing.actions,
    )
    get_run_logger().info(
        "roll back %s: %d steps and %d action limits, %d and %d are left",
        plan.checksum,
        len(plan.changes),
        len(plan.action_changes),
        len(plan.left_alone),
        len(plan.actions_left),
        extra=fields(of_org(listing.organization)),
    )
    return plan
