"""The job on servers: audit, plan, approval, publish, verification and roll back, on Postgres and two workers.

Must show 1, 5 and 7 of issue 5.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from flows.record.records import kept_report
from tasks.storage.results import WRITES
from tests.deployments.served import PHRASES, ROOT, Json, Served
from timeouts.planning.approval import approval_code

pytestmark = pytest.mark.timeout(400)

APPROVED = "raise-approved/raise-approved"
ASKED = {"asked_by": "Bo Lindqvist"}
OTHER_PLAN = f"sha256:{'f' * 64}"


@pytest.fixture
def served(on_postgres: Served) -> Served:
    return on_postgres


def ask(served: Served, **parameters: Any) -> str:
    """Start a run that asks for an approval, and wait until it does."""
    run_id = served.start(APPROVED, **ASKED, **parameters)
    served.wait(run_id, "PAUSED")
    return run_id


def test_the_whole_job_runs_on_the_server(served: Served) -> None:
    before = served.live()

    audit = served.ended("audit/audit-nightly")
    asked = ask(served)
    untouched = served.live()
    approved = served.answer(asked, **served.approval(asked))
    after = served.live()
    back = served.ended("roll-back/roll-back", run=asked, mode="apply")

    assert (audit["state"]["name"], approved["name"], back["state"]["name"]) == ("Completed",) * 3, approved["message"]
    assert before == untouched
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {row["target"]["id"] for row in outcomes(served, asked) if row["outcome"] == "published"}
    assert len(changed) == 17
    assert before == served.live()
    assert_tables(served, asked)
    assert_record(served, asked)


def outcomes(served: Served, run_id: str) -> list[Json]:
    """What became of each Architect flow, from the run's report."""
    return [outcome.model_dump(mode="json") for outcome in kept_report(served.storage(WRITES), run_id).outcomes]


def assert_tables(served: Served, run_id: str) -> None:
    """Before and after are there to read, and the wait that was asked for is in every line that was read back."""
    planned, verified = served.artifact(run_id, "timeouts-plan"), served.artifact(run_id, "timeouts-verified")

    assert len(planned) == len(verified) == 22
    assert {row["effective after"] for row in verified} == {"10s"}
    assert "10s" not in {row["effective before"] for row in verified}
    assert "17 published" in served.artifact(run_id, "timeouts-summary")


def assert_record(served: Served, run_id: str) -> None:
    """Who asked, who approved, why, which plan and what came of it: as an artifact and as a file."""
    page, record = served.artifact(run_id, "timeouts-approval"), served.record(run_id)

    assert all(said in page for said in ("Bo Lindqvist", "asked", "Ana Duarte", "approved", "ok"))
    assert record["proposal"]["checksum"] in page
    assert record["outcomes"] == {"Architect flows published": 17, "Architect flows skipped": 6}


def test_wrong_answers_are_refused_and_the_third_one_ends_the_run(served: Served) -> None:
    earlier = ask(served)
    replayed = served.approval(earlier)
    served.answer(earlier, decision="reject", note="not tonight")
    served.forget_calls()
    run_id = ask(served)

    other_plan = served.answer(run_id, **served.approval(run_id, plan_checksum=OTHER_PLAN))
    bo = approval_code(PHRASES["Bo Lindqvist"], run_id, served.proposed(run_id)["checksum"])
    oneself = served.answer(run_id, **served.approval(run_id, approver="Bo Lindqvist", code=bo))
    replay = served.answer(run_id, **replayed)
    used_up = served.api.post(f"/flow_runs/{earlier}/resume", json={"run_input": replayed})

    assert (other_plan["name"], oneself["name"], replay["name"]) == ("Suspended", "Suspended", "Refused")
    reasons = [each["ruling"]["reason"] for each in served.record(run_id)["answers"]]
    told = (f"names {OTHER_PLAN}", "Bo Lindqvist asked for this run", "the code is not Ana Duarte's")
    assert all(reason in given for reason, given in zip(told, reasons, strict=True)), reasons
    assert used_up.json()["status"] != "ACCEPT", "its run has been answered"
    assert (served.run(earlier)["state"]["name"], served.published()) == ("Rejected", [])


def test_a_run_whose_policy_was_changed_while_it_waited_publishes_nothing(served: Served) -> None:
    served.forget_calls()
    run_id = ask(served)
    parameters = served.run(run_id)["parameters"]
    parameters["policy"] = {"rules": [{"name": "at least 20s", "at_least": "20s"}]}
    served.api.patch(f"/flow_runs/{run_id}", json={"parameters": parameters}).raise_for_status()

    state = served.answer(run_id, **served.approval(run_id))

    assert state["name"] == "Refused"
    assert "parameters were changed after its plan was made (policy)" in state["message"]
    assert served.published() == []


def test_an_approval_that_comes_too_late_publishes_nothing(served: Served) -> None:
    served.forget_calls()
    run_id = ask(served)
    approval, record = served.approval(run_id), served.record(run_id)
    record["proposal"]["expires_ms"] = record["proposal"]["asked_ms"]
    served.storage(WRITES).write(served.record_of(run_id).name, json.dumps(record).encode())

    state = served.answer(run_id, **approval)

    assert (state["name"], served.published()) == ("Refused", [])
    assert "the plan has expired" in state["message"]


def test_a_plan_that_nobody_answers_counts_as_rejected(served: Served) -> None:
    served.forget_calls()
    run_id = ask(served, approval={"wait": "1m"})

    state = served.wait(run_id)

    assert (state["name"], served.published()) == ("Failed", [])


def test_a_plan_that_was_made_without_the_figures_that_were_asked_for_says_so_and_does_not_end_green(
    served: Served,
) -> None:
    """Issue F, 14: the second half of the run, which applies the plan, reads all that it needs, and ended green."""
    served.forget_calls()
    analytics = {"path": "/api/v2/analytics/**", "times": None}
    served.control("faults", kind="status", status=403, match=analytics)
    run_id = ask(served, evidence="14d")

    state = served.answer(run_id, **served.approval(run_id))

    served.org.delete("/simulator/faults").raise_for_status()
    (missing,) = served.proposed(run_id)["missing"]
    assert "The figures of the last 14 days could not be read" in missing
    assert "**Not everything could be read:**" in served.artifact(run_id, "timeouts-approval")
    assert (state["type"], state["name"]) == ("FAILED", "Incomplete")
    assert f"17 Architect flows published; when it was planned; {missing}" in state["message"]
    assert len(served.published()) == 17


def everything(served: Served) -> Json:
    """All deployments as they are stored, but for the moment at which they were last written."""
    moving = {"updated", "last_polled", "status"}
    found = served.post("/deployments/filter", {})
    for each in found:
        for schedule in each["schedules"]:
            schedule.pop("updated")
    return {each["name"]: {key: value for key, value in each.items() if key not in moving} for each in found}


def apply(served: Served, *module: str) -> None:
    """Apply the deployments as an operator does."""
    subprocess.run([sys.executable, "-m", *module], cwd=ROOT, env=served.environment, check=True, capture_output=True)


def test_deploying_twice_changes_nothing_and_an_upgrade_keeps_the_schedule(served: Served, tmp_path: Path) -> None:
    as_shipped = ROOT / "deployments" / "prefect.yaml"
    nightly = served.deployment("audit/audit-nightly")
    schedule = nightly["schedules"][0]
    served.api.patch(
        f"/deployments/{nightly['id']}/schedules/{schedule['id']}", json={"active": False}
    ).raise_for_status()
    before = everything(served)

    apply(served, "deployments.register")
    twice = everything(served)
    yaml = YAML()
    upgrade = yaml.load(as_shipped.read_text())
    for each in upgrade["deployments"]:
        each["version"] = "9.9.9"
    yaml.dump(upgrade, tmp_path / "prefect.yaml")
    apply(served, "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(tmp_path / "prefect.yaml"))
    upgraded = everything(served)["audit-nightly"]

    assert before == twice
    assert (upgraded["version"], upgraded["schedules"]) == ("9.9.9", before["audit-nightly"]["schedules"])
    assert not upgraded["schedules"][0]["active"]
