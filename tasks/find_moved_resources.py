"""The task find-moved-resources: what else a republish of each Architect flow would bring live."""

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from genesys import ENDS_A_RUN, GenesysError, ReadClient, about, fields, of_org
from tasks.running.retries import RETRIED
from timeouts.model.org import MovedResources, Organization


@task(
    name="find-moved-resources",
    cache_policy=NO_CACHE,  # somebody may record a prompt anew at any time
    persist_result=False,
    **RETRIED,
)
def find_moved_resources(client: ReadClient, organization: Organization) -> MovedResources:
    """Ask dependency tracking. Where that is not possible, the value says why; a run goes on."""
    try:
        with about(of_org(organization)):
            return client.moved_resources()
    except ENDS_A_RUN:
        raise
    except GenesysError as problem:
        get_run_logger().warning(
            "what else a republish brings live could not be read: %s", problem, extra=fields(of_org(organization))
        )
        return MovedResources(problem=str(problem))
