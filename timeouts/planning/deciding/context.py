"""What the steps of an org are judged by."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from timeouts.model.effective import effective_timeout, longest_wait
from timeouts.model.evidence import Evidence
from timeouts.model.org import ArchitectFlow, DataAction
from timeouts.model.steps import Step
from timeouts.planning.changes import Shipped
from timeouts.policy.patterns import PatternTable
from timeouts.policy.policy import Policy
from timeouts.policy.rule_table import RuleTable


@dataclass(frozen=True, slots=True)
class PlanningContext:
    """What a plan is computed from besides the org: the policy, and the figures that it may rest on.

    `released`: the ids of the protected Architect flows that may change all the same. `ships`: what a republish
    brings live besides, by the id of the Architect flow; `ships_problem`: why that is not wholly known.
    `limits_elsewhere`: an action that is not listed may exist all the same (`Inventory.limits_elsewhere`).
    `unread`: the Architect flows that are published and that could not be read, by id.
    """

    policy: Policy
    evidence: Evidence | None = None
    released: frozenset[str] = frozenset()
    ships: Mapping[str, tuple[Shipped, ...]] = field(default_factory=dict)
    ships_problem: str = ""
    limits_elsewhere: bool = False
    unread: Mapping[str, ArchitectFlow] = field(default_factory=dict)
    rules: RuleTable = field(init=False, repr=False, compare=False)
    _protected: PatternTable = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Lay the patterns out once for all steps."""
        object.__setattr__(self, "rules", RuleTable(self.policy.rules))
        object.__setattr__(self, "_protected", PatternTable(self.policy.protected))

    def protects(self, architect_flow: ArchitectFlow) -> bool:
        """Return whether an Architect flow is left alone: the policy protects it, and the run does not name it."""
        return architect_flow.id not in self.released and self._protected.fitting(*architect_flow.names) != 0

    def effective_ms(self, step: Step, action: DataAction | None) -> int | None:
        """Return how long a caller can wait at a step as it is; None where that is not known."""
        return effective_timeout(step, action, suggested_default_ms=self.policy.suggested_default)

    def longest_ms(self, step: Step, action: DataAction | None) -> int | None:
        """Return the longest that a caller may wait there, however the step is read; None where that is not known."""
        return longest_wait(step, action, suggested_default_ms=self.policy.suggested_default)
