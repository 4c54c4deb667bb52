"""Many runs on servers: one writer an org, orgs side by side, retries, a worker that is killed, and who is told."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.demo.org import build_demo_org
from simulator.server import Running, running
from tests.deployments.hook import Told
from tests.deployments.killing import kill_workers, wait_for_publishes
from tests.deployments.served import ROOT, Served
from tests.warm import warm_python

pytestmark = pytest.mark.timeout(600)

RAISE = "raise-timeouts/raise"
TO_PUBLISH = 17
"""So many Architect flows of the demo org does `at least 10s` publish."""

SLOWLY_MS = 2_500


@pytest.fixture
def served(on_postgres: Served, told: Told) -> Served:
    """The servers, with the demo org at its beginning."""
    on_postgres.begin_anew()
    told.messages.clear()
    return on_postgres


@pytest.fixture(scope="module")
def second_org(on_postgres: Served) -> Iterator[Running]:
    """Another org, and the credentials block `second` for it."""
    with running(build_demo_org(seed=2)) as simulator:  # another seed is another org
        register(on_postgres, "second", simulator.url, "demo-writer-secret")
        yield simulator


def register(served: Served, name: str, url: str, secret: str) -> None:
    """Register the credentials of one more org as an operator does."""
    credentials = {"GENESYS_CLIENT_ID": "demo-writer", "GENESYS_CLIENT_SECRET": secret, "GENESYS_API_URL": url}
    done = subprocess.run(
        [warm_python(), "-m", "cli", "register", "org", name],
        cwd=ROOT, env=served.environment | credentials, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def org(name: str) -> dict[str, Any]:
    """The parameter that names an org by its credentials block."""
    return {"$ref": {"block_document_slug": f"genesys-cloud-credentials/{name}"}}


def test_of_two_raises_in_one_org_the_second_waits_and_another_org_goes_on_beside_them(
    served: Served, second_org: Running
) -> None:
    second_org.org.reset()
    served.control("publishing", ms=SLOWLY_MS)

    same_org = [served.start(RAISE, mode="apply") for _ in range(2)]
    other_org = served.start(RAISE, mode="apply", org=org("second"))
    ends = [served.wait(run_id)["name"] for run_id in (*same_org, other_org)]
    runs = [served.run(run_id) for run_id in same_org]
    other = served.run(other_org)

    assert ends == ["Completed"] * 3, [run["state"]["message"] for run in (*runs, other)]
    waited = ["waiting for its end" in served.log(run_id) for run_id in (*same_org, other_org)]
    assert (sorted(waited[:2]), waited[2]) == ([False, True], False)
    assert len(served.published()) == len(set(served.published())) == TO_PUBLISH
    assert other["start_time"] < max(run["end_time"] for run in runs)
    assert min(run["start_time"] for run in runs) < other["end_time"]


def test_a_fleet_shows_all_orgs_in_one_table_and_one_that_fails_touches_no_other(
    served: Served, second_org: Running
) -> None:
    register(served, "wrong", second_org.url, "not-the-secret")

    fleet = served.ended("fleet/fleet", orgs=[org("writer"), org("second"), org("wrong")])
    table = {row["credentials"]: row for row in served.artifacts(fleet["id"])["timeouts-fleet"]}

    assert fleet["state"]["name"] == "Failed"
    assert "1 of 3 orgs did not end well: wrong" in fleet["state"]["message"]
    assert {name: row["ended"] for name, row in table.items()} == {
        "writer": "Completed",
        "second": "Completed",
        "wrong": "Failed",
    }
    assert (table["writer"]["Architect flows"], table["writer"]["steps"], table["wrong"]["steps"]) == (60, 307, None)


def test_the_table_of_a_fleet_shows_what_ran_and_the_action_limits_beside_the_steps(served: Served) -> None:
    """A raise by the limits of actions alone looked as if nothing was planned, and security.md promised the mode."""
    levers = {"rules": [{"name": "at least 10s", "at_least": "10s"}], "levers": ["step", "action"]}

    fleet = served.ended("fleet/fleet", orgs=[org("writer")], what="raise", policy=levers)
    (row,) = served.artifacts(fleet["id"])["timeouts-fleet"]

    assert (row["ran"], row["plan"][:7]) == ("raise, dry run", "sha256:")
    assert (row["steps to change"], row["action limits to change"]) == (25, 7)
    assert (row["Architect flows published"], row["action limits changed"]) == (0, 0)


def test_a_retry_publishes_exactly_what_is_missing(served: Served, told: Told) -> None:
    fault = {"kind": "status", "status": 403, "match": {"method": "POST", "path": "/api/v2/flows/actions/publish"}}
    fault["match"] |= {"nth": 8, "times": 1}  # type: ignore[operator] # a dict of dicts
    served.control("faults", **fault)
    budget = {"rules": [{"name": "at least 10s", "at_least": "10s"}], "failure_budget": 1}

    run = served.ended(RAISE, mode="apply", policy=budget)
    at_first = served.published()
    served.forget_calls()
    served.retry(run["id"])
    again = served.wait(run["id"])

    assert (run["state"]["name"], again["name"]) == ("Failed", "Completed"), again["message"]
    refused = at_first[7]
    done = set(at_first) - {refused}
    assert not done & set(served.published())
    assert refused in served.published()
    assert len(done) + len(served.published()) == TO_PUBLISH
    assert served.locked() == []
    message = told.wait_for("raise-timeouts ended Failed")
    assert run["name"] in message["text"]


def test_a_drift_and_a_plan_that_waits_are_told(served: Served, told: Told) -> None:
    asked = served.start("raise-approved/raise-approved", asked_by="Bo Lindqvist")
    served.wait(asked, "PAUSED")

    message = told.wait_for("Bo Lindqvist asks for approval in Grünwald & Söhne (demo)")
    assert f"{served.address}/runs/flow-run/{asked}" in message["text"]
    assert "secret-part" not in json.dumps(served.post("/block_documents/filter", {"include_secrets": False}))


def test_a_cancelled_run_releases_its_locks_and_says_what_it_did(served: Served) -> None:
    served.control("publishing", ms=SLOWLY_MS)
    run_id = served.start(RAISE, mode="apply")
    wait_for_publishes(served, 2)

    cancelled = {"type": "CANCELLING", "name": "Cancelling"}
    served.post(f"/flow_runs/{run_id}/set_state", {"state": cancelled})
    served.wait(run_id, "CANCELLED")  # after Crashed: the process ends by the signal, then the worker says why

    assert served.locked() == []
    assert len(served.published()) < TO_PUBLISH


def test_a_killed_worker_is_started_again_and_the_next_run_finishes_its_work(served: Served) -> None:
    """The next run waits twice: until the dead one's place counts as abandoned (45 s), and its lock as well (120 s)."""
    one_at_a_time = {"rules": [{"name": "at least 10s", "at_least": "10s"}], "at_a_time": 1}
    publish = {"method": "POST", "path": "/api/v2/flows/actions/publish"}
    served.control("faults", kind="hang", match={**publish, "nth": 2, "times": 1})
    killed = served.start(RAISE, mode="apply", policy=one_at_a_time)
    wait_for_publishes(served, 2)

    kill_workers(served)
    first, second = served.published()
    left_behind = served.locked()
    after = served.ended(RAISE, mode="apply")
    dead = served.wait(killed)

    assert len(left_behind) == 1, "the one whose publish never came to the platform"
    assert after["state"]["name"] == "Completed", after["state"]["message"]
    assert served.locked() == []
    assert first not in served.published()[1:]
    assert second in served.published()[2:]
    assert len(set(served.published())) == TO_PUBLISH
    assert (dead["name"], dead["message"]) == ("Crashed", "Its heartbeats have stopped.")
