"""The sections of a run's summary that are about actions: their figures, their limits, what waiting costs."""

from collections.abc import Sequence

from timeouts.action_use import ActionUse
from timeouts.changes import ActionChange
from timeouts.evidence import Evidence, ended_at, percentile_in_words
from timeouts.markdown import bullets, escaped, section, table
from timeouts.outcomes import Outcome, counted
from timeouts.plan import Plan
from timeouts.wording import UNKNOWN, duration_or

_RANKED = 10
_LISTED = 50
_NO_LIMIT = "none"


def unused_actions(uses: Sequence[ActionUse]) -> str:
    """List the actions that no Architect flow uses, and count those that are not ours to change."""
    unused = [use for use in uses if not use.steps and use.kind != "custom_auth"]
    static = [use for use in uses if use.kind == "static" and use.steps]
    lines = [
        f"{escaped(use.name)} ({escaped(use.category)}, limit {duration_or(_NO_LIMIT, use.limit_ms)})"
        for use in unused[:_LISTED]
    ]
    if len(unused) > _LISTED:
        lines.append(f"and {len(unused) - _LISTED} more")
    parts = [
        section("Actions that no Architect flow uses", bullets(lines)),
        section(
            "Actions that are not ours to change",
            bullets(
                f"{escaped(use.name)}: {use.steps} steps in {use.architect_flows} Architect flows" for use in static
            ),
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def evidence_section(evidence: Evidence | None, uses: Sequence[ActionUse]) -> str:
    """Rank the actions by the calls lost, with the figures that a recommendation would rest on."""
    if evidence is None:
        return ""
    if evidence.problem:
        return section(
            "Calls lost", f"There are no figures of the last {evidence.asked_days} days: {escaped(evidence.problem)}"
        )
    if not evidence.actions:
        return section("Calls lost", f"Nobody called an action in {evidence.period}.")
    known = {use.action_id: use for use in uses}
    ranked = sorted(
        (found for found in evidence.actions if found.action_id in known), key=lambda found: (-found.lost, -found.calls)
    )
    rows = [
        (
            escaped(known[found.action_id].name),
            f"{found.lost:,}",
            f"{found.failed_share:.1%}",
            f"{ended_at(found, known[found.action_id].waits_ms):,}",
            f"{found.calls:,}",
            duration_or("", known[found.action_id].waits_ms),
            percentile_in_words(found, 95, known[found.action_id].waits_ms),
            percentile_in_words(found, 99, known[found.action_id].waits_ms),
            escaped(", ".join(f"{each.error_type} {each.response_status}: {each.calls:,}" for each in found.failures)),
        )
        for found in ranked[:_RANKED]
    ]
    columns = ("Action", "Lost", "Share", "At the limit", "Calls", "A call takes at most", "p95", "p99", "By error")
    calls, lost = sum(found.calls for found in evidence.actions), sum(found.lost for found in evidence.actions)
    line = (
        f"In {evidence.period}, {lost:,} of {calls:,} calls failed, of all callers: scripts and agents are counted too."
    )
    return section("Calls lost", f"{line}\n\n{table(columns, rows)}")


def action_changes_section(plan: Plan, *, applied: bool) -> str:
    """Say which limits change, whom that affects, and what the other way would have cost."""
    if not plan.action_changes and plan.step_only is None:
        return ""
    title = "Action limits that were planned" if applied else "Action limits that would change"
    parts = [_levers(plan)]
    if plan.action_changes:
        columns = ("Action", "Limit", "After", "Steps affected", "Architect flows", "Why")
        parts.append(table(columns, [_action_row(change) for change in plan.action_changes]))
        parts.append(_who_feels(plan.action_changes))
    return section(title, "\n\n".join(part for part in parts if part))


def _action_row(change: ActionChange) -> tuple[object, ...]:
    spared = f"; spares {change.spared_architect_flows} Architect flows" if change.spared_architect_flows else ""
    return (
        escaped(change.name),
        duration_or(_NO_LIMIT, change.before_ms),
        duration_or(_NO_LIMIT, change.after_ms),
        len(change.affected_steps),
        len(change.architect_flow_ids),
        escaped(f"{change.reason}{spared}"),
    )


def _levers(plan: Plan) -> str:
    alone = plan.step_only
    if alone is None:
        return ""
    by_both = (
        f"{len(plan.action_changes)} action limits and {len(plan.pins)} Architect flows ({len(plan.changes)} steps)"
    )
    by_steps = f"{alone.architect_flows} Architect flows ({alone.changes} steps)"
    unserved = f", and leave {alone.unserved} steps waiting too short" if alone.unserved else ""
    return f"With both levers: {by_both}. The steps alone would republish {by_steps}{unserved}."


def _who_feels(changes: Sequence[ActionChange]) -> str:
    lines = []
    for change in changes:
        steps: dict[str, int] = {}
        for step in change.affected_steps:
            steps[step.architect_flow_name] = steps.get(step.architect_flow_name, 0) + 1
        named = ", ".join(f"{escaped(name)} ({count})" for name, count in list(steps.items())[:_LISTED])
        more = f" and {len(steps) - _LISTED} more" if len(steps) > _LISTED else ""
        lines.append(f"**{escaped(change.name)}** affects {named}{more}")
    note = "Scripts, agents and all other callers of these actions are affected too."
    return f"{bullets(lines)}\n\n{note}"


def load_section(plan: Plan) -> str:
    """Say what waiting costs: executions at once, now and in the worst case, next to the org's limits."""
    if plan.load is None:
        return ""
    changed = {change.action_id for change in plan.action_changes}
    shown = [each for each in plan.load.actions if each.action_id in changed or each.worst_after != each.worst_now]
    rows: list[tuple[object, ...]] = [
        (f"**all {total.of}**", "", f"{total.now:g}", f"{total.worst_now:g}", f"{total.worst_after:g}", total.limit)
        for total in plan.load.totals
    ]
    rows += [
        (
            escaped(each.name),
            f"{each.calls_an_hour:,}",
            f"{each.now:g}",
            f"{each.worst_now:g}",
            f"{each.worst_after:g}",
            "",
        )
        for each in shown[:_LISTED]
    ]
    columns = ("", "Calls in the busiest hour", "At once now", "Worst case now", "Worst case after", "The org's limit")
    how = "Worst case: every call of the busiest hour waits as long as it may."
    warned = bullets(f"**{escaped(warning)}**" for warning in plan.load.warnings)
    return section("What waiting costs", "\n\n".join(part for part in (how, warned, table(columns, rows)) if part))


def action_outcomes_section(outcomes: Sequence[Outcome]) -> str:
    """Say what became of each action."""
    rows = [
        (
            escaped(outcome.target.name),
            outcome.outcome,
            escaped("; ".join(filter(None, (outcome.reason, *outcome.notes)))),
            f"{duration_or(_NO_LIMIT, outcome.limit_before_ms)} → {duration_or(_NO_LIMIT, outcome.limit_after_ms)}"
            if outcome.is_done
            else duration_or(UNKNOWN if outcome.outcome == "unknown" else _NO_LIMIT, outcome.limit_before_ms),
        )
        for outcome in outcomes
    ]
    if not rows:
        return ""
    return section(
        "Outcomes of actions", f"{counted(outcomes)}.\n\n{table(('Action', 'Outcome', 'Why', 'Limit'), rows)}"
    )


def actions_left_section(plan: Plan) -> str:
    """Name the actions that a roll back leaves, and why."""
    return section(
        "Actions that stay", bullets(f"{escaped(one.name)}: {escaped(one.reason)}" for one in plan.actions_left)
    )
