"""A Markdown summary that a manager can read: coverage, the shortest waits, what changes, what does not and why."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from timeouts.action_outcomes import ActionOutcome
from timeouts.action_summary import (
    action_changes_section,
    action_outcomes_section,
    actions_left_section,
    evidence_section,
    load_section,
    unused_actions,
)
from timeouts.action_use import uses_of
from timeouts.changes import Why
from timeouts.drift import Drift
from timeouts.drift_words import drift_section
from timeouts.inventory import Coverage, Inventory
from timeouts.markdown import bullets, escaped, linked, section, table
from timeouts.org import ArchitectFlow
from timeouts.outcomes import Outcome, counted
from timeouts.pictures import Picture
from timeouts.plan import Plan
from timeouts.shown import ShownTable
from timeouts.steps import Step
from timeouts.wording import UNKNOWN, duration_or, in_words

Link = Callable[[ArchitectFlow], str]
"""Gives the address of an Architect flow's page, empty where there is none."""

_WORST = 10
_WORST_FIRST = ("unknown", "failed", "skipped", "published", "unchanged")
_LISTED = 50

_WHY: Mapping[Why, str] = {
    "leave": "A rule leaves them",
    "expression": "Computed at run time",
    "unreadable": "Not understood",
    "masked": "A change of the step alone would be masked by the action limit",
    "action_limit": "Only the action limit helps",
    "suggested_default": "The action sets no limit and the platform's default is too short",
    "unknown_action": "Their action is not listed, so its limit is not known",
    "no_evidence": "The org's own figures say too little",
    "lever": "The policy does not allow the lever on the step",
    "lowering": "It would lower a wait that somebody chose",
    "rules_disagree": "Two rules would change them in turn",
    "protected": "Their Architect flow is protected and was not named",
    "held": "A person has locked their Architect flow, or has a newer draft of it",
    "changed_since": "Somebody changed them after the run",
    "gone": "They do not exist any more",
    "not_read": "What they say now could not be read",
}


@dataclass(frozen=True, slots=True)
class Became:
    """What became of the Architect flows and the actions of a plan that was applied."""

    outcomes: Sequence[Outcome] = ()
    action_outcomes: Sequence[ActionOutcome] = ()


def coverage_line(coverage: Coverage) -> str:
    """Return the sentence that says what became of every listed Architect flow, so that it adds up."""
    return (
        f"{coverage.listed} Architect flows listed = {coverage.read} read + {coverage.unreadable} unreadable"
        f" + {coverage.not_published} not published + {coverage.not_read} not read"
    )


def counts_line(plan: Plan) -> str:
    """Say what becomes of every step that a plan looked at, so that it adds up."""
    counts = plan.counts
    changed, fine, others = "to change", "fine", "matched by no rule"
    if plan.undoes:
        changed, fine, others = "to put back", "as before the run already", "not published by the run"
    by_action = f" + {counts.by_action} served by their action alone" if counts.by_action else ""
    return (
        f"{counts.steps} steps = {counts.changed} {changed}{by_action} + {counts.left_alone} left alone"
        f" + {counts.fine} {fine} + {counts.not_matched} {others}"
    )


def markdown_summary(
    inventory: Inventory,
    plan: Plan | None = None,
    became: Became | None = None,
    *,
    link: Link,
    pictures: Sequence[Picture] = (),
    drift: Drift | None = None,
    tables: Sequence[ShownTable] = (),
) -> str:
    """Write the summary of a run: of an audit, of a dry run with its plan, of an applied one with what became of it.

    What moved and what became of it come first, what is only for looking up last: nothing grows with the org.
    """
    uses = uses_of(inventory)
    addresses = {each.id: link(each) for each in inventory.architect_flows}
    parts = [
        f"# Call Data Action timeouts of {escaped(inventory.organization.name)}",
        f"**{coverage_line(inventory.coverage)}.**",
        _missing(inventory),
        bullets(map(escaped, inventory.left_by_us)),
        drift_section(drift, lambda architect_flow_id: addresses.get(architect_flow_id, "")),
    ]
    if became is not None:
        parts.append(action_outcomes_section(became.action_outcomes))
        parts.append(section("Outcomes", _outcomes(inventory, became.outcomes, link)))
    parts.append(section("Not looked into", _unread(inventory, link)))
    parts += (f"![{escaped(picture.title)}]({picture.as_address()})" for picture in pictures)
    if plan is not None:
        parts += _plan_parts(inventory, plan, link, applied=became is not None)
    parts += [
        section("Shortest waits", _worst(inventory, link)),
        evidence_section(inventory.evidence, uses),
        section("Steps by setting", _by_setting(inventory)),
    ]
    if inventory.is_whole:
        parts.append(unused_actions(uses))
    parts.append(section("Tables of this run", _tables(tables)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _tables(tables: Sequence[ShownTable]) -> str:
    """Say where the whole of each table is, and how much of it the Prefect UI shows."""
    rows = [
        (
            escaped(each.title),
            f"`{each.key}`",
            f"{each.rows:,}" if each.is_whole else f"**{each.shown:,} of {each.rows:,}**, those that matter most",
            f"`{each.where}`" if each.where else "not stored",
        )
        for each in tables
    ]
    return table(("Table", "Artifact", "Rows shown", "The whole as CSV"), rows) if rows else ""


def _missing(inventory: Inventory) -> str:
    """Say first that a look was incomplete: whoever reads on must not take what is missing for what is not there."""
    count = len(inventory.coverage.problems)
    unread = [f"{count} of {len(inventory.architect_flows)} Architect flows could not be read"] if count else []
    lines = [*unread, *map(escaped, inventory.gaps)]
    return f"**Incomplete: not everything could be read.**\n\n{bullets(lines)}" if lines else ""


def _unread(inventory: Inventory, link: Link) -> str:
    """List what was not looked into; never published ones are no gap, for no caller is in them."""
    return _shortened(
        [
            f"{_link_of(inventory, each.architect_flow_id, each.name, link)}: "
            + ": ".join(filter(None, (each.coverage.replace("_", " "), escaped(each.reason))))
            for each in inventory.coverage.problems
        ]
    )


def _by_setting(inventory: Inventory) -> str:
    count: Counter[str] = Counter(each.step.setting.kind for each in inventory.steps)
    lines = [(kind, count[kind]) for kind in ("suggested", "literal", "expression", "unreadable")]
    return table(("Setting", "Steps"), [*lines, ("**all**", count.total())])


def _worst(inventory: Inventory, link: Link) -> str:
    waits: list[tuple[int, ArchitectFlow, Step]] = []
    for found in inventory.steps:
        wait_ms = inventory.effective_ms(found.step)
        if wait_ms is not None:
            waits.append((wait_ms, found.architect_flow, found.step))
    waits.sort(key=lambda wait: (wait[0], wait[1].name.casefold(), wait[1].id, wait[2].id))
    if not waits:
        return ""
    rows = [
        (
            duration_or(UNKNOWN, wait_ms),
            _named(architect_flow, link),
            escaped(step.name),
            escaped(step.action_name or step.action_id),
            escaped(in_words(step.setting, step.default_ms)),
        )
        for wait_ms, architect_flow, step in waits[:_WORST]
    ]
    return table(("Waits", "Architect flow", "Step", "Action", "Setting"), rows)


def _plan_parts(inventory: Inventory, plan: Plan, link: Link, *, applied: bool) -> list[str]:
    return [
        action_changes_section(plan, applied=applied),
        section("What was planned" if applied else "What would change", _changes(inventory, plan, link)),
        load_section(plan),
        actions_left_section(plan),
        section("In the way of publishing", _obstacles(inventory, plan, link)),
        section("What does not change, and why", _left_alone(plan)),
        section("Actions whose own limit would have to change", _advice(plan)),
        section(
            "Limits exceeded: nothing is applied unless each is waived by its name",
            bullets(escaped(v.text) for v in plan.violations),
        ),
        section(
            "Warnings",
            _shortened(
                [
                    f"{escaped(w.architect_flow_name)}, step {escaped(w.step_name)}: {escaped(w.text)}"
                    for w in plan.warnings
                ]
            ),
        ),
    ]


def _changes(inventory: Inventory, plan: Plan, link: Link) -> str:
    line = f"{counts_line(plan)}. {len(plan.pins)} Architect flows. Plan `{plan.checksum}`."
    rows = [
        (
            _link_of(inventory, change.architect_flow_id, change.architect_flow_name, link),
            escaped(change.step_name),
            escaped(in_words(change.before)),
            escaped(in_words(change.after)),
            duration_or(UNKNOWN, change.before_effective_ms),
            duration_or(UNKNOWN, change.after_effective_ms),
            escaped(change.rule),
        )
        for change in plan.changes[:_LISTED]
    ]
    if not rows:
        return line
    columns = ("Architect flow", "Step", "Before", "After", "Effective before", "Effective after", "Rule")
    return f"{line}\n\n{table(columns, rows)}{_more(len(plan.changes))}"


def _obstacles(inventory: Inventory, plan: Plan, link: Link) -> str:
    return _shortened(
        [
            f"{_link_of(inventory, pin.architect_flow_id, pin.name, link)}: {escaped(pin.obstacle)}"
            for pin in (*plan.held, *plan.pins)
            if pin.obstacle
        ]
    )


def _left_alone(plan: Plan) -> str:
    grouped: dict[Why, list[str]] = {}
    for line in plan.left_alone:
        grouped.setdefault(line.why, []).append(line.architect_flow_id)
    if not grouped:
        return ""
    rows = [(_WHY[why], len(grouped[why]), len(set(grouped[why]))) for why in _WHY if why in grouped]
    counted = table(("Why", "Steps", "Architect flows"), rows)
    return f"{counted}\n\n{_left_by_name(plan)}" if plan.undoes else counted


def _left_by_name(plan: Plan) -> str:
    """Name what a roll back leaves: somebody has to look at each, and what is gone stands in no table of steps."""
    return _shortened(
        [
            f"{escaped(line.architect_flow_name)}, step {escaped(line.step_name)}: {escaped(line.reason)}"
            for line in plan.left_alone
        ]
    )


def _advice(plan: Plan) -> str:
    rows = [
        (
            escaped(advice.name),
            duration_or("none", advice.limit_ms),
            duration_or(UNKNOWN, advice.wanted_ms),
            advice.steps,
            advice.architect_flows,
            escaped(advice.note),
        )
        for advice in plan.action_advice
    ]
    columns = ("Action", "Limit", "Wanted", "Steps waiting", "Architect flows", "Note")
    return table(columns, rows) if rows else ""


def _outcomes(inventory: Inventory, outcomes: Sequence[Outcome], link: Link) -> str:
    line = counted(outcomes) or "Nothing was started"
    worst_first = sorted(outcomes, key=lambda outcome: _WORST_FIRST.index(outcome.outcome))
    rows = [
        (
            _link_of(inventory, outcome.architect_flow_id, outcome.name, link),
            outcome.outcome,
            escaped("; ".join(filter(None, (outcome.reason, *outcome.notes)))),
            f"{escaped(outcome.version_before or '')} → {escaped(outcome.version_after or '')}"
            if outcome.version_after
            else escaped(outcome.version_before or ""),
        )
        for outcome in worst_first[:_LISTED]
    ]
    if not rows:
        return f"{line}."
    return f"{line}.\n\n{table(('Architect flow', 'Outcome', 'Why', 'Version'), rows)}{_more(len(outcomes))}"


def _link_of(inventory: Inventory, architect_flow_id: str, name: str, link: Link) -> str:
    architect_flow = inventory.architect_flow(architect_flow_id)
    return escaped(name) if architect_flow is None else _named(architect_flow, link)


def _named(architect_flow: ArchitectFlow, link: Link) -> str:
    return linked(architect_flow.name, link(architect_flow))


def _shortened(lines: Sequence[str]) -> str:
    return bullets(lines[:_LISTED]) + _more(len(lines))


def _more(count: int) -> str:
    return f"\n\nand {count - _LISTED} more: see the tables of the run." if count > _LISTED else ""
