"""How the timeouts of single Architect flows went: one small table for each that a run or somebody else changed.

Published under a key of its own for each Architect flow, they are its history, version by version.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.frames.planned.outcomes import OutcomeRow, VerifiedRow, outcome_rows, verified_rows, worst_first
from reports.report import Report
from reports.table import Cell
from reports.words import became, wait
from timeouts.drift.drift import ArchitectFlowDrift, StepDrift
from timeouts.model.wording import in_words
from timeouts.planning.changes import Change

MOST_HISTORIES = 200
"""So many a run: each is a request to the Prefect server, and a row of its list of artifacts for ever."""

_TOUCHED = {"unknown", "failed", "published"}
"""The outcomes of Architect flows that a run has touched."""


@dataclass(frozen=True, slots=True)
class History:
    """What happened to one Architect flow at one time: a sentence, and one row for each of its steps that moved."""

    architect_flow_id: str
    name: str
    sentence: str
    rows: Sequence[dict[str, Cell]]


def histories_of(report: Report) -> list[History]:
    """Return one history for each Architect flow that a run has touched, or that somebody else has since the last one.

    Those that went wrong come first. What a run left as it was (skipped, unchanged) has none: it stands in the table of
    outcomes; and what our runs published, they have told already.
    """
    run = report.run.name
    touched = [row for row in worst_first(outcome_rows(report)) if row.outcome in _TOUCHED]
    verified: dict[str, list[VerifiedRow]] = {}
    for each in verified_rows(report):
        verified.setdefault(each.planned.change.architect_flow_id, []).append(each)
    histories = [_of_outcome(row, verified.get(row.architect_flow_id, ()), run) for row in touched]
    if report.drift is None:
        return histories
    steps: dict[str, list[StepDrift]] = {}
    for step in report.drift.steps:
        if not step.by_action:
            steps.setdefault(step.architect_flow_id, []).append(step)
    moved = (each for each in report.drift.architect_flows if each.architect_flow_id in steps and not each.ours)
    return [*histories, *(_of_drift(line, steps[line.architect_flow_id], run) for line in moved)]


def _of_outcome(outcome: OutcomeRow, steps: Sequence[VerifiedRow], run: str) -> History:
    rows = [
        {
            **_which(step.planned.change),
            "before": step.planned.before,
            "after": in_words(step.planned.change.after) if step.holds else "",
            "effective before": step.planned.waits_before,
            "effective after": step.planned.waits_after if step.holds else "",
            "what": outcome.outcome,
            "version before": outcome.before,
            "version after": outcome.after,
            "published by": "our run" if step.holds else "",
            "run": run,
        }
        for step in steps
    ]
    versions = became(outcome.before, outcome.after)
    why = f": {outcome.reason}" if outcome.reason else ""
    sentence = f"{outcome.outcome}{versions and ' '}{versions} by the run {run}{why}"
    return History(outcome.architect_flow_id, outcome.name, sentence, rows)


def _of_drift(line: ArchitectFlowDrift, steps: Sequence[StepDrift], run: str) -> History:
    before, after = line.version_before or "", line.version_after or ""
    rows = [
        {
            **_which(step),
            "before": "" if step.before is None else in_words(step.before),
            "after": "" if step.after is None else in_words(step.after),
            "effective before": "" if step.before is None else wait(step.before_effective_ms, step.before),
            "effective after": "" if step.after is None else wait(step.after_effective_ms, step.after),
            "what": step.move,
            "version before": before,
            "version after": after,
            "published by": line.published_by,
            "run": run,
        }
        for step in steps
    ]
    versions = became(before, after)
    by = f" by {line.published_by}" if line.published_by else ""
    sentence = f"{line.move}{versions and ' '}{versions}{by}, found by the run {run}"
    return History(line.architect_flow_id, line.name, sentence, rows)


def _which(step: Change | StepDrift) -> dict[str, Cell]:
    return {
        "step": step.step_name,
        "container": step.container,
        "tracking id": step.tracking_id,
        "kind": step.kind,
        "action": step.action_name or step.action_id,
    }
