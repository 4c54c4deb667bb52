"""Roll backs of an action's limit right after a raise of ours, in the same way (tests/publishing/roll_backs.py)."""

from dataclasses import dataclass
from typing import Any

from publishing.order import ActionOrder
from simulator.switches import Switches
from tests.publishing.actions.scenes import AFTER, BEFORE, ActionScene, Kind, acting
from tests.publishing.roll_backs import remember
from tests.publishing.scenes import Stage


@dataclass(frozen=True)
class ActionRolledBack(ActionScene):
    """The same of an action."""

    def order(self, **other: Any) -> ActionOrder:
        given: dict[str, Any] = {"version": 5, "before_ms": AFTER * 1_000, "after_ms": BEFORE[self.kind] * 1_000}
        given["may_lower"] = True
        return super().order(**{**given, **other})


def stage_action_roll_back(
    stage: Stage, switches: Switches, *, kind: Kind, may_delete: bool = False, hurried: bool = False
) -> ActionRolledBack:
    """Make the org anew and raise the limit of its action, in the same way."""
    scene = acting(stage, kind, switches, may_delete=may_delete, hurried=hurried)
    remember(scene.org, "/api/v2/integrations/actions/**")
    raised = scene.publish_and_verify()
    assert (raised.outcome, raised.version_after) == ("published", "5")
    scene.org.clear_log()
    return ActionRolledBack(scene.url, scene.org, scene.client, scene.kind, scene.directory)
