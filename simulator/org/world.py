"""What every rule of the platform may need: the time, new ids, all Architect flows, and the open questions answered."""

from dataclasses import dataclass, field

from simulator.org.clock import Clock
from simulator.org.ids import Ids
from simulator.org.records import Records
from simulator.org.versions import PublishPlan
from simulator.switches import Switches


@dataclass(frozen=True, slots=True)
class UserPrompt:
    """A user prompt with a recording that is newer than the org's seed."""

    id: str
    name: str
    recorded_ms: int


@dataclass(slots=True)
class World:
    """What the org works with. `publish_plans` are kept by Architect flow id; `*` holds for all others.

    `prompts`: by id, those that were recorded anew. `draft_errors`: by action id, what the validation of its drafts
    finds wrong.
    """

    clock: Clock
    ids: Ids
    switches: Switches
    records: Records
    publish_plans: dict[str, PublishPlan] = field(default_factory=dict)
    prompts: dict[str, UserPrompt] = field(default_factory=dict)
    draft_errors: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def publish_plan(self, architect_flow_id: str) -> PublishPlan:
        """Say how a publish of this Architect flow is going to go."""
        return self.publish_plans.get(architect_flow_id) or self.publish_plans.get("*") or PublishPlan()
