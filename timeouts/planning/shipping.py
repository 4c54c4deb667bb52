"""What a republish of an Architect flow brings live besides what is changed in it.

Source: docs/platform.md#what-a-republish-ships.
"""

from collections.abc import Collection, Iterator, Sequence

from timeouts.inventory import Inventory, is_outdated
from timeouts.planning.changes import Shipped, ShippedKind

_PROMPT, _MODULE = "USERPROMPT", "COMMONMODULEFLOW"


def shipped_with(inventory: Inventory, architect_flow_id: str, *, but: Collection[str] = ()) -> tuple[Shipped, ...]:
    """Return what a republish of one Architect flow would ship, each thing once; `but`: not these modules, by id."""
    return tuple(dict.fromkeys(_shipped(inventory, architect_flow_id, but)))


def shipping_unknown(inventory: Inventory) -> str:
    """Say why it is not wholly known what a republish would ship; '' where it is."""
    if inventory.moved_resources is not None:
        return inventory.moved_resources.problem
    return "files do not say it" if inventory.organization.is_files else "the run did not ask"


def must_not_ship(shipped: Sequence[Shipped], unknown: str, kept: Collection[ShippedKind]) -> str:
    """Say what a republish would bring live that a policy keeps from that; what is not known counts as some."""
    found = [str(each) for each in shipped if each.kind in kept]
    if found:
        return f"a republish would also bring live {', '.join(found)}, and the policy leaves such Architect flows"
    if "prompts" in kept and unknown:
        return f"whether a republish would also bring prompts live is not known: {unknown}"
    return ""


def _shipped(inventory: Inventory, architect_flow_id: str, but: Collection[str]) -> Iterator[Shipped]:
    for snapshot in inventory.reading(architect_flow_id).snapshots:
        module = inventory.as_listed(snapshot.module_id)
        if module is not None and module.id not in but and is_outdated(snapshot, module):
            yield Shipped(
                kind="modules",
                name=module.name,
                before=snapshot.version,
                after=module.published_version or "",
                module_id=module.id,
            )
    moved = inventory.moved_resources
    for resource in () if moved is None else moved.by_architect_flow.get(architect_flow_id, ()):
        if resource.type != _MODULE:  # the snapshots say it with their versions
            kind: ShippedKind = "prompts" if resource.type == _PROMPT else "others"
            yield Shipped(kind=kind, name=resource.name)
