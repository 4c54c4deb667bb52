"""Ctrl-C and SIGTERM on the demo org, and a second attempt: nothing half done, nothing twice, the record true."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest
from prefect import get_client
from prefect.filesystems import LocalFileSystem
from prefect.flow_engine import run_flow
from prefect.settings import PREFECT_API_URL
from prefect.states import AwaitingRetry

from flows.raise_timeouts import raise_timeouts
from flows.record.records import kept_attempts, kept_report
from flows.roll_back import roll_back
from flows.run.executing import last_words
from simulator.org.versions import PublishPlan
from simulator.server import Running
from tasks.storage import ResultStorage, default_storage
from tests.contents import ours, published
from tests.environment import COMMAND, environment, wait_for
from tests.flows.conftest import plan_of
from tests.prefect_servers import make_prefect_home
from tests.publishing.scenes import org_seed
from tests.reports.made import made
from tests.timeouts.org_of_examples import INVENTORY, plan
from tests.warm import warm_command
from timeouts.policy.policy import Policy

PUBLISH = "/api/v2/flows/actions/publish"
CHECKOUT = "/api/v2/flows/actions/checkout"


def requests(simulator: Running, path: str) -> list[str]:
    return [call.query for call in simulator.org.log if call.path == path and call.status == 200]


def moved(simulator: Running, before: dict[str, str | None]) -> set[str]:
    return {key for key, version in published(simulator).items() if version != before[key]}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_interrupted_finishes_what_is_in_flight_and_leaves_no_lock(
    demo: Running, tmp_path: Path, number: signal.Signals
) -> None:
    before = published(demo)
    given = environment(
        demo.url,
        HOME=str(tmp_path),
        PREFECT_API_URL=str(PREFECT_API_URL.value()),
        PREFECT_RESULTS_LOCAL_STORAGE_PATH=str(tmp_path / "results"),
    )
    with subprocess.Popen(
        [*warm_command(), "raise", "--to", "10s", "--apply"], env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        wait_for(lambda: len(requests(demo, PUBLISH)) >= 3)
        process.send_signal(number)
        process.communicate(timeout=60)

    assert process.returncode != 0
    assert ours(demo) == []
    done = moved(demo, before)
    assert 0 < len(done) < 15
    (before_of_run,) = (tmp_path / "results").glob("genesys-timeouts-run-*-1-before")
    run_id = before_of_run.name.removeprefix("genesys-timeouts-run-").removesuffix("-1-before")
    report = kept_report(ResultStorage(LocalFileSystem(basepath=str(tmp_path / "results"))), run_id)
    told = {each.target.id for each in report.outcomes if each.outcome == "published"}
    assert told == done


def test_ctrl_c_in_a_terminal_reaches_the_run_and_not_the_server_that_it_needs_to_end_in_order(
    demo: Running, tmp_path: Path
) -> None:
    """A terminal sends Ctrl-C to the whole process group, temporary servers included."""
    make_prefect_home(tmp_path / "prefect")
    given = environment(
        demo.url,
        HOME=str(tmp_path),
        PREFECT_HOME=str(tmp_path / "prefect"),
    )
    command = [*COMMAND, "raise", "--to", "10s", "--apply"]
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        wait_for(lambda: len(requests(demo, PUBLISH)) >= 3, 120)
        os.killpg(process.pid, signal.SIGINT)
        out, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "not started: the run was" in out
    assert ours(demo) == []


@pytest.mark.parametrize(("named", "options"), [("", ""), ("demo", " --org demo"), ("my org", " --org 'my org'")])
def test_who_ends_a_run_at_once_is_told_a_way_back_that_names_its_org(named: str, options: str) -> None:
    ended = made(INVENTORY, plan(), [])
    ended = ended.model_copy(update={"run": ended.run.model_copy(update={"org_option": named})})

    assert f"`genesys-timeouts roll-back run-1{options}` shows what would be put back" in last_words(ended)


@pytest.fixture
def four(small_org: Running) -> Running:
    """An org of four Architect flows."""
    small_org.org.reseed(org_seed(4))
    return small_org


def test_a_second_attempt_of_a_failed_run_repeats_nothing_that_is_done(four: Running) -> None:
    """As Prefect's Retry does it: the same run, scheduled again, executed by another process."""
    policy = Policy.raise_to(10_000)
    dry = raise_timeouts(policy=policy, return_state=True)
    planned = plan_of(dry)
    failing = planned.publish_order()[-1].architect_flow_id
    four.org.plan_publish(PublishPlan(ending="failure", error_message="The queue is gone."), failing)
    four.org.clear_log()
    first = raise_timeouts(policy=policy, mode="apply", return_state=True)
    assert first.is_failed()
    four.org.plan_publish(PublishPlan(), failing)

    run_id = first.state_details.flow_run_id
    assert run_id is not None
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run_id, AwaitingRetry(), force=True)
        again = client.read_flow_run(run_id)
    second: Any = run_flow(
        raise_timeouts, flow_run=again, parameters={"policy": policy, "mode": "apply"}, return_type="state"
    )

    assert second.is_completed(), second.message
    assert len(kept_attempts(default_storage(), str(run_id))) == 2
    assert len(requests(four, PUBLISH)) == len(planned.pins) + 1  # one each, and once more the one that failed
    assert ours(four) == []

    back = roll_back(str(run_id), mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert {change.architect_flow_id for change in plan_of(back).changes} == {
        pin.architect_flow_id for pin in planned.pins
    }
