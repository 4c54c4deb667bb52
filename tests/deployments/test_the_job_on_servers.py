"""The job on servers: audit, plan, approval, publish, verification and roll back, on Postgres and two workers."""

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from flows.record.records import kept_report
from tasks.storage.results import WRITES
from tests.approvers import MAL, as_variable, line, signed
from tests.deployments.served import ROOT, Json, Served
from tests.environment import without_settings
from tests.warm import warm_command, warm_python

pytestmark = pytest.mark.timeout(400)

APPROVED = "raise-approved/raise-approved"
ASKED = {"asked_by": "Bo Lindqvist"}


def ask(served: Served, **parameters: Any) -> str:
    """Start a run that asks for an approval, and wait until it does."""
    run_id = served.start(APPROVED, **ASKED, **parameters)
    served.wait(run_id, "PAUSED")
    return run_id


def test_the_whole_job_runs_on_the_server(on_postgres: Served) -> None:
    before = on_postgres.live()

    audit = on_postgres.ended("audit/audit-nightly")
    asked = ask(on_postgres)
    once = on_postgres.asked(asked)
    untouched = on_postgres.live()
    approved = on_postgres.answer(asked, **on_postgres.approval(asked))
    after = on_postgres.live()
    back = on_postgres.ended("roll-back/roll-back", run=asked, mode="apply")

    assert (audit["state"]["name"], approved["name"], back["state"]["name"]) == ("Completed",) * 3, approved["message"]
    assert (before, once["name"]) == (untouched, "Suspended")
    changed = {key for key in before if before[key] != after[key]}
    assert changed == {row["target"]["id"] for row in outcomes(on_postgres, asked) if row["outcome"] == "published"}
    assert len(changed) == 17
    assert before == on_postgres.live()
    assert_tables(on_postgres, asked)
    assert_record(on_postgres, asked)
    assert_history(on_postgres, asked)


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

    assert all(said in page for said in ("Bo Lindqvist", "asked", "Ana Duarte (key", "approved", "ok"))
    assert record["proposal"]["checksum"] in page
    assert record["outcomes"] == {"Architect flows published": 17, "Architect flows skipped": 6}


def assert_history(served: Served, run_id: str) -> None:
    """Every decision is in the chain, and an auditor verifies it on a machine of their own."""
    said = history(served, "--verify")

    assert said.returncode == 0, said.stdout + said.stderr
    assert "signed where they have to be" in said.stdout
    for what in ("proposed", "asked", "approved", "publishes", "ended"):
        assert what in said.stdout
    assert run_id in said.stdout
    assert "17 Architect flows published" in said.stdout


def history(served: Served, *options: str) -> "subprocess.CompletedProcess[str]":
    """Read it in a terminal that was told what `serve` prints for one, and nothing else."""
    printed = re.findall(r"^  export (\w+)=(.+)$", (served.home / "serve.log").read_text(), re.MULTILINE)
    told = {name: shlex.split(value)[0] for name, value in printed}
    own = without_settings()
    return subprocess.run(
        [*warm_command(), "history", *options],
        cwd=ROOT, env={**own, **told, "COLUMNS": "250"}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_wrong_answers_are_refused_and_the_third_one_ends_the_run(on_postgres: Served) -> None:
    earlier = ask(on_postgres)
    replayed = on_postgres.approval(earlier)
    on_postgres.answer(earlier, decision="reject", note="not tonight")
    on_postgres.forget_calls()
    run_id = ask(on_postgres)
    asked = on_postgres.asked(run_id)

    oneself = on_postgres.answer(run_id, **on_postgres.signed("bo", "approve", on_postgres.request(run_id)))
    replay = on_postgres.answer(run_id, **replayed)
    stranger = {"decision": "approve", "signature": signed(MAL, on_postgres.request(run_id), "approve")}
    nobody = on_postgres.answer(run_id, **stranger)
    used_up = on_postgres.api.post(f"/flow_runs/{earlier}/resume", json={"run_input": replayed})

    assert [each["name"] for each in (asked, oneself, replay, nobody)] == [*["Suspended"] * 3, "Refused"]
    reasons = [each["ruling"]["reason"] for each in on_postgres.record(run_id)["answers"]]
    told = (
        "ok",
        "Bo Lindqvist has signed already (ask): somebody else has to",
        "the signature of Ana Duarte is not for what this run asks",
        "is no approver's",
    )
    assert all(reason in given for reason, given in zip(told, reasons, strict=True)), reasons
    assert used_up.json()["status"] != "ACCEPT", "its run has been answered"
    rejected = on_postgres.run(earlier)["state"]
    assert (rejected["name"], on_postgres.published()) == ("Rejected", [])
    assert "somebody (not signed) rejected the plan: not tonight" in rejected["message"]


# What whoever writes to result storage, or has the password of the Prefect server, may try.


@pytest.fixture(scope="module")
def approved(on_postgres: Served) -> tuple[str, Json]:
    """A run that was approved and has published, and its record; the org is as it was before."""
    on_postgres.begin_anew()
    run_id = ask(on_postgres)
    on_postgres.asked(run_id)
    assert on_postgres.answer(run_id, **on_postgres.approval(run_id))["name"] == "Completed"
    on_postgres.begin_anew()
    return run_id, on_postgres.record(run_id)


def write(served: Served, file: Path, content: bytes) -> None:
    """Write a file in result storage as whoever has the workers' key may: sealed for the name that it has."""
    served.storage(WRITES).write(file.name, content)


def resumed(served: Served, run_id: str) -> Json:
    """Resume a run without a signature, as whoever has the password may, and say what the run did."""
    served.forget_calls()
    state = served.answer(run_id, decision="approve", note="it is approved, look at the record")
    assert served.published() == []
    return state


def test_the_file_of_an_approved_run_publishes_nothing_in_another_and_is_named(
    on_postgres: Served, approved: tuple[str, Json]
) -> None:
    run_id = ask(on_postgres)
    on_postgres.record_of(run_id).write_bytes(on_postgres.record_of(approved[0]).read_bytes())

    state = resumed(on_postgres, run_id)

    assert state["type"] == "FAILED"
    assert f"genesys-timeouts-approval-{run_id} is not as it was sealed" in state["message"], state


def test_the_record_of_an_approved_run_publishes_nothing_in_another_whoever_sealed_it(
    on_postgres: Served, approved: tuple[str, Json]
) -> None:
    earlier, record = approved
    run_id = ask(on_postgres)
    write(on_postgres, on_postgres.record_of(run_id), json.dumps(record).encode())

    state = resumed(on_postgres, run_id)

    assert state["type"] == "FAILED"
    assert f"holds the approval of the run {earlier} instead of {run_id}" in state["message"], state


def test_a_replayed_record_that_is_made_to_name_this_run_publishes_nothing(
    on_postgres: Served, approved: tuple[str, Json]
) -> None:
    run_id = ask(on_postgres)
    record = approved[1] | {"proposal": on_postgres.proposed(run_id)}
    write(on_postgres, on_postgres.record_of(run_id), json.dumps(record).encode())

    state = resumed(on_postgres, run_id)

    assert state["name"] == "Refused"
    assert "an answer that result storage holds does not count: the signature of Bo Lindqvist" in state["message"]


def test_an_approval_that_was_written_into_the_record_publishes_nothing_and_nobody_is_told_to_have_given_it(
    on_postgres: Served, approved: tuple[str, Json]
) -> None:
    run_id = ask(on_postgres)
    on_postgres.asked(run_id)
    record, made_up = on_postgres.record(run_id), json.loads(json.dumps(approved[1]["answers"][-1]))
    made_up["answer"]["signature"] = signed(MAL, on_postgres.request(run_id), "approve")
    record["answers"].append(made_up)
    write(on_postgres, on_postgres.record_of(run_id), json.dumps(record).encode())

    state = resumed(on_postgres, run_id)

    assert state["name"] == "Refused"
    assert "is no approver's" in state["message"]
    assert "| Ana Duarte (key" not in on_postgres.artifact(run_id, "timeouts-approval")


def test_another_plan_under_the_name_of_the_approved_one_publishes_nothing(on_postgres: Served) -> None:
    other = ask(on_postgres, policy={"rules": [{"name": "at least 20s", "at_least": "20s"}]})
    run_id = ask(on_postgres)
    on_postgres.asked(run_id)
    approval = on_postgres.approval(run_id)
    plan, instead = (plan_file(on_postgres, each) for each in (run_id, other))
    whole = plan.read_bytes()
    write(on_postgres, plan, on_postgres.storage(WRITES).read(instead.name))
    on_postgres.forget_calls()

    state = on_postgres.answer(run_id, **approval)

    plan.write_bytes(whole)
    assert (state["type"], on_postgres.published()) == ("FAILED", [])
    assert "instead of" in state["message"], state
    on_postgres.answer(other, decision="reject")


def plan_file(served: Served, run_id: str) -> Path:
    return served.record_of(run_id).with_name(f"genesys-timeouts-plan-{served.request(run_id).plan}")


def test_job_variables_that_name_approvers_are_refused_by_name(on_postgres: Served) -> None:
    mine = as_variable(keys={MAL: line(MAL)}, signatures=1)
    on_postgres.forget_calls()
    answer = on_postgres.api.post(
        f"/deployments/{on_postgres.deployment(APPROVED)['id']}/create_flow_run",
        json={"parameters": ASKED, "job_variables": {"env": {"GENESYS_TIMEOUTS_APPROVERS": mine}}},
    )
    run_id = str(answer.json()["id"])

    state = on_postgres.wait(run_id)

    assert (state["name"], on_postgres.published()) == ("Failed", [])
    assert "sets GENESYS_TIMEOUTS_APPROVERS by its job variables" in state["message"]


def test_an_approval_that_cannot_be_added_to_the_history_publishes_nothing(on_postgres: Served) -> None:
    run_id = ask(on_postgres)
    on_postgres.asked(run_id)
    approval = on_postgres.approval(run_id)
    heads = {"variables": {"name": {"like_": "genesys-timeouts-history-head-%"}}}
    head = on_postgres.post("/variables/filter", heads)[0]
    broken = {"number": head["value"]["number"] + 1, "digest": "0" * 64}
    on_postgres.api.patch(f"/variables/{head['id']}", json={"value": broken}).raise_for_status()
    on_postgres.forget_calls()

    state = on_postgres.answer(run_id, **approval)

    said = history(on_postgres, "--verify")
    on_postgres.api.patch(f"/variables/{head['id']}", json={"value": head["value"]}).raise_for_status()
    assert (state["type"], on_postgres.published()) == ("FAILED", [])
    assert "could not be added to the history" in state["message"]
    assert (said.returncode, "its end is missing" in said.stderr) == (1, True)
    assert history(on_postgres, "--verify").returncode == 0


def test_a_run_whose_policy_was_changed_while_it_waited_publishes_nothing(on_postgres: Served) -> None:
    on_postgres.forget_calls()
    run_id = ask(on_postgres)
    on_postgres.asked(run_id)
    approval = on_postgres.approval(run_id)
    parameters = on_postgres.run(run_id)["parameters"]
    parameters["policy"] = {"rules": [{"name": "at least 20s", "at_least": "20s"}]}
    on_postgres.api.patch(f"/flow_runs/{run_id}", json={"parameters": parameters}).raise_for_status()

    state = on_postgres.answer(run_id, **approval)

    assert state["name"] == "Refused"
    assert "parameters were changed after its plan was made (policy)" in state["message"]
    assert on_postgres.published() == []


def test_an_approval_that_comes_too_late_publishes_nothing(on_postgres: Served) -> None:
    on_postgres.forget_calls()
    run_id = ask(on_postgres)
    on_postgres.asked(run_id)
    approval, record = on_postgres.approval(run_id), on_postgres.record(run_id)
    record["proposal"]["expires_ms"] = record["proposal"]["asked_ms"]
    write(on_postgres, on_postgres.record_of(run_id), json.dumps(record).encode())

    state = on_postgres.answer(run_id, **approval)

    assert (state["name"], on_postgres.published()) == ("Refused", [])
    assert "the plan has expired" in state["message"]


def test_a_plan_that_nobody_answers_counts_as_rejected(on_postgres: Served) -> None:
    on_postgres.forget_calls()
    run_id = ask(on_postgres, approval={"wait": "1m"})

    state = on_postgres.wait(run_id)

    assert (state["name"], on_postgres.published()) == ("Failed", [])


def test_a_plan_that_was_made_without_the_figures_that_were_asked_for_says_so_and_does_not_end_green(
    on_postgres: Served,
) -> None:
    """The second half of the run, which applies the plan, reads all that it needs, and ended green."""
    on_postgres.forget_calls()
    analytics = {"path": "/api/v2/analytics/**", "times": None}
    on_postgres.control("faults", kind="status", status=403, match=analytics)
    run_id = ask(on_postgres, evidence="14d")
    on_postgres.asked(run_id)

    state = on_postgres.answer(run_id, **on_postgres.approval(run_id))

    on_postgres.org.delete("/simulator/faults").raise_for_status()
    (missing,) = on_postgres.proposed(run_id)["missing"]
    assert "The figures of the last 14 days could not be read" in missing
    assert "**Not everything could be read:**" in on_postgres.artifact(run_id, "timeouts-approval")
    assert (state["type"], state["name"]) == ("FAILED", "Incomplete")
    assert f"17 Architect flows published, 6 skipped; when it was planned; {missing}" in state["message"]
    assert len(on_postgres.published()) == 17


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
    subprocess.run([warm_python(), "-m", *module], cwd=ROOT, env=served.environment, check=True, capture_output=True)


def test_deploying_twice_changes_nothing_and_an_upgrade_keeps_the_schedule(on_postgres: Served, tmp_path: Path) -> None:
    as_shipped = ROOT / "deployments" / "prefect.yaml"
    nightly = on_postgres.deployment("audit/audit-nightly")
    schedule = nightly["schedules"][0]
    on_postgres.api.patch(
        f"/deployments/{nightly['id']}/schedules/{schedule['id']}", json={"active": False}
    ).raise_for_status()
    before = everything(on_postgres)

    apply(on_postgres, "cli", "register")
    twice = everything(on_postgres)
    yaml = YAML()
    upgrade = yaml.load(as_shipped.read_text())
    for each in upgrade["deployments"]:
        each["version"] = "9.9.9"
    yaml.dump(upgrade, tmp_path / "prefect.yaml")
    apply(on_postgres, "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(tmp_path / "prefect.yaml"))
    upgraded = everything(on_postgres)["audit-nightly"]

    assert before == twice
    assert (upgraded["version"], upgraded["schedules"]) == ("9.9.9", before["audit-nightly"]["schedules"])
    assert not upgraded["schedules"][0]["active"]
