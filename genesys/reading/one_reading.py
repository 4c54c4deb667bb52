"""Reading one Architect flow: fetch its live definition and say what is in it."""

from genesys.errors import GenesysError, Gone, NotFound
from genesys.log import about, of_architect_flow
from genesys.read_client import ReadClient
from genesys.reading.definition import FetchedDefinition, fetch_definition
from timeouts.definitions import UnreadableDefinition, read_definition
from timeouts.model.org import ArchitectFlow
from timeouts.model.steps import Reading


def read_one(client: ReadClient, architect_flow: ArchitectFlow) -> Reading:
    """Return one reading, whatever happens: nothing that the platform answers stops the others."""
    return reading_of(architect_flow, fetch_one(client, architect_flow))


def fetch_one(client: ReadClient, architect_flow: ArchitectFlow) -> FetchedDefinition | Reading:
    """Fetch what there is to read; a reading, where there is nothing."""
    try:
        with about(of_architect_flow(architect_flow.id, architect_flow.name)):
            return fetch_definition(client, architect_flow) or not_published(architect_flow)
    except (NotFound, Gone) as missing:
        return _not_read(architect_flow, f"it is gone: {missing}")
    except GenesysError as problem:
        return _not_read(architect_flow, str(problem))


def reading_of(architect_flow: ArchitectFlow, fetched: FetchedDefinition | Reading) -> Reading:
    """Say what is in what was fetched."""
    if isinstance(fetched, Reading):
        return fetched
    try:
        definition = read_definition(fetched.body)
        return Reading(
            architect_flow_id=architect_flow.id,
            version=fetched.version,
            coverage="read",
            kind=definition.kind,
            fingerprint=definition.fingerprint if definition.steps or definition.snapshots else "",
            steps=definition.steps,
            snapshots=definition.snapshots,
        )
    except UnreadableDefinition as problem:
        return Reading(
            architect_flow_id=architect_flow.id, version=fetched.version, coverage="unreadable", reason=str(problem)
        )


def not_published(architect_flow: ArchitectFlow) -> Reading:
    """Return the reading of an Architect flow that has nothing to read."""
    return Reading(architect_flow_id=architect_flow.id, coverage="not_published", reason="not published")


def _not_read(architect_flow: ArchitectFlow, reason: str) -> Reading:
    return Reading(
        architect_flow_id=architect_flow.id,
        version=architect_flow.published_version,
        coverage="not_read",
        reason=reason,
    )
