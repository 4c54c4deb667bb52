"""The task gather-evidence: what the org's own figures say of its actions."""

from prefect import get_run_logger, task

from genesys import ReadClient, fetch_evidence, fields, of_org
from tasks.running.clock import now_ms
from tasks.running.missing import read_or_say_why
from tasks.running.retries import RETRIED
from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of
from timeouts.model.evidence import Evidence, usual_bounds


@task(name="gather-evidence", **RETRIED)
def gather_evidence(client: ReadClient, inventory: Inventory, days: int) -> Evidence:
    """Read the figures of the last `days` days. Where that is not possible, the evidence says why; a run goes on.

    Asks how many calls took as long as each action's limit, for those ended at it.
    """
    limits_ms = [limit_of(action) or inventory.suggested_default_ms for action in inventory.actions]
    evidence = read_or_say_why(
        inventory.organization,
        lambda: fetch_evidence(client, days, now_ms(), usual_bounds(limits_ms)),
        lambda problem: Evidence(asked_days=days, problem=problem),
        missing=f"no figures of the last {Evidence(asked_days=days).asked}",
    )
    if evidence.problem:
        return evidence
    calls = sum(action.calls for action in evidence.actions)
    get_run_logger().info(
        "%d calls of %d actions in %s",
        calls,
        len(evidence.actions),
        evidence.period,
        extra=fields(of_org(inventory.organization)),
    )
    return evidence
