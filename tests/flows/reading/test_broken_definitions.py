"""An org whose definitions are broken in every way: none stops the others, none is dropped silently."""

import dataclasses
import json
from typing import Any

import pytest

from flows.audit import audit
from simulator.org.seeds import ArchitectFlowSeed
from simulator.server import running
from tests.environment import point_at
from tests.flows.conftest import report_of
from tests.publishing.scenes import configuration, org_seed


def changed(**values: Any) -> bytes:
    return json.dumps({**json.loads(configuration()), **values}).encode()


def twice_the_same_id() -> bytes:
    document = json.loads(configuration())
    task = document["flowSequenceItemList"][0]
    task["actionList"].append(task["actionList"][0])
    return json.dumps(document).encode()


BROKEN = {
    "an empty object": b"{}",
    "null": b"null",
    "a list": b"[]",
    "no items": changed(flowSequenceItemList=None),
    "items of a wrong type": changed(flowSequenceItemList="none"),
    "an item of a wrong type": changed(flowSequenceItemList=[7]),
    "actions of a wrong type": changed(flowSequenceItemList=[{"__type": "Task", "actionList": {"a": 1}}]),
    "a manifest that knows other steps": changed(manifest={"dataAction": []}),
    "a manifest of a wrong type": changed(manifest=[]),
    "an id twice": twice_the_same_id(),
    "1,200 levels": b'{"flowSequenceItemList":[],"manifest":{},"deep":' + b"[" * 1200 + b"]" * 1200 + b"}",
    "bytes that are no UTF-8": configuration().replace("Störung".encode(), b"St\xf6rung"),
    "a key twice": configuration().replace(
        b'"flowSequenceItemList"', b'"flowSequenceItemList":[],"flowSequenceItemList"'
    ),
}


def test_none_stops_the_others_and_each_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = org_seed()
    broken = [
        ArchitectFlowSeed(
            id=f"00000000-0000-4000-8000-{number:012}",
            name=name,
            type="INBOUNDCALL",
            division_id="home",
            configuration={"1.0": body}.__getitem__,
            published_versions=("1.0",),
        )
        for number, (name, body) in enumerate(BROKEN.items())
    ]
    everything = dataclasses.replace(seed, architect_flows=(*seed.architect_flows, *broken))
    with running(everything) as simulator:
        point_at(simulator.url, monkeypatch)
        state = audit(return_state=True)

    report = report_of(state)
    assert state.name == "Incomplete"
    assert report.coverage.listed == len(BROKEN) + 1
    assert report.coverage.read == 1 + sum(
        name not in {problem.name for problem in report.coverage.problems} for name in BROKEN
    )
    named = {problem.name for problem in report.coverage.problems}
    assert named >= set(BROKEN) - {"1,200 levels"}  # Python 3.12 and newer read that one
    assert all(problem.reason for problem in report.coverage.problems)
    assert [step.step for step in report.steps] == ["Look up the customer"]
