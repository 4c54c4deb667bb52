"""What a registration leaves on a real server that was registered at before."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest

from tests.deployments.killing import kill_workers, wait_for_publishes
from tests.deployments.served import ROOT, Json, Served
from tests.environment import without_settings
from tests.prefect_servers import make_prefect_home, prefect_server
from tests.warm import warm_python

pytestmark = pytest.mark.timeout(600)


def test_limits_that_an_older_registration_has_set_are_gone_from_all_that_writes(on_postgres: Served) -> None:
    """A lease that is lost would end a run in the middle of a publish."""
    before: list[Json] = on_postgres.post("/deployments/filter", {})
    for each in before:
        if not each["name"].startswith("audit"):
            on_postgres.api.patch(f"/deployments/{each['id']}", json={"concurrency_limit": 8}).raise_for_status()

    register(on_postgres)

    limited = [each["name"] for each in on_postgres.post("/deployments/filter", {}) if has_limit(each)]
    assert len(before) == 9
    assert sorted(limited) == ["audit", "audit-nightly"]


def test_a_registration_leaves_automations_that_are_as_they_should_be_alone(on_postgres: Served) -> None:
    """An update would give their triggers new ids, and what is waited for under the old ones would never come."""
    before = automations(on_postgres)

    register(on_postgres)

    assert len(before) == 6
    assert automations(on_postgres) == before


def test_a_registration_puts_right_what_an_automation_does_and_leaves_it_switched_off(on_postgres: Served) -> None:
    dead = automations(on_postgres)["genesys-timeouts: a run without heartbeats has crashed"]
    changed = {key: value for key, value in dead.items() if key not in {"id", "created", "updated"}}
    changed |= {"enabled": False, "trigger": {**dead["trigger"], "within": 600.0}}
    on_postgres.api.put(f"/automations/{dead['id']}", json=changed).raise_for_status()

    register(on_postgres)

    after = automations(on_postgres)[dead["name"]]
    on_postgres.api.patch(f"/automations/{dead['id']}", json={"enabled": True}).raise_for_status()
    assert (after["enabled"], after["trigger"]["within"]) == (False, 90.0)


def test_a_registration_leaves_the_runs_that_are_scheduled(on_postgres: Served) -> None:
    """Prefect deletes those of a deployment that is deployed, and schedules them again within seconds."""
    before = scheduled_once_there(on_postgres)

    register(on_postgres)

    assert scheduled_once_there(on_postgres) == before


def test_a_run_that_is_killed_after_a_second_registration_is_crashed(on_postgres: Served) -> None:
    """And the reminder of an approval that waits is kept: its bucket lies under the same trigger."""
    on_postgres.begin_anew()
    one_at_a_time = {"rules": [{"name": "at least 10s", "at_least": "10s"}], "at_a_time": 1}
    publish = {"method": "POST", "path": "/api/v2/flows/actions/publish"}
    on_postgres.control("faults", kind="hang", match={**publish, "nth": 2, "times": 1})
    killed = on_postgres.start("raise-timeouts/raise", mode="apply", policy=one_at_a_time)
    wait_for_publishes(on_postgres, 2)
    register(on_postgres)

    kill_workers(on_postgres)
    began_s = time.monotonic()
    state = on_postgres.wait(killed, patience_s=2 * CRASHED_WITHIN_S)

    assert (state["name"], state["message"]) == ("Crashed", "Its heartbeats have stopped.")
    assert time.monotonic() - began_s < CRASHED_WITHIN_S


def test_what_prefect_refuses_to_deploy_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Here for a work pool of our name that somebody has made, with variables of another type."""
    make_prefect_home(tmp_path / "prefect")
    variables = {"type": "object", "properties": {"env": {"type": "string"}}}
    template = {"job_configuration": {"env": "{{ env }}"}, "variables": variables}
    with prefect_server(tmp_path / "prefect") as url:
        pool = {"name": "genesys-timeouts", "type": "process", "base_job_template": template}
        httpx.post(f"{url}/work_pools/", json=pool).raise_for_status()

        done = registering({**clean_environment(tmp_path), "PREFECT_API_URL": url})

    said = " ".join(done.stderr.split())
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert said.startswith("Error: `prefect deploy` of deployments/prefect.yaml ended with 1 and said last: ")
    assert "DeploymentApplyError: Error creating deployment: Validation failed for field 'env'" in said
    assert said.endswith("put that right and run `genesys-timeouts register` again, as often as you like.")


CRASHED_WITHIN_S = 100.0
SCHEDULED_AGAIN_S = 20.0
"""Measured: within 5 s."""


def register(served: Served) -> None:
    """Register a second time as an operator does, with the same environment."""
    done = registering(served.environment)
    assert done.returncode == 0, done.stderr


def registering(environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [warm_python(), "-m", "cli", "register"],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True,
    )  # fmt: skip


def clean_environment(folder: Path) -> dict[str, str]:
    return {**without_settings(), "PREFECT_HOME": str(folder / "prefect"), "GENESYS_TIMEOUTS_HOME": str(folder / "own")}


def automations(served: Served) -> dict[str, Json]:
    """Read all automations by name, with the ids of their triggers."""
    return {each["name"]: each for each in served.post("/automations/filter", {})}


def scheduled(served: Served) -> list[str]:
    """List when the nightly audit is going to run."""
    named = {
        "deployments": {"name": {"any_": ["audit-nightly"]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
    }
    return sorted(each["expected_start_time"] for each in served.post("/flow_runs/filter", named))


def scheduled_once_there(served: Served) -> list[str]:
    """List the same as soon as there is any; one read in between finds part of them."""
    deadline = time.monotonic() + SCHEDULED_AGAIN_S
    while not scheduled(served):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    time.sleep(1)
    return scheduled(served)


def has_limit(deployment: Json) -> bool:
    return deployment["concurrency_limit"] is not None or deployment["global_concurrency_limit"] is not None
