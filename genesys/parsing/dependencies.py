"""What dependency tracking says of resources that moved (docs/platform.md#what-a-republish-ships)."""

from collections.abc import Iterator

from genesys.errors import BadPayload
from genesys.parsing.records import Json
from timeouts.model.org import MovedResource
from timeouts.text.bounds import quoted


def updated_consumer(entity: Json) -> tuple[str, tuple[MovedResource, ...]]:
    """Read one user of resources: its id, and those of its resources that moved. Raises BadPayload."""
    return str(entity["id"]), tuple(_moved(entity))


def _moved(entity: Json) -> Iterator[MovedResource]:
    resources = entity.get("consumedResources")
    if not isinstance(resources, list):
        raise BadPayload(f"A user of moved resources is not as documented: 'consumedResources' is {quoted(resources)}")
    for resource in resources:
        if not isinstance(resource, dict) or not isinstance(resource.get("id"), str):
            raise BadPayload("A user of moved resources is not as documented: a resource has no id")
        if resource.get("updated") is not False:
            name, kind = resource.get("name"), resource.get("type")
            yield MovedResource(id=resource["id"], name=str(name or resource["id"]), type=str(kind or ""))
