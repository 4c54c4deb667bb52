"""How the timeouts of single Architect flows went: one small table for each that a run or somebody else changed.

Left under a key of its own for each Architect flow, they are its history, version by version.
"""

import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from timeouts.changes import Change
from timeouts.drift import ArchitectFlowDrift, Drift, StepDrift
from timeouts.outcomes import Outcome
from timeouts.plan import Plan
from timeouts.tables import frame
from timeouts.wording import UNKNOWN, duration_or, in_words

if typing.TYPE_CHECKING:
    import pandas as pd

HISTORY_COLUMNS = (
    *("step", "container", "tracking id", "action", "before", "after", "effective before", "effective after"),
    *("what", "version before", "version after", "published by", "run"),
)
MOST_HISTORIES = 200
"""So many a run: each is a request to the Prefect server, and a row of its list of artifacts for ever."""

_TOUCHED = {"unknown": 0, "failed": 1, "published": 2}
"""The outcomes of Architect flows that a run has touched, those to look into first."""


@dataclass(frozen=True, slots=True)
class History:
    """What happened to one Architect flow at one time: a sentence, and one row for each of its steps that moved."""

    architect_flow_id: str
    name: str
    sentence: str
    table: "pd.DataFrame"


def histories_of_run(plan: Plan, outcomes: Iterable[Outcome], run: str) -> list[History]:
    """Return one history for each Architect flow that a run has touched, those that went wrong first.

    What was left as it was (skipped, unchanged) has none: it stands in the table of outcomes.
    """
    changes: dict[str, list[Change]] = {}
    for change in plan.changes:
        changes.setdefault(change.architect_flow_id, []).append(change)
    touched = sorted((each for each in outcomes if each.outcome in _TOUCHED), key=lambda each: _TOUCHED[each.outcome])
    return [_of_outcome(outcome, changes.get(outcome.target.id, ()), run) for outcome in touched]


def histories_of_drift(drift: Drift, run: str) -> list[History]:
    """Return one history for each Architect flow whose steps somebody else moved; our runs have left theirs already."""
    steps: dict[str, list[StepDrift]] = {}
    for step in drift.steps:
        if not step.by_action:
            steps.setdefault(step.architect_flow_id, []).append(step)
    return [
        _of_drift(line, steps[line.architect_flow_id], run)
        for line in drift.architect_flows
        if line.architect_flow_id in steps and not line.ours
    ]


def _of_outcome(outcome: Outcome, changes: Sequence[Change], run: str) -> History:
    holds = outcome.outcome == "published"
    rows = [
        {
            **_which(change),
            "before": in_words(change.before),
            "after": in_words(change.after) if holds else "",
            "effective before": duration_or(UNKNOWN, change.before_effective_ms),
            "effective after": duration_or(UNKNOWN, change.after_effective_ms) if holds else "",
            "what": outcome.outcome,
            "version before": outcome.version_before or "",
            "version after": outcome.version_after or "",
            "published by": "our run" if holds else "",
            "run": run,
        }
        for change in changes
    ]
    why = f": {outcome.reason}" if outcome.reason else ""
    sentence = f"{outcome.outcome}{_versions(outcome.version_before, outcome.version_after)} by the run {run}{why}"
    return History(outcome.target.id, outcome.target.name, sentence, frame(rows, HISTORY_COLUMNS))


def _of_drift(line: ArchitectFlowDrift, steps: Sequence[StepDrift], run: str) -> History:
    rows = [
        {
            **_which(step),
            "before": "" if step.before is None else in_words(step.before),
            "after": "" if step.after is None else in_words(step.after),
            "effective before": "" if step.before is None else duration_or(UNKNOWN, step.before_effective_ms),
            "effective after": "" if step.after is None else duration_or(UNKNOWN, step.after_effective_ms),
            "what": step.move,
            "version before": line.version_before or "",
            "version after": line.version_after or "",
            "published by": line.published_by,
            "run": run,
        }
        for step in steps
    ]
    by = f" by {line.published_by}" if line.published_by else ""
    sentence = f"{line.move}{_versions(line.version_before, line.version_after)}{by}, found by the run {run}"
    return History(line.architect_flow_id, line.name, sentence, frame(rows, HISTORY_COLUMNS))


def _which(step: Change | StepDrift) -> dict[str, typing.Any]:
    return {
        "step": step.step_name,
        "container": step.container,
        "tracking id": step.tracking_id,
        "action": step.action_name or step.action_id,
    }


def _versions(before: str | None, after: str | None) -> str:
    said = " → ".join(filter(None, (before, after if after != before else None)))
    return f" {said}" if said else ""
