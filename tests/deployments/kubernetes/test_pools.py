"""The templates of work pools whose runs are containers of their own: what a run gets, by Prefect's own templating.

What `prefect-docker` and `prefect-kubernetes` make of them was looked at by hand (docs/containers.md): neither is
needed where our tests run.
"""

import json
import tomllib
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from prefect.server.schemas.actions import WorkPoolCreate
from prefect.utilities.templating import apply_values

from flows.approval import approvers
from flows.guards.job_variables import _beyond_in_pool
from tests.deployments.files import DEPLOYMENTS, KUBERNETES, ROOT, documents, image_environment
from tests.deployments.kubernetes.rendering import NAMESPACE, may_reach, own, validate

POOLS = {
    name: json.loads((DEPLOYMENTS / "pools" / f"{name}.json").read_text("utf-8")) for name in ("docker", "kubernetes")
}
GIVEN = {"name": "blue-owl", "command": ["prefect", "flow-run", "execute"], "labels": {"of": "a-run"}, "env": {}}
STORAGE = image_environment()["PREFECT_RESULTS_LOCAL_STORAGE_PATH"]


def test_a_job_is_valid_by_the_schema_of_kubernetes() -> None:
    validate(job())


@pytest.mark.parametrize("pool", POOLS)
def test_a_server_of_prefect_takes_the_template(pool: str) -> None:
    WorkPoolCreate(name="genesys-timeouts", type=pool, base_job_template=POOLS[pool])


@pytest.mark.parametrize("pool", POOLS)
def test_a_run_in_such_a_pool_is_not_refused_for_what_the_pool_sets(pool: str) -> None:
    assert list(_beyond_in_pool(POOLS[pool])) == []


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_takes_what_our_deployments_set(pool: str) -> None:
    jsonschema.Draft202012Validator.check_schema(POOLS[pool]["variables"])
    for deployment in documents(DEPLOYMENTS / "prefect.yaml")[0]["deployments"]:
        jsonschema.validate(deployment["work_pool"].get("job_variables", {}), POOLS[pool]["variables"])


@pytest.mark.parametrize("pool", POOLS)
def test_nobody_who_starts_a_run_chooses_its_image_its_volumes_or_its_rights(pool: str) -> None:
    assert set(POOLS[pool]["variables"]["properties"]) == {"name", "env", "labels", "command"}


def test_both_run_the_image_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    image = f"genesys-timeouts:{version}"
    assert (POOLS["docker"]["job_configuration"]["image"], container()["image"]) == (image, image)


def test_runs_find_the_storage_that_workers_share_and_who_may_approve() -> None:
    mounts = {each["mountPath"]: each for each in container()["volumeMounts"]}
    volumes = {each["name"]: each for each in job()["spec"]["template"]["spec"]["volumes"]}
    worker = documents(KUBERNETES / "worker.yaml")[0]["worker"]
    for there, of_a_worker in zip((STORAGE, str(approvers.FILE.parent)), worker["extraVolumes"], strict=True):
        assert volumes[mounts[there]["name"]] == of_a_worker
    assert mounts[str(approvers.FILE.parent)]["readOnly"] is True

    in_docker = [each.split(":", 1)[1] for each in POOLS["docker"]["job_configuration"]["volumes"]]
    assert {STORAGE, f"{approvers.FILE.parent}:ro"} <= set(in_docker)


def test_a_run_in_kubernetes_gets_its_key_by_reference_and_no_token_of_the_cluster() -> None:
    (key,) = [each for each in container()["env"] if each["name"] == "GENESYS_TIMEOUTS_SEAL_KEYS"]
    assert key["valueFrom"] == {"secretKeyRef": {"name": "genesys-timeouts-seal", "key": "keys"}}
    pod = job()["spec"]["template"]["spec"]
    assert (pod["automountServiceAccountToken"], pod["serviceAccountName"]) == (
        False,
        own("accounts.yaml")[0]["metadata"]["name"],
    )


def test_a_run_in_docker_has_its_key_in_a_file_of_its_user_alone() -> None:
    home = f"{image_environment()['HOME']}/.local/share/genesys-timeouts"
    assert [each for each in POOLS["docker"]["job_configuration"]["volumes"] if f":{home}:ro" in each]
    assert "SEAL" not in json.dumps(POOLS["docker"])


def test_runs_are_nobody_on_a_read_only_root() -> None:
    docker = POOLS["docker"]["job_configuration"]
    kwargs = docker["container_create_kwargs"]
    assert (docker["privileged"], kwargs["user"], kwargs["read_only"], kwargs["cap_drop"]) == (
        False,
        "1001:1001",
        True,
        ["ALL"],
    )
    pod = job()["spec"]["template"]["spec"]
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsNonRoot"]) == (1001, True)
    assert container()["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }


def test_a_run_in_kubernetes_reaches_the_api_and_the_platform_and_nothing_else() -> None:
    labels = job()["spec"]["template"]["metadata"]["labels"]
    assert may_reach(own("network.yaml"), labels) == {53, 4200, 443}
    assert POOLS["kubernetes"]["job_configuration"]["namespace"] == NAMESPACE


def job() -> Any:
    """The Job of a run, as Prefect fills its template; the worker completes the environment."""
    found: Any = apply_values(POOLS["kubernetes"]["job_configuration"], GIVEN)
    return found["job_manifest"]


def container() -> Any:
    (found,) = job()["spec"]["template"]["spec"]["containers"]
    return found
