"""The task gather-evidence: what the org's own figures say of its actions."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from genesys import ENDS_A_RUN, GenesysError, ReadClient, about, fetch_evidence, fields, of_org
from tasks.running.clock import now_ms
from tasks.running.retries import RETRIED
from timeouts.inventory import Inventory
from timeouts.model.effective import limit_of
from timeouts.model.evidence import Evidence, usual_bounds


@task(
    name="gather-evidence",
    cache_policy=NO_CACHE,  # the last days are others every hour
    persist_result=False,
    **RETRIED,
)
def gather_evidence(client: ReadClient, inventory: Inventory, days: int) -> Evidence:
    """Read the figures of the last `days` days. Where that is not possible, the evidence says why; a run goes on.

    Asks how many calls took as long as each action's limit, for those ended at it.
    """
    limits_ms = [limit_of(action) or inventory.suggested_default_ms for action in inventory.actions]
    try:
        with about(of_org(inventory.organization)):
            evidence = fetch_evidence(client, days, now_ms(), usual_bounds(limits_ms))
    except ENDS_A_RUN:
        raise
    except GenesysError as problem:
        evidence = Evidence(asked_days=days, problem=str(problem))
        get_run_logger().warning(
            "no figures of the last %d days: %s", days, problem, extra=fields(of_org(inventory.organization))
        )
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
