"""The task look-up-unlisted: what became of Architect flows that a run is about and that the listing does not show."""

from collections.abc import Sequence
from dataclasses import dataclass

from prefect import get_run_logger, task

from genesys import ENDS_A_RUN, GenesysError, Gone, NotFound, ReadClient, about, fields, of_architect_flow, of_org
from tasks.running.retries import RETRIED
from tasks.storage import storage_of_writers
from tasks.storage.ids import our_clients
from timeouts.model.org import ArchitectFlow, Organization
from timeouts.model.steps import Reading
from timeouts.planning.changes import Pin


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What asking for each by its id gave. One that is in neither of the two does not exist any more.

    `found`: those that the platform gives, although its listing does not show them. `hidden`: those that it does not
    give, with what they are known by, and `readings`, one for each, which say why.
    """

    found: tuple[ArchitectFlow, ...] = ()
    hidden: tuple[ArchitectFlow, ...] = ()
    readings: tuple[Reading, ...] = ()


@task(name="look-up-unlisted", **RETRIED)
def look_up_unlisted(client: ReadClient, organization: Organization, missing: Sequence[Pin]) -> Unlisted:
    """Ask for each Architect flow by its id: a listing shows neither what is deleted nor what a role may not see.

    Only where listing and platform agree that one is not there, it is gone. They are waited for together.
    """
    ours = our_clients(storage_of_writers(), organization.key).all() | {client.identity}
    found: list[ArchitectFlow] = []
    hidden: list[ArchitectFlow] = []
    readings: list[Reading] = []
    for pin in missing:
        try:
            with about(of_architect_flow(pin.architect_flow_id, pin.name)):
                found.append(client.unlisted_architect_flow(pin.architect_flow_id).recognising(ours))
        except ENDS_A_RUN:
            raise
        except (NotFound, Gone) as problem:
            get_run_logger().warning(
                "%s is not listed any more, and does not exist any more: %s",
                pin.name,
                problem,
                extra=fields(of_org(organization)),
            )
        except GenesysError as problem:
            hidden.append(ArchitectFlow(id=pin.architect_flow_id, name=pin.name, type=pin.type))
            readings.append(
                Reading(
                    architect_flow_id=pin.architect_flow_id,
                    coverage="not_read",
                    reason=f"the listing does not show it, and asked for it, the platform says: {problem}",
                )
            )
    return Unlisted(tuple(found), tuple(hidden), tuple(readings))
