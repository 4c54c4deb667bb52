"""deployments/prefect.yaml: what an operator applies, held against the project and against Prefect."""

import importlib
import tomllib
from typing import Any
from uuid import uuid4

import pytest
from prefect.events.actions import RunDeployment
from prefect.events.schemas.automations import EventTrigger
from prefect.utilities.callables import parameter_schema
from prefect.utilities.schema_tools.validation import validate
from ruamel.yaml import YAML

from deployments.automations import DEAD_AFTER, HEARTBEAT_SECONDS, _notifications, _plan_after_drift
from deployments.register import POOL, QUEUES, ROOT
from tasks.storage.results import AUDITS, STORAGE, WRITES

FILE = YAML(typ="safe").load((ROOT / "deployments" / "prefect.yaml").read_text())
DEPLOYMENTS: list[dict[str, Any]] = FILE["deployments"]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]

OF_A_REPOSITORY: list[dict[str, Any]] = YAML(typ="safe").load((ROOT / "deployments" / "files.yaml").read_text())[
    "deployments"
]

each_deployment = pytest.mark.parametrize("deployment", [*DEPLOYMENTS, *OF_A_REPOSITORY], ids=lambda each: each["name"])


def prefect_flow(deployment: dict[str, Any]) -> Any:
    module, _, name = deployment["entrypoint"].rpartition(".")
    return getattr(importlib.import_module(module), name)


def test_these_are_the_deployments() -> None:
    names = [each["name"] for each in DEPLOYMENTS]

    reading, writing = ["audit-nightly", "audit"], ["raise", "raise-approved", "apply", "roll-back"]
    assert names == [*reading, *writing, "effect", "doctor", "fleet"]


@each_deployment
def test_each_says_what_it_is_for_and_checks_its_parameters(deployment: dict[str, Any]) -> None:
    assert deployment["description"]
    assert "genesys-timeouts" in deployment["tags"]
    assert (deployment["version"], deployment["enforce_parameter_schema"]) == (VERSION, True)


def test_only_audits_have_a_limit_whose_lost_lease_can_end_a_run() -> None:
    """Prefect ends a run whose lease is lost, in the middle of a publish as well."""
    assert [each["name"] for each in DEPLOYMENTS if each.get("concurrency_limit")] == ["audit-nightly", "audit"]


@each_deployment
def test_each_runs_in_a_queue_that_is_registered(deployment: dict[str, Any]) -> None:
    pool = deployment["work_pool"]

    assert (pool["name"], pool["work_queue_name"] in QUEUES) == (POOL, True)


@each_deployment
def test_the_parameters_that_are_filled_in_are_ones_that_prefect_takes(deployment: dict[str, Any]) -> None:
    schema = parameter_schema(prefect_flow(deployment).fn).model_dump()

    assert not validate(deployment.get("parameters", {}), schema, ignore_required=True)


@each_deployment
def test_credentials_are_named_by_their_block_never_by_its_id(deployment: dict[str, Any]) -> None:
    """`prefect deploy` replaces an id by the block's content, secret included."""
    assert "block_document_id" not in repr(deployment)


def test_an_audit_uses_the_credentials_that_cannot_write() -> None:
    orgs = {each["name"]: each.get("parameters", {}).get("org", {}).get("$ref") for each in DEPLOYMENTS}

    assert {
        name for name, ref in orgs.items() if ref == {"block_document_slug": "genesys-cloud-credentials/audit"}
    } == {
        "audit-nightly",
        "audit",
        "effect",
        "doctor",
    }


def test_what_reads_an_org_and_what_writes_to_it_have_storages_of_their_own() -> None:
    areas = {each["name"]: each["work_pool"]["job_variables"]["env"].get(STORAGE) for each in DEPLOYMENTS}

    assert areas == {
        **dict.fromkeys(("audit-nightly", "audit", "effect", "doctor"), AUDITS),
        **dict.fromkeys(("raise", "raise-approved", "apply", "roll-back"), WRITES),
        "fleet": None,
    }


def test_nothing_that_is_filled_in_publishes() -> None:
    assert {each["parameters"]["mode"] for each in DEPLOYMENTS if "mode" in each.get("parameters", {})} == {"dry run"}


def test_a_schedule_keeps_whether_it_was_paused_in_the_ui() -> None:
    schedules = [schedule for each in DEPLOYMENTS for schedule in each.get("schedules", [])]

    assert [(schedule["slug"], "active" in schedule) for schedule in schedules] == [("nightly", False)]
    assert schedules[0]["timezone"]


@each_deployment
def test_a_run_shows_that_it_lives_often_enough_not_to_be_called_dead(deployment: dict[str, Any]) -> None:
    every = int(deployment["work_pool"]["job_variables"]["env"]["PREFECT_FLOWS_HEARTBEAT_FREQUENCY"])

    assert every == HEARTBEAT_SECONDS
    assert DEAD_AFTER.total_seconds() >= 3 * every


def test_a_drift_may_start_a_plan_and_never_an_apply() -> None:
    automation = _plan_after_drift(uuid4())

    assert not automation.enabled, "until somebody wants it"
    assert [action.parameters for action in automation.actions if isinstance(action, RunDeployment)] == [
        {"mode": "dry run"}
    ]


def test_every_end_of_a_run_that_is_not_good_is_told() -> None:
    """The names are those of states, which flows/run/endings.py and flows/approval/approving.py give."""
    triggers = [automation.trigger for automation in _notifications(uuid4())]
    told = {name for trigger in triggers if isinstance(trigger, EventTrigger) for name in trigger.expect}

    assert {
        f"prefect.flow-run.{name}"
        for name in ("Failed", "Crashed", "Incomplete", "NothingMatched", "Interrupted", "Refused")
    } <= told
