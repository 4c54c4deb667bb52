"""What becomes of a run when Redis, Postgres, a replica of the API or the background services are away for a while."""

import os
import signal
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from prefect.filesystems import LocalFileSystem
from pydantic import SecretBytes

from flows.record.records import kept_report
from tasks.storage import ResultStorage
from tasks.storage.results import WRITES
from tasks.storage.seal_keys import SealKeys
from tests.deployments.browser.browsing import browsing
from tests.deployments.killing import cut_the_power, wait_for_publishes
from tests.deployments.outages.installation import Installation, installed
from tests.deployments.served import Served
from tests.deployments.test_topology import PASSWORDS
from tests.servers import Server
from tests.warm import standing_for
from timeouts.planning.outcomes import Outcome

pytestmark = pytest.mark.timeout(900)

RAISE = "raise-timeouts/raise"
ONE_AT_A_TIME = {"rules": [{"name": "at least 10s", "at_least": "10s"}], "at_a_time": 1}
TO_PUBLISH = 17
REDIS_AWAY_S, POSTGRES_AWAY_S, HANGS_S = 30, 45, 30
SERVICES_AWAY_S = 100
"""Longer than a run may be without heartbeats, which is 90 s."""

CRASHED_WITHIN_S = 180.0
"""90 s after its last heartbeat, and as long as a server takes that has been through all that, on a busy machine."""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("outages")) as found:
        yield found


@pytest.fixture
def served(installation: Installation) -> Served:
    installation.served.begin_anew()
    return installation.served


def test_an_approval_opens_through_its_link_in_a_browser_behind_the_proxy(served: Served) -> None:
    """Workers reach the API by another name than people: links that they make lead to PREFECT_UI_URL."""
    run = served.start("raise-approved/raise-approved", asked_by="Bo Lindqvist")
    served.wait(run, "PAUSED")

    with browsing(served.address, served.password) as browser:
        browser.open(f"/runs/flow-run/{run}")
        browser.wait_for_state("Suspended")
        browser.page.get_by_role("button", name="Resume").first.click()
        link = browser.page.get_by_role("link", name="every row of the plan").get_attribute("href")
        assert str(link).startswith(f"{served.address}/artifacts/artifact/")
        browser.page.goto(str(link))
        expect(browser.page.get_by_role("heading", name="Steps")).to_be_visible()
        browser.picture("approval-behind-the-proxy")

    served.answer(run, decision="reject", note="not tonight")


def test_a_run_that_publishes_goes_on_while_redis_postgres_a_replica_and_the_services_are_away(
    installation: Installation, served: Served
) -> None:
    served.control("publishing", ms=14_000)
    run = served.start(RAISE, mode="apply", policy=ONE_AT_A_TIME)
    wait_for_publishes(served, 1)

    away(installation.broker, REDIS_AWAY_S)
    away(installation.database, POSTGRES_AWAY_S)
    installation.services.hold_back()
    replica = standing_for(installation.replicas[0].now.pid)
    os.kill(replica, signal.SIGSTOP)
    time.sleep(HANGS_S)
    os.kill(replica, signal.SIGCONT)
    time.sleep(SERVICES_AWAY_S - HANGS_S)
    installation.services.let_go()
    state = served.wait(run)

    assert state["name"] == "Completed", state["message"]
    assert "Crashed" not in [each["name"] for each in served.states(run)]
    assert len(served.published()) == len(set(served.published())) == TO_PUBLISH
    assert served.locked() == []
    assert {outcome.outcome for outcome in reported(installation, run)} == {"published", "skipped"}
    assert "17 published" in served.artifact(run, "timeouts-summary")
    assert installation.worker.starts == 1, "a worker that gives up kills its runs"


def test_an_audit_that_ends_while_postgres_is_away_ends_well_once_it_is_back(
    installation: Installation, served: Served
) -> None:
    """Its deployment has a limit: the slot is given back at its end, and the API answers 500."""
    run = served.start("audit/audit")
    served.wait(run, "RUNNING")

    away(installation.database, POSTGRES_AWAY_S)
    state = served.wait(run)

    assert state["name"] == "Completed", state["message"]
    assert installation.worker.starts == 1


def test_a_run_that_dies_after_all_that_is_crashed(installation: Installation, served: Served) -> None:
    publish = {"method": "POST", "path": "/api/v2/flows/actions/publish"}
    served.control("faults", kind="hang", match={**publish, "nth": 1, "times": 1})
    run = served.start(RAISE, mode="apply")
    wait_for_publishes(served, 1)

    cut_the_power(standing_for(installation.worker.now.pid))
    began_s = time.monotonic()
    state = served.wait(run, patience_s=2 * CRASHED_WITHIN_S)

    assert (state["name"], state["message"]) == ("Crashed", "Its heartbeats have stopped.")
    assert time.monotonic() - began_s < CRASHED_WITHIN_S
    assert not {outcome.outcome for outcome in reported(installation, run)} & {"published"}


def away(server: Server, seconds: float) -> None:
    server.stop()
    time.sleep(seconds)
    server.start()


def reported(installation: Installation, run: str) -> list[Outcome]:
    """Read what became of each target from the run's report, in the results that workers share."""
    keys = SealKeys((SecretBytes(bytes.fromhex(PASSWORDS["GENESYS_TIMEOUTS_SEAL_KEYS"])),))
    shared = LocalFileSystem(basepath=str(installation.folder / "results"))
    return list(kept_report(ResultStorage(shared, WRITES, keys), run).outcomes)
