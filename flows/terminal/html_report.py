"""A run as one self-contained page: pictures, what changes and whom that affects, what became of it, every step."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from flows.report import Report
from timeouts.action_tables import action_outcomes_table, actions_table, affected_table, load_table
from timeouts.drift_words import drift_sentence, drift_table
from timeouts.effective import SUGGESTED_DEFAULT_MS
from timeouts.outcomes import of_kind
from timeouts.pictures import Picture, sketches_of
from timeouts.plan import Plan
from timeouts.summary import counts_line
from timeouts.tables import outcomes_table, plan_table, rows
from timeouts.waits import StepKey, waits_after
from timeouts.wording import UNKNOWN, duration_or, own_timeout

_FIGURE = re.compile(r"[0-9][0-9,.]*(?:%|s|ms|m[0-9.]*s?|h)?")
_OUTCOMES = frozenset({"published", "unchanged", "skipped", "failed", "unknown"})


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
    footer: str


def html_report(report: Report) -> str:
    """Write the page of a run. Whatever people named their Architect flows, it is shown as text."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("report.html.jinja").render(page=_page(report))


def _page(report: Report) -> Page:
    plan = report.plan
    return Page(
        title=f"Call Data Action timeouts of {report.org.name}",
        subtitle=f"{report.run.kind}, {report.run.mode}{'' if report.coverage.complete else ', incomplete'}",
        facts=_facts(report),
        warnings=_warnings(report),
        pictures=_pictures(report),
        sections=[*_drift(report), *_outcomes(report), *([] if plan is None else _planned(plan)), *_found(report)],
        footer=f"Prefect run {report.run.name} ({report.run.id}). {report.requests.total} requests."
        + (f" Plan {plan.checksum}." if plan is not None else ""),
    )


def _facts(report: Report) -> list[Fact]:
    coverage, plan = report.coverage, report.plan
    settings = Counter(step.setting.kind for step in report.steps)
    facts = [
        Fact(str(coverage.listed), f"Architect flows, {coverage.read} of them read"),
        Fact(str(len(report.steps)), f"steps, {settings['suggested']} of them suggested"),
    ]
    if report.actions:
        facts.append(Fact(str(len(report.actions)), "integration actions"))
    if report.evidence is not None and report.evidence.actions:
        lost = sum(found.lost for found in report.evidence.actions)
        facts.append(Fact(f"{lost:,}", f"calls lost in {report.evidence.period}"))
    if plan is not None:
        facts.append(Fact(str(len(plan.action_changes)), "action limits to change"))
        facts.append(Fact(str(len(plan.changes)), f"steps to change, in {len(plan.pins)} Architect flows"))
    return facts


def _warnings(report: Report) -> list[str]:
    found = [f"{each.name}: {each.coverage.replace('_', ' ')}: {each.reason}" for each in report.coverage.problems]
    found += (*report.notes, *report.left_by_us)
    if report.plan is not None and report.plan.load is not None:
        found += report.plan.load.warnings
    return [*found, *(f"Over the limit {each.limit}: {each.text}" for each in report.refusals)]


def _pictures(report: Report) -> list[Picture]:
    before: dict[StepKey, int | None] = {
        (step.architect_flow_id, step.step_id): step.effective_ms for step in report.steps
    }
    applied = report.run.mode == "apply"
    after = waits_after(before, report.plan, report.outcomes if applied else None)
    sketches = sketches_of(report.actions, report.evidence, report.plan, before=before, after=after, form="svg")
    return [sketch.picture() for sketch in sketches]


def _drift(report: Report) -> list[Section]:
    if report.drift is None:
        return []
    return [_section("Since the last audit", drift_table(report.drift), (drift_sentence(report.drift),))]


def _outcomes(report: Report) -> list[Section]:
    found = []
    outcomes, of_actions = of_kind(report.outcomes, "architect_flow"), of_kind(report.outcomes, "action")
    if of_actions:
        found.append(_section("What became of the actions", action_outcomes_table(of_actions)))
    if outcomes and report.plan is not None:
        found.append(_section("What became of the Architect flows", outcomes_table(outcomes, report.plan)))
    return found


def _planned(plan: Plan) -> list[Section]:
    left = pd.DataFrame(
        [
            {
                "Architect flow": line.architect_flow_name,
                "step": line.step_name,
                "action": line.action_name,
                "why": line.why.replace("_", " "),
                "reason": line.reason,
            }
            for line in plan.left_alone
        ]
    )
    advice = pd.DataFrame(
        [
            {
                "action": each.name,
                "limit": duration_or("none", each.limit_ms),
                "wanted": duration_or(UNKNOWN, each.wanted_ms),
                "steps": each.steps,
                "Architect flows": each.architect_flows,
                "note": each.note,
            }
            for each in plan.action_advice
        ]
    )
    sections = [
        _section("Action limits, and every step that they affect", affected_table(plan), _levers(plan)),
        _section("Steps that change", plan_table(plan), (f"{counts_line(plan)}.",)),
        _section("Actions whose own limit stays in the way", advice),
        _section("Steps that are left alone", left, is_folded=True),
    ]
    if plan.load is not None:
        how = ("Executions at once in the busiest hour. Worst case: every call waits as long as it may.",)
        sections.insert(2, _section("What waiting costs", load_table(plan.load), how))
    return [section for section in sections if section.rows]


def _levers(plan: Plan) -> tuple[str, ...]:
    alone = plan.step_only
    others = "Scripts, agents and all other callers of these actions are affected too."
    if alone is None:
        return (others,)
    republished = f"The steps alone would republish {alone.architect_flows} Architect flows ({alone.changes} steps)"
    return (others, f"{republished} and leave {alone.unserved} steps waiting too short.")


def _found(report: Report) -> list[Section]:
    default_ms = SUGGESTED_DEFAULT_MS if report.plan is None else report.plan.policy.suggested_default
    steps = pd.DataFrame(
        [
            {
                "Architect flow": step.architect_flow,
                "type": step.type,
                "version": step.version or "",
                "container": step.container,
                "step": step.step,
                "action": step.action or step.action_id,
                "setting": step.setting.kind,
                "step timeout": own_timeout(step.setting),
                "action limit": duration_or("none", step.action_limit_ms),
                "effective": duration_or(UNKNOWN, step.effective_ms),
            }
            for step in report.steps
        ]
    )
    worth = f"A suggested timeout is worth the action's limit; where there is none, {duration_or('', default_ms)}."
    actions = actions_table(report.actions, report.evidence, report.plan)
    found = [
        _section("All actions", actions, is_folded=True),
        _section("All steps as they were found", steps, (worth,), is_folded=True),
    ]
    return [section for section in found if section.rows]


def _section(title: str, table: pd.DataFrame, lines: Sequence[str] = (), *, is_folded: bool = False) -> Section:
    cells = [[_cell(value) for value in row.values()] for row in rows(table)]
    return Section(title, lines, [str(column) for column in table.columns], cells, is_folded)


def _cell(value: Any) -> Cell:
    text = "" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
    if text in _OUTCOMES:
        return Cell(text, text)
    return Cell(text, "number" if _FIGURE.fullmatch(text) else "")
