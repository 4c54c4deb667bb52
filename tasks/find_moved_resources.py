"""The task find-moved-resources: what else a republish of each Architect flow would bring live."""

from prefect import task

from genesys import ReadClient
from tasks.running.missing import read_or_say_why
from tasks.running.retries import RETRIED
from timeouts.model.org import MovedResources, Organization


@task(name="find-moved-resources", **RETRIED)
def find_moved_resources(client: ReadClient, organization: Organization) -> MovedResources:
    """Ask dependency tracking. Where that is not possible, the value says why; a run goes on."""
    return read_or_say_why(
        organization,
        client.moved_resources,
        lambda problem: MovedResources(problem=problem),
        missing="what else a republish brings live could not be read",
    )
