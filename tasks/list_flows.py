"""The task list-flows: which org it is and which Architect flows it has."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from genesys import ReadClient, about, fields, of_org
from tasks.function_limits import with_functions
from tasks.infrastructure import DELAYS, JITTER, RETRIES, is_infrastructure
from tasks.known_org import KnownOrg
from tasks.storage import storage_of_run
from timeouts.org import ArchitectFlow, DataAction, Organization
from timeouts.values import Value


class Listing(Value):
    """The org, all its Architect flows and all its integration actions, as listed just now.

    `notes`: what of that could not be read, and what it counts as. `is_whole`: no Architect flow was left out, so that
    what uses an action is known.
    """

    organization: Organization
    architect_flows: tuple[ArchitectFlow, ...]
    actions: tuple[DataAction, ...]
    notes: tuple[str, ...] = ()
    is_whole: bool = True

    def of(self, architect_flow_ids: frozenset[str]) -> "Listing":
        """Give the listing of only these Architect flows."""
        chosen = tuple(each for each in self.architect_flows if each.id in architect_flow_ids)
        return self.model_copy(update={"architect_flows": chosen, "is_whole": False})


@task(
    name="list-flows",
    cache_policy=NO_CACHE,  # a listing is only worth something fresh
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
    retry_jitter_factor=JITTER,
    retry_condition_fn=is_infrastructure,
)
def list_flows(client: ReadClient) -> Listing:
    """List the Architect flows and the integration actions of the client's org, both at the same time."""
    storage = storage_of_run()
    with ThreadPoolExecutor(max_workers=1) as threads:
        listed = threads.submit(copy_context().run, client.list_architect_flows)
        actions = client.actions()
        architect_flows = listed.result()
    organization = KnownOrg(storage, client).identify(architect_flows)
    with about(of_org(organization)):
        found = with_functions(client, actions, storage, organization.id)
    listing = Listing(
        organization=organization,
        architect_flows=architect_flows,
        actions=found.actions,
        notes=(found.note,) if found.note else (),
    )
    get_run_logger().info(
        "%s: %d Architect flows, %d integration actions",
        listing.organization.name,
        len(listing.architect_flows),
        len(listing.actions),
        extra=fields(of_org(organization)),
    )
    return listing
