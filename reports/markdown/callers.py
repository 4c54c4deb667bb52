"""What a plan means for callers of common modules, and what else its publishes bring live, as Markdown."""

from reports.frames.planned.callers import (
    CallerGroup,
    callers_of,
    callers_sentence,
    shipped,
    shipping,
    shipping_sentence,
)
from reports.markdown.text import LISTED, Named, more, section, shortened, table
from reports.words import wait
from timeouts.planning.plan import Plan
from timeouts.text.outlets import escaped


def callers_section(plan: Plan, named: Named) -> str:
    """Write who embeds what changes, whether they are republished, and what is waited without that and with it."""
    groups = callers_of(plan)
    rows = [_caller(group, named) for group in groups[:LISTED]]
    columns = ("Architect flow", "Module", "Copies", "Waits without a republish", "Waits with one", "Republished")
    told = f"{callers_sentence(plan)}.\n\n{table(columns, rows)}{more(len(groups))}"
    return section("Callers of common modules", told if groups else "")


def shipping_section(plan: Plan, named: Named) -> str:
    """Write what goes live with the publishes besides the changes."""
    lines = [f"{named(pin.architect_flow_id, pin.name)}: {escaped(shipped(pin))}" for pin in shipping(plan)]
    unknown = shipping_sentence(plan)
    return section("What else goes live", shortened([*lines, *([f"{escaped(unknown)}."] if unknown else ())]))


def _caller(group: CallerGroup, named: Named) -> tuple[str, ...]:
    return (
        named(group.architect_flow_id, group.name),
        escaped(group.modules),
        str(len(group.copies)),
        wait(group.shortest.before_effective_ms, group.shortest.before),
        wait(group.shortest.after_effective_ms, group.shortest.after),
        escaped(group.republished),
    )
