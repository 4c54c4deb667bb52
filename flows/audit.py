"""The Prefect flow audit: what every Call Data Action step of an org waits. It cannot write."""

from typing import Any

from prefect.client.schemas.objects import State

from flows.connections import credentials_for, read_client
from flows.running import quick_flow, several_at_a_time
from genesys.block import GenesysCloudCredentials
from timeouts.periods import NO_DAYS, DaysOrNone
from timeouts.policy import Policy


@quick_flow(name="audit", task_runner=several_at_a_time())
def audit(
    org: GenesysCloudCredentials | None = None, policy: Policy | None = None, evidence: DaysOrNone = NO_DAYS
) -> State[Any]:
    """List every Call Data Action step of an org with its timeout, its action's limit and what callers really wait.

    Args:
        org: The org, by its credentials. None: the worker's environment decides.
        policy: What steps should wait. Given, the run also shows what it would change; it changes nothing.
        evidence: Also rank the actions by the calls lost in so many days, such as 14d.
    """
    credentials = credentials_for(org)
    with read_client(credentials) as client:
        # The login is under way, and the platform takes longer to answer than this takes to load.
        from flows.auditing import conclude, look  # noqa: PLC0415 - see above (docs/decisions/0019)

        seen = look(client, policy, evidence)
    return conclude(seen, policy, credentials)
