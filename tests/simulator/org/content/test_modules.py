"""Common modules: what a caller carries of them, and when it changes (docs/platform.md#common-modules)."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.org.content.modules import embedded, snapshot
from simulator.org.org import Org
from simulator.org.people import PersonAction
from simulator.org.seeds import ArchitectFlowSeed, OrgSeed
from simulator.server import Running, running
from tests.simulator.conftest import Client, configuration, step

CALLER, MODULE, INNER = "architect-flow-1", "module-1", "module-2"
FLOWS = "/api/v2/flows"

Read = Callable[..., dict[str, Any]]


def module_call(module_id: str, node_id: str = "call") -> dict[str, Any]:
    return {"commonModule": {"id": module_id, "name": module_id}, "id": node_id, "__type": "CallCommonModuleAction"}


def use(step_id: str, name: str = "Ask the CRM, öäü ☎") -> dict[str, Any]:
    return {"actionName": "Get customer", "id": step_id, "name": name}


def with_manifest(document: dict[str, Any], *step_ids: str) -> dict[str, Any]:
    entry = {"name": "Get customer", "id": "custom_-_crm", "context": [use(one) for one in step_ids]}
    return {**document, "manifest": {"dataAction": [entry] if step_ids else [], "queue": []}}


def inner(_label: str) -> dict[str, Any]:
    return with_manifest(configuration(step("inner-step")), "inner-step")


def module(label: str) -> dict[str, Any]:
    seconds = int(float(label))
    own = with_manifest(
        configuration(step("module-step", f"P0D0H0M{seconds}S0F"), module_call(INNER, "inner-call")), "module-step"
    )
    return embedded(own, [copy_of(INNER, "1.0", inner("1.0"), "inner-call")])


def copy_of(module_id: str, label: str, document: dict[str, Any], *node_ids: str) -> dict[str, Any]:
    return {**snapshot(module_id, module_id, label, document, nested=False), "actionReferences": list(node_ids)}


def caller(_label: str) -> dict[str, Any]:
    own = with_manifest(configuration(step("own-step"), module_call(MODULE)), "own-step")
    return embedded(
        own, [copy_of(MODULE, "1.0", module("1.0"), "call"), copy_of(INNER, "1.0", inner("1.0"), "inner-call")]
    )


def written(made: Callable[[str], dict[str, Any]]) -> Callable[[str], bytes]:
    return lambda label: json.dumps(made(label), ensure_ascii=False, indent=1).encode()


@pytest.fixture
def modular(tiny: OrgSeed) -> Iterator[Running]:
    def architect_flow(one: str, made: Callable[[str], dict[str, Any]], *labels: str) -> ArchitectFlowSeed:
        like = tiny.architect_flows[0]
        kind = "inboundcall" if one == CALLER else "commonmodule"
        return dataclasses.replace(
            like, id=one, name=one, type=kind, configuration=written(made), published_versions=labels
        )

    found = (
        architect_flow(CALLER, caller, "1.0"),
        architect_flow(MODULE, module, "1.0", "2.0"),
        architect_flow(INNER, inner, "1.0"),
    )
    with running(dataclasses.replace(tiny, architect_flows=found)) as one:
        yield one


@pytest.fixture
def org(modular: Running) -> Org:
    return modular.org


@pytest.fixture
def client(modular: Running) -> Client:
    return Client(modular.url)


@pytest.fixture
def read(client: Client) -> Read:
    def configuration_of(architect_flow: str = CALLER, which: str = "publishedVersion") -> dict[str, Any]:
        version = client.architect_flow(architect_flow)[which]["id"]
        return client.get(f"{FLOWS}/{architect_flow}/versions/{version}/configuration")  # type: ignore[no-any-return]

    return configuration_of


def publish(client: Client, architect_flow: str = CALLER, body: dict[str, Any] | None = None) -> None:
    assert client.act("checkout", architect_flow).status == 200
    if body is not None:
        assert client.save(body, architect_flow).status == 200
    client.act("publish", architect_flow), client.architect_flow(architect_flow), client.architect_flow(architect_flow)


def versions(document: dict[str, Any]) -> dict[str, str]:
    return {entry["id"]: entry["version"] for entry in document["commonModules"]}


def switch(org: Org, **values: Any) -> None:
    org.set_switches(dataclasses.replace(org.world.switches, **values))


def test_a_publish_takes_the_newest_published_module_into_the_caller(client: Client, read: Read) -> None:
    before = read()
    publish(client)
    after = read()

    assert (versions(before)[MODULE], versions(after)[MODULE]) == ("1.0", "2.0")
    assert after["commonModules"][0]["model"] == {
        key: value for key, value in module("2.0").items() if key not in ("manifest", "commonModules")
    }
    assert {**after, "commonModules": None} == {**before, "commonModules": None}


def test_a_publish_leaves_every_other_byte_of_the_caller(client: Client, org: Org) -> None:
    before = org.configuration(CALLER)
    publish(client)
    after = org.configuration(CALLER)

    at = before.index(b'"commonModules"')
    assert after != before
    assert after[:at] == before[:at]
    assert json.loads(after).keys() == json.loads(before).keys()


def test_a_publish_changes_nothing_where_no_module_has_moved(client: Client, org: Org) -> None:
    publish(client)
    before = org.configuration(CALLER)
    publish(client)

    assert org.configuration(CALLER) == before


def test_a_module_that_is_published_changes_no_caller(client: Client, org: Org) -> None:
    before = org.configuration(CALLER)
    publish(client, MODULE, module("9.0"))

    assert org.configuration(CALLER) == before


def test_the_manifest_names_the_steps_that_the_module_has_now(client: Client, read: Read) -> None:
    changed = with_manifest(configuration(step("new-step", actionId="custom_-_pay", actionName="Pay")), "new-step")
    publish(client, MODULE, changed)
    publish(client)

    named = {entry["id"]: [one["id"] for one in entry["context"]] for entry in read()["manifest"]["dataAction"]}
    assert named == {"custom_-_crm": ["own-step"], "custom_-_pay": ["new-step"]}
    assert read()["manifest"]["queue"] == []


def test_a_module_that_is_not_called_by_another_any_more_leaves_the_caller_too(client: Client, read: Read) -> None:
    publish(client, MODULE, with_manifest(configuration(step("module-step")), "module-step"))
    publish(client)

    assert list(versions(read())) == [MODULE]


def test_a_save_brings_in_the_module_of_a_new_call_and_drops_that_of_a_call_that_is_gone(
    client: Client, read: Read
) -> None:
    publish(client, INNER, with_manifest(configuration(step("inner-step"), step("second")), "inner-step", "second"))
    new = with_manifest(configuration(step("own-step"), module_call(INNER)), "own-step")
    publish(client, CALLER, new)

    (entry,) = read()["commonModules"]
    assert (entry["id"], entry["version"], entry["actionReferences"]) == (INNER, "2.0", ["call"])
    steps = read()["manifest"]["dataAction"][0]["context"]
    assert [one["id"] for one in steps] == ["own-step", "inner-step", "second"]


def test_a_snapshot_that_no_node_is_known_to_call_stays(client: Client, org: Org, read: Read) -> None:
    switch(org, posted_snapshots="stored")
    uncalled = with_manifest(configuration(step("own-step")), "own-step")
    publish(client, CALLER, embedded(uncalled, [copy_of(MODULE, "1.0", module("1.0"))]))

    assert versions(read()) == {MODULE: "2.0", INNER: "1.0"}


def test_a_save_keeps_the_snapshots_that_are_stored_whatever_is_posted(client: Client, read: Read) -> None:
    client.act("checkout")
    posted = caller("1.0")
    posted["commonModules"][0]["model"]["flowSequenceItemList"][0]["actionList"][0]["id"] = "forged"
    assert client.save(posted).status == 200

    assert read(which="savedVersion") == caller("1.0")


def test_a_save_of_what_was_served_stays_as_it_came(client: Client, org: Org) -> None:
    client.act("checkout")
    raw = client("GET", f"{FLOWS}/{CALLER}/latestconfiguration").data.replace(b"own-step", b"our-step")
    client.save(raw)
    saved = client.architect_flow()["savedVersion"]["id"]

    assert org.configuration(CALLER, saved) == raw


def test_a_save_stores_posted_snapshots_by_switch(client: Client, org: Org, read: Read) -> None:
    switch(org, posted_snapshots="stored")
    client.act("checkout")
    posted = {**caller("1.0"), "commonModules": []}
    client.save(posted)

    assert read(which="savedVersion") == posted


def test_the_draft_of_a_checkout_has_the_newest_module_by_switch(client: Client, org: Org, read: Read) -> None:
    client.act("checkout")
    assert versions(read(which="savedVersion"))[MODULE] == "1.0"
    client.act("revert")
    switch(org, snapshots_taken="check_out")
    client.act("checkout")

    assert versions(read(which="savedVersion"))[MODULE] == "2.0"


def test_a_draft_that_a_checkout_renews_is_still_a_draft_that_somebody_saved(client: Client, org: Org) -> None:
    client.act("checkout"), client.save(caller("1.0"))
    switch(org, revert_leaves="saved_draft", snapshots_taken="check_out")
    client.act("revert"), client.act("checkout")

    saved = org.records.find(CALLER).saved
    assert saved is not None
    assert not saved.bare
    assert saved.content.modules[MODULE] == "2.0"


def test_a_publish_takes_nothing_that_was_not_there_at_the_checkout_by_switch(
    client: Client, org: Org, read: Read
) -> None:
    switch(org, snapshots_taken="check_out")
    client.act("checkout")
    publish(client, MODULE, module("9.0"))
    client.act("publish"), client.architect_flow(), client.architect_flow()

    assert versions(read()) == {MODULE: "2.0", INNER: "1.0"}


def test_modules_of_modules_stand_inside_of_them_by_switch(client: Client, org: Org, read: Read) -> None:
    switch(org, nested_modules="inside")
    publish(client)

    (entry,) = read()["commonModules"]
    assert versions(entry["model"]) == {INNER: "1.0"}
    assert [one["id"] for one in read()["manifest"]["dataAction"][0]["context"]] == [
        "own-step",
        "module-step",
        "inner-step",
    ]


def test_a_module_inside_of_another_moves_with_that_one_only(client: Client, org: Org, read: Read) -> None:
    switch(org, nested_modules="inside")
    publish(client, INNER, inner("9.0"))
    publish(client)
    assert versions(read()["commonModules"][0]["model"]) == {INNER: "1.0"}
    publish(client, MODULE)
    publish(client)

    assert versions(read()["commonModules"][0]["model"]) == {INNER: "2.0"}


def test_a_configuration_hides_its_snapshots_by_switch(org: Org, read: Read) -> None:
    whole = org.configuration(CALLER)
    switch(org, shows_snapshots=False)
    found = read()

    assert [list(entry) for entry in found["commonModules"]] == [["name", "id", "version", "actionReferences"]] * 2
    assert [one["id"] for one in found["manifest"]["dataAction"][0]["context"]] == ["own-step"]
    assert org.configuration(CALLER) == whole


def test_a_save_of_hidden_snapshots_keeps_the_stored_ones(client: Client, org: Org, read: Read) -> None:
    switch(org, shows_snapshots=False)
    client.act("checkout")
    client.save(client.get(f"{FLOWS}/{CALLER}/latestconfiguration"))
    switch(org, shows_snapshots=True)

    assert read(which="savedVersion") == caller("1.0")


def test_a_published_version_keeps_its_content_when_it_is_published_again(client: Client, org: Org) -> None:
    before = org.configuration(CALLER, "1.0")
    client.act("publish"), client.architect_flow(), client.architect_flow()

    assert client.architect_flow()["publishedVersion"]["id"] == "2.0"
    assert org.configuration(CALLER, "1.0") == before


def test_a_persons_publish_takes_the_newest_module_too(client: Client, org: Org, read: Read) -> None:
    done = org.play(PersonAction(kind="publish", architect_flow_id=CALLER, person=org.person("Anna Colleague")))

    assert done.refused == ""
    assert versions(read())[MODULE] == "2.0"
    assert client.architect_flow()["publishedVersion"]["id"] == "2.0"


def test_the_snapshot_of_a_module_that_is_gone_stays(org: Org, client: Client, read: Read) -> None:
    org.play(PersonAction(kind="delete", architect_flow_id=MODULE, person=org.person("Anna Colleague")))
    publish(client)

    assert versions(read()) == {MODULE: "1.0", INNER: "1.0"}


def test_a_deleted_action_in_an_old_snapshot_does_not_hinder_a_publish_that_takes_a_newer_one(
    client: Client, org: Org
) -> None:
    publish(client, MODULE, with_manifest(configuration(step("pay", actionId="custom_-_pay")), "pay"))
    publish(client)
    publish(client, MODULE, module("2.0"))
    org.delete_action("custom_-_pay")
    publish(client)

    assert client.architect_flow()["publishedVersion"]["id"] == "3.0"
