"""The tables of a run, as people read them: which columns, in which words, and which rows come first."""

from collections.abc import Iterator, Sequence

from reports.columns import (
    ACTION_OUTCOMES,
    ACTIONS,
    ADVICE,
    AFFECTED_STEPS,
    AS_CODE,
    CALLERS,
    COPIES,
    DOCTOR,
    DRIFT,
    EFFECTS,
    LEFT_ALONE,
    LOAD,
    OUTCOMES,
    PLAN,
    STEPS,
    UNDONE,
    VERIFIED,
)
from reports.conditions import Selection
from reports.frames.actions import action_rows, load_rows, total_rows
from reports.frames.compared.as_code import as_code_rows, as_code_sentences
from reports.frames.compared.drift import drift_rows, drift_sentence
from reports.frames.compared.effect import effect_rows
from reports.frames.compared.undone import undone_rows, undone_sentences
from reports.frames.copies import copies_sentence, copy_rows
from reports.frames.doctor import diagnosis_sentence
from reports.frames.planned.affected import affected_rows
from reports.frames.planned.callers import callers_sentence, copies_behind
from reports.frames.planned.outcomes import action_outcome_rows, outcome_rows, verified_rows
from reports.frames.planned.plan import change_rows
from reports.frames.steps import step_rows
from reports.report import Report
from reports.table import Addresses, Table
from timeouts.as_code.as_code import AsCode
from timeouts.as_code.undone import Undone
from timeouts.doctor.finding import Diagnosis
from timeouts.drift.drift import Drift
from timeouts.effect.effect import RunEffect
from timeouts.planning.concurrency import Load
from timeouts.planning.outcomes import of_kind
from timeouts.planning.plan import Plan

_IN_A_SENTENCE = 10
"""So many files stand above a table; each of its rows names its file."""


def tables_of(
    report: Report, addresses: Addresses | None = None, selection: Selection | None = None
) -> Iterator[Table]:
    """Return the tables of a run, those that matter most first; made one after another, for a large one takes room.

    With addresses, a last column says where to open each Architect flow; so in all tables here. `selection`: the steps
    that the table of steps has, in which order.
    """
    if report.drift is not None:
        yield drift_table(report.drift, addresses)
    if report.effects:
        yield effects_table(report.effects)
    if report.as_code is not None:
        yield as_code_table(report.as_code, addresses)
    if report.plan is not None:
        yield from _tables_of_plan(report, report.plan, addresses)
    yield steps_table(report, addresses, selection)
    if report.snapshots:
        yield copies_table(report, addresses)
    if report.is_whole:
        yield actions_table(report)


def _tables_of_plan(report: Report, plan: Plan, addresses: Addresses | None) -> Iterator[Table]:
    if report.is_applied:
        if of_kind(report.outcomes, "action"):
            yield action_outcomes_table(report)
        yield outcomes_table(report, addresses)
        yield verified_table(report, addresses)
    yield plan_table(report, addresses)
    if report.undone:
        yield undone_table(report.undone, addresses)
    if plan.action_changes:
        yield affected_steps_table(plan, addresses)
    if plan.copies:
        yield callers_table(plan, addresses)
    if plan.load is not None:
        yield load_table(plan.load)


def steps_table(report: Report, addresses: Addresses | None = None, selection: Selection | None = None) -> Table:
    """Return the table of all steps that were read, sorted by Architect flow, then as in the definition.

    With a selection, of the steps that it asks for, in its order.
    """
    rows = step_rows(report)
    return Table.of(
        "timeouts-steps",
        "Every step as it was found",
        rows if selection is None else selection.of(rows),
        STEPS,
        rank=lambda row: row.rank,
        where=lambda row: row.found.architect_flow_id,
        addresses=addresses,
    )


def copies_table(report: Report, addresses: Addresses | None = None) -> Table:
    """Return the table of all copies of modules' steps, sorted by caller, then as in its definition."""
    return Table.of(
        "timeouts-copies",
        "Copies of common modules: the steps in the snapshots that callers carry",
        copy_rows(report),
        COPIES,
        rank=lambda row: row.rank,
        where=lambda row: row.snapshot.architect_flow_id,
        addresses=addresses,
        sentence=copies_sentence(report),
    )


def callers_table(plan: Plan, addresses: Addresses | None = None) -> Table:
    """Return the table of the copies that say something else than their module's step will, and who is republished."""
    return Table.of(
        "timeouts-callers",
        "Copies of changed steps in the callers of common modules",
        copies_behind(plan),
        CALLERS,
        rank=lambda row: row.rank,
        where=lambda row: row.copy.architect_flow_id,
        addresses=addresses,
        sentence=callers_sentence(plan),
    )


def plan_table(report: Report, addresses: Addresses | None = None) -> Table:
    """Return the before/after table of a plan, one row for each change, in the order of the plan."""
    checksum = "" if report.plan is None else report.plan.checksum
    return Table.of(
        "timeouts-plan",
        f"Before and after, as planned: {checksum}",
        change_rows(report),
        PLAN,
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
        OUTCOMES,
        rank=lambda row: row.rank,
        where=lambda row: row.architect_flow_id,
        addresses=addresses,
    )


def action_outcomes_table(report: Report) -> Table:
    """Return the table of what became of each action of a plan."""
    title = "What became of each action"
    return Table.of(
        "timeouts-action-outcomes", title, action_outcome_rows(report), ACTION_OUTCOMES, rank=lambda row: row.rank
    )


def verified_table(report: Report, addresses: Addresses | None = None) -> Table:
    """Return the table of each step of a plan, before and after, with what became of it.

    What a person looks for comes first: Prefect's page shows five columns, the others have to be scrolled for.
    """
    return Table.of(
        "timeouts-verified",
        f"Before and after, read back from the {'files' if report.org.is_files else 'platform'}",
        verified_rows(report),
        VERIFIED,
        rank=lambda row: row.rank,
        where=lambda row: row.planned.change.architect_flow_id,
        addresses=addresses,
    )


def actions_table(report: Report) -> Table:
    """Return the table of all actions: by the calls lost where there are figures, else by name."""
    return Table.of("timeouts-actions", "Every integration action and who uses it", action_rows(report), ACTIONS)


def affected_steps_table(plan: Plan, addresses: Addresses | None = None) -> Table:
    """Return the before/after table of action limits: one row for each step or copy that is affected by one."""
    return Table.of(
        "timeouts-action-plan",
        "Every step that a changed action limit affects, before and after, as planned",
        affected_rows(plan),
        AFFECTED_STEPS,
        rank=lambda row: row.rank,
        where=lambda row: row.step.architect_flow_id,
        addresses=addresses,
    )


def load_table(load: Load) -> Table:
    """Return the table of what waiting costs: the totals first, next to the limits."""
    rows = [*total_rows(load), *load_rows(load.actions)]
    return Table.of("timeouts-cost", "What waiting costs: executions at once", rows, LOAD)


def drift_table(drift: Drift, addresses: Addresses | None = None) -> Table:
    """Return the table of all that moved since the last audit."""
    return Table.of(
        "timeouts-drift",
        "What moved since the last audit",
        drift_rows(drift),
        DRIFT,
        where=lambda row: row.architect_flow_id,
        addresses=addresses,
        sentence=drift_sentence(drift),
    )


def as_code_table(as_code: AsCode, addresses: Addresses | None = None) -> Table:
    """Return the table of what files say beside the org: Architect flows, steps that are not the same, limits."""
    return Table.of(
        "timeouts-as-code",
        "What the files say, and what is live",
        as_code_rows(as_code),
        AS_CODE,
        rank=lambda row: row.rank,
        where=lambda row: row.architect_flow_id,
        addresses=addresses,
        sentence=" ".join(as_code_sentences(as_code)),
    )


def undone_table(undone: Sequence[Undone], addresses: Addresses | None = None) -> Table:
    """Return the table of the changes that the next deploy of the files would undo."""
    return Table.of(
        "timeouts-undone",
        "What the next deploy of the files would undo",
        undone_rows(undone),
        UNDONE,
        where=lambda row: row.architect_flow_id,
        addresses=addresses,
        sentence=" ".join(undone_sentences(undone, _IN_A_SENTENCE)),
    )


def effects_table(effects: Sequence[RunEffect]) -> Table:
    """Return the table of the actions that runs touched, with their figures before and after."""
    return Table.of("timeouts-effects", "Whether what was published helped", effect_rows(effects), EFFECTS)


def doctor_table(diagnosis: Diagnosis) -> Table:
    """Return the table of all findings of a diagnosis."""
    return Table.of(
        "timeouts-doctor",
        "What stands in the way",
        diagnosis.findings,
        DOCTOR,
        sentence=diagnosis_sentence(diagnosis),
    )


def left_alone_table(plan: Plan) -> Table:
    """Return the table of the steps that a plan leaves as they are."""
    return Table.of("timeouts-left-alone", "Steps that are left alone", plan.left_alone, LEFT_ALONE)


def advice_table(plan: Plan) -> Table:
    """Return the table of the actions whose own limit would have to change."""
    return Table.of("timeouts-advice", "Actions whose own limit stays in the way", plan.action_advice, ADVICE)
