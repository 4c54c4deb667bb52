"""The Prefect flow audit: what every Call Data Action step of an org waits. It cannot write."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.auditing import finish_audit, read_org
from flows.connections import credentials_for, read_client
from flows.task_runner import TASK_RUNNER
from genesys.block import GenesysCloudCredentials
from timeouts.periods import NO_DAYS, DaysOrNone
from timeouts.policy import Policy


@flow(name="audit", task_runner=TASK_RUNNER, persist_result=False)
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
        reading = read_org(client, policy, evidence)
    return finish_audit(reading, policy, credentials)
