"""The tables of a run, as people read them: which columns, in which words, and which rows come first."""

from collections.abc import Iterator

from reports.frames.actions import ActionRow, action_rows
from reports.frames.drift import DriftRow, drift_rows, drift_sentence
from reports.frames.outcomes import OutcomeRow, VerifiedRow, action_outcome_rows, outcome_rows, verified_rows
from reports.frames.plan import ChangeRow, change_rows
from reports.frames.steps import StepRow, step_rows
from reports.reasons import REASONS
from reports.report import Report
from reports.table import Addresses, Columns, Table
from reports.words import joined, limit, wait
from timeouts.drift.drift import Drift
from timeouts.model.wording import duration_or, in_words, own_timeout
from timeouts.planning.changes import ActionAdvice, ActionChange, AffectedStep, LeftAlone
from timeouts.planning.concurrency import Load
from timeouts.planning.outcomes import of_kind
from timeouts.planning.plan import Plan

_KINDS = {"static": "static", "custom_auth": "authentication", "function": "function", "custom": "custom"}


_STEPS: Columns[StepRow] = {
    "Architect flow": lambda row: row.found.architect_flow,
    "type": lambda row: row.found.type,
    "version": lambda row: row.found.version or "",
    "container": lambda row: row.found.container,
    "step": lambda row: row.found.step,
    "tracking id": lambda row: row.found.tracking_id,
    "action": lambda row: row.found.action or row.found.action_id,
    "setting": lambda row: row.found.setting.kind,
    "step timeout": lambda row: own_timeout(row.found.setting, row.found.default_ms),
    "action limit": lambda row: limit(row.found.action_limit_ms, is_known=row.found.is_limit_known),
    "effective now": lambda row: wait(row.found.effective_ms),
    "after": lambda row: wait(row.after_ms) if row.is_moved else "",
    "rule": lambda row: row.rule,
    "note": lambda row: row.note,
}

_PLAN: Columns[ChangeRow] = {
    "Architect flow": lambda row: row.change.architect_flow_name,
    "type": lambda row: row.pin.type,
    "version": lambda row: row.pin.version or "",
    "container": lambda row: row.change.container,
    "step": lambda row: row.change.step_name,
    "tracking id": lambda row: row.change.tracking_id,
    "action": lambda row: row.change.action_name or row.change.action_id,
    "setting": lambda row: row.change.before.kind,
    "step timeout": lambda row: own_timeout(row.change.before, row.default_ms),
    "action limit": lambda row: limit(row.change.action_limit_ms, is_known=row.is_limit_known),
    "effective now": lambda row: wait(row.change.before_effective_ms),
    "after": lambda row: wait(row.change.after_effective_ms),
    "rule": lambda row: row.change.rule,
    "note": lambda row: joined((row.change.reason, row.pin.obstacle)),
}

_OUTCOMES: Columns[OutcomeRow] = {
    "Architect flow": lambda row: row.name,
    "type": lambda row: row.type,
    "outcome": lambda row: row.outcome,
    "reason": lambda row: row.reason,
    "version before": lambda row: row.before,
    "version after": lambda row: row.after,
    "steps changed": lambda row: row.steps_changed,
    "notes": lambda row: joined(row.notes),
}

_ACTION_OUTCOMES: Columns[OutcomeRow] = {
    "action": lambda row: row.name,
    "outcome": lambda row: row.outcome,
    "reason": lambda row: row.reason,
    "limit before": lambda row: row.limit_before,
    "limit after": lambda row: row.limit_after,
    "version before": lambda row: row.before,
    "version after": lambda row: row.after,
    "notes": lambda row: joined(row.notes),
}

_VERIFIED: Columns[VerifiedRow] = {
    "Architect flow": lambda row: row.planned.change.architect_flow_name,
    "step": lambda row: row.planned.change.step_name,
    "before": lambda row: row.planned.before,
    "after": lambda row: in_words(row.planned.change.after) if row.holds else "",
    "outcome": lambda row: row.outcome,
    "effective before": lambda row: wait(row.planned.change.before_effective_ms),
    "effective after": lambda row: wait(row.planned.change.after_effective_ms) if row.holds else "",
    "action": lambda row: row.planned.change.action_name or row.planned.change.action_id,
    "type": lambda row: row.planned.pin.type,
    "version": lambda row: row.version,
    "container": lambda row: row.planned.change.container,
    "tracking id": lambda row: row.planned.change.tracking_id,
}

_ACTIONS: Columns[ActionRow] = {
    "action": lambda row: row.use.name,
    "category": lambda row: row.use.category,
    "kind": lambda row: _KINDS[row.use.kind],
    "limit": lambda row: limit(row.use.limit_ms),
    "a call takes": lambda row: wait(row.use.waits_ms),
    "steps": lambda row: row.use.steps,
    "Architect flows": lambda row: row.use.architect_flows,
    "after": lambda row: limit(row.after_ms) if row.is_changed else "",
    "calls": lambda row: None if row.figures is None else row.figures.calls,
    "lost": lambda row: None if row.figures is None else row.figures.lost,
    "lost share": lambda row: "" if row.figures is None else f"{row.figures.failed_share:.1%}",
    "at the limit": lambda row: None if row.figures is None else row.ended_at_limit,
    "mean": lambda row: "" if row.figures is None else duration_or("", row.figures.mean_ms),
    "p95": lambda row: row.percentile(95),
    "p99": lambda row: row.percentile(99),
    "longest": lambda row: "" if row.figures is None else duration_or("", row.figures.max_ms),
    "note": lambda row: row.use.note,
}

_AFFECTED_STEPS: Columns[tuple[ActionChange, AffectedStep]] = {
    "action": lambda row: row[0].name,
    "limit before": lambda row: limit(row[0].before_ms),
    "limit after": lambda row: limit(row[0].after_ms),
    "Architect flow": lambda row: row[1].architect_flow_name,
    "container": lambda row: row[1].container,
    "step": lambda row: row[1].step_name,
    "tracking id": lambda row: row[1].tracking_id,
    "effective before": lambda row: wait(row[1].before_effective_ms),
    "effective after": lambda row: wait(row[1].after_effective_ms),
    "asked for": lambda row: "yes" if row[1].asked else "no, affected all the same",
}

_LOAD: Columns[tuple[str, int | None, float, float, float, int | None]] = {
    "action": lambda row: row[0],
    "calls in the busiest hour": lambda row: row[1],
    "at once now": lambda row: f"{row[2]:g}",
    "worst case now": lambda row: f"{row[3]:g}",
    "worst case after": lambda row: f"{row[4]:g}",
    "the org's limit": lambda row: row[5],
}

_LEFT_ALONE: Columns[LeftAlone] = {
    "Architect flow": lambda row: row.architect_flow_name,
    "step": lambda row: row.step_name,
    "action": lambda row: row.action_name,
    "why": lambda row: REASONS[row.why].text,
    "reason": lambda row: row.reason,
    "what to do": lambda row: REASONS[row.why].to_do,
}

_ADVICE: Columns[ActionAdvice] = {
    "action": lambda row: row.name,
    "limit": lambda row: limit(row.limit_ms),
    "wanted": lambda row: wait(row.wanted_ms),
    "steps": lambda row: row.steps,
    "Architect flows": lambda row: row.architect_flows,
    "note": lambda row: row.note,
}

_DRIFT: Columns[DriftRow] = {
    "what": lambda row: row.what,
    "Architect flow": lambda row: row.architect_flow,
    "type": lambda row: row.type,
    "container": lambda row: row.container,
    "step": lambda row: row.step,
    "tracking id": lambda row: row.tracking_id,
    "action": lambda row: row.action,
    "before": lambda row: row.before,
    "after": lambda row: row.after,
    "effective before": lambda row: row.wait_before,
    "effective after": lambda row: row.wait_after,
    "version": lambda row: row.version,
    "published by": lambda row: row.published_by,
    "note": lambda row: row.note,
}


def tables_of(report: Report, addresses: Addresses | None = None) -> Iterator[Table]:
    """Return the tables of a run, those that matter most first; made one after another, for a large one takes room.

    With addresses, a last column says where to open each Architect flow; so in all tables here.
    """
    if report.drift is not None:
        yield drift_table(report.drift, addresses)
    plan = report.plan
    if plan is not None:
        if report.is_applied:
            if of_kind(report.outcomes, "action"):
                yield action_outcomes_table(report)
            yield outcomes_table(report, addresses)
            yield verified_table(report, addresses)
        yield plan_table(report, addresses)
        if plan.action_changes:
            yield affected_steps_table(plan, addresses)
        if plan.load is not None:
            yield load_table(plan.load)
    yield steps_table(report, addresses)
    if report.is_whole:
        yield actions_table(report)


def steps_table(report: Report, addresses: Addresses | None = None) -> Table:
    """Return the table of all steps that were read, sorted by Architect flow, then as in the definition."""
    return Table.of(
        "timeouts-steps",
        "Every Call Data Action step as it was found",
        step_rows(report),
        _STEPS,
        rank=lambda row: row.rank,
        where=lambda row: row.found.architect_flow_id,
        addresses=addresses,
    )


def plan_table(report: Report, addresses: Addresses | None = None) -> Table:
    """Return the before/after table of a plan, one row for each change, in the order of the plan."""
    checksum = "" if report.plan is None else report.plan.checksum
    return Table.of(
        "timeouts-plan",
        f"Before and after, as planned: {checksum}",
        change_rows(report),
        _PLAN,
        rank=lambda row: row.rank,
        where=lambda row: row.change.architect_flow_id,
        addresses=addresses,
    )


def outcomes_table(report: Report, addresses: Addresses | None = None) -> Table:
    """Return the table of what became of each Architect flow of a plan."""
    return Table.of(
        "timeouts-outcomes",
        "What became of each Architect flow",
        outcome_rows(report),
        _OUTCOMES,
        rank=lambda row: row.rank,
        where=lambda row: row.architect_flow_id,
        addresses=addresses,
    )


def action_outcomes_table(report: Report) -> Table:
    """Return the table of what became of each action of a plan."""
    title = "What became of each action"
    return Table.of(
        "timeouts-action-outcomes", title, action_outcome_rows(report), _ACTION_OUTCOMES, rank=lambda row: row.rank
    )


def verified_table(report: Report, addresses: Addresses | None = None) -> Table:
    """Return the table of each step of a plan, before and after, with what became of it.

    What a person looks for comes first: Prefect's page shows five columns, the others have to be scrolled for.
    """
    return Table.of(
        "timeouts-verified",
        "Before and after, read back from the platform",
        verified_rows(report),
        _VERIFIED,
        rank=lambda row: row.rank,
        where=lambda row: row.planned.change.architect_flow_id,
        addresses=addresses,
    )


def actions_table(report: Report) -> Table:
    """Return the table of all actions: by the calls lost where there are figures, else by name."""
    return Table.of("timeouts-actions", "Every integration action and who uses it", action_rows(report), _ACTIONS)


def affected_steps_table(plan: Plan, addresses: Addresses | None = None) -> Table:
    """Return the before/after table of action limits: one row for each step that is affected by one."""
    return Table.of(
        "timeouts-action-plan",
        "Every step that a changed action limit affects, before and after, as planned",
        [(change, step) for change in plan.action_changes for step in change.affected_steps],
        _AFFECTED_STEPS,
        rank=lambda row: -1 if row[1].before_effective_ms is None else row[1].before_effective_ms,
        where=lambda row: row[1].architect_flow_id,
        addresses=addresses,
    )


def load_table(load: Load) -> Table:
    """Return the table of what waiting costs: the totals first, next to the org's limits."""
    totals = [(f"all {each.of}", None, each.now, each.worst_now, each.worst_after, each.limit) for each in load.totals]
    actions = [
        (each.name, each.calls_an_hour, each.now, each.worst_now, each.worst_after, None) for each in load.actions
    ]
    return Table.of("timeouts-cost", "What waiting costs: executions at once", [*totals, *actions], _LOAD)


def drift_table(drift: Drift, addresses: Addresses | None = None) -> Table:
    """Return the table of all that moved since the last audit."""
    return Table.of(
        "timeouts-drift",
        "What moved since the last audit",
        drift_rows(drift),
        _DRIFT,
        where=lambda row: row.architect_flow_id,
        addresses=addresses,
        sentence=drift_sentence(drift),
    )


def left_alone_table(plan: Plan) -> Table:
    """Return the table of the steps that a plan leaves as they are."""
    return Table.of("timeouts-left-alone", "Steps that are left alone", plan.left_alone, _LEFT_ALONE)


def advice_table(plan: Plan) -> Table:
    """Return the table of the actions whose own limit would have to change."""
    return Table.of("timeouts-advice", "Actions whose own limit stays in the way", plan.action_advice, _ADVICE)
