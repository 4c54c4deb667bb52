"""The Prefect flow explain: why one step waits as long as it does. It cannot write, and keeps nothing but readings."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from files.folders import Folders
from flows.run.our_flow import OURS, our_flow
from flows.run.reading import take_inventory
from flows.sources.sources import check_figures, source_of
from genesys.block import GenesysCloudCredentials
from tasks.running.states import completed
from timeouts.policy.policy import Policy
from timeouts.text.phrases import number_of


@flow(name="explain", **OURS)
@our_flow
def read_for_explaining(
    org: GenesysCloudCredentials | None = None, policy: Policy | None = None, files: Folders | None = None
) -> State[Any]:
    """Read an org, or files, and hand that out to the process that asked; a terminal explains steps of it.

    Args:
        org: The org, by its credentials. None: the environment decides.
        policy: What steps are to be held against; one that goes by figures has them read.
        files: Folders of files instead of an org.
    """
    source = source_of(org, files)
    check_figures(source, policy, None)
    with source.reader() as reader:
        inventory = take_inventory(reader, policy)
    return completed(number_of(sum(1 for _ in inventory.steps), "step"), data=inventory)
