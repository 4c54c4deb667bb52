import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.org.seeds import OrgSeed
from simulator.server import Running, running
from tests.simulator.conftest import Client, Connect

NODES: list[dict[str, Any]] = [
    {"id": "a", "type": "dataAction", "name": "CRM", "dataAction": {"timeout": 3000}, "successNodeId": "b"},
    {"id": "b", "type": "end", "name": "End"},
]
FLOW = "/api/v2/flows/architect-flow-1"


@pytest.fixture(scope="module")
def tutorial(tiny: OrgSeed) -> Iterator[Running]:
    body = json.dumps({"nodes": NODES}).encode()
    seeds = [dataclasses.replace(one, configuration=lambda _label: body) for one in tiny.architect_flows]
    with running(dataclasses.replace(tiny, kind="flowData", architect_flows=seeds)) as one:
        yield one


@pytest.fixture
def client(connect: Connect, tutorial: Running) -> Iterator[Client]:
    yield connect(url=tutorial.url)
    tutorial.org.reset()


def test_an_architect_flow_carries_its_flow_data(client: Client) -> None:
    assert client.architect_flow()["flowData"] == {"nodes": NODES}


def test_the_listing_carries_neither_flow_data_nor_versions(client: Client) -> None:
    entry = client.get("/api/v2/flows")["entities"][0]
    assert not entry.keys() & {"flowData", "publishedVersion", "checkedInVersion", "savedVersion"}


@pytest.mark.parametrize("whole", [True, False])
def test_put_replaces_it_and_counts(client: Client, whole: bool) -> None:
    before = client.architect_flow()
    changed = json.loads(json.dumps(NODES).replace("3000", "10000"))
    body = {"flowData": {"nodes": changed}}
    answer = client("PUT", FLOW, {**before, **body} if whole else body)
    assert answer.status == 200
    after = client.architect_flow()
    assert after == {**before, "flowData": {"nodes": changed}, "version": before["version"] + 1}


def test_a_broken_reference_is_400_and_names_the_node(client: Client) -> None:
    broken = [{**NODES[0], "successNodeId": "gone"}, NODES[1]]
    answer = client("PUT", FLOW, {"flowData": {"nodes": broken}})
    assert answer.status == 400
    assert "CRM" in answer.json()["message"]
    assert "gone" in answer.json()["message"]


@pytest.mark.parametrize("flow_data", [None, {}, {"nodes": None}, {"nodes": [1]}, {"nodes": [NODES[1], NODES[1]]}])
def test_what_is_no_flow_data_is_400(client: Client, flow_data: Any) -> None:
    assert client("PUT", FLOW, {"flowData": flow_data}).status == 400


def test_a_lock_is_409_and_names_the_holder(client: Client) -> None:
    answer = client("PUT", "/api/v2/flows/architect-flow-5", {"flowData": {"nodes": NODES}})
    assert answer.status == 409
    assert "Anna Colleague" in answer.json()["message"]


@pytest.mark.parametrize(
    "path", [f"{FLOW}/latestconfiguration", f"{FLOW}/versions/2.0/configuration", f"{FLOW}/versions"]
)
def test_there_are_no_configurations(client: Client, path: str) -> None:
    assert client("GET", path).status == 404


def test_there_is_no_editing_cycle(client: Client) -> None:
    assert client.act("checkout").status == 404
    assert client.act("publish").status == 404
