"""Architect flows whose resources have moved since their publish (docs/platform.md#what-a-republish-ships)."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.clients import OAuthClient
from simulator.org.content.modules import embedded, snapshot
from simulator.org.org import Org
from simulator.org.people import PersonAction
from simulator.org.seeds import OrgSeed
from simulator.server import Running, running
from simulator.switches import Switches
from tests.simulator.conftest import BRANCH, Client, configuration, step

UPDATED = "/api/v2/architect/dependencytracking/updatedresourceconsumers"
PROMPT = "prompt-1"

Ask = Callable[..., list[dict[str, Any]]]


def _module(label: str) -> bytes:
    return json.dumps(configuration(step("copied"), description=label)).encode()


def _caller(_label: str) -> bytes:
    copied = snapshot("module", "Module", "2.0", json.loads(_module("2.0")), nested=False)
    manifest = {"userPrompt": [{"context": [], "id": PROMPT, "name": "Greeting"}]}
    return json.dumps(embedded(configuration(step("own"), manifest=manifest), [copied])).encode()


@pytest.fixture
def modular(tiny: OrgSeed) -> Iterator[Running]:
    like = tiny.architect_flows[0]
    module = dataclasses.replace(like, id="module", name="Module", type="commonmodule", configuration=_module)
    caller = dataclasses.replace(like, id="caller", name="Main line", configuration=_caller)
    with running(dataclasses.replace(tiny, architect_flows=(module, caller, like))) as one:
        yield one


@pytest.fixture
def ask(modular: Running) -> Ask:
    client = Client(modular.url)
    return lambda query="": client.get(f"{UPDATED}?{query}")["entities"]


def publish(org: Org, architect_flow_id: str) -> None:
    person = org.person("Anna Colleague")
    assert not org.play(PersonAction(kind="publish", architect_flow_id=architect_flow_id, person=person)).refused


def test_nobody_is_named_while_nothing_has_moved(ask: Ask) -> None:
    assert ask() == []


def test_a_caller_is_named_once_its_module_is_published_anew_and_until_it_is_itself(modular: Running, ask: Ask) -> None:
    publish(modular.org, "module")
    (row,) = ask()
    publish(modular.org, "caller")

    assert (row["id"], row["name"], row["version"], row["type"]) == ("caller", "Main line", "2.0", "INBOUNDCALLFLOW")
    assert "consumedResources" not in row
    assert ask() == []


def test_the_resources_that_moved_are_shown_when_asked_for(modular: Running, ask: Ask) -> None:
    publish(modular.org, "module")
    modular.org.record_prompt(PROMPT, "Greeting")
    (row,) = ask("consumedResources=true")

    assert [(one["id"], one["type"], one["updated"]) for one in row["consumedResources"]] == [
        ("module", "COMMONMODULEFLOW", True),
        (PROMPT, "USERPROMPT", True),
    ]
    assert row["consumedResources"][0]["version"] == "3.0"


def test_a_prompt_that_is_recorded_anew_names_who_plays_it_until_that_is_published(modular: Running, ask: Ask) -> None:
    modular.org.record_prompt("another", "Music")
    assert ask() == []
    modular.org.record_prompt(PROMPT, "Greeting")
    assert [row["id"] for row in ask()] == ["caller"]
    publish(modular.org, "caller")

    assert ask() == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=main", True),
        ("name=other", False),
        ("objectType=INBOUNDCALLFLOW,BOTFLOW", True),
        ("objectType=BOTFLOW", False),
        ("consumedResourceType=COMMONMODULEFLOW", True),
        ("consumedResourceType=USERPROMPT", False),
    ],
)
def test_names_and_types_can_be_asked_for(modular: Running, ask: Ask, query: str, found: bool) -> None:
    publish(modular.org, "module")

    assert bool(ask(query)) is found


def test_it_takes_the_permission_of_dependency_tracking_and_shows_own_divisions_only(modular: Running) -> None:
    publish(modular.org, "module")
    for name, permission in (("none", "architect:flow:view"), ("branch", "architect:dependencyTracking:view")):
        divisions = frozenset({BRANCH.id})
        modular.org.add_client(OAuthClient(name, f"{name}-secret", name, frozenset({permission}), divisions))

    assert Client(modular.url, "none")("GET", UPDATED).status == 403
    assert Client(modular.url, "branch").get(UPDATED)["entities"] == []


def test_the_control_plane_records_a_prompt(modular: Running, ask: Ask) -> None:
    body = json.dumps({"name": "Greeting"})
    answer = Client(modular.url).pool.request("POST", f"{modular.url}/simulator/prompts/{PROMPT}", body=body)

    assert answer.status == 200
    assert [row["id"] for row in ask()] == ["caller"]
    modular.org.reset()
    assert ask() == []


def test_each_version_may_have_a_row_of_its_own(modular: Running, ask: Ask) -> None:
    modular.org.set_switches(Switches(updated_consumers="each_version"))
    modular.org.record_prompt(PROMPT, "Greeting")
    assert [(row["id"], row["version"]) for row in ask()] == [("caller", "1.0"), ("caller", "2.0")]
