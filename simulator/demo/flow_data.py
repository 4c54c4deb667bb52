"""A small org of the tutorial's kind: flow objects that carry `flowData.nodes[]`.

Source: docs/platform.md#tutorial, steps 1 and 2.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from simulator.demo.ids import guid
from simulator.demo.json_values import Json
from simulator.demo.vocabulary import DIVISIONS, PEOPLE
from simulator.org.content.documents import to_bytes
from simulator.org.seeds import ArchitectFlowSeed, DivisionSeed, OrgSeed, PersonSeed

_ABSENT = object()
"""No timeout is named: the step waits the contract's default of 3000 ms."""

_CONTENTS: tuple[tuple[str, str, tuple[tuple[str, Any], ...]], ...] = (
    ("Order hotline", "inboundcall", (("MySlowDataAction", 3_000), ("Order status", _ABSENT), ("Kunde suchen", 5_000))),
    ("Rechnung & Mahnung", "inboundcall", (("CRM lookup", _ABSENT), ("Offene Posten", 8_000))),
    ("Terminbuchung Größe L", "inboundcall", (("Termin suchen", 2_500), ("Termin suchen", 12_000))),
    ("Rückruf", "workflow", (("Create callback", 30_000), ("CRM lookup", _ABSENT))),
    ("Störungsannahme", "inboundcall", (("Ticket anlegen", 4_000), ("CRM lookup", 1_000))),
    ("Password reset", "bot", (("Send mail", "3000"), ("User lookup", _ABSENT))),
    ("Loyalty programme", "workflow", (("Punkte „lesen“ 🎁", 6_000),)),
    ("After hours", "inboundcall", ()),
)
"""Each flow object: name, type, and its data actions with what they say of their timeout (one has a wrong type)."""

_LOCKED = "Störungsannahme"


@dataclass(frozen=True, slots=True)
class FlowData:
    """Returns the raw bytes of the `flowData` object; there is one version."""

    source: str
    steps: tuple[tuple[str, Any], ...]

    def __call__(self, label: str) -> bytes:
        """Make the bytes. Raises ValueError for another label than `1.0`."""
        if label != "1.0":
            raise ValueError(f"There is no version {label!r}, only '1.0'.")
        nodes = _nodes(random.Random(self.source), self.steps)
        document = {"nodes": nodes, "startNodeId": nodes[0]["id"], "variables": [{"name": "Kunde", "type": "string"}]}
        return to_bytes(document)


def build_flow_data_org(seed: int = 1) -> OrgSeed:
    """Build an org of the tutorial's kind with eight flow objects.

    Timeouts are absent, hardcoded, and once a text; one flow object is locked by a person; one has two steps of the
    same name.
    """
    rng = random.Random(f"flowData/{seed}")
    people = tuple(PersonSeed(guid(rng), name) for name in PEOPLE[:3])
    division = DivisionSeed(guid(rng), DIVISIONS[0])
    return OrgSeed(
        id=guid(rng),
        name="Grünwald & Söhne (tutorial)",
        kind="flowData",
        divisions=(division,),
        people=people,
        actions=(),
        architect_flows=tuple(
            ArchitectFlowSeed(
                id=guid(rng),
                name=name,
                type=kind,
                division_id=division.id,
                configuration=FlowData(f"flowData/{seed}/{name}", steps),
                published_versions=("1.0",),
                published_by=people[0],
                locked_by=people[1] if name == _LOCKED else None,
            )
            for name, kind, steps in _CONTENTS
        ),
    )


def _nodes(rng: random.Random, steps: Sequence[tuple[str, Any]]) -> list[Json]:
    """Chain the data actions between a start and two ends: success leads on, failure to the apology."""
    ids = [guid(rng) for _ in range(len(steps) + 3)]
    first, *middle, done, sorry = ids
    nodes: list[Json] = [{"id": first, "type": "start", "name": "Start", "nextNodeId": ids[1]}]
    for position, (name, timeout) in enumerate(steps):
        following = ids[position + 2]
        nodes.append(_data_action(middle[position], name, timeout, success=following, failure=sorry))
    nodes.append({"id": done, "type": "end", "name": "Ende"})
    nodes.append(
        {"id": sorry, "type": "playAudio", "name": 'Ansage "Leider"', "text": "Das hat leider nicht geklappt 😕."}
    )
    return nodes


def _data_action(node_id: str, name: str, timeout: Any, *, success: str, failure: str) -> Json:
    call: Json = {
        "endpoint": "https://crm.example.com/v2/" + "-".join(name.lower().split()),
        "method": "POST",
        "headers": {"Content-Type": "application/json"},
        "body": {"customer": "${Kunde}", "note": 'Größe "L"'},
    }
    if timeout is not _ABSENT:
        call["timeout"] = timeout
    return {
        "id": node_id,
        "type": "dataAction",
        "name": name,
        "dataAction": call,
        "successNodeId": success,
        "failureNodeId": failure,
    }
