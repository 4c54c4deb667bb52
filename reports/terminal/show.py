"""What a run found and did, in the terminal. The whole of it is in the run's artifacts and in `--json`."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.columns import STEPS
from reports.frames.copies import copies_sentence, snapshot_warnings
from reports.frames.planned.callers import callers_of, callers_sentence, shipped, shipping, shipping_sentence
from reports.frames.planned.limits import exceeded_limits, refusal_sentence
from reports.frames.planned.plan import (
    ChangeRow,
    change_rows,
    counts_sentence,
    left_by_reason,
    limits_sentence,
    may_be_overwritten,
    nothing_to_do,
    obstructed,
    skipped_heading,
)
from reports.frames.planned.unmatched import unmatched_sentences
from reports.frames.steps import StepRow, shortest_wait_rows, step_rows, steps_by_setting
from reports.report import Report
from reports.terminal.actions import (
    show_action_changes,
    show_action_counts,
    show_actions_left,
    show_cost,
    show_evidence,
)
from reports.terminal.as_code import show_as_code, show_undone
from reports.terminal.drift import show_drift
from reports.terminal.effect import show_effects
from reports.terminal.layout import WIDE, aligned, heading, place, row, say, show_table, table, whole
from reports.terminal.outcomes import show_outcomes
from reports.terminal.plain import below, plain
from reports.terminal.view import USUAL, View
from reports.words import has_kinds, joined, limit, number_of, wait
from timeouts.model.durations import format_duration
from timeouts.model.request_figures import RequestCounts
from timeouts.planning.outcomes import counted, of_kind
from timeouts.planning.plan import Plan
from timeouts.text.visible import one_line

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
    told = (*report.notes, *report.left_by_us, *report.remarks)
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
        _show_plan(out, report, report.plan, view)
    show_outcomes(out, report, view)
    _show_end(out, report, where)


def show_plan_of(out: Console, report: Report, view: View = USUAL) -> None:
    """Print a plan alone: what it changes, what not and why, and what stands against it."""
    assert report.plan is not None, "it has a plan"
    heading(out, f"{report.org.name}: plan of a {report.run.kind}")
    for note in unmatched_sentences(report):
        say(out, note, "yellow")
    _show_plan(out, report, report.plan, view)
    whole(out, f"Plan: {report.plan.checksum}")


def _show_plan(out: Console, report: Report, plan: Plan, view: View) -> None:
    show_action_changes(out, plan, view)
    _show_changes(out, report, plan, view)
    show_undone(out, report.undone, view)
    _show_left_alone(out, report, plan, view)
    show_actions_left(out, plan, view)
    _show_advice(out, plan, view)
    show_cost(out, plan, view)
    _show_violations(out, report)


def show_briefly(out: Console, report: Report, where: str = "") -> None:
    """Print how many there are of everything and how the run ended: what a log of the night needs."""
    _show_coverage(out, report, USUAL)
    _show_counts(out, report)
    for note in unmatched_sentences(report):
        say(out, note, "yellow")
    if report.plan is not None:
        _show_nothing_to_do(out, report, report.plan)
        say(out, f"{counts_sentence(report.plan)}.")
        if limits := limits_sentence(report.plan):
            say(out, f"{limits}.")
        if report.plan.changes_nothing:
            _show_reasons(out, report.plan, with_example=False)
        show_actions_left(out, report.plan)
        show_undone(out, report.undone)
        _show_violations(out, report)
    if of_actions := of_kind(report.outcomes, "action"):
        say(out, f"Outcomes of actions: {counted(of_actions, is_files=report.org.is_files)}.")
    if of_architect_flows := of_kind(report.outcomes, "architect_flow"):
        say(out, f"Outcomes: {counted(of_architect_flows, is_files=report.org.is_files)}.")
    _show_end(out, report, where)


def _show_coverage(out: Console, report: Report, view: View) -> None:
    coverage = report.coverage
    not_published = "" if report.org.is_files else f" {coverage.not_published} never published,"
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
        chosen = view.steps.of(step_rows(report))
        _list_steps(out, f"{len(chosen)} of {number_of(len(report.steps), 'step')}, as asked for", chosen, view)
    elif is_audit and view.is_whole:
        every = step_rows(report)
        _list_steps(out, f"All {number_of(len(every), 'step')}", every, view)
    elif is_audit and (shortest := shortest_wait_rows(report)):
        _list_steps(out, "The shortest waits", shortest[: view.rows], view, of=len(shortest))


def _list_steps(out: Console, title: str, steps: Sequence[StepRow], view: View, of: int | None = None) -> None:
    """Print a table of steps; what was asked about and has no column of its own gets one."""
    if not steps:
        say(out, f"{title}.")
        return
    shown = {_IN_TABLES.get(head, head): head for head in _columns(steps, view)}
    made = _steps_table(out, title, *shown)
    for each in steps:
        found = each.found
        names = _names(out, found.architect_flow, found.container, found.step, found.action or found.action_id)
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


def _show_nothing_to_do(out: Console, report: Report, plan: Plan) -> None:
    if nothing := nothing_to_do(plan):
        is_left = plan.counts.left_alone or plan.actions_left or report.matched_nothing
        say(out, f"{nothing}.", "" if is_left else "green")


def _show_changes(out: Console, report: Report, plan: Plan, view: View) -> None:
    _show_nothing_to_do(out, report, plan)
    if not plan.changes:
        return
    several_rules = len({change.rule for change in plan.changes}) > 1
    architect_flows = number_of(len(plan.pins) - len(plan.republished), "Architect flow")
    title = f"{number_of(len(plan.changes), 'change')} in {architect_flows}"
    if not several_rules:
        title += f", by the rule '{one_line(plan.changes[0].rule)}'"
    kinds = has_kinds(change.kind for change in plan.changes)
    heads = (*(("kind",) if kinds else ()), "limit", "now", "after", *(("rule",) if several_rules else ()))
    shown = _steps_table(out, title, *heads)
    chosen = change_rows(report)
    if not view.is_whole:  # the shortest waits, in the order of the plan
        chosen = sorted(sorted(chosen, key=lambda each: each.rank)[: view.rows], key=chosen.index)
    for each in chosen:
        row(shown, *_change(out, each, kinds=kinds), *((each.change.rule,) if several_rules else ()))
    show_table(out, shown, len(plan.changes))


def _change(out: Console, each: ChangeRow, *, kinds: bool) -> tuple[str | Text, ...]:
    change = each.change
    return (
        *_names(out, change.architect_flow_name, change.container, change.step_name, change.action_name),
        *((change.kind,) if kinds else ()),
        limit(each.limit_ms, is_known=each.is_limit_known),
        each.waits_before,
        each.waits_after,
    )


def _steps_table(out: Console, title: str, *heads: str) -> Table:
    names = ("Architect flow", "step", "action") if out.width >= WIDE else ("Architect flow", "step and action")
    made = table(title, *names, *heads)
    made.caption = plain("limit: the action's own. now: how long a caller really waits.")
    return made


def _names(out: Console, architect_flow: str, container: str, step: str, action: str) -> tuple[str | Text, ...]:
    """Return the cells that say which step it is; in a narrow terminal the action stands below its step."""
    if out.width >= WIDE:
        return architect_flow, place(container, step), action
    return architect_flow, below(place(container, step), action)


def _show_left_alone(out: Console, report: Report, plan: Plan, view: View) -> None:
    say(out, f"{counts_sentence(plan)}.")
    _show_reasons(out, plan, with_example=view.is_whole or out.width >= WIDE)
    held = [(each.name, each.obstacle) for each in obstructed(plan)]
    if held and not report.outcomes:
        say(out, f"{skipped_heading(report)}:", "yellow")
        aligned(out, held, "yellow", view.rows)
    if coded := may_be_overwritten(plan):
        say(out, "Perhaps managed as code:", "yellow")
        aligned(out, [(each.pin.name, each.warning) for each in coded], "yellow", view.rows)
    _show_callers(out, plan, view)
    if plan.warnings:
        say(out, "Odd, and left as it is:")
        aligned(
            out,
            [(odd.architect_flow_name, place(odd.container, odd.step_name), odd.text) for odd in plan.warnings],
            rows=view.rows,
        )


def _show_reasons(out: Console, plan: Plan, *, with_example: bool) -> None:
    groups = sorted(left_by_reason(plan), key=lambda group: -len(group.lines))
    if not groups:
        return
    say(out, f"Left alone (how many, {'why, and an example' if with_example else 'and why'}):")
    lines = [
        (str(len(group.lines)), group.reason.text, *((group.lines[0].reason,) if with_example else ()))
        for group in groups
    ]
    aligned(out, lines, rows=len(lines))


def _show_callers(out: Console, plan: Plan, view: View) -> None:
    if callers := callers_sentence(plan):
        say(out, f"{callers}{'' if view.is_whole else ': --all names them'}.", "yellow")
        if view.is_whole:
            lines = [(each.name, each.modules, each.stays or "to republish") for each in callers_of(plan)]
            aligned(out, lines, rows=view.rows)
    if ships := shipping(plan):
        say(out, "What else goes live:", "yellow")
        aligned(out, [(pin.name, shipped(pin)) for pin in ships], rows=view.rows)
    if unknown := shipping_sentence(plan):
        say(out, f"{unknown}.", "yellow")


def _show_advice(out: Console, plan: Plan, view: View) -> None:
    if not plan.action_advice:
        return
    title = "These actions' own limits stand in the way: allow the lever on them (--levers step,action)"
    if "action" in plan.policy.levers:
        title = "These actions' own limits stand in the way, and stay"
    noted = any(advice.note for advice in plan.action_advice)
    heads = ("action", "category", "limit", "wanted", "steps", "Architect\nflows", *(("note",) if noted else ()))
    shown = table(title, *heads)
    for advice in plan.action_advice[: view.rows]:
        row(
            shown,
            advice.name,
            advice.category,
            limit(advice.limit_ms),
            wait(advice.wanted_ms),
            str(advice.steps),
            str(advice.architect_flows),
            *((advice.note,) if noted else ()),
        )
    show_table(out, shown, len(plan.action_advice))


def _show_violations(out: Console, report: Report) -> None:
    for each in exceeded_limits(report):
        say(out, each.sentence, "yellow" if each.is_waived else "red")
    if refused := refusal_sentence(report):
        say(out, refused, "red")


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
