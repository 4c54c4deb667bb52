"""Every step of an org with the rule that decides about it and what that rule means for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from timeouts.inventory import Inventory
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Step
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.verdicts import Leave, Verdict, first_match, judge
from timeouts.planning.shipping import must_not_ship
from timeouts.policy.rules import Rule


@dataclass(frozen=True, slots=True)
class EvaluatedStep:
    """One step. `rule` and `verdict` are None where no rule matches.

    `kept_back`: why nothing of its Architect flow may be published, whatever the step says; None where it may.
    `module_id`: the module that it is a copy of a step of, empty for a step of the Architect flow's own; of a copy,
    `rule` is the one that leaves its Architect flow as a whole, and no other one matches it.
    """

    architect_flow: ArchitectFlow
    step: Step
    action: DataAction | None
    rule: Rule | None
    verdict: Verdict | None
    kept_back: Leave | None
    module_id: str = ""

    @property
    def is_protected(self) -> bool:
        """Whether the policy protects its Architect flow and the run does not name it."""
        return self.kept_back is not None and self.kept_back.why == "protected"

    @property
    def key(self) -> tuple[str, str]:
        """Which step it is: the ids of its Architect flow and of its node."""
        return self.architect_flow.id, self.step.id


def evaluate_all(inventory: Inventory, context: PlanningContext) -> Iterator[EvaluatedStep]:
    """Judge every step that was read."""
    for architect_flow, _, step, action in inventory.steps:
        rule = first_match(context, architect_flow, step, action)
        verdict = None if rule is None else judge(rule, step, action, context)
        yield EvaluatedStep(architect_flow, step, action, rule, verdict, kept_back_by(architect_flow, context))


def evaluate_copies(inventory: Inventory, context: PlanningContext) -> Iterator[EvaluatedStep]:
    """Return the copies of modules' steps: nothing is decided about them, but they call actions like other steps."""
    for copy in inventory.copies:
        rule = first_match(context, copy.architect_flow, copy.step, copy.action)
        is_left = rule is not None and rule.leave and rule.match.is_of_architect_flows
        yield EvaluatedStep(
            architect_flow=copy.architect_flow,
            step=copy.step,
            action=copy.action,
            rule=rule if is_left else None,
            verdict=None,
            kept_back=caller_kept_back_by(copy.architect_flow, context),
            module_id=copy.snapshot.module_id,
        )


def kept_back_by(architect_flow: ArchitectFlow, context: PlanningContext) -> Leave | None:
    """Return why nothing of an Architect flow may be published; None where it may."""
    if context.protects(architect_flow):
        return Leave("protected", "the policy protects its Architect flow: name it to have it changed")
    held = held_by_people(architect_flow)
    if held:
        return Leave("held", held)
    shipped = context.ships.get(architect_flow.id, ())
    ships = must_not_ship(shipped, context.ships_problem, context.policy.leave_if_it_ships)
    return Leave("ships", ships) if ships else None


def caller_kept_back_by(architect_flow: ArchitectFlow, context: PlanningContext) -> Leave | None:
    """Return the same of one that would be published for its modules alone: a rule may leave it as a whole, too."""
    leaving = context.rules.leaving(architect_flow)
    rule = None if leaving is None else Leave("leave", f"rule {leaving.name!r} leaves its Architect flow as it is")
    return kept_back_by(architect_flow, context) or rule


def held_by_people(architect_flow: ArchitectFlow) -> str:
    """Say who holds an Architect flow, or whose draft it carries, as it was listed; empty where nobody does.

    A lock of an OAuth client does not count: it may be our own, left by a run that died, which publishing takes up.
    """
    holder = architect_flow.locked_by
    return "" if holder is not None and holder.kind == "client" else publish_blocker(architect_flow)


def publish_blocker(architect_flow: ArchitectFlow) -> str:
    """Say what stands in the way of publishing an Architect flow as it was listed; empty where nothing does."""
    if architect_flow.locked_by is not None:
        return f"locked by {architect_flow.locked_by.label}"
    if architect_flow.newer_draft is None:
        return ""
    # A saved draft's label is an id that tells people nothing (docs/platform.md#flow-fields).
    draft = "a saved draft" if architect_flow.saved_version is not None else f"draft {architect_flow.newer_draft}"
    return f"{draft} is newer than the published version {architect_flow.published_version or 'none'}"
