"""What a run found out about actions and did to their limits, in the terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from reports.frames.actions import (
    limits_sentences,
    loads_that_grow,
    most_calls_lost,
    no_calls_sentence,
    total_rows,
    unused_actions,
)
from reports.frames.outcomes import action_outcome_rows
from reports.frames.plan import affected_architect_flows, levers_sentence
from reports.report import Report
from reports.terminal.layout import ROWS, aligned, more, row, say, table
from reports.terminal.plain import plain
from reports.words import became, limit, number_of, wait
from timeouts.model.evidence import Evidence
from timeouts.planning.changes import ActionChange
from timeouts.planning.outcomes import counted, of_kind
from timeouts.planning.plan import Plan
from timeouts.text.visible import one_line

STYLES = {"published": "green", "unchanged": "green", "skipped": "yellow", "failed": "red", "unknown": "red"}
_RANKED = 10
_NAMED = 12


def show_action_counts(out: Console, report: Report) -> None:
    """Say how many actions there are, and which of them no Architect flow uses or nobody can change."""
    kinds = Counter(use.kind for use in report.actions)
    unused = [one_line(use.name) for use in unused_actions(report)]
    parts = (
        ("owned by Genesys", kinds["static"]),
        ("functions", kinds["function"]),
        ("for authentication", kinds["custom_auth"]),
        ("used by no Architect flow", len(unused)),
    )
    said = ", ".join(f"{what}: {count}" for what, count in parts if count)
    say(out, f"{number_of(len(report.actions), 'action')}{f' ({said})' if said else ''}")
    if unused:
        others = f" and {len(unused) - _NAMED} more" if len(unused) > _NAMED else ""
        say(out, f"Used by no Architect flow: {', '.join(unused[:_NAMED])}{others}")


def show_evidence(out: Console, report: Report, evidence: Evidence) -> None:
    """Rank the actions by the calls lost."""
    if evidence.problem:
        return  # told among what could not be read
    if none := no_calls_sentence(evidence):
        say(out, none)
        return
    ranked = most_calls_lost(report, _RANKED)
    shown = table(
        f"Calls lost in {evidence.period}, most first", "action", "lost", "share", "at limit", "calls", "limit", "p95"
    )
    shown.caption = plain("lost: failed for any reason. at limit: ended when the action's limit did. Of all callers.")
    shown.caption_justify = "left"
    for each in ranked:
        assert each.figures is not None, "it was called"
        row(
            shown,
            each.use.name,
            f"{each.lost:,}",
            f"{each.figures.failed_share:.1%}",
            f"{each.ended_at_limit:,}",
            f"{each.figures.calls:,}",
            wait(each.use.waits_ms),
            each.percentile(95),
        )
    out.print(shown)


def show_action_changes(out: Console, plan: Plan) -> None:
    """Show the limits that change, the Architect flows that they affect, and what the other way would have cost."""
    if not plan.action_changes:
        return
    count = len(plan.action_changes)
    shown = table(
        f"{number_of(count, 'action limit')}, affecting every caller of these actions",
        *("action", "category", "limit", "after", "steps", "Architect\nflows"),
    )
    for change in plan.action_changes[:ROWS]:
        row(
            shown,
            change.name,
            change.category,
            limit(change.before_ms),
            limit(change.after_ms),
            str(len(change.affected_steps)),
            str(len(change.architect_flow_ids)),
        )
    out.print(shown)
    more(out, count)
    _show_affected(out, plan.action_changes)
    if levers := levers_sentence(plan):
        say(out, levers)


def _show_affected(out: Console, changes: Sequence[ActionChange]) -> None:
    say(out, "Affected: callers of these Architect flows, scripts and agents:")
    lines = []
    for change in changes:
        steps = affected_architect_flows(change)
        named = ", ".join(f"{one_line(name)} ({number})" for name, number in list(steps.items())[:_NAMED])
        others = f" and {len(steps) - _NAMED} more" if len(steps) > _NAMED else ""
        lines.append((change.name, f"{named}{others}" or "none that was read"))
    aligned(out, lines)


def show_cost(out: Console, plan: Plan) -> None:
    """Show what waiting costs, next to the limits."""
    if plan.load is None:
        return
    shown = table(
        "What waiting costs: executions at once in the busiest hour", "", "now", "worst now", "after", "limit"
    )
    shown.caption = plain("worst now, after: if every call waited as long as it may.")
    shown.caption_justify = "left"
    for total in total_rows(plan.load):
        row(shown, total.name, total.now, total.worst_now, total.worst_after, str(total.limit))
    for each in loads_that_grow(plan, plan.load)[:ROWS]:
        row(shown, each.name, each.now, each.worst_now, each.worst_after, "")
    out.print(shown)
    for told in limits_sentences(plan.load):
        say(out, told)
    for warning in plan.load.warnings:
        say(out, f"Warning: {warning}", "yellow")


def show_action_outcomes(out: Console, report: Report) -> None:
    """Show what became of each action, and which a roll back leaves."""
    outcomes = action_outcome_rows(report)
    if outcomes:
        title = f"Outcomes of actions: {counted(of_kind(report.outcomes, 'action'))}"
        shown = table(title, "action", "outcome", "limit", "reason and notes")
        for each in outcomes[:ROWS]:
            limits = became(each.limit_before, each.limit_after)
            row(shown, each.name, plain(each.outcome, STYLES[each.outcome]), limits, each.why)
        out.print(shown)
        more(out, len(outcomes))
    if report.plan is not None and report.plan.actions_left:
        say(out, "Actions that stay as they are:", "yellow")
        aligned(out, [(one.name, one.reason) for one in report.plan.actions_left], "yellow")
