"""The task list-flows: which org it is and which Architect flows it has."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE

from genesys import ReadClient, fields, of_org
from tasks.function_limits import FunctionLimits
from tasks.infrastructure import DELAYS, JITTER, RETRIES, is_infrastructure
from tasks.kept_tables import STEPS, KeptTables
from tasks.known_org import KnownOrg
from tasks.known_readings import KnownReadings
from tasks.our_clients import OurClients
from tasks.storage import storage_of_run
from tasks.stored_marks import StoredMarks
from timeouts.leftovers import locked_by_us, said_of_leftovers
from timeouts.org import ArchitectFlow, DataAction, Organization
from timeouts.values import Value


class Listing(Value):
    """The org, all its Architect flows and all its integration actions, as listed just now.

    `notes`: what of that could not be read, and what it counts as. `left_by_us`: what runs of ours hold there, or have
    left, in sentences. `is_whole`: no Architect flow was left out, so that what uses an action is known.
    """

    organization: Organization
    architect_flows: tuple[ArchitectFlow, ...]
    actions: tuple[DataAction, ...]
    notes: tuple[str, ...] = ()
    left_by_us: tuple[str, ...] = ()
    is_whole: bool = True

    def of(self, architect_flow_ids: frozenset[str]) -> "Listing":
        """Give the listing of only these Architect flows."""
        chosen = tuple(each for each in self.architect_flows if each.id in architect_flow_ids)
        return self.model_copy(update={"architect_flows": chosen, "is_whole": False})

    def with_more(self, architect_flows: Sequence[ArchitectFlow]) -> "Listing":
        """Give the listing with Architect flows that it should have shown."""
        return self.model_copy(update={"architect_flows": (*self.architect_flows, *architect_flows)})

    @property
    def with_unknown_functions(self) -> tuple[DataAction, ...]:
        """The function data actions whose functions are not known."""
        return tuple(each for each in self.actions if each.kind == "function" and each.function_ms is None)

    def with_functions(self, limits_ms: Mapping[str, int], problem: str) -> "Listing":
        """Give the listing with the limits of functions, by the ids of their actions, and a note on those unread."""
        actions = tuple(
            action.model_copy(update={"function_ms": limits_ms[action.id]}) if action.id in limits_ms else action
            for action in self.actions
        )
        found = self.model_copy(update={"actions": actions})
        names = ", ".join(action.name for action in found.with_unknown_functions)
        if not names:
            return found
        note = f"The functions behind {names} could not be read, so they count with 15s at most: {problem}"
        return found.model_copy(update={"notes": (*self.notes, note)})


@task(
    name="list-flows",
    cache_policy=NO_CACHE,  # a listing is only worth something fresh
    persist_result=False,
    retries=RETRIES,
    retry_delay_seconds=DELAYS,
    retry_jitter_factor=JITTER,
    retry_condition_fn=is_infrastructure,
)
def list_flows(client: ReadClient) -> Listing:
    """List the Architect flows and the integration actions of the client's org, both at the same time.

    Of the functions behind actions, only what is known already is in it (tasks/read_functions.py).
    """
    storage = storage_of_run()
    with ThreadPoolExecutor(max_workers=3) as threads:
        listed = threads.submit(copy_context().run, client.list_architect_flows)
        listed_actions = threads.submit(copy_context().run, client.actions)
        org = KnownOrg(storage, client, threads)
        if org.believed is not None:  # the platform takes its time, and this is needed next
            KnownReadings(storage, org.believed.id).load_ahead()
            KeptTables(storage, org.believed.id).load_ahead(STEPS)
        actions, architect_flows = listed_actions.result(), listed.result()
        organization = org.identify(architect_flows)
    functions = FunctionLimits(storage, organization.id)
    clients = OurClients(storage, organization.id).ids() | {client.identity}
    marked = StoredMarks(storage, organization.id).all()
    listing = Listing(
        organization=organization,
        architect_flows=architect_flows,
        actions=tuple(map(functions.with_known, actions)),
        left_by_us=said_of_leftovers(locked_by_us(architect_flows, clients), actions, marked),
    )
    get_run_logger().info(
        "%s: %d Architect flows, %d integration actions",
        listing.organization.name,
        len(listing.architect_flows),
        len(listing.actions),
        extra=fields(of_org(organization)),
    )
    return listing
