"""What a run found out about actions and did to their limits, in the terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from reports.frames.actions import (
    limits_sentences,
    loads_that_grow,
    most_calls_lost,
    no_calls_sentence,
    no_user,
    total_rows,
    unused_actions,
)
from reports.frames.planned.affected import (
    affected_architect_flows,
    affected_by,
    affected_sentence,
    has_copies,
    read_again_sentence,
)
from reports.frames.planned.plan import levers_sentence
from reports.report import Report
from reports.terminal.layout import aligned, row, say, show_table, table
from reports.terminal.plain import plain
from reports.terminal.view import ALL, USUAL, View
from reports.words import limit
from timeouts.model.evidence import Evidence
from timeouts.planning.changes import ActionChange
from timeouts.planning.plan import Plan
from timeouts.text.phrases import first_few, number_of
from timeouts.text.visible import one_line

_NAMED = 5


def show_action_counts(out: Console, report: Report, view: View = USUAL) -> None:
    """Say how many actions there are, and which of them no Architect flow uses or nobody can change."""
    kinds = Counter(use.kind for use in report.actions)
    unused = unused_actions(report)
    names, nobody = [one_line(use.name) for use in unused], no_user(unused)
    parts = (
        ("owned by Genesys", kinds["static"]),
        ("functions", kinds["function"]),
        ("for authentication", kinds["custom_auth"]),
        (f"used by {nobody}", len(unused)),
    )
    said = ", ".join(f"{what}: {count}" for what, count in parts if count)
    say(out, f"{number_of(len(report.actions), 'action')}{f' ({said})' if said else ''}")
    if unused:
        say(out, f"Used by {nobody}: {first_few(names, len(names) if view.is_whole else _NAMED)}")


def show_evidence(out: Console, report: Report, evidence: Evidence, view: View = USUAL) -> None:
    """Rank the actions by the calls lost."""
    if evidence.problem:
        return  # told among what could not be read
    if none := no_calls_sentence(evidence):
        say(out, none)
        return
    every = most_calls_lost(report, ALL)
    ranked = every[: view.rows]
    shown = table(
        f"Calls lost in {evidence.period}, most first", "action", "lost", "share", "at limit", "calls", "limit", "p95"
    )
    shown.caption = plain("lost: failed for any reason. at limit: took as long as a call may. Of all callers.")
    for each in ranked:
        assert each.figures is not None, "it was called"
        row(
            shown,
            each.use.name,
            f"{each.lost:,}",
            f"{each.figures.lost_share:.1%}",
            f"{each.ended_at_limit:,}",
            f"{each.figures.calls:,}",
            limit(each.use.limit_ms, is_known=each.use.is_limit_known),
            each.percentile(95),
        )
    show_table(out, shown, len(every))


def show_action_changes(out: Console, plan: Plan, view: View = USUAL) -> None:
    """Show the limits that change, the Architect flows that they affect, and what the other way would have cost."""
    if not plan.action_changes:
        return
    count = len(plan.action_changes)
    copies = has_copies(plan.action_changes)
    heads = ("action", "category", "limit", "after", "steps", *(("copies",) if copies else ()), "Architect\nflows")
    shown = table(f"{number_of(count, 'action limit')}, affecting every caller of these actions", *heads)
    for change in plan.action_changes[: view.rows]:
        affected = affected_by([change])
        row(
            shown,
            change.name,
            change.category,
            limit(change.before_ms),
            limit(change.after_ms),
            str(affected.steps),
            *((str(affected.copies),) if copies else ()),
            str(affected.architect_flows),
        )
    show_table(out, shown, count)
    _show_affected(out, plan.action_changes, view)
    if told := read_again_sentence(plan):
        say(out, told)
    if levers := levers_sentence(plan):
        say(out, levers)


def show_actions_left(out: Console, plan: Plan, view: View = USUAL) -> None:
    """Name the actions whose limit a roll back leaves, and why."""
    if plan.actions_left:
        say(out, "Actions that stay as they are:", "yellow")
        aligned(out, [(one.name, one.reason) for one in plan.actions_left], "yellow", view.rows)


def _show_affected(out: Console, changes: Sequence[ActionChange], view: View) -> None:
    """Say whom the changes affect: how many, as the table does for each action; where all is shown, by name."""
    if not view.is_whole:
        found = affected_sentence(changes)
        say(out, f"Affected: {found}, and scripts and agents that call these actions: --all names them.")
        return
    say(out, "Affected: callers of these Architect flows, scripts and agents:")
    lines = []
    for change in changes:
        named = (f"{one_line(name)} ({found.in_short})" for name, found in affected_architect_flows(change))
        lines.append((change.name, ", ".join(named) or "none that was read"))
    aligned(out, lines, rows=ALL)


def show_cost(out: Console, plan: Plan, view: View = USUAL) -> None:
    """Show what waiting costs, next to the limits."""
    if plan.load is None:
        return
    shown = table(
        "What waiting costs: executions at once in the busiest hour", "", "now", "worst now", "after", "limit"
    )
    shown.caption = plain("worst now, after: if every call waited as long as it may.")
    for total in total_rows(plan.load):
        row(shown, total.name, total.now, total.worst_now, total.worst_after, str(total.limit))
    growing = loads_that_grow(plan, plan.load)
    for each in growing[: view.rows]:
        row(shown, each.name, each.now, each.worst_now, each.worst_after, "")
    show_table(out, shown, len(growing) + len(plan.load.totals))
    for told in limits_sentences(plan.load):
        say(out, told)
    for warning in plan.load.warnings:
        say(out, f"Warning: {warning}", "yellow")
