"""The other kind of org: the tutorial's contract, `flowData` replaced with one PUT."""

import dataclasses
import json
from typing import Any

from publishing.order import ArchitectFlowOrder
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.seeds import OrgSeed
from tests.publishing.matrices.matrix import MISSING, OUTAGE, Request
from tests.publishing.scenes import FLOW, NODE, Scene, org_seed, originals_in
from timeouts.definitions import read_definition

_FLOW = f"/api/v2/flows/{FLOW}"
SEQUENCE = {
    "document": Request("GET", _FLOW, 1),
    "lock": Request("GET", _FLOW, 2),
    "put": Request("PUT", _FLOW),
    "verify": Request("GET", _FLOW, 3),
}
"""The requests of an undisturbed run."""

CELLS = [(name, fault) for name, request in SEQUENCE.items() for fault in request.faults()]


def as_fault(request: str, fault: str) -> Fault:
    """The fault of a cell; an outage meets every request of the run from that one on."""
    if fault == OUTAGE:
        return Fault(kind="reset", match=Match(nth=list(SEQUENCE).index(request) + 1, times=None))
    return SEQUENCE[request].missing() if fault == MISSING else SEQUENCE[request].fault(fault)


def flow_data(timeout_ms: int) -> bytes:
    """One Call Data Action node, and what it leads to."""
    node: dict[str, Any] = {"id": NODE, "type": "dataAction", "name": "CRM lookup"}
    node |= {"dataAction": {"timeout": timeout_ms}, "successNodeId": "end"}
    document = {"nodes": [node, {"id": "end", "type": "end", "name": "Ende 🚨"}]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def flow_data_seed(**flow: Any) -> OrgSeed:
    """The small org as one of that kind."""
    seed = org_seed(configuration=lambda _: flow_data(3_000), published_versions=("1.0",), **flow)
    return dataclasses.replace(seed, kind="flowData")


def flow_data_order(scene: Scene) -> ArchitectFlowOrder:
    """What a plan made now would order."""
    document = scene.client.architect_flow_document(FLOW)
    return scene.order(
        kind="flowData",
        version=None,
        fingerprint=read_definition(document).fingerprint,
        originals=originals_in(document),
    )
