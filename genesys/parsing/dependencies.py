"""What dependency tracking says of resources that moved (docs/platform.md#what-a-republish-ships)."""

from collections.abc import Iterable, Iterator, Mapping

from genesys.errors import BadPayload
from genesys.parsing.records import Json
from timeouts.model.org import MovedResource
from timeouts.text.bounds import quoted


def updated_consumer(entity: Json) -> tuple[str, tuple[MovedResource, ...]]:
    """Read one user of resources: its id, and those of its resources that moved. Raises BadPayload."""
    return str(entity["id"]), tuple(_moved(entity))


def joined(
    consumers: Iterable[tuple[str, tuple[MovedResource, ...]]],
) -> Mapping[str, tuple[MovedResource, ...]]:
    """Join what moved for each user, which has a row of its own for each of its versions where those are shown.

    An older version may use more than the live one: too much is told then, and nothing left out.
    """
    found: dict[str, dict[MovedResource, None]] = {}
    for identifier, resources in consumers:
        found.setdefault(identifier, {}).update(dict.fromkeys(resources))
    return {identifier: tuple(resources) for identifier, resources in found.items()}


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
