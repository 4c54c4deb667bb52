"""The Prefect flow set-timeout: one step, read, set, published and verified as a raise does it, with its way back."""

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.run.executing import PlannedRun, execute_plan
from flows.run.our_flow import OURS, our_flow
from flows.sources.connections import credentials_for
from flows.sources.sources import OrgSource
from genesys.block import GenesysCloudCredentials
from tasks.compute_changes import compute_changes
from tasks.read_step import read_step
from tasks.running.opaque_to_prefect import opaque_to_prefect
from timeouts.model.durations import DurationMs
from timeouts.policy.policy import Policy
from timeouts.text.bounds import Reference


@flow(name="set-timeout", **OURS)
@our_flow
def set_timeout(
    architect_flow: Reference,
    step: Reference,
    timeout: DurationMs,
    org: GenesysCloudCredentials | None = None,
    *,
    allow_lowering: bool = False,
) -> State[Any]:
    """Set the timeout of one step and publish its Architect flow. Nothing else of the org is read.

    Args:
        architect_flow: Id of the Architect flow.
        step: Id of the step in it.
        timeout: What the step is to say, such as 10s.
        org: The org, by its credentials. None: the worker's environment decides.
        allow_lowering: Whether the wait may become shorter.
    """
    source = OrgSource(credentials_for(org))
    policy = Policy.set_to(timeout, architect_flow, allow_lowering=allow_lowering)
    with source.reader() as client:
        inventory = read_step(client, architect_flow, step)
        requests = client.request_counts()
    plan = compute_changes(opaque_to_prefect(inventory), policy)
    return execute_plan(PlannedRun(source, inventory, plan, requests), "set", apply=True)
