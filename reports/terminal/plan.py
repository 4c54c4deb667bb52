"""A plan in the terminal: what it changes, what it leaves alone and why, and what stands against it."""

from rich.console import Console
from rich.text import Text

from reports.frames.planned.callers import callers_of, callers_sentence, shipped, shipping, shipping_sentence
from reports.frames.planned.limits import exceeded_limits, refusal_sentence
from reports.frames.planned.plan import (
    ChangeRow,
    change_rows,
    counts_sentence,
    kept_from_shortening,
    left_by_reason,
    may_be_overwritten,
    nothing_to_do,
    obstructed,
    skipped_heading,
)
from reports.frames.planned.unmatched import unmatched_sentences
from reports.reasons import BOTH_LEVERS
from reports.report import Report
from reports.terminal.actions import show_action_changes, show_actions_left, show_cost
from reports.terminal.as_code import show_undone
from reports.terminal.layout import (
    WIDE,
    aligned,
    heading,
    names_of,
    place,
    row,
    say,
    show_table,
    steps_table,
    table,
    whole,
)
from reports.terminal.view import USUAL, View
from reports.words import has_kinds, limit, wait
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of
from timeouts.text.visible import one_line


def show_plan_of(out: Console, report: Report, view: View = USUAL) -> None:
    """Print a plan alone: what it changes, what not and why, and what stands against it."""
    assert report.plan is not None, "it has a plan"
    heading(out, f"{report.org.name}: plan of a {report.run.kind}")
    for note in unmatched_sentences(report):
        say(out, note, "yellow")
    show_plan(out, report, report.plan, view)
    whole(out, f"Plan: {report.plan.checksum}")


def show_plan(out: Console, report: Report, plan: Plan, view: View) -> None:
    """Print what a plan changes, what not and why, and what stands against it."""
    show_action_changes(out, plan, view)
    _show_changes(out, report, plan, view)
    show_undone(out, report.undone, view)
    _show_left_alone(out, report, plan, view)
    show_actions_left(out, plan, view)
    _show_advice(out, plan, view)
    show_cost(out, plan, view)
    show_violations(out, report)


def show_nothing_to_do(out: Console, report: Report, plan: Plan) -> None:
    """Say so where a plan changes nothing."""
    if nothing := nothing_to_do(plan):
        is_left = plan.counts.left_alone or plan.actions_left or report.matched_nothing
        say(out, f"{nothing}.", "" if is_left else "green")


def _show_changes(out: Console, report: Report, plan: Plan, view: View) -> None:
    show_nothing_to_do(out, report, plan)
    if not plan.changes:
        return
    several_rules = len({change.rule for change in plan.changes}) > 1
    architect_flows = number_of(len(plan.pins) - len(plan.republished), "Architect flow")
    title = f"{number_of(len(plan.changes), 'change')} in {architect_flows}"
    if not several_rules:
        title += f", by the rule '{one_line(plan.changes[0].rule)}'"
    kinds = has_kinds(change.kind for change in plan.changes)
    heads = (*(("kind",) if kinds else ()), "limit", "now", "after", *(("rule",) if several_rules else ()))
    shown = steps_table(out, title, *heads)
    chosen = change_rows(report)
    if not view.is_whole:  # the shortest waits, in the order of the plan
        chosen = sorted(sorted(chosen, key=lambda each: each.rank)[: view.rows], key=chosen.index)
    for each in chosen:
        row(shown, *_change(out, each, kinds=kinds), *((each.change.rule,) if several_rules else ()))
    show_table(out, shown, len(plan.changes))


def _change(out: Console, each: ChangeRow, *, kinds: bool) -> tuple[str | Text, ...]:
    change = each.change
    return (
        *names_of(out, change.architect_flow_name, change.container, change.step_name, change.action_name),
        *((change.kind,) if kinds else ()),
        limit(each.limit_ms, is_known=each.is_limit_known),
        each.waits_before,
        each.waits_after,
    )


def _show_left_alone(out: Console, report: Report, plan: Plan, view: View) -> None:
    say(out, f"{counts_sentence(plan)}.")
    show_reasons(out, plan, with_example=view.is_whole or out.width >= WIDE)
    held = [(each.name, each.obstacle) for each in obstructed(plan)]
    if held and not report.outcomes:
        say(out, f"{skipped_heading(report)}:", "yellow")
        aligned(out, held, "yellow", view.rows)
    if kept := kept_from_shortening(plan):
        say(out, "Left, for callers would wait less there:", "yellow")
        aligned(out, kept, "yellow", view.rows)
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


def show_reasons(out: Console, plan: Plan, *, with_example: bool) -> None:
    """Say how many steps a plan leaves alone, by reason."""
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
    title = f"These actions' own limits stand in the way: allow {BOTH_LEVERS}"
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


def show_violations(out: Console, report: Report) -> None:
    """Say which limits a plan exceeds, waived or not."""
    for each in exceeded_limits(report):
        say(out, each.sentence, "yellow" if each.is_waived else "red")
    if refused := refusal_sentence(report):
        say(out, refused, "red")
