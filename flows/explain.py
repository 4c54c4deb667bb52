"""The Prefect flow explain: why one step waits as long as it does. It cannot write, and keeps nothing but readings."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.run.our_flow import our_flow
from flows.run.reading import take_inventory
from flows.run.task_runner import TASK_RUNNER
from flows.sources.connections import credentials_for, read_client
from genesys.block import GenesysCloudCredentials
from reports.words import number_of
from tasks.running.states import completed
from timeouts.policy.policy import Policy


@flow(name="explain", task_runner=TASK_RUNNER, persist_result=False)
@our_flow
def read_for_explaining(org: GenesysCloudCredentials | None = None, policy: Policy | None = None) -> State[Any]:
    """Read an org, and hand it out to the process that asked; a terminal explains steps of it.

    Args:
        org: The org, by its credentials. None: the environment decides.
        policy: What steps are to be held against; one that goes by figures has them read.
    """
    with read_client(credentials_for(org)) as client:
        inventory = take_inventory(client, policy, to_publish=policy is not None and bool(policy.leave_if_it_ships))
    return completed(number_of(sum(1 for _ in inventory.steps), "step"), data=inventory)
