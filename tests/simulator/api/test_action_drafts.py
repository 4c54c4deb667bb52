import json
from typing import Any

import pytest

from simulator.clients import WRITING, OAuthClient
from simulator.org.org import Org
from tests.simulator.conftest import ACTIONS, CRM, FN, Client, Connect, Switch

STATIC = f"{ACTIONS}/static-time"
DRAFT, FUNCTION = f"{CRM}/draft", f"{FN}/draft/function"


@pytest.fixture
def drafted(client: Client) -> Client:
    """A client that has made a draft of the CRM's action and one of the function data action."""
    assert [client("POST", f"{path}/draft").status for path in (CRM, FN)] == [200, 200]
    return client


@pytest.fixture
def deleter(connect: Connect, org: Org) -> Client:
    org.add_client(OAuthClient("deleter", "deleter-secret", "Deleter", WRITING | {"integrations:action:delete"}))
    return connect("deleter")


def whole(client: Client, path: str, **values: Any) -> dict[str, Any]:
    """The config as it has to be sent: with the texts that GET gives by URI."""
    config: dict[str, Any] = client.get(f"{path}?includeConfig=true")["config"]
    for part, name in (("request", "requestTemplate"), ("response", "successTemplate")):
        config[part][name] = client("GET", config[part][f"{name}Uri"]).data.decode()
    return {**config, **values}


def function_of(client: Client, path: str = FUNCTION) -> dict[str, Any]:
    function: dict[str, Any] = client.get(path)["function"]
    return function


def test_a_draft_is_a_copy_of_the_published_action(client: Client) -> None:
    made = client("POST", DRAFT)
    query = "?includeConfig=true&expand=contract"
    action, draft = client.get(CRM + query), client.get(DRAFT + query)
    assert made.status == 200
    assert json.loads(json.dumps(draft).replace(DRAFT, CRM)) == action
    assert client("GET", draft["config"]["request"]["requestTemplateUri"]).data == b"${input.rawRequest}"
    assert client("GET", f"{DRAFT}/templates/none.vm").status == 404


def test_the_draft_of_a_function_data_action_has_the_function_too(drafted: Client) -> None:
    assert function_of(drafted) == function_of(drafted, f"{FN}/function")
    assert drafted("GET", f"{DRAFT}/function").status == 404


def test_config_and_contract_of_a_draft_come_only_when_asked_for(drafted: Client) -> None:
    assert not drafted.get(DRAFT).keys() & {"config", "contract"}


@pytest.mark.parametrize(
    ("method", "below"),
    [
        ("GET", ""),
        ("PATCH", ""),
        ("DELETE", ""),
        ("GET", "/templates/requesttemplate.vm"),
        ("GET", "/validation"),
        ("POST", "/publish"),
        ("GET", "/function"),
        ("PUT", "/function"),
    ],
)
def test_where_there_is_no_draft_there_is_nothing_to_read_or_change(deleter: Client, method: str, below: str) -> None:
    assert deleter(method, f"{FN}/draft{below}", {"version": 1}).status == 404


def test_nobody_can_make_a_draft_of_a_static_or_a_deleted_action(client: Client, org: Org) -> None:
    org.delete_action("custom_-_crm")
    assert [client("POST", f"{path}/draft").status for path in (STATIC, CRM)] == [400, 404]


def test_an_edit_of_a_draft_leaves_the_action_as_it_is(drafted: Client, org: Org) -> None:
    before = org.state()["actions"]["custom_-_crm"]
    answer = drafted("PATCH", DRAFT, {"config": whole(drafted, DRAFT, timeoutSeconds=20), "name": "New", "version": 4})
    after = org.state()["actions"]["custom_-_crm"]
    assert (answer.status, answer.json()["config"]["timeoutSeconds"], answer.json()["name"]) == (200, 20, "New")
    assert {**after, "draft": None} == {**before, "draft": None}
    assert after["draft"]["config"] == {**before["config"], "timeoutSeconds": 20}


def test_a_published_draft_is_the_actions_next_version_and_gone(drafted: Client, org: Org) -> None:
    before = org.state()["actions"]["custom_-_crm"]
    drafted("PATCH", DRAFT, {"config": whole(drafted, DRAFT, timeoutSeconds=20), "version": 4})
    drafted("PATCH", DRAFT, {"name": "New", "version": 5})
    answer = drafted("POST", f"{DRAFT}/publish", {"version": 6})
    assert (answer.status, answer.json()["version"], answer.json()["selfUri"]) == (200, 5, CRM)
    assert drafted("GET", DRAFT).status == 404
    expected = {"version": 5, "name": "New", "config": {**before["config"], "timeoutSeconds": 20}, "draft": None}
    assert org.state()["actions"]["custom_-_crm"] == {**before, **expected}


def test_contract_and_secure_are_changed_through_a_draft_alone(drafted: Client) -> None:
    values = {"contract": {"input": {"inputSchema": {"type": "object"}}}, "secure": True}
    drafted("PATCH", FN, {**values, "version": 1})
    drafted("PATCH", DRAFT, {**values, "version": 4}), drafted("POST", f"{DRAFT}/publish", {"version": 5})
    query = "?expand=contract"
    crm, fn = drafted.get(CRM + query), drafted.get(FN + query)
    assert (crm["contract"], crm["secure"]) == (values["contract"], True)
    assert "contract" not in fn
    assert fn["secure"] is False


@pytest.mark.parametrize("values", [{"contract": []}, {"secure": "yes"}, {"config": []}])
def test_a_draft_takes_nothing_that_is_malformed(drafted: Client, org: Org, values: Any) -> None:
    before = org.state()
    assert drafted("PATCH", DRAFT, {**values, "version": 4}).status == 400
    assert org.state() == before


@pytest.mark.parametrize(("keeps", "template"), [(False, b""), (True, b"${input.rawRequest}")])
def test_a_limit_sent_alone_loses_the_templates_of_the_draft_by_switch(
    drafted: Client, switch: Switch, keeps: bool, template: bytes
) -> None:
    switch(action_patch_keeps_templates=keeps)
    drafted("PATCH", DRAFT, {"config": {"timeoutSeconds": 20}, "version": 4})
    assert drafted("GET", f"{DRAFT}/templates/requesttemplate.vm").data == template
    assert drafted("GET", f"{CRM}/templates/requesttemplate.vm").data == b"${input.rawRequest}"


@pytest.mark.parametrize("seconds", [0, 61, 2.5, "10", True])
def test_a_limit_of_a_draft_is_from_1_to_60(drafted: Client, seconds: object) -> None:
    assert drafted("PATCH", DRAFT, {"config": {"timeoutSeconds": seconds}, "version": 4}).status == 400


@pytest.mark.parametrize(("shows", "versions"), [("own", [1, 2, 3]), ("published", [1, 1, 1])])
def test_whether_an_edit_raises_the_version_of_the_draft_is_a_switch(
    client: Client, switch: Switch, shows: str, versions: list[int]
) -> None:
    switch(draft_version=shows)
    seen = [client("POST", f"{FN}/draft").json()["version"]]
    seen.append(client("PATCH", f"{FN}/draft", {"name": "New", "version": seen[-1]}).json()["version"])
    client("PUT", FUNCTION, function_of(client))
    seen.append(client.get(f"{FN}/draft")["version"])
    assert seen == versions
    assert client("POST", f"{FN}/draft/publish", {"version": seen[-1]}).json()["version"] == 2


@pytest.mark.parametrize("status", [409, 400])
@pytest.mark.parametrize("body", [{"version": 3}, {"version": 5}, {}])
def test_the_version_of_the_draft_has_to_be_named(drafted: Client, switch: Switch, status: int, body: Any) -> None:
    switch(action_version_mismatch=status)
    for method, path in (("PATCH", DRAFT), ("POST", f"{DRAFT}/publish")):
        answer = drafted(method, path, body)
        assert (answer.status, answer.json()["code"]) == (status, "version.mismatch")


@pytest.mark.parametrize("shows", ["own", "published"])
@pytest.mark.parametrize(("wants", "statuses"), [("draft", [409, 200]), ("next", [200, 404])])
def test_whether_a_publish_names_the_version_of_the_draft_or_the_next_is_a_switch(
    drafted: Client, switch: Switch, shows: str, wants: str, statuses: list[int]
) -> None:
    switch(draft_version=shows, draft_publish_wants=wants)
    drafted("PATCH", DRAFT, {"name": "New", "version": 4})
    version = drafted.get(DRAFT)["version"]
    named = (version + 1, version)
    assert [drafted("POST", f"{DRAFT}/publish", {"version": one}).status for one in named] == statuses
    assert drafted.get(CRM)["name"] == "New"


@pytest.mark.parametrize(("setting", "status"), [("conflict", 409), ("ok", 200)])
def test_a_second_draft_is_refused_or_is_the_first_by_switch(
    drafted: Client, switch: Switch, setting: str, status: int
) -> None:
    switch(second_draft=setting)
    drafted("PATCH", DRAFT, {"name": "New", "version": 4})
    assert drafted("POST", DRAFT).status == status
    assert drafted.get(DRAFT)["name"] == "New"


@pytest.mark.parametrize(
    ("setting", "status", "draft"), [("keeps", 200, True), ("discards", 200, False), ("conflict", 409, True)]
)
def test_what_a_patch_of_the_action_does_to_its_draft_is_a_switch(
    drafted: Client, switch: Switch, setting: str, status: int, draft: bool
) -> None:
    switch(action_patch_and_draft=setting)
    assert drafted("PATCH", CRM, {"name": "New", "version": 4}).status == status
    assert drafted.get(CRM)["version"] == (5 if status == 200 else 4)
    assert (drafted("GET", DRAFT).status == 200) is draft


@pytest.mark.parametrize("shows", ["own", "published"])
@pytest.mark.parametrize(("setting", "status"), [("conflict", 409), ("overwrites", 200)])
def test_a_draft_of_an_action_that_was_changed_since_goes_live_over_it_by_switch(
    drafted: Client, switch: Switch, shows: str, setting: str, status: int
) -> None:
    switch(stale_draft_publish=setting, draft_version=shows)
    drafted("PATCH", CRM, {"name": "New", "version": 4})
    version = drafted.get(DRAFT)["version"]
    assert drafted("POST", f"{DRAFT}/publish", {"version": version}).status == status
    action = drafted.get(CRM)
    assert (action["name"], action["version"]) == (("New", 5) if setting == "conflict" else ("Get customer", 6))


def test_a_function_waits_as_long_as_its_published_draft_says(drafted: Client, org: Org) -> None:
    before = org.state()["actions"]["custom_-_fn"]
    answer = drafted("PUT", FUNCTION, {**function_of(drafted), "timeoutSeconds": 7})
    assert (answer.status, answer.json()["function"]["timeoutSeconds"], answer.json()["id"]) == (200, 7, "custom_-_fn")
    assert function_of(drafted, f"{FN}/function")["timeoutSeconds"] == 15
    drafted("POST", f"{FN}/draft/publish", {"version": 2})
    function = {**before["function"], "timeoutSeconds": 7}
    assert org.state()["actions"]["custom_-_fn"] == {**before, "version": 2, "function": function, "draft": None}


@pytest.mark.parametrize("seconds", [0, 16, 30, 2.5, "10", True])
def test_a_limit_of_a_function_outside_1_to_15_is_refused(drafted: Client, seconds: object) -> None:
    before = function_of(drafted)
    assert drafted("PUT", FUNCTION, {**before, "timeoutSeconds": seconds}).status == 400
    assert function_of(drafted) == before


def test_only_an_action_that_has_a_function_takes_one(drafted: Client) -> None:
    assert drafted("PUT", f"{DRAFT}/function", {"timeoutSeconds": 10}).status == 404


def test_a_function_that_is_put_loses_what_is_not_sent(drafted: Client) -> None:
    before = function_of(drafted)
    after = drafted("PUT", FUNCTION, {"id": "other", "runtime": "nodejs22.x"}).json()
    kept = {key: before[key] for key in ("id", "name", "dateCreated")}
    assert after["function"] == {**kept, "runtime": "nodejs22.x", "timeoutSeconds": 15}
    assert "zip" not in after


def test_a_function_that_is_put_keeps_what_is_not_sent_by_switch(drafted: Client, switch: Switch) -> None:
    switch(function_put_merges=True)
    before = function_of(drafted)
    drafted("PUT", FUNCTION, {"timeoutSeconds": 7})
    assert function_of(drafted) == {**before, "timeoutSeconds": 7}


def test_a_draft_is_valid_as_it_is_made(drafted: Client) -> None:
    assert drafted.get(f"{DRAFT}/validation") == {"valid": True, "errors": []}


def test_a_function_without_code_is_not_valid_and_not_published(drafted: Client) -> None:
    drafted("PUT", FUNCTION, {"timeoutSeconds": 7})
    said = drafted.get(f"{FN}/draft/validation")
    assert (said["valid"], len(said["errors"]), said["errors"][0]["status"]) == (False, 1, 400)
    answer = drafted("POST", f"{FN}/draft/publish", {"version": 2})
    assert answer.status == 400
    assert said["errors"][0]["message"] in answer.json()["message"]
    assert drafted.get(FN)["version"] == 1


def test_a_discarded_draft_leaves_no_trace_and_the_answer_no_body(deleter: Client, org: Org) -> None:
    before = org.state()
    deleter("POST", DRAFT), deleter("PATCH", DRAFT, {"name": "New", "version": 4})
    answer = deleter("DELETE", DRAFT)
    assert (answer.status, answer.data, answer.headers.get("content-type")) == (204, b"", None)
    assert org.state() == before


def test_the_writer_may_not_discard_a_draft(drafted: Client) -> None:
    assert drafted("DELETE", DRAFT).status == 403
    assert drafted("GET", DRAFT).status == 200


def test_a_reader_sees_drafts_and_changes_none(drafted: Client, connect: Connect) -> None:
    reader = connect("demo-reader")
    readable = [f"{FN}/draft{below}" for below in ("", "/function", "/templates/requesttemplate.vm")]
    assert [reader("GET", path).status for path in readable] == [200] * 3
    edits = [("POST", DRAFT), ("PATCH", DRAFT), ("DELETE", DRAFT), ("POST", f"{DRAFT}/publish"), ("PUT", FUNCTION)]
    assert [reader(method, path, {"version": 4}).status for method, path in edits] == [403] * 5
    assert drafted.get(CRM)["version"] == 4


def test_to_validate_a_draft_takes_the_permission_to_edit_it(drafted: Client, connect: Connect) -> None:
    assert connect("demo-reader")("GET", f"{DRAFT}/validation").status == 403
    assert drafted("GET", f"{DRAFT}/validation").status == 200


def test_the_draft_goes_with_a_deleted_action(drafted: Client, org: Org) -> None:
    org.delete_action("custom_-_crm")
    assert drafted("GET", DRAFT).status == 404
    assert org.state()["actions"]["custom_-_crm"]["draft"] is None


def test_a_reset_drops_drafts_and_changed_functions(drafted: Client, org: Org) -> None:
    drafted("PUT", FUNCTION, {**function_of(drafted), "timeoutSeconds": 7})
    drafted("POST", f"{FN}/draft/publish", {"version": 2})
    org.reset()
    assert org.state()["actions"]["custom_-_fn"]["function"]["timeoutSeconds"] == 15
    assert org.state()["actions"]["custom_-_crm"]["draft"] is None
