"""What became of each target of a plan, and of each of its steps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from reports.frames.planned.plan import ChangeRow, change_rows
from reports.report import Report
from reports.words import WORST_FIRST, joined, limit
from timeouts.planning.outcomes import Outcome, of_kind

Ranked = TypeVar("Ranked", "OutcomeRow", "VerifiedRow")


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """One Architect flow or action. `before`, `after`: its versions; `limits`: those of an action, in words.

    `architect_flow_id` is empty for an action. `steps_changed`: those that were published with it.
    """

    name: str
    outcome: str
    reason: str
    notes: Sequence[str]
    before: str
    after: str
    architect_flow_id: str = ""
    type: str = ""
    steps_changed: int = 0
    limit_before: str = ""
    limit_after: str = ""

    @property
    def why(self) -> str:
        """The reason and what else there is to know."""
        return joined((self.reason, *self.notes))

    @property
    def rank(self) -> int:
        """Its place among the rows that are shown first."""
        return WORST_FIRST.index(self.outcome)


@dataclass(frozen=True, slots=True)
class VerifiedRow:
    """One step of a plan. `holds`: its new setting was read back, or was there already. `version`: what is live."""

    planned: ChangeRow
    version: str
    outcome: str
    holds: bool

    @property
    def rank(self) -> int:
        """Its place among the rows that are shown first."""
        return WORST_FIRST.index(self.outcome)


def outcome_rows(report: Report) -> list[OutcomeRow]:
    """Return what became of each Architect flow, in the order in which it was known."""
    plan = report.plan
    types = {} if plan is None else {pin.architect_flow_id: pin.type for pin in (*plan.pins, *plan.held)}
    return [
        _row(
            each,
            architect_flow_id=each.target.id,
            type=types.get(each.target.id, ""),
            steps_changed=len(plan.edits_of(each.target.id)) if plan and each.outcome == "published" else 0,
        )
        for each in of_kind(report.outcomes, "architect_flow")
    ]


def action_outcome_rows(report: Report) -> list[OutcomeRow]:
    """Return what became of each action, in the order in which it was known."""
    return [
        _row(
            each,
            limit_before=limit(each.limit_before_ms),
            limit_after=limit(each.limit_after_ms) if each.is_done else "",
        )
        for each in of_kind(report.outcomes, "action")
    ]


def _row(each: Outcome, **more: Any) -> OutcomeRow:
    """Return the row of a target, with what only an Architect flow or only an action has."""
    versions = (each.version_before or "", each.version_after or "")
    return OutcomeRow(each.target.name, each.outcome, each.reason, each.notes, *versions, **more)


def verified_rows(report: Report) -> list[VerifiedRow]:
    """Return what became of each step of a plan, in the order of the plan; none without a plan."""
    outcomes = {outcome.target.id: outcome for outcome in report.outcomes}
    rows = []
    for planned in change_rows(report):
        outcome = outcomes.get(planned.change.architect_flow_id)
        if outcome is None:
            rows.append(VerifiedRow(planned, "", "not started", holds=False))
        else:
            version = outcome.version_after or outcome.version_before or ""
            rows.append(VerifiedRow(planned, version, outcome.outcome, holds=outcome.is_done))
    return rows


def worst_first(rows: Iterable[Ranked]) -> list[Ranked]:
    """Return rows so that those to look into come first; the others keep their order."""
    return sorted(rows, key=lambda row: row.rank)
