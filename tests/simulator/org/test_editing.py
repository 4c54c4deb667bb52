import json
from typing import Any

import pytest

from simulator.org.content.documents import to_bytes
from simulator.org.org import Org
from tests.simulator.conftest import Client, Switch, configuration


def test_the_cycle_from_checkout_to_publish_moves_the_label_by_one(client: Client) -> None:
    assert client.act("checkout").json()["lockedClient"]["id"] == "demo-writer"
    body = json.dumps(configuration(description="new")).encode()
    assert client.save(body).json()["type"] == "SAVE"
    operation = client.act("publish").json()
    running, done = client.architect_flow(), client.architect_flow()
    assert running["currentOperation"] == operation
    assert (done["currentOperation"]["id"], done["currentOperation"]["actionStatus"]) == (operation["id"], "SUCCESS")
    assert done["publishedVersion"]["id"] == "3.0"
    assert "lockedClient" not in done
    assert "savedVersion" not in done


def test_saved_bytes_are_kept_as_they_came(client: Client, org: Org) -> None:
    odd = json.dumps(configuration(), indent=3).replace('"Flow"', '"Fl\\u006fw \\/ \U0001f600"').encode() + b"\n "
    client.act("checkout")
    client.save(odd)
    latest = client("GET", "/api/v2/flows/architect-flow-1/latestconfiguration")
    assert latest.data == odd
    client.act("publish")
    client.architect_flow(), client.architect_flow()
    assert org.configuration("architect-flow-1") == odd


def test_a_checkout_of_a_locked_architect_flow_names_the_holder(client: Client) -> None:
    answer = client.act("checkout", "architect-flow-5")
    assert (answer.status, answer.json()["code"]) == (409, "architect.flow.locked.by.user")
    assert "Anna Colleague" in answer.json()["message"]


@pytest.mark.parametrize(("setting", "status"), [("conflict", 409), ("ok", 200)])
def test_a_second_checkout_is_a_switch(client: Client, switch: Switch, setting: Any, status: int) -> None:
    switch(second_checkout=setting)
    client.act("checkout")
    assert client.act("checkout").status == status


@pytest.mark.parametrize(("setting", "status"), [(True, 409), (False, 200)])
def test_saving_without_a_checkout_is_a_switch(client: Client, switch: Switch, setting: Any, status: int) -> None:
    switch(save_needs_checkout=setting)
    assert client.save().status == status


def test_saving_over_a_persons_lock_is_refused(client: Client) -> None:
    assert client.save(architect_flow="architect-flow-5").json()["code"] == "architect.flow.locked.by.user"


@pytest.mark.parametrize(
    ("leaves", "lock", "saved"), [("nothing", False, False), ("lock", True, False), ("saved_draft", False, True)]
)
def test_what_revert_leaves_is_a_switch(client: Client, switch: Switch, leaves: str, lock: bool, saved: bool) -> None:
    switch(revert_leaves=leaves)
    client.act("checkout"), client.save()
    after = client.act("revert").json()
    assert ("lockedClient" in after, "savedVersion" in after) == (lock, saved)


@pytest.mark.parametrize(("revert_of_running", "status"), [("conflict", 409), ("cancels", 200)])
def test_what_a_revert_does_to_a_publish_that_runs_is_a_switch(
    client: Client, switch: Switch, revert_of_running: str, status: int
) -> None:
    switch(revert_of_running=revert_of_running)
    client.act("checkout"), client.save(), client.act("publish")
    assert client.act("revert").status == status
    assert ("currentOperation" in client.architect_flow()) is (status == 409)


def test_revert_without_the_lock_is_refused(client: Client) -> None:
    assert client.act("revert").json()["code"] == "architect.flow.not.locked.by.user"


def test_a_checkout_may_show_no_saved_version_by_switch(client: Client, switch: Switch) -> None:
    switch(checkout_makes_saved_version=False)
    assert "savedVersion" not in client.act("checkout").json()


def test_the_locks_client_may_be_shown_as_another_by_switch(client: Client, switch: Switch) -> None:
    switch(locked_client_shows="other_id")
    assert client.act("checkout").json()["lockedClient"]["id"] != "demo-writer"


@pytest.mark.parametrize("normalises", ["key_order", "adds_field", "reformats"])
def test_what_the_server_normalises_is_a_switch(client: Client, switch: Switch, normalises: str) -> None:
    switch(normalises=normalises)
    sent = configuration()
    client.act("checkout"), client.save(sent)
    latest = client("GET", "/api/v2/flows/architect-flow-1/latestconfiguration")
    assert latest.data != json.dumps(sent).encode()
    assert sent.items() <= latest.json().items()


def test_metadata_need_the_lock(client: Client) -> None:
    assert client("PUT", "/api/v2/flows/architect-flow-1", {"name": "New"}).status == 409
    client.act("checkout")
    assert client("PUT", "/api/v2/flows/architect-flow-1", {"name": "New"}).json()["name"] == "New"
    assert client("PUT", "/api/v2/flows/architect-flow-1", {"name": "a/b"}).status == 400


def test_a_body_above_the_limit_is_413(client: Client, switch: Switch) -> None:
    switch(request_bytes_max=512_000)
    client.act("checkout")
    assert client.save(b'{"a":"' + b"x" * 512_000 + b'"}').status == 413


def test_an_action_call_without_its_architect_flow_is_400(client: Client) -> None:
    assert client("POST", "/api/v2/flows/actions/checkout").status == 400


def test_a_draft_may_show_a_key_more_by_switch(client: Client, switch: Switch) -> None:
    switch(drafts_show="more_keys")
    published = client.get("/api/v2/flows/architect-flow-1/latestconfiguration")
    client.act("checkout")
    assert client.get("/api/v2/flows/architect-flow-1/latestconfiguration") == {**published, "draftMetaData": None}


def test_a_draft_may_lack_keys_that_it_was_saved_with_by_switch(client: Client, switch: Switch) -> None:
    switch(drafts_show="fewer_keys")
    published = client.get("/api/v2/flows/architect-flow-1/latestconfiguration")
    client.act("checkout")
    client.save(to_bytes({**published, "versionMetaData": {}, "flowMetaData": {}}))
    assert client.get("/api/v2/flows/architect-flow-1/latestconfiguration") == published
    client.act("publish")
    [client.architect_flow() for _ in range(2)]
    checked_in = client.get("/api/v2/flows/architect-flow-1/latestconfiguration")
    assert checked_in == {**published, "versionMetaData": {}, "flowMetaData": {}}
