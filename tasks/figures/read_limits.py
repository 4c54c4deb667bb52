"""The task read-limits: how many executions of data actions the org allows."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from genesys import ENDS_A_RUN, GenesysError, ReadClient, about, fields, of_org
from tasks.running.retries import RETRIED
from timeouts.model.org import Organization
from timeouts.model.org_limits import OrgLimits


@task(
    name="read-limits",
    cache_policy=NO_CACHE,  # Genesys may raise them any day
    persist_result=False,
    **RETRIED,
)
def read_limits(client: ReadClient, organization: Organization) -> OrgLimits:
    """Read the org's limits. Where that is not possible they say why, and the documented ones are counted with."""
    try:
        with about(of_org(organization)):
            return client.data_action_limits()
    except ENDS_A_RUN:
        raise
    except GenesysError as problem:
        get_run_logger().info("no limits of the org: %s", problem, extra=fields(of_org(organization)))
        return OrgLimits(problem=str(problem))
