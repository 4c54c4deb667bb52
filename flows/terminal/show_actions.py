"""What a run found out about actions and did to their limits, in the terminal."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from flows.report import Report
from flows.terminal.layout import ROWS, aligned, duration, more, row, say, table
from flows.terminal.plain import one_line, plain
from timeouts.action_use import ActionUse
from timeouts.changes import ActionChange
from timeouts.evidence import Evidence, ended_at, percentile_in_words
from timeouts.outcomes import Outcome, counted, of_kind
from timeouts.plan import Plan

STYLES = {"published": "green", "unchanged": "green", "skipped": "yellow", "failed": "red", "unknown": "red"}
_RANKED = 10
_NAMED = 12


def show_action_counts(out: Console, uses: Sequence[ActionUse]) -> None:
    """Say how many actions there are, and which of them no Architect flow uses or nobody can change."""
    kinds = Counter(use.kind for use in uses)
    unused = [one_line(use.name) for use in uses if not use.steps and use.kind != "custom_auth"]
    parts = (
        ("owned by Genesys", kinds["static"]),
        ("functions", kinds["function"]),
        ("for authentication", kinds["custom_auth"]),
        ("used by no Architect flow", len(unused)),
    )
    said = ", ".join(f"{what}: {count}" for what, count in parts if count)
    say(out, f"{len(uses)} actions{f' ({said})' if said else ''}")
    if unused:
        others = f" and {len(unused) - _NAMED} more" if len(unused) > _NAMED else ""
        say(out, f"Used by no Architect flow: {', '.join(unused[:_NAMED])}{others}")


def show_evidence(out: Console, evidence: Evidence, uses: Sequence[ActionUse]) -> None:
    """Rank the actions by the calls lost."""
    if evidence.problem:
        return  # told among what could not be read
    known = {use.action_id: use for use in uses}
    found = [each for each in evidence.actions if each.action_id in known]
    if not found:
        say(out, f"Nobody called an action in {evidence.period}.")
        return
    ranked = sorted(found, key=lambda each: (-each.lost, -each.calls))[:_RANKED]
    shown = table(
        f"Calls lost in {evidence.period}, most first", "action", "lost", "share", "at limit", "calls", "limit", "p95"
    )
    shown.caption = plain("lost: failed for any reason. at limit: ended when the action's limit did. Of all callers.")
    shown.caption_justify = "left"
    for each in ranked:
        use = known[each.action_id]
        row(
            shown,
            one_line(use.name),
            f"{each.lost:,}",
            f"{each.failed_share:.1%}",
            f"{ended_at(each, use.waits_ms):,}",
            f"{each.calls:,}",
            duration(use.waits_ms, "-"),
            percentile_in_words(each, 95, use.waits_ms),
        )
    out.print(shown)


def show_action_changes(out: Console, plan: Plan) -> None:
    """Show the limits that change, the Architect flows that they affect, and what the other way would have cost."""
    if not plan.action_changes:
        return
    count = len(plan.action_changes)
    shown = table(
        f"{count} action {'limit' if count == 1 else 'limits'}, affecting every caller of these actions",
        *("action", "category", "limit", "after", "steps", "Architect\nflows"),
    )
    for change in plan.action_changes[:ROWS]:
        row(
            shown,
            one_line(change.name),
            one_line(change.category),
            duration(change.before_ms, "-"),
            duration(change.after_ms, "-"),
            str(len(change.affected_steps)),
            str(len(change.architect_flow_ids)),
        )
    out.print(shown)
    more(out, count)
    _show_who_feels(out, plan.action_changes)
    _show_other_way(out, plan)


def _show_who_feels(out: Console, changes: Sequence[ActionChange]) -> None:
    say(out, "Affected: callers of these Architect flows, scripts and agents:")
    lines = []
    for change in changes:
        steps = Counter(step.architect_flow_name for step in change.affected_steps)
        named = ", ".join(f"{one_line(name)} ({number})" for name, number in list(steps.items())[:_NAMED])
        others = f" and {len(steps) - _NAMED} more" if len(steps) > _NAMED else ""
        lines.append((one_line(change.name), f"{named}{others}" or "none that was read"))
    aligned(out, lines)


def _show_other_way(out: Console, plan: Plan) -> None:
    alone = plan.step_only
    if alone is None:
        return
    both = f"{len(plan.action_changes)} action limits and {len(plan.pins)} Architect flows ({len(plan.changes)} steps)"
    steps = f"{alone.architect_flows} Architect flows ({alone.changes} steps)"
    unserved = f" and leave {alone.unserved} steps waiting too short" if alone.unserved else ""
    say(out, f"Both levers: {both}. The steps alone would republish {steps}{unserved}.")


def show_cost(out: Console, plan: Plan) -> None:
    """Show what waiting costs, next to the org's limits."""
    if plan.load is None:
        return
    shown = table(
        "What waiting costs: executions at once in the busiest hour", "", "now", "worst now", "after", "limit"
    )
    shown.caption = plain(
        "worst now, after: if every call waited as long as it may. limit: the org's, from the policy."
    )
    shown.caption_justify = "left"
    for total in plan.load.totals:
        row(
            shown,
            f"all {total.of}",
            f"{total.now:g}",
            f"{total.worst_now:g}",
            f"{total.worst_after:g}",
            str(total.limit),
        )
    for each in plan.load.actions[:ROWS]:
        if each.worst_after != each.worst_now:
            row(shown, one_line(each.name), f"{each.now:g}", f"{each.worst_now:g}", f"{each.worst_after:g}", "")
    out.print(shown)
    for warning in plan.load.warnings:
        say(out, f"Warning: {warning}", "yellow")


def show_action_outcomes(out: Console, report: Report) -> None:
    """Show what became of each action, and which a roll back leaves."""
    outcomes = of_kind(report.outcomes, "action")
    if outcomes:
        title = f"Outcomes of actions: {counted(outcomes)}"
        shown = table(title, "action", "outcome", "limit", "reason and notes")
        for outcome in outcomes[:ROWS]:
            notes = "; ".join(part for part in (outcome.reason, *outcome.notes) if part)
            row(
                shown,
                one_line(outcome.target.name),
                plain(outcome.outcome, STYLES[outcome.outcome]),
                _limits(outcome),
                notes,
            )
        out.print(shown)
        more(out, len(outcomes))
    if report.plan is not None and report.plan.actions_left:
        say(out, "Actions that stay as they are:", "yellow")
        aligned(out, [(one.name, one.reason) for one in report.plan.actions_left], "yellow")


def _limits(outcome: Outcome) -> str:
    before = duration(outcome.limit_before_ms, "none")
    return f"{before} to {duration(outcome.limit_after_ms, 'none')}" if outcome.is_done else before
