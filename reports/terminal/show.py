"""What a run found and did, in the terminal. The whole of it is in the run's artifacts and in `--json`."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from reports.frames.callers import callers_of, callers_sentence, shipped, shipping, shipping_sentence
from reports.frames.copies import copies_sentence, snapshot_warnings
from reports.frames.limits import exceeded_limits, refusal_sentence
from reports.frames.outcomes import outcome_rows
from reports.frames.plan import (
    ChangeRow,
    change_rows,
    counts_sentence,
    left_by_reason,
    may_be_overwritten,
    nothing_to_do,
    obstructed,
    skipped_heading,
)
from reports.frames.steps import shortest_waits, steps_by_setting
from reports.frames.unmatched import unmatched_sentences
from reports.report import Report
from reports.terminal.actions import (
    STYLES,
    show_action_changes,
    show_action_counts,
    show_action_outcomes,
    show_cost,
    show_evidence,
)
from reports.terminal.drift import show_drift
from reports.terminal.effect import show_effects
from reports.terminal.layout import ROWS, WIDE, aligned, more, place, row, say, table
from reports.terminal.plain import below, name, plain
from reports.words import became, has_kinds, limit, number_of, wait
from timeouts.inventory import Coverage
from timeouts.model.durations import format_duration
from timeouts.planning.outcomes import counted, of_kind
from timeouts.planning.plan import Plan
from timeouts.text.visible import one_line

_SHORTEST = 10


def show(out: Console, report: Report, where: str = "") -> None:
    """Print the run: what was seen, what changes, what stands in the way, what came of it.

    `where`: the sentence that says where to open the run's artifacts.
    """
    out.rule(name(f"{report.org.name}: {report.run.kind}, {report.run.mode}"))
    _show_coverage(out, report.coverage)
    for note in (*report.notes, *report.left_by_us, *snapshot_warnings(report), *unmatched_sentences(report)):
        say(out, note, "yellow")
    if report.drift is not None:
        show_drift(out, report.drift)
    if report.effects:
        show_effects(out, report.effects)
    _show_steps(out, report)
    if report.run.kind == "audit":
        show_action_counts(out, report)
    if report.evidence is not None:
        show_evidence(out, report, report.evidence)
    if report.plan is not None:
        _show_plan(out, report, report.plan)
    show_action_outcomes(out, report)
    if of_kind(report.outcomes, "architect_flow"):
        _show_outcomes(out, report)
    _show_end(out, report, where)


def show_plan_of(out: Console, report: Report) -> None:
    """Print a plan alone: what it changes, what not and why, and what stands against it."""
    assert report.plan is not None, "it has a plan"
    out.rule(name(f"{report.org.name}: plan of a {report.run.kind}"))
    _show_plan(out, report, report.plan)
    say(out, f"Plan: {report.plan.checksum}")


def _show_plan(out: Console, report: Report, plan: Plan) -> None:
    show_action_changes(out, plan)
    _show_changes(out, report, plan)
    _show_left_alone(out, report, plan)
    _show_advice(out, plan)
    show_cost(out, plan)
    _show_violations(out, report)


def _show_coverage(out: Console, coverage: Coverage) -> None:
    say(
        out,
        f"{number_of(coverage.listed, 'Architect flow')}: {coverage.read} read,"
        f" {coverage.not_published} never published, {coverage.unreadable} unreadable, {coverage.not_read} not read",
    )
    lines = [(problem.coverage.replace("_", " "), problem.name, problem.reason) for problem in coverage.problems]
    aligned(out, lines, "red")


def _show_steps(out: Console, report: Report) -> None:
    counts = ", ".join(f"{count} {kind}" for kind, count in steps_by_setting(report).items())
    say(out, f"{number_of(len(report.steps), 'step')}: {counts}")
    if copies := copies_sentence(report):
        say(out, f"{copies}.")
    if report.run.kind == "audit" and (shortest := shortest_waits(report, _SHORTEST)):
        kinds = has_kinds(step.kind for step in shortest)
        heads = (*(("kind",) if kinds else ()), "setting", "limit", "now")
        shown = _steps_table(out, f"The {len(shortest)} shortest waits", *heads)
        for step in shortest:
            names = _names(out, step.architect_flow, step.container, step.step, step.action)
            action_limit = limit(step.action_limit_ms, is_known=step.is_limit_known)
            kind = (step.kind,) if kinds else ()
            row(shown, *names, *kind, step.setting.kind, action_limit, wait(step.effective_ms))
        out.print(shown)


def _show_changes(out: Console, report: Report, plan: Plan) -> None:
    if nothing := nothing_to_do(plan):
        say(out, f"{nothing}.", "" if plan.counts.left_alone or report.matched_nothing else "green")
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
    for each in change_rows(report)[:ROWS]:
        row(shown, *_change(out, each, kinds=kinds), *((each.change.rule,) if several_rules else ()))
    out.print(shown)
    more(out, len(plan.changes))


def _change(out: Console, each: ChangeRow, *, kinds: bool) -> tuple[str | Text, ...]:
    change = each.change
    return (
        *_names(out, change.architect_flow_name, change.container, change.step_name, change.action_name),
        *((change.kind,) if kinds else ()),
        limit(change.action_limit_ms, is_known=each.is_limit_known),
        wait(change.before_effective_ms),
        wait(change.after_effective_ms),
    )


def _steps_table(out: Console, title: str, *heads: str) -> Table:
    names = ("Architect flow", "step", "action") if out.width >= WIDE else ("Architect flow", "step and action")
    made = table(title, *names, *heads)
    made.caption, made.caption_justify = plain("limit: the action's own. now: how long a caller really waits."), "left"
    return made


def _names(out: Console, architect_flow: str, container: str, step: str, action: str) -> tuple[str | Text, ...]:
    """Return the cells that say which step it is; in a narrow terminal the action stands below its step."""
    if out.width >= WIDE:
        return architect_flow, place(container, step), action
    return architect_flow, below(place(container, step), action)


def _show_left_alone(out: Console, report: Report, plan: Plan) -> None:
    say(out, f"{counts_sentence(plan)}.")
    groups = sorted(left_by_reason(plan), key=lambda group: -len(group.lines))
    if groups:
        say(out, "Left alone (how many, why, and an example):")
        aligned(out, [(str(len(group.lines)), group.reason.text, group.lines[0].reason) for group in groups])
    held = [(pin.name, pin.obstacle) for pin in obstructed(plan)]
    if held and not report.outcomes:
        say(out, f"{skipped_heading(report)}:", "yellow")
        aligned(out, held, "yellow")
    if coded := may_be_overwritten(plan):
        say(out, "Perhaps managed as code:", "yellow")
        aligned(out, [(each.pin.name, each.warning) for each in coded], "yellow")
    _show_callers(out, plan)
    if plan.warnings:
        say(out, "Odd, and left as it is:")
        aligned(
            out,
            [(odd.architect_flow_name, place(odd.container, odd.step_name), odd.text) for odd in plan.warnings],
        )


def _show_callers(out: Console, plan: Plan) -> None:
    if callers := callers_sentence(plan):
        say(out, f"{callers}.", "yellow")
        aligned(out, [(each.name, each.modules, each.stays or "to republish") for each in callers_of(plan)[:ROWS]])
        more(out, len(callers_of(plan)))
    if ships := shipping(plan):
        say(out, "What else goes live:", "yellow")
        aligned(out, [(pin.name, shipped(pin)) for pin in ships[:ROWS]])
        more(out, len(ships))
    if unknown := shipping_sentence(plan):
        say(out, f"{unknown}.", "yellow")


def _show_advice(out: Console, plan: Plan) -> None:
    if not plan.action_advice:
        return
    title = "These actions' own limits stand in the way: allow the lever on them (--levers step,action)"
    if "action" in plan.policy.levers:
        title = "These actions' own limits stand in the way, and stay"
    noted = any(advice.note for advice in plan.action_advice)
    heads = ("action", "category", "limit", "wanted", "steps", "Architect\nflows", *(("note",) if noted else ()))
    shown = table(title, *heads)
    for advice in plan.action_advice[:ROWS]:
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
    out.print(shown)
    more(out, len(plan.action_advice))


def _show_violations(out: Console, report: Report) -> None:
    for each in exceeded_limits(report):
        say(out, each.sentence, "yellow" if each.is_waived else "red")
    if refused := refusal_sentence(report):
        say(out, refused, "red")


def _show_outcomes(out: Console, report: Report) -> None:
    worst_last = sorted(outcome_rows(report), key=lambda each: (-each.rank, each.name))
    title = f"Outcomes: {counted(of_kind(report.outcomes, 'architect_flow'))}"
    shown = table(title, "Architect flow", "outcome", "version", "reason and notes")
    # The ones that people have to act on are never among those left out.
    for each in worst_last[-ROWS:]:
        versions = became(each.before, each.after)
        row(shown, each.name, plain(each.outcome, STYLES[each.outcome]), versions, each.why)
    out.print(shown)
    more(out, len(worst_last))


def _show_end(out: Console, report: Report, where: str) -> None:
    counts = report.requests
    waited = f", waited {format_duration(counts.waiting_ms)} for the platform" if counts.waiting_ms else ""
    say(out, f"Requests: {counts.total} ({counts.rate_limited} answered 429, {counts.retries} repeated){waited}")
    if report.plan is not None and not report.plan.changes_nothing and report.run.mode == "dry run":
        say(out, "Dry run: nothing was changed.", "bold")
        say(out, f"Plan: {report.plan.checksum}")
    say(out, f"Prefect run: {report.run.name} ({report.run.id})")
    if where:
        out.print(plain(where), soft_wrap=True)  # an address in two pieces cannot be clicked
