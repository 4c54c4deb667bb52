"""The limits of an org (docs/platform.md#org-limits)."""

import json
from typing import Any

import pytest

from simulator.clients import OAuthClient
from simulator.org.org import Org
from tests.simulator.conftest import Client, Connect

LIMITS = "/api/v2/organizations/limits/namespaces"
CONCURRENT = "actions.concurrent.executions.max"


def values(answer: Any) -> dict[str, int]:
    return {one["key"]: one["value"] for one in answer["entities"]}


def test_fifty_data_actions_may_run_at_once_unless_the_org_was_granted_more(client: Client, org: Org) -> None:
    assert values(client.get(f"{LIMITS}/dataactions"))[CONCURRENT] == 50
    org.grant_limit("dataactions", CONCURRENT, 120)

    assert values(client.get(f"{LIMITS}/dataactions"))[CONCURRENT] == 120
    assert values(client.get(f"{LIMITS}/dataactions/defaults"))[CONCURRENT] == 50


@pytest.mark.parametrize("namespace", ["dataactions", "architect", "platform.api"])
def test_a_limit_names_its_namespace(client: Client, org: Org, namespace: str) -> None:
    org.grant_limit(namespace, "some.max", 7)
    found = client.get(f"{LIMITS}/{namespace}")["entities"]

    assert {"key": "some.max", "namespace": namespace, "value": 7} in found
    assert {one["namespace"] for one in found} == {namespace}


def test_limits_take_a_token_and_no_permission(connect: Connect, org: Org) -> None:
    org.add_client(OAuthClient("bare", "bare-secret", "Bare", frozenset()))

    assert connect("bare")("GET", f"{LIMITS}/dataactions").status == 200


def test_another_namespace_is_not_found(client: Client) -> None:
    assert client("GET", f"{LIMITS}/weather").status == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"namespace": "dataactions", "key": CONCURRENT, "value": 15}, 200),
        ({"namespace": "weather", "key": "rain.max", "value": 15}, 400),
        ({"namespace": "dataactions", "key": CONCURRENT, "value": "15"}, 400),
        ({"namespace": "dataactions", "key": CONCURRENT, "value": -1}, 400),
    ],
)
def test_the_control_plane_grants_limits(client: Client, org: Org, body: Any, status: int) -> None:
    assert client.pool.request("POST", f"{client.url}/simulator/limits", body=json.dumps(body)).status == status
    org.reset()

    assert values(client.get(f"{LIMITS}/dataactions"))[CONCURRENT] == 50
