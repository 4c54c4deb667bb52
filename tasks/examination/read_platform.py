"""The task read-platform: what single answers of an org tell of it and of the client's access."""

from prefect import task
from prefect.cache_policies import NO_CACHE

from genesys import ReadClient
from genesys.examination.examine import examine
from timeouts.doctor.facts import Endpoint, PlatformFacts


@task(
    name="read-platform",
    cache_policy=NO_CACHE,  # what is told has to be true now
    persist_result=False,
)
def read_platform(client: ReadClient, endpoint: Endpoint) -> PlatformFacts:
    """Ask the org some thirty times, and keep what it said; whatever that is, it raises nothing but Stopped."""
    return examine(client, endpoint)
