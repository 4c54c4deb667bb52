"""Whom changed limits of actions affect: steps, and copies of modules' steps, which are counted apart from them."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from reports.words import joined, shortest_first
from timeouts.planning.changes import ActionChange, AffectedStep
from timeouts.planning.plan import Plan
from timeouts.text.phrases import number_of


class AffectedRow(NamedTuple):
    """A step, or a copy of one, that a changed action limit affects."""

    change: ActionChange
    step: AffectedStep

    @property
    def rank(self) -> int:
        """Its place among the rows that are shown first: the shortest waits of today."""
        return shortest_first(self.step.before_effective_ms)


def affected_rows(plan: Plan) -> list[AffectedRow]:
    """Return one row for each step or copy that a changed action limit affects, in the order of the plan."""
    return [AffectedRow(change, step) for change in plan.action_changes for step in change.affected_steps]


class Affected(NamedTuple):
    """How many steps, copies of steps, and Architect flows with either are affected."""

    steps: int
    copies: int
    architect_flows: int

    @property
    def in_words(self) -> str:
        """The steps and copies, such as `3 steps and 1 copy of a step`."""
        return self._with_copies(number_of(self.steps, "step"), "copy of a step", "copies of steps")

    @property
    def in_short(self) -> str:
        """The same where it is clear that steps are counted: `3`, `3 and 1 copy`, `2 copies`."""
        return self._with_copies(str(self.steps), "copy", "copies")

    def _with_copies(self, steps: str, one: str, several: str) -> str:
        if not self.copies:
            return steps
        return joined((steps if self.steps else "", number_of(self.copies, one, several)), " and ")


def affected_by(changes: Iterable[ActionChange]) -> Affected:
    """Count what changes of actions' limits affect."""
    return _count([step for change in changes for step in change.affected_steps])


def affected_sentence(changes: Iterable[ActionChange]) -> str:
    """Return how much is affected: `3 steps and 1 copy of a step in 2 Architect flows`."""
    found = affected_by(changes)
    return f"{found.in_words} in {number_of(found.architect_flows, 'Architect flow')}"


def affected_architect_flows(change: ActionChange) -> list[tuple[str, Affected]]:
    """Return the names of the Architect flows in which a changed limit is noticed, with how much of each."""
    found: dict[str, list[AffectedStep]] = defaultdict(list)
    for step in change.affected_steps:
        found[step.architect_flow_id].append(step)
    return [(steps[0].architect_flow_name, _count(steps)) for steps in found.values()]


def read_again_sentence(plan: Plan) -> str:
    """Return what is not known of whom a roll back of limits affects: it reads no more than its run published."""
    if not plan.undoes or not plan.action_changes:
        return ""
    return (
        "Only the Architect flows that the run published were read again: waits elsewhere are as that run left them, "
        "and steps that have come to call these actions since are not counted."
    )


def has_copies(changes: Iterable[ActionChange]) -> bool:
    """Return whether a table has to count copies, too: most orgs have none of an action that changes."""
    return any(affected_by([change]).copies for change in changes)


def _count(found: Iterable[AffectedStep]) -> Affected:
    every = list(found)
    copies = sum(bool(step.copy_of) for step in every)
    return Affected(len(every) - copies, copies, len({step.architect_flow_id for step in every}))
