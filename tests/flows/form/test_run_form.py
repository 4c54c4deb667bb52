"""The run form of a deployment: what it asks, what it refuses before a run starts, and what of it is stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from prefect import get_client
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import validate
from pydantic import SecretStr

from flows.apply_plan import apply_plan
from flows.audit import audit
from flows.effect import effect
from flows.raise_approved import raise_approved
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from flows.sources.connections import block_named, reference_to
from genesys import ConfigurationProblem
from genesys.block import GenesysCloudCredentials
from simulator.server import Running
from timeouts.policy.policy import Policy

SECRET = "demo-writer-secret"
FORMS = [audit, raise_timeouts, raise_approved, apply_plan, roll_back, effect]


@pytest.fixture
def block(demo: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A credentials block for the demo org; the environment holds none."""
    monkeypatch.delenv("GENESYS_CLIENT_ID")
    monkeypatch.delenv("GENESYS_CLIENT_SECRET")
    name = "the-demo-org"
    GenesysCloudCredentials(client_id="demo-writer", client_secret=SecretStr(SECRET), api_url=demo.url).save(
        name, overwrite=True
    )
    yield name
    GenesysCloudCredentials.delete(name)


def schema_of(prefect_flow: Any) -> dict[str, Any]:
    return parameter_schema(prefect_flow.fn).model_dump()


def refusals(given: dict[str, Any], prefect_flow: Any = raise_timeouts) -> str:
    """What Prefect's server answers to such parameters; '' where it takes them."""
    found = validate(given, schema_of(prefect_flow), raise_on_error=False, preprocess=True)
    return "; ".join(error.message for error in found)


def filled_in(given: Any, field: dict[str, Any], schema: dict[str, Any]) -> Any:
    """What Prefect's form sends when nothing is touched: what is given, and every default that the schema names."""
    if isinstance(given, list):
        return [filled_in(each, field["items"], schema) for each in given]
    fields = schema["definitions"].get(field.get("$ref", "").rpartition("/")[2], field).get("properties", {})
    if not isinstance(given, dict):
        return given
    defaults = {name: each["default"] for name, each in fields.items() if "default" in each}
    return {name: filled_in(each, fields[name], schema) for name, each in (defaults | given).items()}


def policy(**rule: Any) -> dict[str, Any]:
    return {"policy": {"rules": [{"name": "one", **rule}]}}


@pytest.mark.parametrize("prefect_flow", FORMS, ids=lambda each: each.name)
def test_every_parameter_says_what_it_is_for(prefect_flow: Any) -> None:
    fields = schema_of(prefect_flow)["properties"]

    assert [name for name, field in fields.items() if not field.get("description")] == []


@pytest.mark.parametrize("prefect_flow", FORMS, ids=lambda each: each.name)
def test_the_org_is_picked_from_the_credentials_blocks(prefect_flow: Any) -> None:
    schema = schema_of(prefect_flow)

    assert {"$ref": "#/definitions/GenesysCloudCredentials"} in schema["properties"]["org"]["anyOf"]


@pytest.mark.parametrize("prefect_flow", [raise_timeouts, roll_back], ids=lambda each: each.name)
def test_a_run_that_writes_is_asked_for_by_a_word_and_the_first_one_is_dry(prefect_flow: Any) -> None:
    mode = schema_of(prefect_flow)["properties"]["mode"]

    assert (mode["enum"], mode["default"]) == (["dry run", "apply"], "dry run")


@pytest.mark.parametrize(
    "given",
    [
        policy(at_least="10"),
        policy(at_least="soon"),
        policy(exactly="evidence"),
        policy(at_least="10s", colour="red"),
        policy(at_least="10s", match={"setting": ["expression"]}),
        {**policy(at_least="10s"), "mode": "publish"},
        {**policy(at_least="10s"), "waive": ["everything"]},
        {**policy(at_least="10s"), "evidence": "two weeks"},
        {},
    ],
)
def test_wrong_input_is_refused_before_the_run_starts(given: dict[str, Any]) -> None:
    assert refusals(given)


@pytest.mark.parametrize("prefect_flow", FORMS, ids=lambda each: each.name)
def test_a_form_that_is_sent_as_it_opens_is_taken(prefect_flow: Any) -> None:
    schema = schema_of(prefect_flow)
    asked = {**policy(at_least="10s"), "asked_by": "Bo Lindqvist", "plan": "a run", "run": "a run"}
    given = {name: value for name, value in asked.items() if name in schema.get("required", [])}

    assert not refusals(filled_in(given, schema, schema), prefect_flow)


def test_a_form_asks_first_where_and_how_and_then_the_many_fields_of_the_policy() -> None:
    assert list(schema_of(raise_timeouts)["properties"])[:3] == ["org", "mode", "policy"]
    assert list(schema_of(raise_approved)["properties"])[:3] == ["asked_by", "org", "policy"]


def test_a_bare_number_is_refused_by_name_with_examples_of_what_is_right() -> None:
    assert refusals(policy(at_least="10")).startswith("'10' does not match '^(such as 10s, 1m30s, evidence)")


def test_right_input_is_taken() -> None:
    assert not refusals({**policy(at_least="1m 30s"), "mode": "apply", "evidence": "14d", "waive": ["share"]})


def test_a_run_finds_its_org_by_a_block_and_stores_no_secret(block: str) -> None:
    state = audit(org=reference_to(block), return_state=True)
    assert state.is_completed(), state.message
    assert state.state_details.flow_run_id is not None
    with get_client(sync_client=True) as client:
        stored = client.read_flow_run(state.state_details.flow_run_id)

    assert {"block_document_slug": f"genesys-cloud-credentials/{block}"} == stored.parameters["org"]["$ref"]
    assert SECRET not in json.dumps(stored.model_dump(mode="json"))


def test_what_a_run_shows_of_its_parameters_masks_secrets() -> None:
    org = GenesysCloudCredentials(client_id="client", client_secret=SecretStr(SECRET))

    shown = raise_timeouts.serialize_parameters({"org": org, "policy": Policy.raise_to(10_000), "evidence": 14})

    assert shown["org"]["client_secret"] == "*" * 10
    assert SECRET not in repr(shown)


@pytest.mark.usefixtures("block")
def test_a_block_that_does_not_exist_is_named() -> None:
    with pytest.raises(
        ConfigurationProblem,
        match="block named nowhere: `genesys-timeouts register org NAME` makes one on a Prefect server",
    ):
        block_named("nowhere")
