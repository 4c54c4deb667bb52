"""A tiny org of our own, and a plain HTTP client: nothing here knows the pipeline."""

import base64
import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import urllib3

from simulator.org.org import Org
from simulator.org.people import PersonAction, PersonActionKind
from simulator.org.seeds import ActionSeed, ArchitectFlowSeed, DivisionSeed, OrgSeed, PersonSeed
from simulator.org.versions import Actor
from simulator.server import Running, running

Connect = Callable[..., "Client"]
Switch = Callable[..., None]

ANNA = PersonSeed("person-anna", "Anna Colleague")
HOME = DivisionSeed("division-home", "Home")
BRANCH = DivisionSeed("division-branch", "Branch")


def step(step_id: str = "step-1", text: str = "P0D0H0M3S0F", **keys: Any) -> dict[str, Any]:
    return {
        "actionName": "Get customer",
        "actionId": "custom_-_crm",
        "useSuggestedTimeout": False,
        "trackingId": 11,
        "id": step_id,
        "name": "Ask the CRM, öäü ☎",
        "__type": "DataAction",
        "timeout": {"config": {"lit": {"pos": 1, "text": text, "type": "dur"}}, "text": text, "type": "dur"},
        "paths": [{"outputId": "__SUCCESS__", "nextActionId": "end"}],
        **keys,
    }


def configuration(*steps: dict[str, Any], **keys: Any) -> dict[str, Any]:
    actions = [*(steps or (step(),)), {"id": "end", "name": "End", "__type": "DisconnectAction"}]
    task = {"id": "task", "name": "Task", "__type": "Task", "startAction": actions[0]["id"], "actionList": actions}
    return {"name": "Flow", "initialSequence": "task", "flowSequenceItemList": [task], **keys}


def _configuration(label: str) -> bytes:
    return json.dumps(configuration(description=f"content of {label}"), ensure_ascii=False).encode()


def _architect_flow(number: int, **keys: Any) -> ArchitectFlowSeed:
    values: dict[str, Any] = {
        "id": f"architect-flow-{number}",
        "name": f"Flow {number}",
        "type": "inboundcall",
        "division_id": HOME.id,
        "configuration": _configuration,
        "description": f"The {number}. of them",
        "published_versions": ("1.0", "2.0"),
        "published_by": ANNA,
    }
    return ArchitectFlowSeed(**{**values, **keys})


def person_action(
    kind: PersonActionKind, person: Actor, architect_flow: str = "architect-flow-1", **keys: Any
) -> PersonAction:
    return PersonAction(kind=kind, person=person, architect_flow_id=architect_flow, **keys)


ACTIONS = "/api/v2/integrations/actions"
CRM, FN = f"{ACTIONS}/custom_-_crm", f"{ACTIONS}/custom_-_fn"

SEEDS = (
    ActionSeed(
        "custom_-_crm",
        "Get customer",
        "CRM",
        "integration-crm",
        version=4,
        config={
            "timeoutSeconds": 10,
            "request": {
                "requestUrlTemplate": "https://crm.example/${input.id}",
                "requestType": "GET",
                "headers": {"A": "b"},
            },
            "response": {"translationMap": {"name": "$.name"}, "translationMapDefaults": {"name": "''"}},
        },
        contract={
            "input": {"inputSchema": {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}},
            "output": {"successSchema": {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object"}},
        },
    ),
    ActionSeed("custom_-_pay", "Pay", "Payments", "integration-pay", secure=True),
    ActionSeed("static-time", "Get time", "Genesys", "integration-static"),
    ActionSeed("custom_auth_-_crm", "Log in", "CRM", "integration-crm"),
    ActionSeed("custom_-_fn", "Score", "Function Data Actions", "integration-fn", function_timeout_seconds=15),
)

ORG = OrgSeed(
    "org-1",
    "Tiny",
    "architect",
    (HOME, BRANCH),
    (ANNA,),
    SEEDS,
    (
        _architect_flow(1),
        _architect_flow(2, type="bot", name="Ask me", division_id=BRANCH.id),
        _architect_flow(3, type="workflow", published_versions=(), draft="saved"),
        _architect_flow(4, type="securecall", draft="checked_in"),
        _architect_flow(5, locked_by=ANNA),
        _architect_flow(6, draft="saved", drafted_by=ANNA),
        _architect_flow(7, published_versions=(), draft="none"),
    ),
)


class Client:
    """Speaks HTTP with an org: `answer.status`, `answer.json()`, nothing repeated, nothing followed."""

    def __init__(self, url: str, client: str = "demo-writer") -> None:
        self.pool = urllib3.PoolManager(timeout=5, retries=False)
        self.url = url
        self.client = client
        self.token = ""

    def log_in(self, secret: str | None = None, body: bytes = b"grant_type=client_credentials") -> Any:
        credentials = base64.b64encode(f"{self.client}:{secret or self.client + '-secret'}".encode()).decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self.pool.request("POST", f"{self.url}/oauth/token", headers=headers, body=body)
        if answer.status == 200:
            self.token = answer.json()["access_token"]
        return answer

    def __call__(self, method: str, path: str, body: Any = None, **keys: Any) -> Any:
        if not self.token:
            self.log_in()
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        sent = None if method == "GET" else raw
        return self.pool.request(method, f"{self.url}{path}", headers=headers, body=sent, **keys)

    def get(self, path: str) -> Any:
        answer = self("GET", path)
        assert answer.status == 200, answer.data
        return answer.json()

    def act(self, action: str, architect_flow: str = "architect-flow-1", **query: str) -> Any:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return self("POST", f"/api/v2/flows/actions/{action}?flow={architect_flow}{more}")

    def save(self, body: Any = None, architect_flow: str = "architect-flow-1") -> Any:
        return self("POST", f"/api/v2/flows/{architect_flow}/versions", configuration() if body is None else body)

    def architect_flow(self, architect_flow: str = "architect-flow-1") -> Any:
        return self.get(f"/api/v2/flows/{architect_flow}")


@pytest.fixture(scope="session")
def tiny() -> OrgSeed:
    return ORG


@pytest.fixture(scope="session")
def simulator() -> Iterator[Running]:
    with running(ORG) as one:
        yield one


@pytest.fixture
def org(simulator: Running) -> Iterator[Org]:
    switches, clients = simulator.org.world.switches, dict(simulator.org.tokens.clients)
    yield simulator.org
    simulator.org.set_switches(switches)
    simulator.org.tokens.clients = clients
    simulator.org.limit_rate(None)
    simulator.org.reset()


@pytest.fixture
def connect(simulator: Running, org: Org) -> Connect:  # noqa: ARG001 - org is put back after each test
    return lambda client="demo-writer", url=simulator.url: Client(url, client)


@pytest.fixture
def client(connect: Connect) -> Client:
    one = connect()
    one.log_in()
    return one


@pytest.fixture
def anna(org: Org) -> Actor:
    return org.person("Anna Colleague")


@pytest.fixture
def switch(org: Org) -> Switch:
    return lambda **values: org.set_switches(dataclasses.replace(org.world.switches, **values))
