"""A summary that a manager can read: coverage, the shortest waits, what changes, what does not and why."""

from collections.abc import Sequence

from reports.commands.next_steps import next_steps
from reports.frames.copies import snapshot_warnings
from reports.frames.planned.limits import exceeded_limits, refusal_sentence
from reports.frames.planned.other_runs import other_runs_sentences
from reports.frames.planned.outcomes import OutcomeRow, outcome_rows, worst_first
from reports.frames.planned.plan import (
    change_rows,
    counts_sentence,
    left_by_reason,
    may_be_overwritten,
    nothing_to_do,
    obstructed,
)
from reports.frames.planned.unmatched import unmatched_sentences
from reports.frames.steps import shortest_waits, steps_by_setting
from reports.markdown.actions import (
    action_changes_section,
    action_outcomes_section,
    actions_left_section,
    evidence_section,
    load_section,
    unused_section,
)
from reports.markdown.as_code import as_code_section, undone_section
from reports.markdown.callers import callers_section, shipping_section
from reports.markdown.copies import copies_section
from reports.markdown.drift import drift_section
from reports.markdown.effect import effects_section
from reports.markdown.next_steps import next_section
from reports.markdown.text import LISTED, Named, bullets, more, naming, section, shortened, table
from reports.pictures.picture import Picture
from reports.report import Report
from reports.table import Addresses
from reports.words import became, has_kinds, joined, limit, missing_in, wait
from timeouts.inventory import Coverage
from timeouts.model.values import Value
from timeouts.model.wording import in_words
from timeouts.planning.outcomes import counted, of_kind
from timeouts.planning.plan import Plan
from timeouts.text.outlets import escaped
from timeouts.text.phrases import number_of

_SHORTEST = 10


class PublishedTable(Value):
    """A table that a run published: the key of its artifact, how many rows that shows, and where the whole is."""

    title: str
    key: str
    shown: int
    rows: int
    where: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether all rows are shown."""
        return self.shown == self.rows


def markdown_summary(
    report: Report,
    addresses: Addresses,
    *,
    pictures: Sequence[Picture] = (),
    tables: Sequence[PublishedTable] = (),
) -> str:
    """Write the summary of a run: of an audit, of a dry run with its plan, of an applied one with what became of it.

    What moved and what became of it come first, what is only for looking up last: nothing grows with the org.
    `addresses`: where to open each Architect flow, by its id.
    """
    named = naming(addresses)
    told = (*report.left_by_us, *report.remarks, *other_runs_sentences(report))
    remarks = (*told, *snapshot_warnings(report), *unmatched_sentences(report))
    parts = [
        f"# Call Data Action timeouts of {escaped(report.org.name)}",
        _run(report),
        f"**{coverage_line(report.coverage)}.**",
        _missing(report),
        bullets(map(escaped, remarks)),
        "" if report.drift is None else drift_section(report.drift, named),
        "" if report.as_code is None else as_code_section(report.as_code, named),
        effects_section(report.effects),
    ]
    if report.is_applied:
        parts.append(action_outcomes_section(report))
        parts.append(section("Outcomes", _outcomes(report, named)))
    parts.append(next_section(next_steps(report)))
    parts.append(section("Not looked into", _unread(report.coverage, named)))
    parts += (f"![{escaped(picture.title)}]({picture.as_address()})" for picture in pictures)
    if report.plan is not None:
        parts += _plan_parts(report, report.plan, named)
    parts += [
        section("Shortest waits", _shortest(report, named)),
        copies_section(report, named),
        evidence_section(report),
        section("Steps by setting", _by_setting(report)),
        unused_section(report),
        section("Tables of this run", _tables(tables)),
    ]
    return joined(parts, "\n\n") + "\n"


def _run(report: Report) -> str:
    """Say which run it was and when: pages are read long afterwards."""
    run = report.run
    return escaped(joined((f"{run.what}, by the run {run.name}", run.began), ", ")) + "."


def coverage_line(coverage: Coverage) -> str:
    """Return the sentence that says what became of every listed Architect flow, so that it adds up."""
    return (
        f"{number_of(coverage.listed, 'Architect flow')} listed = {coverage.read} read"
        f" + {coverage.unreadable} unreadable + {coverage.not_published} not published + {coverage.not_read} not read"
    )


def _tables(tables: Sequence[PublishedTable]) -> str:
    """Say where the whole of each table is, and how much of it the Prefect UI shows."""
    rows = [
        (
            escaped(each.title),
            f"`{each.key}`",
            f"{each.rows:,}" if each.is_whole else f"**{each.shown:,} of {each.rows:,}**, those that matter most",
            f"`{each.where}`" if each.where else "not stored",
        )
        for each in tables
    ]
    return table(("Table", "Artifact", "Rows shown", "The whole as CSV"), rows) if rows else ""


def _missing(report: Report) -> str:
    """Say first that the reading was incomplete: what is missing must not be taken for what is not there."""
    missing = missing_in(report.coverage, report.notes)
    return f"**Incomplete: not everything could be read.**\n\n{bullets(map(escaped, missing))}" if missing else ""


def _unread(coverage: Coverage, named: Named) -> str:
    """List what was not looked into; those that are not published are no gap, for no caller is in them."""
    return shortened(
        [
            f"{named(each.architect_flow_id, each.name)}: "
            + escaped(joined((each.coverage.replace("_", " "), each.reason), ": "))
            for each in coverage.problems
        ]
    )


def _by_setting(report: Report) -> str:
    return table(("Setting", "Steps"), [*steps_by_setting(report).items(), ("**all**", len(report.steps))])


def _shortest(report: Report, named: Named) -> str:
    shortest = shortest_waits(report, _SHORTEST)
    kinds = has_kinds(step.kind for step in shortest)
    rows = [
        (
            wait(step.effective_ms),
            named(step.architect_flow_id, step.architect_flow),
            escaped(step.step),
            *([step.kind] if kinds else ()),
            escaped(step.action or step.action_id),
            escaped(in_words(step.setting, step.default_ms)),
        )
        for step in shortest
    ]
    columns = ("Waits", "Architect flow", "Step", *(("Kind",) if kinds else ()), "Action", "Setting")
    return table(columns, rows) if rows else ""


def _plan_parts(report: Report, plan: Plan, named: Named) -> list[str]:
    title = "What was planned" if report.is_applied else "What would change"
    coded = may_be_overwritten(plan)
    obstacles = [f"{named(each.architect_flow_id, each.name)}: {escaped(each.obstacle)}" for each in obstructed(plan)]
    deployed = [f"{named(each.pin.architect_flow_id, each.pin.name)}: {escaped(each.warning)}" for each in coded]
    warnings = [
        f"{escaped(odd.architect_flow_name)}, step {escaped(odd.step_name)}: {escaped(odd.text)}"
        for odd in plan.warnings
    ]
    return [
        action_changes_section(plan, applied=report.is_applied),
        section(title, _changes(report, plan, named)),
        undone_section(report.undone),
        load_section(plan),
        actions_left_section(plan),
        section("In the way of a change", shortened(obstacles)),
        callers_section(plan, named),
        shipping_section(plan, named),
        section("Perhaps managed as code", shortened(deployed)),
        section("What does not change, and why", _left_alone(plan)),
        section("Actions whose own limit would have to change", _advice(plan)),
        section("Limits exceeded", _limits(report)),
        section("Warnings", shortened(warnings)),
    ]


def _limits(report: Report) -> str:
    parts = (bullets(escaped(each.sentence) for each in exceeded_limits(report)), escaped(refusal_sentence(report)))
    return joined(parts, "\n\n")


def _changes(report: Report, plan: Plan, named: Named) -> str:
    told = [counts_sentence(plan), nothing_to_do(plan), number_of(len(plan.pins), "Architect flow")]
    line = f"{joined(told, '. ')}. Plan `{plan.checksum}`."
    kinds = has_kinds(change.kind for change in plan.changes)
    rows = [
        (
            named(row.change.architect_flow_id, row.change.architect_flow_name),
            escaped(row.change.step_name),
            *([row.change.kind] if kinds else ()),
            escaped(row.before),
            escaped(in_words(row.change.after)),
            row.waits_before,
            row.waits_after,
            escaped(row.change.rule),
        )
        for row in change_rows(report)[:LISTED]
    ]
    if not rows:
        return line
    columns = ("Step", *(("Kind",) if kinds else ()), "Before", "After", "Effective before", "Effective after", "Rule")
    return f"{line}\n\n{table(('Architect flow', *columns), rows)}{more(len(plan.changes))}"


def _left_alone(plan: Plan) -> str:
    rows = [(group.reason.text, len(group.lines), group.architect_flows) for group in left_by_reason(plan)]
    if not rows:
        return ""
    counts = table(("Why", "Steps", "Architect flows"), rows)
    return f"{counts}\n\n{_left_by_name(plan)}" if plan.undoes else counts


def _left_by_name(plan: Plan) -> str:
    """Name what a roll back leaves: somebody has to look at each, and what is gone stands in no table of steps."""
    return shortened(
        [
            f"{escaped(line.architect_flow_name)}, step {escaped(line.step_name)}: {escaped(line.reason)}"
            for line in plan.left_alone
        ]
    )


def _advice(plan: Plan) -> str:
    rows = [
        (
            escaped(advice.name),
            limit(advice.limit_ms),
            wait(advice.wanted_ms),
            advice.steps,
            advice.architect_flows,
            escaped(advice.note),
        )
        for advice in plan.action_advice
    ]
    columns = ("Action", "Limit", "Wanted", "Steps waiting", "Architect flows", "Note")
    return table(columns, rows) if rows else ""


def _outcomes(report: Report, named: Named) -> str:
    outcomes = of_kind(report.outcomes, "architect_flow")
    line = counted(outcomes, is_files=report.org.is_files) or "Nothing was started"
    rows = [_outcome(row, named) for row in worst_first(outcome_rows(report))[:LISTED]]
    if not rows:
        return f"{line}."
    columns = ("Architect flow", "Outcome", "Why", "Version")
    return f"{line}.\n\n{table(columns, rows)}{more(len(outcomes))}"


def _outcome(row: OutcomeRow, named: Named) -> tuple[str, ...]:
    name, versions = named(row.architect_flow_id, row.name), became(escaped(row.before), escaped(row.after))
    return name, row.outcome, escaped(row.why), versions
