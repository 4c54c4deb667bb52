"""What a run found and did, in the terminal. The whole of it is in the run's artifacts and in `--json`."""

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.report import Coverage, Report
from timeouts.durations import format_duration
from timeouts.outcomes import Outcome
from timeouts.plan import Plan

_ROWS = 40
_STYLES = {"published": "green", "unchanged": "green", "skipped": "yellow", "failed": "red", "unknown": "red"}


def show(out: Console, report: Report) -> None:
    """Print the run: what was seen, what changes, what stands in the way, what came of it."""
    out.rule(f"{report.org.name}: {report.run.kind}, {report.run.mode}")
    _show_coverage(out, report.coverage)
    _show_steps(out, report)
    if report.plan is not None:
        _show_changes(out, report.plan)
        _show_left_alone(out, report.plan)
        _show_advice(out, report.plan)
        _show_violations(out, report)
    if report.outcomes:
        _show_outcomes(out, report.outcomes)
    _show_end(out, report)


def _show_coverage(out: Console, coverage: Coverage) -> None:
    out.print(
        f"Architect flows: {coverage.listed} listed = {coverage.read} read + {coverage.unreadable} unreadable"
        f" + {coverage.not_published} never published + {coverage.not_read} not read"
    )
    for problem in coverage.problems:
        out.print(
            f"  {problem.coverage.replace('_', ' ')}: {problem.name}: {problem.reason}", style="red", markup=False
        )


def _show_steps(out: Console, report: Report) -> None:
    settings = Counter(step.setting.kind for step in report.steps)
    counts = ", ".join(f"{settings[kind]} {kind}" for kind in ("suggested", "literal", "expression", "unreadable"))
    out.print(f"Call Data Action steps: {len(report.steps)} ({counts})")
    known = [step for step in report.steps if step.effective_ms is not None]
    shortest = sorted(known, key=lambda step: (step.effective_ms or 0, step.architect_flow, step.step_id))[:10]
    if report.run.kind == "audit" and shortest:
        table = _table(
            "The ten shortest waits", "Architect flow", "step", "action", "setting", "action limit", "effective now"
        )
        for step in shortest:
            _row(
                table,
                step.architect_flow,
                step.step,
                step.action,
                step.setting.kind,
                _duration(step.action_limit_ms),
                _duration(step.effective_ms),
            )
        out.print(table)


def _show_changes(out: Console, plan: Plan) -> None:
    if not plan.changes:
        out.print("Nothing to do: no step needs a change that would take effect.", style="green")
        return
    title = f"{len(plan.changes)} changes in {len(plan.pins)} Architect flows"
    table = _table(
        title, "Architect flow", "container", "step", "action", "action limit", "effective now", "after", "rule"
    )
    for change in plan.changes[:_ROWS]:
        _row(
            table,
            change.architect_flow_name,
            change.container,
            change.step_name,
            change.action_name,
            _duration(change.action_limit_ms),
            _duration(change.before_effective_ms),
            _duration(change.after_ms),
            change.rule,
        )
    out.print(table)
    _more(out, len(plan.changes))


def _show_left_alone(out: Console, plan: Plan) -> None:
    counts = plan.counts
    out.print(
        f"Of {counts.steps} steps: {counts.changed} change, {counts.fine} are fine, {counts.left_alone} are left alone,"
        f" {counts.not_matched} match no rule."
    )
    for why, count in Counter(line.why for line in plan.left_alone).most_common():
        example = next(line for line in plan.left_alone if line.why == why)
        out.print(f"  left alone, {why.replace('_', ' ')}: {count} (such as {example.reason})", markup=False)
    held = [pin for pin in plan.pins if pin.obstacle]
    for pin in held:
        out.print(f"  held: {pin.name}: {pin.obstacle}", style="yellow", markup=False)


def _show_advice(out: Console, plan: Plan) -> None:
    if not plan.action_advice:
        return
    title = "The limit of these actions stands in the way: raise it in the action's configuration"
    table = _table(title, "action", "category", "limit", "wanted", "steps waiting", "Architect flows", "note")
    for advice in plan.action_advice[:_ROWS]:
        _row(
            table,
            advice.name,
            advice.category,
            _duration(advice.limit_ms),
            _duration(advice.wanted_ms),
            str(advice.steps),
            str(advice.architect_flows),
            advice.note,
        )
    out.print(table)
    _more(out, len(plan.action_advice))


def _show_violations(out: Console, report: Report) -> None:
    assert report.plan is not None
    for violation in report.plan.violations:
        out.print(f"Over the limit: {violation.text}", style="red", markup=False)
    if report.plan.violations and report.run.mode == "apply":
        out.print("Nothing was published. Raise the limit in a policy file, or narrow the rules.", style="red")


def _show_outcomes(out: Console, outcomes: tuple[Outcome, ...]) -> None:
    counts = Counter(outcome.outcome for outcome in outcomes)
    title = "Outcomes: " + ", ".join(f"{count} {name}" for name, count in counts.items())
    table = _table(title, "Architect flow", "outcome", "before", "after", "reason and notes")
    for outcome in sorted(outcomes, key=lambda each: (list(_STYLES).index(each.outcome), each.name)):
        _row(
            table,
            outcome.name,
            Text(outcome.outcome, style=_STYLES[outcome.outcome]),
            outcome.version_before or "",
            outcome.version_after or "",
            "; ".join(part for part in (outcome.reason, *outcome.notes) if part),
        )
    out.print(table)


def _show_end(out: Console, report: Report) -> None:
    counts = report.requests
    waited = f", waited {format_duration(counts.waiting_ms)} for the rate limit" if counts.waiting_ms else ""
    out.print(f"Requests: {counts.total} ({counts.rate_limited} answered 429, {counts.retries} repeated){waited}")
    if report.plan is not None and report.plan.changes and report.run.mode == "dry run":
        out.print(f"Dry run: nothing was changed. Plan {report.plan.checksum}. Publish it with --apply.")
    out.print(f"Prefect run: {report.run.name} ({report.run.id})")


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _row(table: Table, *cells: str | Text) -> None:
    """Add a row; names are text and no markup, whatever brackets they hold."""
    table.add_row(*(Text(cell) if isinstance(cell, str) else cell for cell in cells))


def _more(out: Console, count: int) -> None:
    if count > _ROWS:
        out.print(f"... and {count - _ROWS} more: see the artifacts of the run, or --json FILE.")


def _duration(duration_ms: int | None) -> str:
    return "" if duration_ms is None else format_duration(duration_ms)
