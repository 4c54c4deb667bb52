"""The other kind of org: the tutorial's contract, `flowData` replaced with one PUT."""

import dataclasses
import json
from typing import Any

from publishing.order import ArchitectFlowOrder
from simulator.switches import Switches
from tests.publishing.matrices.matrix import Sequence, Setting, cells, named, rows
from tests.publishing.scenes import FLOW, NODE, Scene, Stage, org_seed, originals_in
from timeouts.definitions import read_definition


def flow_data(timeout_ms: int) -> bytes:
    """One Call Data Action node, and what it leads to."""
    node: dict[str, Any] = {"id": NODE, "type": "dataAction", "name": "CRM lookup"}
    node |= {"dataAction": {"timeout": timeout_ms}, "successNodeId": "end"}
    document = {"nodes": [node, {"id": "end", "type": "end", "name": "Ende 🚨"}]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def flow_data_order(scene: Scene) -> ArchitectFlowOrder:
    """What a plan made now would order."""
    document = scene.client.architect_flow_document(FLOW)
    return scene.order(
        kind="flowData",
        version=None,
        fingerprint=read_definition(document).fingerprint,
        originals=originals_in(document),
    )


def stage_flow_data(stage: Stage, switches: Switches | None = None, *, hurried: bool = False, **flow: Any) -> Scene:
    """Make the org of that kind anew; what is left changes its Architect flow."""
    scene = stage(hurried=hurried)
    seed = org_seed(configuration=lambda _: flow_data(3_000), published_versions=("1.0",), **flow)
    scene.org.reseed(dataclasses.replace(seed, kind="flowData"))
    scene.org.set_switches(switches or Switches())
    return scene


_FLOW = f"/api/v2/flows/{FLOW}"
REPLACED = Sequence(
    "flowData",
    (("document", "GET", _FLOW), ("lock", "GET", _FLOW), ("put", "PUT", _FLOW), ("verify", "GET", _FLOW)),
    stage_flow_data,
)
SEQUENCE = REPLACED.requests
"""The requests of an undisturbed run."""

SETTINGS = named(Setting({}, {REPLACED: REPLACED.own}))
CELLS = [cell for row in rows(SETTINGS) for cell in cells(row)]
