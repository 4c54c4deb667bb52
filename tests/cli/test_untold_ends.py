"""A Prefect server that cannot be told of a run: what was published is shown all the same, with the way back."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path
from uuid import UUID

import pytest
from prefect import get_client
from prefect.client.schemas.sorting import FlowRunSort
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Cancelling

from reports.report import Report
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.versions import PublishPlan
from simulator.server import Running
from tests.cli.scenes import UNTOUCHED, command, writes
from tests.environment import wait_for
from tests.flows.gateway import gateway_to
from tests.publishing.scenes import FLOW

RAISE = "raise", "--to", "10s", "--apply", "--yes"


@contextmanager
def when(happens: Callable[[], object], do: Callable[[UUID], object]) -> Iterator[None]:
    """Do something to the latest run on the server as soon as something happens in the block, which ends with it."""

    def wait_and_do() -> None:
        wait_for(happens)
        with get_client(sync_client=True) as client:
            (run,) = client.read_flow_runs(sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=1)
        do(run.id)

    doing = threading.Thread(target=copy_context().run, args=(wait_and_do,))
    doing.start()
    yield
    doing.join()


def publishes(org: Running) -> Callable[[], bool]:
    """Have publishes take a moment; gives whether one is under way."""
    org.org.plan_publish(PublishPlan(reads=1))
    return lambda: any(path.endswith("publish") for path in writes(org.org))


def delete(run_id: UUID) -> None:
    with get_client(sync_client=True) as client:
        client.delete_flow_run(run_id)


def cancel(run_id: UUID) -> None:
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run_id, Cancelling(), force=True)


def live(org: Running) -> str:
    return str(org.org.state()["architectFlows"][FLOW]["published"])


@pytest.mark.usefixtures("prefect")
def test_a_run_that_somebody_deletes_while_it_publishes_shows_what_it_did_and_can_be_rolled_back(
    architect_org: Running, tmp_path: Path
) -> None:
    """All was live, and the admin got a traceback of HTTP: no tables, no command to roll back, no JSON."""
    file = tmp_path / "run.json"
    with when(publishes(architect_org), delete):
        said = command(*RAISE, "--json", str(file))
    report = Report.model_validate_json(file.read_bytes())

    assert said.code == 0, said.all
    assert live(architect_org) == "5.0"
    assert "Outcomes: 1 published." in said.out
    assert "The Prefect server could not be told how the run ended: it does not know the run" in said.problems
    assert f"genesys-timeouts roll-back {report.run.id}\n" in said.out, "the server does not know its name any more"
    back = command("roll-back", report.run.id, "--apply", "--yes")
    assert back.code == 0, back.all
    assert live(architect_org) == "6.0"


@pytest.mark.usefixtures("prefect")
def test_a_run_that_is_cancelled_at_the_server_and_goes_on_ends_by_what_it_did_and_says_so(
    architect_org: Running,
) -> None:
    """All was published, and the command ended with 1 and without a word."""
    with when(publishes(architect_org), cancel):
        said = command(*RAISE)

    assert said.code == 0, said.all
    assert live(architect_org) == "5.0"
    assert "could not be told how the run ended: there it is Cancelling" in said.problems


@pytest.mark.usefixtures("prefect")
def test_a_server_that_does_not_take_a_run_is_told_in_a_sentence(architect_org: Running) -> None:
    api = str(PREFECT_API_URL.value())
    with gateway_to(api.removesuffix("/api")) as gateway, temporary_settings({PREFECT_API_URL: f"{gateway.url}/api"}):
        gateway.late.append("/api/flows/")
        said = command(*RAISE)

    assert (said.code, said.out) == (1, "")
    assert said.problems == f"Error: the Prefect server did not take the run: it answered 504. {UNTOUCHED}\n"
    assert writes(architect_org.org) == []


@pytest.mark.usefixtures("prefect")
def test_an_audit_whose_end_the_server_does_not_hear_of_shows_what_it_found(architect_org: Running) -> None:
    lists = Match(path="/api/v2/flows")
    architect_org.org.add_fault(Fault(kind="status", status=503, retry_after="1", match=lists))
    with when(lambda: any(lists.path == call.path for call in architect_org.org.log), delete):
        said = command("audit")

    assert said.code == 0, said.all
    assert "1 step" in said.out
    assert "could not be told how the run ended" in said.problems
