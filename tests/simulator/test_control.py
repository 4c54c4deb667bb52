import json
from collections.abc import Callable
from typing import Any

import pytest

from simulator.org.org import Org
from tests.simulator.conftest import CRM, Client, Connect

Control = Callable[..., Any]


@pytest.fixture
def control(client: Client) -> Control:
    def call(method: str, path: str, body: Any = None) -> Any:
        raw = None if body is None else json.dumps(body)
        return client.pool.request(method, f"{client.url}/simulator/{path}", body=raw)

    return call


def test_reset_puts_everything_back(client: Client, org: Org, control: Control) -> None:
    before = org.state(bodies=True)
    client.act("checkout"), client.save(), client.act("publish"), client.architect_flow(), client.architect_flow()
    client("PATCH", CRM, {"config": {}, "version": 4})
    assert org.state(bodies=True) != before
    control("POST", "reset")
    assert org.state(bodies=True) == before
    assert org.log == []


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:8000"])
def test_a_page_that_somebody_has_open_beside_it_commands_nothing(client: Client, org: Org, origin: str) -> None:
    """A POST of plain text needs no leave, and any page may send one to loopback."""
    client.act("checkout")
    before = org.state(bodies=True)

    headers = {"Origin": origin, "Content-Type": "text/plain"}
    answer = client.pool.request("POST", f"{client.url}/simulator/reset", headers=headers)

    assert answer.status == 403
    assert org.state(bodies=True) == before


@pytest.mark.parametrize("path", ["/simulator/state", "/simulator/log", "/api/v2/flows"])
def test_a_page_whose_host_name_is_led_to_this_machine_reads_nothing(client: Client, org: Org, path: str) -> None:
    """Its requests are of its own origin, so that a GET of it names none; but the host is its own."""
    answer = client.pool.request("GET", f"{client.url}{path}", headers={"Host": "evil.example:4400"})

    assert (answer.status, answer.data) == (400, b"Invalid host header")
    assert [call.path for call in org.log] == ["/oauth/token"], "the login of the client itself"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_this_machine_is_called_by_both_its_names(client: Client, name: str) -> None:
    assert client.pool.request("GET", f"{client.url}/simulator/log", headers={"Host": f"{name}:4400"}).status == 200


def test_the_state_shows_bodies_and_single_architect_flows_when_asked_for(control: Control) -> None:
    state = control("GET", "state?bodies=true&architect_flow_id=architect-flow-1").json()["architectFlows"]
    assert list(state) == ["architect-flow-1"]
    assert "content of 2.0" in state["architect-flow-1"]["versions"][-1]["text"]
    assert "text" not in state["architect-flow-1"]["versions"][0]


def test_the_log_can_be_read_and_cleared(client: Client, control: Control) -> None:
    client.get("/api/v2/organizations/me")
    assert control("GET", "log").json()[-1]["path"] == "/api/v2/organizations/me"
    control("DELETE", "log")
    assert control("GET", "log").json() == []


def test_faults_are_set_and_taken_away_and_never_meet_the_control_plane(client: Client, control: Control) -> None:
    control("POST", "faults", {"kind": "status", "status": 500, "match": {"path": "**", "times": None}})
    assert client("GET", "/api/v2/organizations/me").status == 500
    assert control("DELETE", "faults").status == 200
    assert client("GET", "/api/v2/organizations/me").status == 200


def test_switches_and_publishes_are_set(client: Client, control: Control) -> None:
    assert control("POST", "switches", {"publish_of_saved": "refuses"}).json()["publish_of_saved"] == "refuses"
    control("POST", "publishing", {"ending": "never", "architect_flow_id": "architect-flow-4"})
    client.act("publish", "architect-flow-4")
    assert client.act("checkout", "architect-flow-4").status == 409


def test_time_passes_and_clients_come(client: Client, connect: Connect, control: Control) -> None:
    control("POST", "clients", {"id": "new", "secret": "new-secret", "permissions": ["architect:flow:view"]})
    assert connect("new").get("/api/v2/flows")["total"] == 7
    control("POST", "clock", {"advance_ms": 86_400_000})
    assert client("GET", "/api/v2/flows").status == 401


def test_tokens_expire_at_once(client: Client, control: Control) -> None:
    control("POST", "tokens/expire")
    assert client("GET", "/api/v2/flows").status == 401


def test_people_act_at_once_or_later(client: Client, control: Control) -> None:
    act = {"kind": "save_draft", "person": "Bob", "architect_flow_id": "architect-flow-1", "text": '{"a":1}'}
    assert control("POST", "people", act).json() == {"refused": ""}
    later = {"kind": "unlock", "architect_flow_id": "architect-flow-1", "before": {"path": "/api/v2/flows/*"}}
    assert control("POST", "people", later).json() == {"scheduled": "before"}
    assert client.architect_flow()["checkedInVersion"]["id"] == "3.0"
    assert [done["kind"] for done in control("GET", "people").json()] == ["save_draft", "unlock"]


def test_people_act_on_actions_at_once_or_later(client: Client, control: Control) -> None:
    act = {"kind": "limit_action", "action_id": "custom_-_crm", "timeout_seconds": 33}
    assert control("POST", "people", act).json() == {"refused": ""}
    later = {"kind": "rename_action", "action_id": "custom_-_crm", "name": "Better", "after": {"method": "GET"}}
    assert control("POST", "people", later).json() == {"scheduled": "after"}
    crm = f"{CRM}?includeConfig=true"
    first, second = client.get(crm), client.get(crm)
    assert (first["config"]["timeoutSeconds"], first["name"], second["name"]) == (33, "Get customer", "Better")
    done = control("GET", "people").json()
    assert [(one["kind"], one["action_id"]) for one in done] == [
        ("limit_action", "custom_-_crm"),
        ("rename_action", "custom_-_crm"),
    ]


def test_the_rate_limit_is_set(client: Client, control: Control) -> None:
    control("POST", "rate-limit", {"per_minute": 1})
    assert [client("GET", "/api/v2/flows").status for _ in range(2)] == [200, 429]


def test_an_action_is_deleted(client: Client, control: Control) -> None:
    control("DELETE", "actions/custom_-_crm")
    assert client("GET", CRM).status == 404


def test_drafts_of_an_action_are_made_invalid_and_valid_again(client: Client, control: Control) -> None:
    draft = f"{CRM}/draft"
    client("POST", draft)
    control("POST", "actions/custom_-_crm/validation", {"errors": ["No URL.", "No type."]})
    said = client.get(f"{draft}/validation")
    assert (said["valid"], [error["message"] for error in said["errors"]]) == (False, ["No URL.", "No type."])
    refused = client("POST", f"{draft}/publish", {"version": 4})
    assert (refused.status, refused.json()["message"]) == (400, "The draft is not valid: No URL. No type.")
    control("POST", "actions/custom_-_crm/validation", {"errors": []})
    assert client.get(f"{draft}/validation") == {"valid": True, "errors": []}
    assert client("POST", f"{draft}/publish", {"version": 4}).status == 200


def test_a_reset_lets_drafts_be_valid_again(client: Client, control: Control) -> None:
    draft = f"{CRM}/draft"
    control("POST", "actions/custom_-_crm/validation", {"errors": ["No URL."]})
    control("POST", "reset")
    client("POST", draft)
    assert client.get(f"{draft}/validation")["valid"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("actions/custom_-_crm/validation", {}),
        ("actions/custom_-_crm/validation", {"errors": "No URL."}),
        ("faults", {"kind": "gremlin"}),
        ("faults", {"kind": "hang", "match": {"color": "red"}}),
        ("switches", {"no_such": 1}),
        ("switches", {"normalises": "everything"}),
        ("switches", {"request_bytes_max": "much"}),
        ("people", {"kind": "dance", "architect_flow_id": "x"}),
        ("people", {"kind": "edit_action", "architect_flow_id": "architect-flow-1"}),
        ("clock", {}),
    ],
)
def test_a_command_that_is_not_understood_is_400_and_says_why(control: Control, path: str, body: Any) -> None:
    answer = control("POST", path, body)
    assert answer.status == 400
    assert answer.json()["problem"]


def test_an_unknown_action_cannot_be_deleted_or_planned_for(control: Control) -> None:
    assert control("DELETE", "actions/none").status == 404
    assert control("POST", "actions/none/validation", {"errors": []}).status == 404
