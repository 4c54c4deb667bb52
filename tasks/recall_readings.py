"""The task recall-readings: what earlier runs have read of the live versions, so that it is not read again."""

from typing import Any

from prefect import task
from prefect.client.schemas.objects import State

from genesys.reading.one_reading import not_published
from tasks.running.retries import OURS
from tasks.running.states import completed
from tasks.storage import storage_of_run
from tasks.storage.known_readings import KnownReadings
from timeouts.inventory import Inventory
from timeouts.model.steps import Reading

Recalled = dict[str, Reading]
"""Readings by the id of their Architect flow."""


@task(name="recall-readings", **OURS)
def recall_readings(inventory: Inventory) -> State[Any]:
    """Find the readings that still hold. The state holds them, and is `Cached` where there are any.

    Those that are not published are among them: the listing says all that there is to say. A storage that cannot be
    read costs requests and nothing else.
    """
    known = KnownReadings(storage_of_run(), inventory.organization.key).of(inventory.architect_flows)
    unpublished = {each.id: not_published(each) for each in inventory.architect_flows if each.is_not_published}
    of_all = (
        f"{len(known):,} of {len(inventory.architect_flows):,} Architect flows are as an earlier run read them, "
        f"{len(unpublished):,} are not published"
    )
    return completed(of_all, name="Cached" if known else "Completed", data=known | unpublished)
