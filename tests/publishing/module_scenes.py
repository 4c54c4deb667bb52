"""A caller that embeds an old version of a common module, and the order to republish it for the newest."""

import dataclasses
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from publishing.order import ArchitectFlowOrder
from simulator.org.content.documents import to_bytes
from simulator.org.content.modules import embedded, referenced, snapshot
from simulator.org.seeds import ArchitectFlowSeed
from simulator.switches import Switches
from tests.publishing.scenes import ACTION, FLOW, NODE, Scene, Stage, configuration, org_seed
from timeouts.definitions import read_definition
from timeouts.model.settings import LiteralTimeout, TimeoutSetting
from timeouts.model.steps import Step
from timeouts.planning.copies import LaggingCopy
from timeouts.planning.outcomes import Outcome

MODULE = "77777777-7777-4777-8777-777777777777"
STEP = "88888888-8888-4888-8888-888888888888"
INNER = "78787878-7878-4787-8787-787878787878"
_OUTER_STEP = "89898989-8989-4898-8989-898989898989"
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
    _with_call(document, MODULE, _NAME)
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


def outer(seconds: int, inner_version: str) -> dict[str, Any]:
    """A common module that calls the inner one, with its snapshot."""
    document = module(3) | {"description": f"calls version {inner_version}"}
    text = json.dumps(document, ensure_ascii=False).replace(STEP, _OUTER_STEP)
    document = _with_call(json.loads(text), INNER, "Look up")
    entries = [snapshot(INNER, "Inner", inner_version, module(seconds), nested=False)]
    return dict(embedded(document, referenced(document, entries)))


def outer_caller(*, inside: bool) -> bytes:
    """An Architect flow that calls the module that calls a module, both at 1.0; `inside`: where the inner one is."""
    document = _with_call(json.loads(configuration()), MODULE, _NAME)
    entries = [snapshot(MODULE, _NAME, "1.0", outer(3, "1.0"), nested=inside)]
    if not inside:
        entries.append(snapshot(INNER, "Inner", "1.0", module(3), nested=False))
    return to_bytes(embedded(document, referenced(document, entries)))


def _with_call(document: dict[str, Any], module_id: str, name: str) -> dict[str, Any]:
    call = {"__type": "CallCommonModuleAction", "id": _CALL, "trackingId": 12, "name": name}
    document["flowSequenceItemList"][0]["actionList"].append({**call, "commonModule": {"id": module_id, "name": name}})
    return document


@dataclass
class ModuleScene(Scene):
    """The same, with a caller to republish unchanged but for the snapshot of its module.

    `base`: what the plan was made from. `module_id`: the module whose step the caller's copy has to say.
    """

    base: bytes = field(default_factory=caller)
    module_id: str = MODULE

    def order(self, seconds: int = 10, architect_flow_id: str = FLOW, **other: Any) -> ArchitectFlowOrder:
        given: dict[str, Any] = {"fingerprint": read_definition(self.base).fingerprint, "edits": {}, "originals": {}}
        copies = (lagging(seconds, module_id=self.module_id),)
        return super().order(seconds, architect_flow_id, **{**given, "copies": copies, **other})

    def is_behind(self) -> bool:
        """Tell whether the copy that callers get says something else than the module."""
        return self.copy_says() != _setting_in(read_definition(self.org.configuration(self.module_id)).steps)

    def copy_says(self) -> TimeoutSetting:
        """What callers get of the module's step."""
        snapshots = read_definition(self.live()).snapshots
        return _setting_in(step for each in snapshots if each.module_id == self.module_id for step in each.steps)

    def fresh_order(self) -> ArchitectFlowOrder:
        """What a plan made now would order; in no plan is a caller whose copy is as it should be."""
        assert self.is_behind(), "no plan republishes it"
        return self.order(version=self.flow()["published"])

    def rerun_ends(self, outcome: Outcome, after: bytes) -> Collection[str]:
        """Where the copy is as it should be, nothing is ordered."""
        return super().rerun_ends(outcome, after) if self.is_behind() else ()

    def ordered(self) -> bytes:
        """What the order makes live: its own content as it is."""
        return self.base

    def their_work(self) -> bytes:
        """What a colleague makes of it: a step of its own, and the module called as before."""
        return caller(own_seconds=7)

    def own_content(self, body: bytes) -> Any:
        """All but the snapshot and the manifest, which the platform makes anew."""
        taken_in = ("commonModules", "manifest")
        return {key: value for key, value in json.loads(body).items() if key not in taken_in}


def _setting_in(steps: Iterable[Step]) -> TimeoutSetting:
    return next(step.setting for step in steps if step.id == STEP)


def stage_module(
    stage: Stage,
    switches: Switches | None = None,
    *,
    hurried: bool = False,
    module_seconds: int = 10,
    contents: Callable[[str], bytes] | None = None,
) -> ModuleScene:
    """Make the org anew: the module is published as 2.0, the caller embeds its 1.0."""
    modules = _module_seed(MODULE, _NAME, {"1.0": module(3), "2.0": module(module_seconds)})
    scene = _staged(stage, switches, contents or (lambda _: caller()), modules, hurried=hurried)
    return ModuleScene(scene.url, scene.org, scene.client)


def stage_nested(stage: Stage, switches: Switches, *, hurried: bool = False) -> ModuleScene:
    """Make the org anew: the module calls a module, both are published as 2.0, and the caller embeds their 1.0."""
    base = outer_caller(inside=switches.nested_modules == "inside")
    outers = _module_seed(MODULE, _NAME, {"1.0": outer(3, "1.0"), "2.0": outer(10, "2.0")})
    inners = _module_seed(INNER, "Inner", {"1.0": module(3), "2.0": module(10)})
    scene = _staged(stage, switches, lambda _: base, outers, inners, hurried=hurried)
    return ModuleScene(scene.url, scene.org, scene.client, base, INNER)


def _module_seed(module_id: str, name: str, published: Mapping[str, dict[str, Any]]) -> ArchitectFlowSeed:
    return ArchitectFlowSeed(
        *(module_id, name, "COMMONMODULE", "home"),
        configuration=lambda label: json.dumps(published[label], ensure_ascii=False).encode(),
        published_versions=("1.0", "2.0"),
    )


def _staged(
    stage: Stage,
    switches: Switches | None,
    contents: Callable[[str], bytes],
    *modules: ArchitectFlowSeed,
    hurried: bool,
) -> Scene:
    scene = stage(hurried=hurried)
    seed = org_seed(configuration=contents)
    scene.org.reseed(dataclasses.replace(seed, architect_flows=(*seed.architect_flows, *modules)))
    scene.org.set_switches(switches or Switches())
    return scene
