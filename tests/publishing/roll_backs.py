"""Roll backs right after a raise of ours, on an org whose replicas may lag so far behind that they do not show it."""

from dataclasses import dataclass
from typing import Any, Literal

from publishing.order import ArchitectFlowOrder
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.org import Org
from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.scenes import FLOW, NODE, Scene, Stage, configuration, originals_in
from timeouts.definitions import read_definition
from timeouts.model.step_edits import Restore

_RAISED = "3.0"
"""The version that the raise found: it makes 4.0, and the roll back 5.0."""


def remember(org: Org, path: str) -> None:
    """Let replicas know from here on what lagging reads of a path show: what it is first answered with."""
    org.add_fault(Fault(kind="stale", match=Match(method="GET", path=path, times=0)))


@dataclass
class RolledBack(Scene):
    """The same, raised a moment ago: what to do is to put back what stood there before."""

    def order(self, seconds: int = 10, architect_flow_id: str = FLOW, **other: Any) -> ArchitectFlowOrder:
        raised = configuration(10)
        given: dict[str, Any] = {
            "fingerprint": read_definition(raised).fingerprint,
            "edits": {NODE: Restore(original=originals_in(configuration())[NODE])},
            "originals": originals_in(raised),
            "may_lower": True,
        }
        return super().order(seconds, architect_flow_id, **{**given, **other})

    def ordered(self) -> bytes:
        return configuration()


def stage_roll_back(
    stage: Stage,
    switches: Switches | None = None,
    *,
    hurried: bool = False,
    ending: Literal["success", "failure"] = "success",
) -> RolledBack:
    """Make the org anew and raise its Architect flow; replicas remember what they showed before that.

    `ending`: how the publish of the roll back ends.
    """
    contents = {"2.0": configuration(2, "older"), _RAISED: configuration()}
    scene = stage(hurried=hurried, configuration=contents.__getitem__, published_versions=tuple(contents))
    scene.org.set_switches(switches or Switches())
    remember(scene.org, "/api/v2/flows/**")
    raised = scene.publish_and_verify(scene.order(version=_RAISED))
    assert (raised.outcome, raised.version_after) == ("published", "4.0")
    scene.org.plan_publish(PublishPlan(ending=ending))
    scene.org.clear_log()
    return RolledBack(scene.url, scene.org, scene.client)
