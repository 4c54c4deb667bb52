"""Which of the two kinds of definition an Architect flow has, and its bytes.

Source: docs/design.md#kinds-of-definition.
"""

from dataclasses import dataclass

from genesys.errors import NotFound
from genesys.parsing.records import carries_flow_data
from genesys.read_client import ReadClient
from timeouts.model.org import ArchitectFlow
from timeouts.model.steps import DefinitionKind


@dataclass(frozen=True, slots=True)
class FetchedDefinition:
    """The live definition as the platform sent it, byte for byte, and the label of the version it was read from."""

    kind: DefinitionKind
    body: bytes
    version: str | None


def fetch_definition(client: ReadClient, architect_flow: ArchitectFlow) -> FetchedDefinition | None:
    """Read what callers meet now: the published configuration, or the tutorial's `flowData`; None if none is published.

    Costs one request, or two for an org that serves `flowData`. Raises NotFound where neither kind is there, and
    otherwise what `ReadClient` raises.
    """
    if architect_flow.is_not_published:
        return None
    version = architect_flow.published_version
    if architect_flow.carries_flow_data:
        return _flow_data(client, architect_flow)
    if version is not None:
        try:
            body = client.configuration(architect_flow.id, version, is_known=False)
        except NotFound:  # as in every org that serves `flowData`; elsewhere it may pass
            found = _flow_data(client, architect_flow)
            if found is not None:
                return found
            body = client.configuration(architect_flow.id, version, of_many=True)
        return FetchedDefinition("architect", body, version)
    return _flow_data(client, architect_flow)


def _flow_data(client: ReadClient, architect_flow: ArchitectFlow) -> FetchedDefinition | None:
    body = client.architect_flow_document(architect_flow.id, of_many=True)
    if not carries_flow_data(body):
        return None
    return FetchedDefinition("flowData", body, architect_flow.published_version)
