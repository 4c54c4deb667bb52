"""A caller that embeds an old version of a common module, and the order to republish it for the newest."""

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from publishing.order import ArchitectFlowOrder
from simulator.org.seeds import ArchitectFlowSeed
from simulator.switches import Switches
from tests.publishing.scenes import ACTION, FLOW, NODE, Scene, Stage, configuration, org_seed
from timeouts.definitions import read_definition
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.copies import LaggingCopy

MODULE = "77777777-7777-4777-8777-777777777777"
STEP = "88888888-8888-4888-8888-888888888888"
_CALL = "99999999-9999-4999-8999-999999999999"
_NAME = "Common login"


def module(seconds: int) -> dict[str, Any]:
    """A common module with one step, as its own Architect flow has it."""
    text = configuration(seconds, "a module").decode().replace(NODE, STEP).replace("inboundcall", "commonmodule")
    document: dict[str, Any] = json.loads(text)
    return document


def caller(seconds: int = 3, version: str = "1.0", own_seconds: int = 3) -> bytes:
    """An Architect flow that calls the module, with its snapshot."""
    document = json.loads(configuration(own_seconds))
    call = {"__type": "CallCommonModuleAction", "id": _CALL, "trackingId": 12, "name": "Log in"}
    document["flowSequenceItemList"][0]["actionList"].append({**call, "commonModule": {"id": MODULE, "name": _NAME}})
    model = {key: value for key, value in module(seconds).items() if key != "manifest"}
    entry = {"name": _NAME, "id": MODULE, "version": version, "actionReferences": [_CALL], "model": model}
    copy = {"actionName": "CRM lookup", "id": STEP, "name": "Look up the customer"}
    document["manifest"]["dataAction"][0]["context"].append(copy)
    return json.dumps({**document, "commonModules": [entry]}, ensure_ascii=False, separators=(",", ":")).encode()


def lagging(seconds: int = 10, **other: Any) -> LaggingCopy:
    """What the caller's copy has to say after its republish."""
    given: dict[str, Any] = {
        "architect_flow_id": FLOW,
        "architect_flow_name": "Main line",
        "step_id": STEP,
        "step_name": "Look up the customer",
        "action_id": ACTION,
        "module_id": MODULE,
        "module_name": _NAME,
        "module_version": "1.0",
        "before": LiteralTimeout(timeout_ms=3_000),
        "after": LiteralTimeout(timeout_ms=seconds * 1_000),
        "before_effective_ms": 3_000,
        "after_effective_ms": seconds * 1_000,
    }
    return LaggingCopy(**given | other)


@dataclass
class ModuleScene(Scene):
    """The same, with a caller to republish unchanged but for the snapshot of its module."""

    def order(self, seconds: int = 10, architect_flow_id: str = FLOW, **other: Any) -> ArchitectFlowOrder:
        body = caller()
        given: dict[str, Any] = {"fingerprint": read_definition(body).fingerprint, "edits": {}, "originals": {}}
        return super().order(seconds, architect_flow_id, **{**given, "copies": (lagging(seconds),), **other})

    def fresh_order(self) -> ArchitectFlowOrder:
        """What a plan made now would order."""
        return self.order(version=self.flow()["published"])


def stage_module(
    stage: Stage,
    switches: Switches | None = None,
    *,
    hurried: bool = False,
    module_seconds: int = 10,
    contents: Callable[[str], bytes] | None = None,
) -> ModuleScene:
    """Make the org anew: the module is published as 2.0, the caller embeds its 1.0."""
    scene = stage(hurried=hurried)
    seed = org_seed(configuration=contents or (lambda _: caller()))
    published = {"1.0": module(3), "2.0": module(module_seconds)}
    modules = ArchitectFlowSeed(
        *(MODULE, _NAME, "COMMONMODULE", "home"),
        configuration=lambda label: json.dumps(published[label], ensure_ascii=False).encode(),
        published_versions=("1.0", "2.0"),
    )
    scene.org.reseed(dataclasses.replace(seed, architect_flows=(*seed.architect_flows, modules)))
    scene.org.set_switches(switches or Switches())
    return ModuleScene(scene.url, scene.org, scene.client)
