"""The first half of every run: list, then extract. Used by audit and raise_timeouts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from prefect.futures import PrefectFuture, as_completed

from files.reader import FilesReader
from flows.run.memory import prepare_for_many_values
from flows.run.progress import Stage
from genesys import ReadClient
from genesys.reading.readers import Readers
from tasks.extract_actions import BATCH, NotAllReadError, extract_actions
from tasks.figures.gather_evidence import gather_evidence
from tasks.figures.read_limits import read_limits
from tasks.find_moved_resources import find_moved_resources
from tasks.list_flows import list_flows
from tasks.look_up_unlisted import Unlisted, look_up_unlisted
from tasks.read_functions import FunctionsRead, read_functions
from tasks.recall_readings import Recalled, recall_readings
from tasks.running.endings import found_in
from tasks.running.opaque_to_prefect import opaque_to_prefect
from tasks.running.reader import Reader
from tasks.storage import storage_of_run
from tasks.storage.known_readings import KnownReadings
from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.periods import USUAL_DAYS
from timeouts.model.steps import Reading
from timeouts.planning.changes import Pin
from timeouts.planning.later.since_the_plan import modules_to_read
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy


def take_inventory(
    reader: Reader,
    policy: Policy | None = None,
    *,
    only: Sequence[Pin] | None = None,
    evidence_days: int | None = None,
    to_publish: bool = False,
) -> Inventory:
    """List an org, or files, and read every Architect flow, in batches. Call it in the body of a Prefect flow.

    `policy` says what a suggested timeout is worth, and may go by the org's own figures, which are read then.
    `only`: those to look at; the others are left out of the listing, too, and those of them that the listing does not
    show are asked for one by one, and no figures are read. `evidence_days`: read those of so many days in any case.
    `to_publish`: ask, too, what else a republish would bring live. Files say all that they have to say by themselves:
    nothing else is asked for, and nothing that was read earlier counts, for a file has no versions.
    """
    prepare_for_many_values()
    asked = policy or Policy()
    listing = replace(list_flows(reader), suggested_default_ms=asked.suggested_default)
    if isinstance(reader, FilesReader):
        return _inventory_of_files(reader, listing, only)
    return _inventory_of_an_org(reader, listing, policy, only=only, evidence_days=evidence_days, to_publish=to_publish)


def list_again(reader: Reader, inventory: Inventory, plan: Plan) -> Inventory:
    """Return what was read earlier with what is listed now: actions, and which versions of modules are published.

    Call it in the body of a Prefect flow.
    """
    listing = list_flows(reader)
    if isinstance(reader, ReadClient) and listing.with_unknown_functions:
        found = read_functions(reader, opaque_to_prefect(listing))
        listing = listing.with_functions(found.limits_ms, found.problem)
    listed_now = replace(inventory, actions=listing.actions, listed=listing.architect_flows)
    return read_what_is_taken_in(reader, listed_now, plan)


def read_what_is_taken_in(reader: Reader, inventory: Inventory, plan: Plan) -> Inventory:
    """Return an inventory with the modules that a plan's publishes would take in, as they are listed.

    They are no part of what the run is about, and count nowhere. Files have no versions that could have moved. Call it
    in the body of a Prefect flow.
    """
    modules = modules_to_read(plan, inventory)
    if not modules or isinstance(reader, FilesReader):
        return inventory
    readings = _readings_of_all(reader, Inventory(inventory.organization, modules, is_whole=False))
    return replace(inventory, taken_in=(*inventory.taken_in, *readings.values()))


def _inventory_of_files(reader: FilesReader, listing: Inventory, only: Sequence[Pin] | None) -> Inventory:
    chosen = listing if only is None else listing.of({pin.architect_flow_id for pin in only})
    read = _read(chosen.architect_flows, listing.organization, reader)
    return _with_readings(chosen, {reading.architect_flow_id: reading for reading in read})


def _inventory_of_an_org(
    client: ReadClient,
    listing: Inventory,
    policy: Policy | None,
    *,
    only: Sequence[Pin] | None,
    evidence_days: int | None,
    to_publish: bool,
) -> Inventory:
    asked = policy or Policy()
    unlisted = Unlisted()
    if only is not None:
        listing, unlisted = _only(client, listing, only)
    functions = read_functions.submit(client, opaque_to_prefect(listing)) if listing.with_unknown_functions else None
    readings = dict(_readings_of_all(client, listing))
    if functions is not None:
        found = _functions_of(functions)
        listing = listing.with_functions(found.limits_ms, found.problem)
    listing = listing.with_more(unlisted.hidden)
    readings.update({reading.architect_flow_id: reading for reading in unlisted.readings})
    inventory = _with_readings(listing, readings)
    if to_publish or "prompts" in asked.leave_if_it_ships:
        inventory = replace(inventory, moved_resources=find_moved_resources(client, listing.organization))
    if only is not None or (evidence_days is None and not asked.needs_evidence):
        return inventory
    evidence = gather_evidence(client, opaque_to_prefect(listing), evidence_days or USUAL_DAYS)
    if policy is not None and not evidence.problem:  # what waiting costs is part of a plan
        inventory = replace(inventory, limits=read_limits(client, listing.organization))
    return replace(inventory, evidence=evidence)


def _only(client: ReadClient, listing: Inventory, pins: Sequence[Pin]) -> tuple[Inventory, Unlisted]:
    """Return the listing of only these; those that it does not show are asked for one by one and never dropped."""
    chosen = listing.of({pin.architect_flow_id for pin in pins})
    listed = {architect_flow.id for architect_flow in chosen.architect_flows}
    missing = [pin for pin in pins if pin.architect_flow_id not in listed]
    if not missing:
        return chosen, Unlisted()
    unlisted = look_up_unlisted(client, listing.organization, missing)
    return chosen.with_more(unlisted.found), unlisted


def _readings_of_all(client: ReadClient, listing: Inventory) -> Mapping[str, Reading]:
    """Return what is known and read the rest; what was read is kept, also where the run ends early."""
    readings: Recalled = dict(found_in(recall_readings(opaque_to_prefect(listing), return_state=True), dict))
    unread = [architect_flow for architect_flow in listing.architect_flows if architect_flow.id not in readings]
    if not unread:
        return readings
    known = len(readings)
    try:
        with Readers(client) as readers:
            for reading in _read(unread, listing.organization, readers):
                readings[reading.architect_flow_id] = reading
    finally:
        if len(readings) > known:
            whole = listing.is_whole and len(readings) == len(listing.architect_flows)
            KnownReadings(storage_of_run(), listing.organization.key).keep(readings.values(), is_whole=whole)
    return readings


def _read(
    architect_flows: Sequence[ArchitectFlow], organization: Organization, readers: Readers | FilesReader
) -> Iterator[Reading]:
    """Read Architect flows in batches; yields each reading as soon as its batch is read."""
    if not architect_flows:
        return
    with Stage("Reading Architect flows", len(architect_flows)) as stage:
        batches = [
            extract_actions.submit(organization, opaque_to_prefect(batch), readers)
            for batch in _batches(architect_flows)
        ]
        for future in as_completed(batches):
            batch_readings = _readings_of(future)
            yield from batch_readings
            stage.advance(len(batch_readings))


def _with_readings(listing: Inventory, readings: Mapping[str, Reading]) -> Inventory:
    return replace(listing, readings=tuple(readings[each.id] for each in listing.architect_flows))


def _functions_of(future: PrefectFuture[FunctionsRead]) -> FunctionsRead:
    future.wait()
    return found_in(future.state, FunctionsRead)


def _batches(architect_flows: Sequence[ArchitectFlow]) -> list[Sequence[ArchitectFlow]]:
    by_id = sorted(architect_flows, key=lambda each: each.id)
    return [by_id[start : start + BATCH] for start in range(0, len(by_id), BATCH)]


def _readings_of(future: PrefectFuture[list[Reading]]) -> list[Reading]:
    future.wait()
    try:
        return found_in(future.state, list)
    except NotAllReadError as gaps:
        return gaps.readings
