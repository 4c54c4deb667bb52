"""The sections of a run's summary that are about actions: their figures, their limits, what waiting costs."""

from collections.abc import Sequence

from reports.frames.actions import (
    ActionRow,
    limits_sentences,
    loads_that_grow,
    most_calls_lost,
    no_calls_sentence,
    no_user,
    total_rows,
    unused_actions,
)
from reports.frames.planned.affected import affected_architect_flows, affected_by, has_copies, read_again_sentence
from reports.frames.planned.outcomes import action_outcome_rows
from reports.frames.planned.plan import levers_sentence
from reports.frames.uses import ActionUse
from reports.markdown.text import LISTED, bullets, section, shortened, table
from reports.report import Report
from reports.words import became, joined, limit, wait
from timeouts.planning.changes import ActionChange
from timeouts.planning.outcomes import counted, of_kind
from timeouts.planning.plan import Plan
from timeouts.text.outlets import escaped
from timeouts.text.phrases import first_few, number_of

_RANKED = 10


def unused_section(report: Report) -> str:
    """List the actions that no Architect flow uses, and count those that are not ours to change."""
    unused = unused_actions(report)
    lines = [f"{escaped(use.name)} ({_category_and_limit(use)})" for use in unused]
    static = [use for use in report.actions if use.kind == "static" and use.steps]
    parts = [
        section(f"Actions that {no_user(unused)} uses", shortened(lines)),
        section(
            "Actions that are not ours to change",
            bullets(
                f"{escaped(use.name)}: {number_of(use.steps, 'step')} in "
                f"{number_of(use.architect_flows, 'Architect flow')}"
                for use in static
            ),
        ),
    ]
    return joined(parts, "\n\n")


def _category_and_limit(use: ActionUse) -> str:
    """Return both in words; the category only where it does not stand in the name, to tell it from others."""
    category = "" if use.name.endswith(f"({use.category})") else escaped(use.category)
    return joined((category, f"limit {limit(use.limit_ms, is_known=use.is_limit_known)}"), ", ")


def evidence_section(report: Report) -> str:
    """Rank the actions by the calls lost, with the figures that a recommendation would rest on."""
    evidence = report.evidence
    if evidence is None:
        return ""
    if evidence.problem:
        return section("Calls lost", f"There are no figures of the last {evidence.asked}: {escaped(evidence.problem)}")
    if none := no_calls_sentence(evidence):
        return section("Calls lost", none)
    columns = ("Action", "Lost", "Share", "At the limit", "Calls", "A call takes at most", "p95", "p99", "By error")
    calls, lost = sum(found.calls for found in evidence.actions), sum(found.lost for found in evidence.actions)
    line = (
        f"In {evidence.period}, {lost:,} of {calls:,} calls failed, of all callers: scripts and agents are counted too."
    )
    rows = [_lost(row) for row in most_calls_lost(report, _RANKED)]
    return section("Calls lost", f"{line}\n\n{table(columns, rows)}")


def _lost(row: ActionRow) -> tuple[object, ...]:
    found = row.figures
    assert found is not None, "it was called"
    return (
        escaped(row.use.name),
        f"{found.lost:,}",
        f"{found.lost_share:.1%}",
        f"{row.ended_at_limit:,}",
        f"{found.calls:,}",
        wait(row.use.waits_ms),
        row.percentile(95),
        row.percentile(99),
        escaped(", ".join(f"{each.error_type} {each.response_status}: {each.calls:,}" for each in found.failures)),
    )


def action_changes_section(plan: Plan, *, applied: bool) -> str:
    """Say which limits change, who is affected, and what the other way would have cost."""
    title = "Action limits that were planned" if applied else "Action limits that would change"
    parts = [levers_sentence(plan)]
    if plan.action_changes:
        copies = has_copies(plan.action_changes)
        counted = ("Steps affected", *(("Copies",) if copies else ()), "Architect flows")
        rows = [_change(change, copies=copies) for change in plan.action_changes]
        parts.append(table(("Action", "Limit", "After", *counted, "Why"), rows))
        parts += [_affected(plan.action_changes), read_again_sentence(plan)]
    return section(title, joined(parts, "\n\n"))


def _change(change: ActionChange, *, copies: bool) -> tuple[object, ...]:
    affected = affected_by([change])
    spared = (
        f"; spares {number_of(change.spared_architect_flows, 'Architect flow')}"
        if change.spared_architect_flows
        else ""
    )
    return (
        escaped(change.name),
        limit(change.before_ms),
        limit(change.after_ms),
        affected.steps,
        *((affected.copies,) if copies else ()),
        affected.architect_flows,
        escaped(f"{change.reason}{spared}"),
    )


def _affected(changes: Sequence[ActionChange]) -> str:
    lines = []
    for change in changes:
        found = affected_architect_flows(change)
        named = first_few([f"{escaped(name)} ({affected.in_short})" for name, affected in found], LISTED)
        lines.append(f"**{escaped(change.name)}** affects {named}")
    note = "Scripts, agents and all other callers of these actions are affected too."
    return f"{bullets(lines)}\n\n{note}"


def load_section(plan: Plan) -> str:
    """Say what waiting costs: executions at once, now and in the worst case, next to the limits."""
    if plan.load is None:
        return ""
    rows: list[tuple[object, ...]] = [
        (f"**{total.name}**", "", total.now, total.worst_now, total.worst_after, total.limit)
        for total in total_rows(plan.load)
    ]
    rows += [
        (escaped(each.name), f"{each.calls_an_hour:,}", each.now, each.worst_now, each.worst_after, "")
        for each in loads_that_grow(plan, plan.load)[:LISTED]
    ]
    columns = ("", "Calls in the busiest hour", "At once now", "Worst case now", "Worst case after", "Limit")
    how = "Worst case: every call of the busiest hour waits as long as it may."
    limits = " ".join(map(escaped, limits_sentences(plan.load)))
    warned = bullets(f"**{escaped(warning)}**" for warning in plan.load.warnings)
    parts = (how, limits, warned, table(columns, rows))
    return section("What waiting costs", joined(parts, "\n\n"))


def action_outcomes_section(report: Report) -> str:
    """Say what became of each action."""
    rows = [
        (escaped(row.name), row.outcome, escaped(row.why), became(row.limit_before, row.limit_after))
        for row in action_outcome_rows(report)
    ]
    if not rows:
        return ""
    counts = counted(of_kind(report.outcomes, "action"), is_files=report.org.is_files)
    return section("Outcomes of actions", f"{counts}.\n\n{table(('Action', 'Outcome', 'Why', 'Limit'), rows)}")


def actions_left_section(plan: Plan) -> str:
    """Name the actions that a roll back leaves, and why."""
    return section(
        "Actions that stay", bullets(f"{escaped(one.name)}: {escaped(one.reason)}" for one in plan.actions_left)
    )
