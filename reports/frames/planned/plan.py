"""What a plan changes, what it leaves alone and why, and what each lever would have come to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reports.reasons import REASONS, Reason
from reports.report import Report
from reports.words import joined, published_in, shortest_first, wait
from timeouts.model.wording import in_words
from timeouts.planning.changes import Change, LeftAlone, Pin
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change of a step. `pin`: its Architect flow. `default_ms`, `is_limit_known`: as its step was found.

    `limit_ms`: of its action, as it is before the plan, which may change it, too.
    """

    change: Change
    pin: Pin
    limit_ms: int | None
    default_ms: int | None
    is_limit_known: bool

    @property
    def before(self) -> str:
        """Its setting of today in words."""
        return in_words(self.change.before, self.default_ms)

    @property
    def waits_before(self) -> str:
        """What callers wait today, in words."""
        return wait(self.change.before_effective_ms, self.change.before, self.default_ms)

    @property
    def waits_after(self) -> str:
        """What callers wait once the plan is applied, in words."""
        return wait(self.change.after_effective_ms, self.change.after, self.default_ms)

    @property
    def rank(self) -> int:
        """Its place among the rows that are shown first: the shortest waits of today."""
        return shortest_first(self.change.before_effective_ms)


def change_rows(report: Report) -> list[ChangeRow]:
    """Return one row for each step that a plan changes, in the order of the plan; none without a plan."""
    if report.plan is None:
        return []
    pins = {pin.architect_flow_id: pin for pin in report.plan.pins}
    limits = {each.action_id: each.before_ms for each in report.plan.action_changes}
    found = {(step.architect_flow_id, step.step_id): step for step in report.steps}
    rows = []
    for change in report.plan.changes:
        step = found.get((change.architect_flow_id, change.step_id))
        limit_ms = limits.get(change.action_id, change.action_limit_ms)
        if step is None:  # a plan alone: of an action without a limit it would be known how long callers wait
            default_ms, is_known = None, limit_ms is not None or change.before_effective_ms is not None
        else:
            default_ms, is_known = step.default_ms, step.is_limit_known
        rows.append(ChangeRow(change, pins[change.architect_flow_id], limit_ms, default_ms, is_known))
    return rows


class LeftGroup(NamedTuple):
    """The steps that are left alone for one reason."""

    reason: Reason
    lines: Sequence[LeftAlone]

    @property
    def architect_flows(self) -> int:
        """How many Architect flows they are in."""
        return len({line.architect_flow_id for line in self.lines})


def left_by_reason(plan: Plan) -> list[LeftGroup]:
    """Return what is left alone, reason by reason, in the order of `REASONS`."""
    groups = ((REASONS[why], [line for line in plan.left_alone if line.why == why]) for why in REASONS)
    return [LeftGroup(reason, lines) for reason, lines in groups if lines]


class Obstructed(NamedTuple):
    """What something stands in the way of changing. `architect_flow_id`: empty of an action."""

    architect_flow_id: str
    name: str
    obstacle: str


def obstructed(plan: Plan) -> list[Obstructed]:
    """Return the Architect flows, then the actions, that something stands in the way of changing."""
    pins = [Obstructed(pin.architect_flow_id, pin.name, pin.obstacle) for pin in (*plan.held, *plan.pins)]
    actions = [Obstructed("", change.name, change.obstacle) for change in plan.action_changes]
    return [each for each in (*pins, *actions) if each.obstacle]


def kept_from_shortening(plan: Plan) -> list[tuple[str, str]]:
    """Return the names of the Architect flows in which a copy would wait less with a republish, and which copy."""
    left = {line.architect_flow_id: line for line in reversed(plan.left_alone) if line.why == "shortens"}
    return sorted((line.architect_flow_name, line.reason) for line in left.values())


class Overwritten(NamedTuple):
    """An Architect flow of a plan that may come out of a repository, and what that means for the change."""

    pin: Pin
    warning: str


def may_be_overwritten(plan: Plan) -> list[Overwritten]:
    """Return the Architect flows that change and whose live version an OAuth client published that is not ours."""
    return [
        Overwritten(pin, f"published by {pin.published_by.in_words}: its next deploy may overwrite this")
        for pin in plan.pins
        if pin.published_by is not None and pin.may_be_overwritten
    ]


def skipped_heading(report: Report) -> str:
    """Return what stands over the Architect flows that people hold, and over files, before anything was applied."""
    if report.run.kind == "audit":
        return f"A raise would {'not write' if report.org.is_files else 'skip'} these as things stand"
    return f"{'Not to be written' if report.org.is_files else 'To be skipped'} as things stand"


def nothing_to_do(plan: Plan) -> str:
    """Return why a plan changes nothing; '' where it changes something."""
    counts = plan.counts
    if not plan.changes_nothing:
        return ""
    if plan.undoes:
        kept = ((counts.left_alone, "step"), (len(plan.actions_left), "action limit"))
        left = joined((number_of(count, what) for count, what in kept if count), " and ")
        said = f"{left} left alone, for the reasons below" if left else "all is as before the run"
        return f"Nothing to put back: {said}"
    if not counts.steps:
        return "Nothing to do: no step was read"
    if counts.not_matched == counts.steps:
        return "Nothing was done: no rule matches any step"
    if counts.left_alone:
        left = number_of(counts.left_alone, "step is", "steps are")
        return f"Nothing to do now: {left} left alone, for the reasons below"
    return "Nothing to do: every step that a rule matches waits as that rule asks"


def limits_sentence(plan: Plan) -> str:
    """Return how many limits of actions a plan changes; '' where it changes none."""
    verb = "to put back" if plan.undoes else "to change"
    return f"{number_of(len(plan.action_changes), 'action limit')} {verb}" if plan.action_changes else ""


def counts_sentence(plan: Plan) -> str:
    """Return what becomes of every step that a plan looked at, so that it adds up."""
    counts = plan.counts
    changed, fine, others = "to change", "fine", "matched by no rule"
    if plan.undoes:
        changed, fine, others = (
            "to put back",
            "as before the run already",
            f"not {published_in(plan.organization)} by the run",
        )
    by_action = f" + {counts.by_action} served by their action alone" if counts.by_action else ""
    return (
        f"{number_of(counts.steps, 'step')} = {counts.changed} {changed}{by_action} + {counts.left_alone} left alone"
        f" + {counts.fine} {fine} + {counts.not_matched} {others}"
    )


def levers_sentence(plan: Plan) -> str:
    """Return what both levers come to, and what the steps alone would have; '' where there was no choice."""
    alone = plan.step_only
    if alone is None:
        return ""
    by_both = (
        f"{number_of(len(plan.action_changes), 'action limit')} and {number_of(len(plan.pins), 'Architect flow')} "
        f"({number_of(len(plan.changes), 'step')})"
    )
    by_steps = f"{number_of(alone.architect_flows, 'Architect flow')} ({number_of(alone.changes, 'step')})"
    verb = "change" if plan.organization.is_files else "republish"
    need = "needs a longer limit of its action" if alone.unserved == 1 else "need longer limits of their actions"
    unserved = f", and leave {number_of(alone.unserved, 'step')} too short that {need}" if alone.unserved else ""
    return f"With both levers: {by_both}. The steps alone would {verb} {by_steps}{unserved}."
