"""The task leave-requests: what a run asked of the platform, as a table."""

from prefect import task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE

from tasks.artifact_keys import key_of
from timeouts.org import Organization
from timeouts.request_figures import RequestCounts


@task(name="leave-requests", cache_policy=NO_CACHE)
def leave_requests(organization: Organization, counts: RequestCounts) -> None:
    """Leave the table `timeouts-requests-...`: totals first, then the routes."""
    create_table_artifact(
        key=key_of("timeouts-requests", organization),
        table=counts.as_rows,
        description=f"What the run asked of the platform: {counts.in_words}",
    )
