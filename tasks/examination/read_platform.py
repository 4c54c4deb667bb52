"""The task read-platform: what single answers of an org tell of it and of the client's access."""

from prefect import task

from genesys import ReadClient
from genesys.examination.examine import examine
from tasks.running.retries import OURS
from timeouts.doctor.facts import Endpoint, PlatformFacts


@task(name="read-platform", **OURS)
def read_platform(client: ReadClient, endpoint: Endpoint) -> PlatformFacts:
    """Ask the org some thirty times, and keep what it said; whatever that is, it raises nothing but Stopped."""
    return examine(client, endpoint)
