"""The actions of a run: who uses them, what the figures say, what the plan makes of their limits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports.frames.uses import ActionUse
from reports.report import Report
from timeouts.model.evidence import ActionEvidence, Evidence, ended_at, percentile_in_words
from timeouts.planning.concurrency import ActionLoad, LimitSource, Load, Total
from timeouts.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action. `figures`: None where there are none. `after_ms`: its limit as planned, where that `is_changed`."""

    use: ActionUse
    figures: ActionEvidence | None
    is_changed: bool
    after_ms: int | None

    @property
    def lost(self) -> int:
        """Calls that failed."""
        return 0 if self.figures is None else self.figures.lost

    @property
    def ended_at_limit(self) -> int:
        """Calls that took as long as its limit lets them."""
        return 0 if self.figures is None else ended_at(self.figures, self.use.waits_ms)

    def percentile(self, percent: float) -> str:
        """Return a percentile of its durations in words, '' without figures."""
        return "" if self.figures is None else percentile_in_words(self.figures, percent, self.use.waits_ms)


def action_rows(report: Report) -> list[ActionRow]:
    """Return every action that was listed, those that lost most calls first; none where not the whole org was read."""
    after = {} if report.plan is None else {each.action_id: each.after_ms for each in report.plan.action_changes}
    figures = {} if report.evidence is None else {each.action_id: each for each in report.evidence.actions}
    rows = [
        ActionRow(use, figures.get(use.action_id), use.action_id in after, after.get(use.action_id))
        for use in report.actions
    ]
    return sorted(rows, key=lambda row: -row.lost)


def most_calls_lost(report: Report, count: int) -> list[ActionRow]:
    """Return the actions that were called, those that lost most calls first."""
    called = [row for row in action_rows(report) if row.figures is not None]
    return sorted(called, key=lambda row: (-row.lost, -(row.figures.calls if row.figures else 0)))[:count]


def unused_actions(report: Report) -> list[ActionUse]:
    """Return the actions that no Architect flow uses; none where some were not read, which may use them."""
    return [use for use in report.actions if use.is_unused]


def no_user(unused: Sequence[ActionUse]) -> str:
    """Return who does not use such actions: of drafts that were never published it is not known."""
    return unused[0].no_caller if unused else ""


def no_calls_sentence(evidence: Evidence) -> str:
    """Return that the figures were read and hold no call; '' where they hold some, and where there are none."""
    if evidence.problem or any(action.calls for action in evidence.actions):
        return ""
    return f"The org's own figures hold no call of an action in the last {evidence.asked}."


@dataclass(frozen=True, slots=True)
class LoadRow:
    """Executions at once of one action, or of all of a kind, as figures in words. `calls_an_hour`: of one action.

    `limit`: for all of a kind, None for one action. `limit_from`: who says so, in words.
    """

    name: str
    calls_an_hour: int | None
    now: str
    worst_now: str
    worst_after: str
    limit: int | None
    limit_from: str = ""


_SOURCES: Mapping[LimitSource, str] = {
    "policy": "the policy",
    "org": "the org's own limits",
    "documented": "Genesys' documentation",
}


def total_rows(load: Load) -> list[LoadRow]:
    """Return the totals, next to the limits."""
    return [LoadRow(f"all {each.of}", None, *_at_once(each), each.limit, _SOURCES[each.source]) for each in load.totals]


def limits_sentences(load: Load) -> list[str]:
    """Return where the limits come from, why not from the org, and what is known of the volume."""
    told = [f"Limit of {each.of} at once: {each.limit:,}, from {_SOURCES[each.source]}." for each in load.totals]
    if load.problem:
        told.append(f"The org's own limits could not be read: {load.problem}")
    if load.volume is not None:
        per_minute = f"In the busiest hour {load.volume.a_minute:g} data actions began in a minute on average"
        told.append(f"{per_minute}; limit {load.volume.limit:,}, from {_SOURCES[load.volume.source]}.")
    return told


def load_rows(actions: Iterable[ActionLoad]) -> list[LoadRow]:
    """Return one row for each action, in the order given."""
    return [LoadRow(each.name, each.calls_an_hour, *_at_once(each), None) for each in actions]


def loads_that_grow(plan: Plan, load: Load) -> list[LoadRow]:
    """Return the load of the actions that a plan changes, and of those whose callers may wait longer."""
    changed = {change.action_id for change in plan.action_changes}
    return load_rows(each for each in load.actions if each.action_id in changed or each.worst_after != each.worst_now)


def _at_once(load: ActionLoad | Total) -> tuple[str, str, str]:
    return f"{load.now:g}", f"{load.worst_now:g}", f"{load.worst_after:g}"
