"""What a run shows of its parameters, where it is not started by a deployment."""

import subprocess
import sys
from typing import Any, cast

import pytest
from fastapi.encoders import jsonable_encoder
from prefect import Flow
from prefect.utilities.callables import parameter_schema
from pydantic import SecretStr

from flows.apply_plan import apply_plan
from flows.audit import audit
from flows.raise_approved import raise_approved
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from genesys.block import GenesysCloudCredentials
from timeouts.policy import Policy

SECRET = "never-to-be-shown"
ORG = GenesysCloudCredentials(client_id="client", client_secret=SecretStr(SECRET))


FLOWS = [audit, raise_timeouts, raise_approved, apply_plan, roll_back]


@pytest.mark.parametrize("quick", FLOWS, ids=lambda each: each.name)
def test_a_flow_that_is_made_quickly_is_as_prefect_makes_it(quick: Flow[..., Any]) -> None:
    made = Flow(quick.fn, name=quick.name)

    assert quick.parameters == made.parameters
    assert parameter_schema(quick) == made.parameters
    for name in (
        "version",
        "description",
        "_entrypoint",
        "isasync",
        "isgenerator",
        "__name__",
        "__doc__",
        "__module__",
    ):
        assert getattr(quick, name) == getattr(made, name), name


def test_such_a_flow_can_be_given_other_options() -> None:
    other = audit.with_options(name="another", retries=3)

    assert (other.name, other.retries, other.fn, other.version) == ("another", 3, audit.fn, audit.version)
    assert other.parameters == audit.parameters


def test_they_are_written_as_prefect_writes_them_and_secrets_are_masked() -> None:
    given: dict[str, Any] = {"org": ORG, "policy": Policy.raise_to(10_000), "evidence": 14, "waive": ("share",)}

    shown = raise_timeouts.serialize_parameters(given)

    assert shown == {name: jsonable_encoder(value) for name, value in given.items()}
    assert SECRET not in repr(shown)


def test_what_has_no_json_is_named_by_its_type() -> None:
    assert audit.serialize_parameters({"org": cast("Any", object())}) == {"org": "<object>"}


def test_a_run_that_starts_does_not_load_what_prefect_would_write_them_with() -> None:
    code = (
        "import sys; from flows.audit import audit; audit.serialize_parameters({'policy': None}); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "flows.audit" in loaded
    assert "fastapi" not in loaded
