"""The task list-flows: which org it is, or which files, and which Architect flows there are."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace

from prefect import get_run_logger, task

from files.reader import FilesReader
from genesys import ReadClient, fields, of_org
from tasks.running.reader import Reader
from tasks.running.retries import RETRIED
from tasks.storage import storage_of_run, storage_of_writers
from tasks.storage.function_limits import FunctionLimits
from tasks.storage.ids import our_clients, our_drafts
from tasks.storage.known_org import KnownOrg
from tasks.storage.our_versions import OurVersions
from timeouts.inventory import Inventory
from timeouts.model.leftovers import locked_by_us, said_of_leftovers


@task(name="list-flows", **RETRIED)
def list_flows(reader: Reader) -> Inventory:
    """List the Architect flows and the integration actions of an org, or of files.

    What it returns has no readings yet. Of the functions behind actions of an org, only what is known already is in it
    (tasks/read_functions.py).
    """
    listing = (_listing_of_files(reader) if isinstance(reader, FilesReader) else _listing_of(reader)).told_apart()
    get_run_logger().info(
        "%s: %d Architect flows, %d integration actions",
        listing.organization.name,
        len(listing.architect_flows),
        len(listing.actions),
        extra=fields(of_org(listing.organization)),
    )
    return listing


def _listing_of_files(reader: FilesReader) -> Inventory:
    our_writes = OurVersions(storage_of_run(), reader.organization().key).mark()
    return replace(reader.listing(), our_writes=our_writes)


def _listing_of(client: ReadClient) -> Inventory:
    """List those of the client's org, both at the same time."""
    storage, of_writers = storage_of_run(), storage_of_writers()
    with ThreadPoolExecutor(max_workers=3) as threads:
        org = KnownOrg(storage, client, threads)
        our_writes = None if org.key is None else OurVersions(storage, org.key).mark()
        listed = threads.submit(copy_context().run, client.list_architect_flows)
        listed_actions = threads.submit(copy_context().run, client.actions)
        actions, architect_flows = listed_actions.result(), listed.result()
        organization = org.identify(architect_flows)
    functions = FunctionLimits(storage, organization.key)
    clients = our_clients(of_writers, organization.key).all() | {client.identity}
    marked = our_drafts(of_writers, organization.key).all()
    return Inventory(
        organization,
        tuple(each.recognising(clients) for each in architect_flows),
        tuple(map(functions.with_known, actions)),
        left_by_us=said_of_leftovers(locked_by_us(architect_flows, clients), actions, marked),
        # Later than it should be where it was not known which org it is, which is once a week at most.
        our_writes=OurVersions(storage, organization.key).mark() if our_writes is None else our_writes,
    )
