"""The first half of every run: list, then extract. Used by audit and raise_timeouts."""

from collections.abc import Sequence

from prefect.futures import PrefectFuture, as_completed

from genesys import ReadClient
from tasks.extract_actions import BATCH, NotAllReadError, extract_actions
from tasks.inventory import Inventory
from tasks.list_flows import list_flows
from tasks.progress import Stage
from timeouts.org import ArchitectFlow
from timeouts.steps import Reading


def take_inventory(client: ReadClient, only: frozenset[str] | None = None) -> Inventory:
    """List the org and read every Architect flow, in batches. Call it in the body of a Prefect flow.

    `only`: the ids of those to look at; the others are left out of the listing, too.
    """
    listing = list_flows(client)
    if only is not None:
        listing = listing.of(only)
    batches = _batches(listing.architect_flows)
    readings: dict[str, Reading] = {}
    with Stage("Reading Architect flows", len(listing.architect_flows)) as stage:
        futures = [extract_actions.submit(client, listing.organization, batch) for batch in batches]
        for future in as_completed(futures):
            batch_readings = _readings_of(future)
            readings.update({reading.architect_flow_id: reading for reading in batch_readings})
            stage.advance(len(batch_readings))
    in_order = tuple(readings[architect_flow.id] for architect_flow in listing.architect_flows)
    return Inventory(listing, in_order)


def _batches(architect_flows: Sequence[ArchitectFlow]) -> list[Sequence[ArchitectFlow]]:
    """Cut by id, so that the same Architect flows meet in the same batch on every night.

    Those without a published version come last: a batch that holds one cannot be taken from Prefect's cache.
    """
    by_id = sorted(architect_flows, key=lambda each: (each.published_version is None, each.id))
    published = [each for each in by_id if each.published_version is not None]
    others = by_id[len(published) :]
    return [part[start : start + BATCH] for part in (published, others) for start in range(0, len(part), BATCH)]


def _readings_of(future: PrefectFuture[list[Reading]]) -> list[Reading]:
    future.wait()
    found = future.state.result(raise_on_failure=False)
    if isinstance(found, NotAllReadError):
        return found.readings
    if isinstance(found, BaseException):
        raise found
    return list(found)
