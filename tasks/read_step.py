"""The task read-step: one step with its Architect flow and its action, read anew."""

from dataclasses import replace

from prefect import task

from genesys import ReadClient
from genesys.reading.one_step import read_one_step
from tasks.running.retries import RETRIED
from tasks.storage import storage_of_run
from tasks.storage.our_versions import OurVersions
from timeouts.inventory import Inventory


@task(name="read-step", **RETRIED)
def read_step(client: ReadClient, architect_flow_id: str, step_id: str) -> Inventory:
    """Return an org of this step alone. Raises LookupError where the step is not there any more."""
    organization = client.organization()
    our_writes = OurVersions(storage_of_run(), organization.key).mark()
    return replace(read_one_step(client, architect_flow_id, step_id).inventory(organization), our_writes=our_writes)
