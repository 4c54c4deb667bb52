"""A run as one self-contained page: pictures, what changes and whom that affects, what became of it, every step."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.frames.actions import limits_sentences, no_calls_sentence
from reports.frames.compared.as_code import as_code_sentences, as_code_warnings
from reports.frames.compared.drift import drift_sentence
from reports.frames.compared.effect import effect_sentence, worse_sentence
from reports.frames.compared.undone import undone_sentences
from reports.frames.copies import copies_sentence, snapshot_warnings
from reports.frames.planned.affected import affected_sentence, read_again_sentence
from reports.frames.planned.callers import callers_sentence, shipped, shipping, shipping_sentence
from reports.frames.planned.limits import exceeded_limits, refusal_sentence
from reports.frames.planned.other_runs import other_runs_sentences
from reports.frames.planned.plan import counts_sentence, levers_sentence, may_be_overwritten
from reports.frames.planned.unmatched import unmatched_sentences
from reports.frames.steps import steps_by_setting
from reports.pictures.charts import charts_of
from reports.pictures.picture import Picture
from reports.report import NextStep, Report
from reports.table import Table
from reports.tables import (
    action_outcomes_table,
    actions_table,
    advice_table,
    affected_steps_table,
    as_code_table,
    callers_table,
    copies_table,
    drift_table,
    effects_table,
    left_alone_table,
    load_table,
    outcomes_table,
    plan_table,
    steps_table,
    undone_table,
)
from reports.words import WORST_FIRST, joined
from timeouts.effect.effect import RunEffect
from timeouts.model.durations import format_duration
from timeouts.planning.concurrency import Load
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of
from timeouts.text.visible import LONGEST_LINE, one_line

_FILES = 10
"""So many files are warned of by name; the table has all."""

_TRACKING_ID = "tracking id"
"""A number that counts nothing."""
_OUTCOME = "outcome"

_FIGURE = re.compile(r"[0-9][0-9,.]*(?:%|s|ms|m[0-9.]*s?|h)?")


class Fact(NamedTuple):
    """A figure and what it counts."""

    figure: str
    what: str


class Cell(NamedTuple):
    """The text of a cell, and what kind it is: a number, an outcome, or '' for plain text."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: a title, sentences, and a table; folded where it is long and for looking things up."""

    title: str
    lines: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """All that the template shows."""

    title: str
    subtitle: str
    facts: Sequence[Fact]
    warnings: Sequence[str]
    pictures: Sequence[Picture]
    sections: Sequence[Section]
    next: Sequence[NextStep]
    footer: str


def html_report(report: Report) -> str:
    """Write the page of a run, with what can be typed next as the report has it (`with_next_steps`).

    Whatever people named their Architect flows, it is shown as text.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template("report.html.jinja").render(page=_page(report))


def _shown(value: object) -> object:
    """Return what the template shows of a value, before it is escaped; pictures of ours are markup already."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return one_line(value, LONGEST_LINE)
    return value


def _page(report: Report) -> Page:
    plan = report.plan
    return Page(
        title=f"Call Data Action timeouts of {report.org.name}",
        subtitle=joined(
            (
                report.run.what,
                report.run.began,
                "" if report.coverage.complete else "incomplete",
            ),
            ", ",
        ),
        facts=_facts(report),
        warnings=_warnings(report),
        pictures=charts_of(report, "svg"),
        sections=_sections(report),
        next=report.next,
        footer=f"Prefect run {report.run.name} ({report.run.id}). {number_of(report.requests.total, 'request')}."
        + (f" Plan {plan.checksum}." if plan is not None else ""),
    )


def _facts(report: Report) -> list[Fact]:
    coverage, plan = report.coverage, report.plan
    facts = [
        _fact(coverage.listed, "Architect flow", f", {coverage.read} read"),
        _fact(len(report.steps), "step", f", {steps_by_setting(report)['suggested']} suggested"),
    ]
    if report.snapshots:
        copies = sum(len(each.copies) for each in report.snapshots)
        facts.append(_fact(copies, "copy", " of steps in snapshots of common modules", several="copies"))
    if report.actions:
        facts.append(_fact(len(report.actions), "integration action"))
    if report.evidence is not None and report.evidence.actions:
        lost = sum(found.lost for found in report.evidence.actions)
        facts.append(_fact(lost, "call", f" lost in {report.evidence.period}"))
    if plan is not None:
        facts.append(_fact(len(plan.action_changes), "action limit", " to change"))
        changed = number_of(len(plan.pins) - len(plan.republished), "Architect flow")
        facts.append(_fact(len(plan.changes), "step", f" to change, in {changed}"))
    return facts


def _fact(count: int, what: str, more: str = "", *, several: str = "") -> Fact:
    return Fact(f"{count:,}", f"{number_of(count, what, several).partition(' ')[2]}{more}")


def _warnings(report: Report) -> list[str]:
    found = [f"{each.name}: {each.coverage.replace('_', ' ')}: {each.reason}" for each in report.coverage.problems]
    found += () if report.evidence is None else filter(None, [no_calls_sentence(report.evidence)])
    found += (*report.notes, *report.left_by_us, *report.remarks, *other_runs_sentences(report))
    found += (*snapshot_warnings(report), *unmatched_sentences(report))
    found += () if report.as_code is None else as_code_warnings(report.as_code)
    found += undone_sentences(report.undone, _FILES)
    if report.plan is not None:
        found += (f"{each.pin.name}: {each.warning}" for each in may_be_overwritten(report.plan))
        found += (f"{pin.name}: goes live with more than its changes: {shipped(pin)}" for pin in shipping(report.plan))
        found += filter(None, [shipping_sentence(report.plan)])
        found += (f"{each.name}: its limit stays as it is: {each.reason}" for each in report.plan.actions_left)
        found += () if report.plan.load is None else report.plan.load.warnings
    found += (each.sentence for each in exceeded_limits(report))
    return [*found, *filter(None, [refusal_sentence(report)])]


def _sections(report: Report) -> list[Section]:
    sections = []
    if report.drift is not None:
        sections.append(_section("Since the last audit", drift_table(report.drift), drift_sentence(report.drift)))
    if report.as_code is not None:
        said = as_code_sentences(report.as_code)
        sections.append(_section("What the files say, and what is live", as_code_table(report.as_code), *said))
    sections += [
        _section("Did our changes help?", effects_table(report.effects), *_effects(report.effects)),
        _section("What became of the actions", action_outcomes_table(report)),
        _section("What became of the Architect flows", outcomes_table(report)),
        *([] if report.plan is None else _planned(report, report.plan)),
        _section("All actions", actions_table(report), is_folded=True),
        _section("All steps as they were found", steps_table(report), _worth(report), is_folded=True),
        _section("Copies of common modules", copies_table(report), _copies(report), is_folded=True),
    ]
    return [section for section in sections if section.rows]


def _effects(effects: Sequence[RunEffect]) -> list[str]:
    return [*filter(None, map(worse_sentence, effects)), *(f"{effect_sentence(effect)}." for effect in effects)]


def _planned(report: Report, plan: Plan) -> list[Section]:
    affecting = "Action limits, and every step that they affect"
    others = f"{affected_sentence(plan.action_changes)}. Scripts, agents and all other callers of these actions, too."
    return [
        _section(affecting, affected_steps_table(plan), others, read_again_sentence(plan), levers_sentence(plan)),
        _section("Steps that change", plan_table(report), f"{counts_sentence(plan)}."),
        _section("What the next deploy of the files would undo", undone_table(report.undone)),
        _section("Callers of common modules", callers_table(plan), f"{callers_sentence(plan)}."),
        *([] if plan.load is None else [_cost(plan.load)]),
        _section("Actions whose own limit stays in the way", advice_table(plan)),
        _section("Steps that are left alone", left_alone_table(plan), is_folded=True),
    ]


def _copies(report: Report) -> str:
    sentence = copies_sentence(report)
    return f"{sentence}." if sentence else ""


def _cost(load: Load) -> Section:
    how = "Executions at once in the busiest hour. Worst case: every call waits as long as it may."
    return _section("What waiting costs", load_table(load), how, *limits_sentences(load))


def _worth(report: Report) -> str:
    worth = format_duration(report.suggested_default_ms)
    return f"A suggested timeout is worth the action's limit; where there is none, {worth}."


def _section(title: str, table: Table, *lines: str, is_folded: bool = False) -> Section:
    cells = [[_cell(head, value) for head, value in zip(table.columns, row, strict=True)] for row in table.cells]
    return Section(title, [line for line in lines if line], table.columns, cells, is_folded)


def _cell(head: str, value: str | int | None) -> Cell:
    is_count = isinstance(value, int) and head != _TRACKING_ID
    text = "" if value is None else f"{value:,}" if is_count else str(value)
    if head == _OUTCOME and text in WORST_FIRST:  # a step may be called "failed"
        return Cell(text, text)
    return Cell(one_line(text), "number" if _FIGURE.fullmatch(text) else "")
