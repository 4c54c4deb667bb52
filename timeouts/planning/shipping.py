"""What a republish of an Architect flow brings live besides what is changed in it.

Source: docs/platform.md#what-a-republish-ships.
"""

from collections.abc import Iterator

from timeouts.inventory import Inventory, is_outdated
from timeouts.planning.changes import Shipped, ShippedKind

_PROMPT, _MODULE = "USERPROMPT", "COMMONMODULEFLOW"


def shipped_with(inventory: Inventory, architect_flow_id: str) -> tuple[Shipped, ...]:
    """Return what a republish of one Architect flow would ship, each thing once."""
    return tuple(dict.fromkeys(_shipped(inventory, architect_flow_id)))


def _shipped(inventory: Inventory, architect_flow_id: str) -> Iterator[Shipped]:
    for snapshot in inventory.reading(architect_flow_id).snapshots:
        module = inventory.architect_flow(snapshot.module_id)
        if module is not None and is_outdated(snapshot, module):
            yield Shipped(
                kind="modules", name=module.name, before=snapshot.version, after=module.published_version or ""
            )
    moved = inventory.moved_resources
    for resource in () if moved is None else moved.by_architect_flow.get(architect_flow_id, ()):
        if resource.type != _MODULE:  # the snapshots say it with their versions
            kind: ShippedKind = "prompts" if resource.type == _PROMPT else "others"
            yield Shipped(kind=kind, name=resource.name)
