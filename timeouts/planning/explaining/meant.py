"""Which step of an org somebody means."""

from timeouts.inventory import Inventory, OrgStep
from timeouts.policy.patterns import matches
from timeouts.text.folding import folded


def steps_meant(inventory: Inventory, text: str, architect_flow: str | None = None) -> list[OrgStep]:
    """Return the steps that somebody may mean by a step's id or its name, with its container before it or without.

    The tables show a step as `container / step`; the Architect flow may stand before either. Where no step is called
    so, those that call an action of that name are meant. `architect_flow`: the name or id of the one that it is in,
    `*` allowed. Case does not count.
    """
    asked = folded(text.strip())
    within = steps_within(inventory, architect_flow)

    def is_called_so(each: OrgStep) -> bool:
        step, home = each.step, each.architect_flow
        called = {step.id, step.name, *([f"{step.container} / {step.name}"] if step.container else ())}
        called |= {f"{one} / {place}" for one in home.names for place in called}
        return asked in set(map(folded, called))

    def calls_one_called_so(each: OrgStep) -> bool:
        called = {each.step.action_name, *(() if each.action is None else (each.action.name, each.action.label))}
        return asked in set(map(folded, called))

    return list(filter(is_called_so, within)) or list(filter(calls_one_called_so, within))


def steps_within(inventory: Inventory, architect_flow: str | None) -> list[OrgStep]:
    """Return the steps of an Architect flow, by its name or id, `*` allowed; those of all where none is named."""
    return [
        each
        for each in inventory.steps
        if architect_flow is None or matches(architect_flow, *each.architect_flow.names)
    ]
