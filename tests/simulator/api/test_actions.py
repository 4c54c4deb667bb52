from typing import Any

import pytest

from simulator.org.org import Org
from tests.simulator.conftest import ACTIONS, CRM, FN, Client, Connect, Switch


def ids(listing: Any) -> set[str]:
    return {one["id"] for one in listing["entities"]}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"custom_-_crm", "custom_-_pay", "static-time", "custom_-_fn"}),
        ("includeAuthActions=true&pageSize=2&sortBy=id", {"custom_-_crm", "custom_-_fn"}),
        ("pageSize=1&pageNumber=2&sortBy=name", {"static-time"}),
    ],
)
def test_a_listing_gives_what_was_asked_for(client: Client, query: str, expected: Any) -> None:
    assert ids(client.get(f"{ACTIONS}?{query}")) == expected


def test_config_and_contract_come_only_when_asked_for(client: Client) -> None:
    assert not client.get(CRM).keys() & {"config", "contract"}
    whole = client.get(f"{CRM}?includeConfig=true&expand=contract")
    assert whole["config"]["timeoutSeconds"] == 10
    assert "contract" in whole


def test_templates_come_by_uri(client: Client) -> None:
    config = client.get(f"{CRM}?includeConfig=true")["config"]
    assert "requestTemplate" not in config["request"]
    assert client("GET", config["request"]["requestTemplateUri"]).data == b"${input.rawRequest}"
    assert client("GET", config["response"]["successTemplateUri"]).data == b"${rawResult}"


def test_a_whole_config_with_templates_changes_only_the_limit(client: Client, org: Org) -> None:
    before = org.state()["actions"]["custom_-_crm"]
    config = client.get(f"{CRM}?includeConfig=true")["config"]
    config["request"]["requestTemplate"] = "${input.rawRequest}"
    config["response"]["successTemplate"] = "${rawResult}"
    answer = client("PATCH", CRM, {"config": {**config, "timeoutSeconds": 20}, "version": 4})
    assert (answer.status, answer.json()["version"]) == (200, 5)
    after = org.state()["actions"]["custom_-_crm"]
    assert after == {**before, "version": 5, "config": {**before["config"], "timeoutSeconds": 20}}


@pytest.mark.parametrize(("keeps", "template"), [(False, b""), (True, b"${input.rawRequest}")])
def test_a_limit_patched_alone_loses_the_templates_by_switch(
    client: Client, switch: Switch, keeps: bool, template: bytes
) -> None:
    switch(action_patch_keeps_templates=keeps)
    client("PATCH", CRM, {"config": {"timeoutSeconds": 20}, "version": 4})
    assert client("GET", f"{CRM}/templates/requesttemplate.vm").data == template


@pytest.mark.parametrize(
    ("call", "body", "written"),
    [
        (f"PATCH {FN}", {"name": "New", "version": 1}, FN),
        (f"PATCH {FN}/draft", {"name": "New", "version": 1}, f"{FN}/draft"),
        (f"PUT {FN}/draft/function", {"zipId": "zip"}, f"{FN}/draft"),
        (f"POST {FN}/draft/publish", {"version": 1}, FN),
    ],
)
def test_the_server_may_add_to_the_config_on_every_write_by_switch(
    client: Client, switch: Switch, call: str, body: Any, written: str
) -> None:
    switch(action_normalises="adds_field")
    client("POST", f"{FN}/draft")
    before = client.get(f"{written}?includeConfig=true")["config"]["response"]
    method, path = call.split()
    assert client(method, path, body).status == 200
    assert client.get(f"{written}?includeConfig=true")["config"]["response"] == {**before, "lastSavedBy": "server"}


@pytest.mark.parametrize("status", [409, 400])
def test_an_outdated_version_is_refused(client: Client, switch: Switch, status: int) -> None:
    switch(action_version_mismatch=status)
    answer = client("PATCH", CRM, {"name": "New", "version": 3})
    assert (answer.status, answer.json()["code"]) == (status, "version.mismatch")


@pytest.mark.parametrize("seconds", [0, 61, 2.5, "10", True])
def test_a_limit_outside_1_to_60_is_refused(client: Client, seconds: object) -> None:
    assert client("PATCH", CRM, {"config": {"timeoutSeconds": seconds}, "version": 4}).status == 400


@pytest.mark.parametrize("action", ["static-time", "custom_auth_-_crm"])
def test_static_and_authentication_actions_take_no_limit(client: Client, action: str) -> None:
    assert client("PATCH", f"{ACTIONS}/{action}", {"config": {"timeoutSeconds": 20}, "version": 1}).status == 400


def test_a_function_keeps_its_own_limit(client: Client) -> None:
    assert client.get(f"{ACTIONS}/custom_-_fn/function")["function"]["timeoutSeconds"] == 15
    assert client("GET", f"{CRM}/function").status == 404


def test_a_function_says_all_that_it_is(client: Client) -> None:
    shown = client.get(f"{FN}/function")
    function = shown["function"]
    assert function.keys() == {
        *("id", "name", "description", "dateCreated", "zipId", "handler", "runtime", "timeoutSeconds")
    }
    assert shown["zip"] == {"status": "Available", "id": function["zipId"], "name": "function.zip"}
    assert (shown["id"], shown["selfUri"]) == ("custom_-_fn", f"{FN}/function")


@pytest.mark.parametrize(("shows", "limit"), [(False, None), (True, 15)])
def test_whether_config_shows_the_limit_of_a_function_is_a_switch(
    client: Client, switch: Switch, shows: bool, limit: int | None
) -> None:
    switch(function_limit_in_config=shows)
    listed = client.get(f"{FN}?includeConfig=true")
    assert listed in client.get(f"{ACTIONS}?includeConfig=true")["entities"]
    assert listed["config"].get("timeoutSeconds") == limit


@pytest.mark.parametrize(
    ("shows", "shown"), [("absent", {}), ("null", {"timeoutSeconds": None}), ("zero", {"timeoutSeconds": 0})]
)
def test_how_a_limit_that_is_not_set_is_shown_is_a_switch(
    client: Client, switch: Switch, shows: str, shown: dict[str, Any]
) -> None:
    switch(unset_limit_shows=shows)
    config = client.get(f"{FN}?includeConfig=true")["config"]
    assert {key: value for key, value in config.items() if key == "timeoutSeconds"} == shown
    assert client.get(f"{CRM}?includeConfig=true")["config"]["timeoutSeconds"]


@pytest.mark.parametrize("shows", ["same", "more_keys", "own_names", "other_contract"])
def test_what_a_draft_shows_otherwise_is_a_switch_and_never_goes_live(
    client: Client, switch: Switch, shows: str
) -> None:
    switch(action_drafts_show=shows)
    wanted = "includeConfig=true&expand=contract"
    live, function = client.get(f"{FN}?{wanted}"), client.get(f"{FN}/function")["function"]
    client("POST", f"{FN}/draft")
    draft, drafted = client.get(f"{FN}/draft?{wanted}"), client.get(f"{FN}/draft/function")["function"]
    assert (draft.get("contract") != live.get("contract"), drafted != function) == (
        shows in ("more_keys", "other_contract"),
        shows == "own_names",
    )
    client("PUT", f"{FN}/draft/function", drafted)
    client("POST", f"{FN}/draft/publish", {"version": 2})
    assert client.get(f"{FN}?{wanted}") == {**live, "version": 2}
    assert client.get(f"{FN}/function")["function"] == function


def test_a_limit_in_the_config_of_a_function_data_action_is_taken_and_means_nothing(client: Client, org: Org) -> None:
    before = org.state()["actions"]["custom_-_fn"]
    config = {"timeoutSeconds": 9, "request": {"requestTemplate": "${input.rawRequest}"}}
    config["response"] = {"successTemplate": "${rawResult}"}
    assert client("PATCH", FN, {"config": config, "version": 1}).status == 200
    assert org.state()["actions"]["custom_-_fn"] == {**before, "version": 2}


@pytest.mark.parametrize("template", [1, ["a"], {}])
def test_a_template_that_is_no_text_is_refused(client: Client, template: Any) -> None:
    assert client("PATCH", CRM, {"config": {"request": {"requestTemplate": template}}, "version": 4}).status == 400


def test_a_refused_patch_changes_nothing(client: Client, org: Org) -> None:
    before = org.state()
    client("PATCH", CRM, {"name": "New", "config": {"timeoutSeconds": 20, "response": []}, "version": 4})
    assert org.state() == before


def test_a_reader_may_not_patch(connect: Connect) -> None:
    assert connect("demo-reader")("PATCH", CRM, {"version": 4}).status == 403


def test_a_deleted_action_is_gone(client: Client, org: Org) -> None:
    org.delete_action("custom_-_crm")
    assert client("GET", CRM).status == 404
