"""Who may approve: read from the machine of the worker, and from nothing that is edited on the Prefect server."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prefect import flow, get_client
from prefect.blocks.system import Secret
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun
from prefect.flow_engine import run_flow
from prefect.variables import Variable
from prefect.workers.process import ProcessWorker

from flows.approval import approvers
from flows.approval.approvers import register_here
from flows.guards.job_variables import check_job_variables
from genesys import ConfigurationProblem
from tests.approvers import ANA, BO, KEYS, MAL, as_variable, line, register

PHRASES = {"Ana Duarte": "three slow herons", "Bo Lindqvist": "seven quiet lamps"}
ONLY_MAL = json.dumps({"keys": {MAL: line(MAL)}, "signatures": 1})


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file would be, which is not there; nothing is in the environment."""
    path = tmp_path / "etc" / "approvers.yaml"
    path.parent.mkdir()
    monkeypatch.setattr(approvers, "FILE", path)
    monkeypatch.delenv(approvers.VARIABLE, raising=False)
    return path


def written(path: Path, text: str, mode: int = 0o644) -> None:
    path.write_text(text, "utf-8")
    path.chmod(mode)


def test_the_environment_of_the_worker_says_who_may_approve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(approvers.VARIABLE, as_variable())

    assert register_here() == register()


def test_where_the_file_is_nothing_else_counts(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(approvers.VARIABLE, ONLY_MAL)
    written(file, "".join([f"keys:\n  {ANA}: {line(ANA)}\n", f'  {BO}: "{line(BO)}"\n', "signatures: 2\n"]))

    assert sorted(register_here().keys) == [ANA, BO]

    file.unlink()
    file.symlink_to(file.with_name("gone"))
    with pytest.raises(ConfigurationProblem, match="cannot be read: FileNotFoundError"):
        register_here()


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_a_file_that_others_may_write_is_refused_for_they_could_name_approvers(file: Path, mode: int) -> None:
    written(file, as_variable(), mode)

    with pytest.raises(ConfigurationProblem, match="may be written by others than its owner"):
        register_here()


@pytest.mark.parametrize("text", ["keys: [", "- a", "\x00", "", "keys: 3"])
def test_a_file_that_is_no_register_is_refused_with_what_to_do(file: Path, text: str) -> None:
    written(file, text)

    with pytest.raises(ConfigurationProblem, match="genesys-timeouts approver init"):
        register_here()


def test_where_nobody_is_registered_it_is_said_what_to_do() -> None:
    with pytest.raises(ConfigurationProblem, match=r"Nobody can approve.*approver init.*approvers\.yaml"):
        register_here()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("not JSON: three slow herons", "is not JSON"),
        (json.dumps(PHRASES), "cannot be used: "),
        (json.dumps({"keys": KEYS | {"Zoe": KEYS[ANA]}}), f"{ANA} and Zoe have the same key"),
        (json.dumps({"keys": KEYS, "phrases": PHRASES}), "Extra inputs are not permitted"),
    ],
)
def test_what_cannot_be_used_is_told_without_its_content(
    monkeypatch: pytest.MonkeyPatch, given: str, told: str
) -> None:
    monkeypatch.setenv(approvers.VARIABLE, given)

    with pytest.raises(ConfigurationProblem, match=told) as problem:
        register_here()

    assert "herons" not in str(problem.value)


# What whoever has the password of the server may edit.


@flow(name="who-may-approve")
def who_may_approve() -> list[str]:
    check_job_variables()
    return sorted(register_here().keys)


def a_run(of_the_run: Any = None, of_the_deployment: Any = None, pool: str | None = None) -> FlowRun:
    """A run of a deployment, with job variables of its own and of the deployment."""
    with get_client(sync_client=True) as client:
        flow_id = client.create_flow(who_may_approve)
        deployment = client.create_deployment(
            flow_id, "asked", job_variables=of_the_deployment or {}, work_pool_name=pool
        )
        return client.create_flow_run_from_deployment(deployment, job_variables=of_the_run)


@pytest.fixture
def pool() -> Iterator[str]:
    with get_client(sync_client=True) as client:
        template = ProcessWorker.get_default_base_job_template()
        client.create_work_pool(WorkPoolCreate(name="edited", type="process", base_job_template=template))
    yield "edited"
    with get_client(sync_client=True) as client:
        client.delete_work_pool("edited")


@pytest.fixture
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(approvers.VARIABLE, as_variable())


HEARTBEATS = {"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}}
NAMES_IT = {"env": {approvers.VARIABLE: ONLY_MAL}}
MAY_NAME_IT = {"env": "{{ prefect.variables.an_environment }}"}


@pytest.mark.usefixtures("_registered")
def test_a_run_with_the_job_variables_that_we_ship_finds_the_register(pool: str) -> None:
    assert run_flow(who_may_approve, flow_run=a_run(HEARTBEATS, HEARTBEATS, pool)) == sorted(KEYS)


REFUSED = [
    NAMES_IT,
    MAY_NAME_IT,
    {"env": {"GENESYS_TIMEOUTS_SEAL_KEYS": "5ea1" * 16}},
    {"env": {"GENESYS_TIMEOUTS_HOME": "/results"}},
    {"env": {"PREFECT_RESULTS_LOCAL_STORAGE_PATH": "/results"}},
    {"env": {"GENESYS_API_URL": "https://in-between.example"}},
    {"env.$ref.block_document_id": "6f1c2a4e-3f52-4c6b-9a57-2f0f3c1f0a10"},
    {"env.GENESYS_TIMEOUTS_APPROVERS": "{}"},
]


@pytest.mark.usefixtures("_registered")
@pytest.mark.parametrize("job_variables", REFUSED)
@pytest.mark.parametrize("where", ["The run", "The deployment"])
def test_job_variables_that_name_whom_a_run_believes_are_refused_by_name(where: str, job_variables: Any) -> None:
    run = a_run(of_the_run=job_variables) if where == "The run" else a_run(of_the_deployment=job_variables)

    with pytest.raises(ConfigurationProblem, match=f"{where} .* by its job variables.*Nothing was changed"):
        run_flow(who_may_approve, flow_run=run)


@pytest.mark.parametrize("place", ["by default", "for every run"])
@pytest.mark.usefixtures("_registered")
def test_a_work_pool_whose_template_names_the_register_is_refused_by_name(pool: str, place: str) -> None:
    run = a_run(pool=pool)
    with get_client(sync_client=True) as client:
        template = client.read_work_pool(pool).base_job_template
        if place == "by default":
            template["variables"]["properties"]["env"]["default"] = NAMES_IT["env"]
        else:
            template["job_configuration"]["env"] = NAMES_IT["env"]
        client.request("PATCH", "/work_pools/{name}", path_params={"name": pool}, json={"base_job_template": template})

    with pytest.raises(ConfigurationProblem, match="The work pool edited sets GENESYS_TIMEOUTS_APPROVERS"):
        run_flow(who_may_approve, flow_run=run)


@pytest.mark.usefixtures("_registered")
def test_blocks_and_variables_on_the_server_change_nothing_of_who_may_approve() -> None:
    Secret(value=ONLY_MAL).save("approvers", overwrite=True)
    Variable.set("genesys_timeouts_approvers", json.loads(ONLY_MAL), overwrite=True)

    assert run_flow(who_may_approve, flow_run=a_run()) == sorted(KEYS)
