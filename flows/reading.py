"""The first half of every run: list, then extract. Used by audit and raise_timeouts."""

from collections.abc import Sequence
from typing import NamedTuple

from prefect.futures import PrefectFuture, as_completed

from genesys import ReadClient
from tasks.extract_actions import BATCH, NotAllReadError, extract_actions
from tasks.finished import found_in
from tasks.gather_evidence import gather_evidence
from tasks.inventory import Inventory
from tasks.list_flows import list_flows
from tasks.progress import Stage
from timeouts.org import ArchitectFlow
from timeouts.periods import USUAL_DAYS
from timeouts.policy import Policy
from timeouts.steps import Reading


class EvidenceWanted(NamedTuple):
    """The figures of how many days, and what a suggested timeout is worth where the action sets no limit."""

    days: int
    suggested_default_ms: int


def evidence_wanted(days: int | None, policy: Policy | None) -> EvidenceWanted | None:
    """Say which figures a run reads: those that were asked for, or those that a rule of its policy goes by."""
    asked = policy or Policy()
    if days is None and not asked.needs_evidence:
        return None
    return EvidenceWanted(days or USUAL_DAYS, asked.suggested_default)


def take_inventory(
    client: ReadClient, only: frozenset[str] | None = None, evidence: EvidenceWanted | None = None
) -> Inventory:
    """List the org and read every Architect flow, in batches. Call it in the body of a Prefect flow.

    `only`: the ids of those to look at; the others are left out of the listing, too. `evidence`: which of the org's
    own figures to read as well.
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
    figures = None
    if evidence is not None:
        figures = gather_evidence(client, listing, evidence.days, evidence.suggested_default_ms)
    return Inventory(listing, in_order, figures)


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
    try:
        return found_in(future.state, list)
    except NotAllReadError as gaps:
        return gaps.readings
