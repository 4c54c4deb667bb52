"""What runs of ours hold of an org, or have left there: locks of Architect flows, drafts of actions."""

from collections.abc import Collection, Iterable

from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.text.phrases import first_few

_NAMED = 10


def locked_by_us(architect_flows: Iterable[ArchitectFlow], clients: Collection[str]) -> tuple[ArchitectFlow, ...]:
    """Return the Architect flows that one of our OAuth clients has locked; `clients`: the ids of ours."""
    return tuple(
        each
        for each in architect_flows
        if each.locked_by is not None and each.locked_by.kind == "client" and each.locked_by.id in clients
    )


def said_of_leftovers(
    locked: Collection[ArchitectFlow], actions: Iterable[DataAction], marked: Collection[str]
) -> tuple[str, ...]:
    """Say in sentences what is held; `marked`: the ids of the actions of which a run of ours has made a draft."""
    found = []
    if locked:
        names = first_few([each.name for each in locked], _NAMED)
        found.append(
            f"Locked by our own client: {names}. Either a run is publishing there now, or one was interrupted: "
            "`genesys-timeouts locks` shows which, and the next run that changes them takes them up."
        )
    drafted = [action.name for action in actions if action.id in marked]
    if drafted:
        found.append(
            f"Drafts of ours on the actions {first_few(drafted, _NAMED)}: a run was interrupted, or is changing them "
            "now. The next run that changes them takes them up."
        )
    return tuple(found)
