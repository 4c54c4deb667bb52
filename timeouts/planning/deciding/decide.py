"""What a policy makes of every step of an org: what a plan and the explanation of a step both go on with."""

from collections.abc import Iterable
from dataclasses import dataclass

from timeouts.inventory import Inventory
from timeouts.planning.deciding.choice import LeverChoice
from timeouts.planning.deciding.context import PlanningContext
from timeouts.planning.deciding.evaluated import EvaluatedStep, evaluate_all, evaluate_copies
from timeouts.planning.deciding.levers import choose_levers
from timeouts.planning.released import released_by
from timeouts.planning.shipping import shipped_with, shipping_unknown
from timeouts.policy.policy import Policy


@dataclass(frozen=True, slots=True)
class Decided:
    """The steps of an org and the `copies` of modules' steps, what they are judged by, and what is moved.

    `all_read`: every Architect flow that may call an action was read.
    """

    context: PlanningContext
    steps: tuple[EvaluatedStep, ...]
    copies: tuple[EvaluatedStep, ...]
    choice: LeverChoice
    all_read: bool

    @property
    def callers(self) -> tuple[EvaluatedStep, ...]:
        """All that waits for actions."""
        return *self.steps, *self.copies


def decide(inventory: Inventory, policy: Policy, named: Iterable[str] = ()) -> Decided:
    """Judge every step by a policy and choose the levers. `named`: as of `compute_plan`."""
    context = PlanningContext(
        policy,
        inventory.evidence,
        released=released_by(inventory.architect_flows, named),
        ships={each.id: shipped_with(inventory, each.id) for each in inventory.architect_flows},
        ships_problem=shipping_unknown(inventory),
        limits_elsewhere=inventory.limits_elsewhere,
        unread={each.id: each for each in inventory.architect_flows if not inventory.reading(each.id).is_known},
    )
    steps, copies = tuple(evaluate_all(inventory, context)), tuple(evaluate_copies(inventory, context))
    all_read = inventory.is_read
    choice = choose_levers(steps, context, all_read=all_read, copies=copies)
    return Decided(context, steps, copies, choice, all_read)
