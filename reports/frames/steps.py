"""The steps of a run: as they were found, and what its plan makes of each."""

import typing
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reports.report import Report, StepRecord
from reports.words import joined, limit, shortest_first
from timeouts.model.settings import Expression, TimeoutSetting
from timeouts.model.wording import kind_in_words, remark
from timeouts.planning.changes import Change, LeftAlone
from timeouts.planning.plan import Plan

SETTINGS = ("suggested", "literal", "expression", "unreadable")
"""The kinds that every org may hold, as people read them; those that only files hold are told where there are any."""

StepKey = tuple[str, str]
"""The ids of an Architect flow and of a step in it."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step. `after_ms`: what a caller waits once the plan is applied, where it `is_moved` by that.

    `sets`: what the plan sets the step itself to, None where it does not. `rule` and `note`: what the plan says of
    it, or what has to be said of its setting.
    """

    found: StepRecord
    is_moved: bool
    after_ms: int | None
    rule: str
    note: str
    sets: TimeoutSetting | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Its place among the rows shown first: what changes, what is odd, the shortest waits, what is computed."""
        effective_ms = self.found.effective_ms
        if self.is_moved:
            return 0, shortest_first(effective_ms)
        if effective_ms is not None:
            return 2, effective_ms
        return (3 if isinstance(self.found.setting, Expression) else 1), 0


class _Moved(typing.NamedTuple):
    """What a changed action limit does to a step."""

    after_ms: int | None
    rule: str
    note: str


def step_rows(report: Report) -> list[StepRow]:
    """Return all steps that were read, sorted by Architect flow, then as in the definition."""
    plan = report.plan
    lines = {} if plan is None else {(line.architect_flow_id, line.step_id): line for line in _lines(plan)}
    moved = {} if plan is None else _moved_by_actions(plan)
    found = sorted(report.steps, key=lambda step: (step.architect_flow.casefold(), step.architect_flow_id))
    return [_row(step, lines.get(_key(step)), moved.get(_key(step))) for step in found]


def shortest_waits(report: Report, count: int) -> list[StepRecord]:
    """Return the steps whose callers wait shortest, as far as that is known."""
    known = [step for step in report.steps if step.effective_ms is not None]
    known.sort(key=lambda s: (s.effective_ms or 0, s.architect_flow.casefold(), s.architect_flow_id, s.step_id))
    return known[:count]


def shortest_wait_rows(report: Report) -> list[StepRow]:
    """Return the rows of all steps whose wait is known, the shortest first."""
    rows = {_key(row.found): row for row in step_rows(report)}
    return [rows[_key(step)] for step in shortest_waits(report, len(report.steps))]


def steps_by_setting(report: Report) -> dict[str, int]:
    """Return how many steps there are of each kind of setting, those that there are none of included."""
    counts: Counter[str] = Counter(kind_in_words(step.setting) for step in report.steps)
    return {kind: counts[kind] for kind in (*SETTINGS, *sorted(counts.keys() - set(SETTINGS)))}


def _key(step: StepRecord) -> StepKey:
    return step.architect_flow_id, step.step_id


def _lines(plan: Plan) -> tuple[Change | LeftAlone, ...]:
    return (*plan.changes, *plan.left_alone)


def _moved_by_actions(plan: Plan) -> Mapping[StepKey, _Moved]:
    return {
        (step.architect_flow_id, step.step_id): _Moved(
            step.after_effective_ms,
            ", ".join(change.rules) if step.asked else "",
            f"by its action, whose limit becomes {limit(change.after_ms)}",
        )
        for change in plan.action_changes
        for step in change.affected_steps
        if not step.copy_of
    }


def _row(step: StepRecord, line: Change | LeftAlone | None, moved: _Moved | None) -> StepRow:
    if line is None and moved is None:
        return StepRow(step, is_moved=False, after_ms=None, rule="", note=remark(step.setting))
    match line:
        case None:
            assert moved is not None, "see above"
            return StepRow(step, is_moved=True, after_ms=moved.after_ms, rule=moved.rule, note=moved.note)
        case Change():
            after_ms = line.after_effective_ms
            return StepRow(step, is_moved=True, after_ms=after_ms, rule=line.rule, note=line.reason, sets=line.after)
        case LeftAlone():
            note = joined((f"left alone: {line.reason}", "" if moved is None else moved.note))
            after_ms = None if moved is None else moved.after_ms
            return StepRow(step, is_moved=moved is not None, after_ms=after_ms, rule=line.rule, note=note)
        case _:
            typing.assert_never(line)
