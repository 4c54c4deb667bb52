"""What a run found and did, in the terminal. The whole of it is in the run's artifacts and in `--json`."""

from collections.abc import Sequence

from rich.console import Console

from reports.columns import STEPS
from reports.conditions import Selection
from reports.frames.copies import copies_sentence, snapshot_warnings
from reports.frames.planned.other_runs import other_runs_sentences
from reports.frames.planned.plan import counts_sentence, limits_sentence
from reports.frames.planned.unmatched import unmatched_sentences
from reports.frames.steps import StepRow, shortest_wait_rows, step_rows, steps_by_setting
from reports.report import Report
from reports.terminal.actions import show_action_counts, show_actions_left, show_evidence
from reports.terminal.as_code import show_as_code, show_undone
from reports.terminal.drift import show_drift
from reports.terminal.effect import show_effects
from reports.terminal.layout import aligned, heading, names_of, row, say, show_table, steps_table, whole
from reports.terminal.outcomes import show_outcomes
from reports.terminal.plan import show_nothing_to_do, show_plan, show_reasons, show_violations
from reports.terminal.view import USUAL, View
from reports.words import has_kinds, joined
from timeouts.model.durations import format_duration
from timeouts.model.request_figures import RequestCounts
from timeouts.planning.outcomes import counted, of_kind
from timeouts.text.phrases import number_of

_IN_TABLES = {"action limit": "limit", "effective now": "now", "step timeout": "timeout"}
"""Short heads: figures have little room."""

_NAMED = 1
"""So many callers of outdated modules are named, as an example; the table of copies has all."""


def show(out: Console, report: Report, where: str = "", view: View = USUAL) -> None:
    """Print the run: what was seen, what changes, what stands in the way, what came of it.

    `where`: the sentence that says where to open the run's artifacts.
    """
    heading(out, joined((f"{report.org.name}: {report.run.what}", report.run.began), ", "))
    _show_coverage(out, report, view)
    embedded = snapshot_warnings(report, view.rows if view.is_whole else _NAMED)
    told = (*report.notes, *report.left_by_us, *report.remarks, *other_runs_sentences(report))
    for note in (*told, *embedded, *unmatched_sentences(report)):
        say(out, note, "yellow")
    if report.drift is not None:
        show_drift(out, report.drift, view)
    if report.as_code is not None:
        show_as_code(out, report.as_code, view)
    if report.effects:
        show_effects(out, report.effects, view)
    _show_steps(out, report, view)
    if report.run.kind == "audit":
        show_action_counts(out, report, view)
    if report.evidence is not None:
        show_evidence(out, report, report.evidence, view)
    if report.plan is not None:
        show_plan(out, report, report.plan, view)
    show_outcomes(out, report, view)
    _show_end(out, report, where)


def show_briefly(out: Console, report: Report, where: str = "", view: View = USUAL) -> None:
    """Print how many there are of everything and how the run ended: what a log of the night needs."""
    _show_coverage(out, report, USUAL)
    _show_counts(out, report)
    if view.steps is not None:
        _show_unmatched(out, view.steps, step_rows(report))
    for note in (*other_runs_sentences(report), *unmatched_sentences(report)):
        say(out, note, "yellow")
    if report.plan is not None:
        show_nothing_to_do(out, report, report.plan)
        say(out, f"{counts_sentence(report.plan)}.")
        if limits := limits_sentence(report.plan):
            say(out, f"{limits}.")
        if report.plan.changes_nothing:
            show_reasons(out, report.plan, with_example=False)
        show_actions_left(out, report.plan)
        show_undone(out, report.undone)
        show_violations(out, report)
    if of_actions := of_kind(report.outcomes, "action"):
        say(out, f"Outcomes of actions: {counted(of_actions, is_files=report.org.is_files)}.")
    if of_architect_flows := of_kind(report.outcomes, "architect_flow"):
        say(out, f"Outcomes: {counted(of_architect_flows, is_files=report.org.is_files)}.")
    _show_end(out, report, where)


def _show_coverage(out: Console, report: Report, view: View) -> None:
    coverage = report.coverage
    not_published = "" if report.org.is_files else f" {coverage.not_published} not published,"
    say(
        out,
        f"{number_of(coverage.listed, 'Architect flow')}: {coverage.read} read,{not_published}"
        f" {coverage.unreadable} unreadable, {coverage.not_read} not read",
    )
    lines = [(problem.coverage.replace("_", " "), problem.name, problem.reason) for problem in coverage.problems]
    aligned(out, lines, "red", view.rows)


def _show_counts(out: Console, report: Report) -> None:
    counts = ", ".join(f"{count} {kind}" for kind, count in steps_by_setting(report).items())
    say(out, f"{number_of(len(report.steps), 'step')}: {counts}")


def _show_steps(out: Console, report: Report, view: View) -> None:
    _show_counts(out, report)
    if copies := copies_sentence(report):
        say(out, f"{copies}.")
    is_audit = report.run.kind == "audit"
    if view.steps is not None:
        rows = step_rows(report)
        chosen = view.steps.of(rows)
        _list_steps(out, f"{len(chosen)} of {number_of(len(report.steps), 'step')}, as asked for", chosen, view)
        if view.steps.where and report.plan is not None:
            say(out, "--where narrows this list alone; the plan is whole.", "yellow")
        _show_unmatched(out, view.steps, rows)
    elif is_audit and view.is_whole:
        every = step_rows(report)
        _list_steps(out, f"All {number_of(len(every), 'step')}", every, view)
    elif is_audit and (shortest := shortest_wait_rows(report)):
        _list_steps(out, "The shortest waits", shortest[: view.rows], view, of=len(shortest))


def _show_unmatched(out: Console, asked: Selection, rows: Sequence[StepRow]) -> None:
    """Name the texts of conditions that no step has."""
    for note in asked.unmatched(rows):
        say(out, note, "yellow")


def _list_steps(out: Console, title: str, steps: Sequence[StepRow], view: View, of: int | None = None) -> None:
    """Print a table of steps; what was asked about and has no column of its own gets one."""
    if not steps:
        say(out, f"{title}.")
        return
    shown = {_IN_TABLES.get(head, head): head for head in _columns(steps, view)}
    made = steps_table(out, title, *shown)
    for each in steps:
        found = each.found
        names = names_of(out, found.architect_flow, found.container, found.step, found.action or found.action_id)
        row(made, *names, *(_in_words(STEPS[head](each)) for head in shown.values()))
    show_table(out, made, of)


def _columns(steps: Sequence[StepRow], view: View) -> list[str]:
    """Return the columns of a table of steps beside their names."""
    asked = () if view.steps is None else view.steps.columns
    kind = ("kind",) if has_kinds(each.found.kind for each in steps) else ()
    after = ("after",) if any(each.is_moved for each in steps) else ()
    usual = (*kind, "setting", "action limit", "effective now", *after)
    more_asked = (head for head in asked if head not in {*usual, "Architect flow", "container", "step", "action"})
    return list(dict.fromkeys((*more_asked, *usual)))


def _in_words(cell: str | int | None) -> str:
    return "" if cell is None else str(cell)


def _show_end(out: Console, report: Report, where: str) -> None:
    if not report.org.is_files:
        _show_requests(out, report.requests)
    if report.plan is not None and not report.plan.changes_nothing and report.run.mode == "dry run":
        say(out, "Dry run: nothing was changed.", "bold")
        whole(out, f"Plan: {report.plan.checksum}")
    say(out, f"Prefect run: {report.run.name} ({report.run.id})")
    if where:
        whole(out, where)


def _show_requests(out: Console, counts: RequestCounts) -> None:
    waited = f", waited {format_duration(counts.waiting_ms)} for the platform" if counts.waiting_ms else ""
    say(out, f"Requests: {counts.total} ({counts.rate_limited} answered 429, {counts.retries} repeated){waited}")
