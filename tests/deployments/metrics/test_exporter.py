"""The exporter beside a Prefect server that answers, goes away, or does not answer at all."""

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from prefect import get_client

from deployments.metrics import server
from flows.audit import audit
from flows.record.figures import PREFIX
from flows.record.records import kept_report
from reports.report import Report
from simulator.server import running
from tasks.storage import default_storage
from tests.deployments.metrics.scraping import Scraped, exporting, parsed
from tests.deployments.served import ROOT
from tests.environment import COMMAND, environment, point_at
from tests.prefect_servers import prefect_of_runs
from tests.publishing.scenes import org_seed
from tests.servers import free_port
from tests.warm import warm_command

PASSWORD = "canary-of-the-password"
HOSTILE = 'Evil"} 1\n# HELP genesys_timeouts_up \\ <script> @here [x](https://evil.example) \u202e'
pytestmark = pytest.mark.timeout(300)


def given(address: str) -> dict[str, str]:
    """The environment of an exporter: the server's address, and the password that it asks for."""
    return environment(PREFECT_API_URL=address, PREFECT_API_AUTH_STRING=f"operator:{PASSWORD}")


@contextlib.contextmanager
def prefect_with_an_org(folder: Path) -> Iterator[str]:
    """Have a Prefect server, and a small org that audits in this process read; yields the server's address."""
    with running(org_seed()) as simulator, pytest.MonkeyPatch.context() as patch:
        point_at(simulator.url, patch, "30s")
        with prefect_of_runs(folder, folder / "results") as address:
            yield address


def audited() -> Report:
    return kept_report(default_storage(), str(audit(return_state=True).state_details.flow_run_id))


def label(run_id: str, **labels: str | int) -> None:
    """Write labels as anybody can who has the server's password."""
    with get_client(sync_client=True) as client:
        client.update_flow_run_labels(UUID(run_id), {f"{PREFIX}{name}": value for name, value in labels.items()})


def once(address: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*warm_command(), "metrics", "--once"],
        cwd=ROOT, env=given(address), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def org_names(scraped: Scraped) -> set[str]:
    return {value for by in scraped.samples.values() for key in by for name, value in key if name == "org"}


def test_what_has_ended_is_told_as_the_reports_have_it_also_while_the_server_is_away(tmp_path: Path) -> None:
    with contextlib.ExitStack() as prefect:
        address = prefect.enter_context(prefect_with_an_org(tmp_path))
        reports = [audited(), audited()]
        with exporting(tmp_path / "exporter.log", given(address)) as exporter:
            there = exporter.read_after(0)
            prefect.close()
            down = time.time()
            while (away := exporter.scrape()).get("up"):
                assert time.time() < down + 60
                time.sleep(0.2)

    for scraped, is_up in ((there, 1), (away, 0)):
        assert scraped.get("up") == is_up
        assert scraped.get("runs_ended_total", kind="audit", end="Completed") == 2
        assert scraped.get("runs_ended_total", kind="raise", end="Crashed") == 0, (
            "what may come is there before it does"
        )
        for name, figure in {
            "platform_requests_total": sum(report.requests.total for report in reports),
            "architect_flows_read_total": sum(report.coverage.read for report in reports),
            "platform_rate_limited_total": 0,
        }.items():
            assert scraped.get(name, org=reports[0].org.name, org_id=reports[0].org.id) == figure, name
    assert "genesys_timeouts_runs" in there.samples
    assert "genesys_timeouts_runs" not in away.samples  # nobody knows
    assert "the Prefect server was not read" in (tmp_path / "exporter.log").read_text()
    assert PASSWORD not in there.text + away.text + (tmp_path / "exporter.log").read_text()


def test_names_that_would_be_lines_of_their_own_stay_names_and_figures_that_are_none_are_left_out(
    tmp_path: Path,
) -> None:
    with prefect_with_an_org(tmp_path) as address:
        audited()
        plain = once(address)
        label(audited().run.id, org=HOSTILE, org_id=HOSTILE, requests=1_000_003)
        label(audited().run.id, requests=-5)
        label(audited().run.id, requests="many", read=True)
        label(audited().run.id, org_id="x" * 100_000)
        hostile = once(address)

    assert (plain.returncode, hostile.returncode) == (0, 0)
    before, after = parsed(plain.stdout), parsed(hostile.stdout)
    assert after.get("runs_ended_total") == 5
    assert after.get("up") == 1
    assert after.get("platform_requests_total") - before.get("platform_requests_total") == 1_000_003
    (evil,) = org_names(after) - org_names(before)
    for mark in ("\n", "<", "@", "](", "://", "\u202e"):
        assert mark not in evil, evil
    assert len(hostile.stdout) < 20_000
    if promtool := shutil.which("promtool"):
        checked = subprocess.run(
            [promtool, "check", "metrics"], input=hostile.stdout, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr


def test_all_that_has_ended_is_read_however_many_pages_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with prefect_with_an_org(tmp_path):
        runs = {audited().run.id for _ in range(5)}
        for page in (1, 2, 5):
            monkeypatch.setattr(server, "_PAGE", page)
            assert {run.id for run in server.read_server(0).ended} == runs


def test_without_a_server_up_is_0_and_a_script_is_told() -> None:
    said = once(f"http://127.0.0.1:{free_port()}/api")

    assert said.returncode == 1
    assert parsed(said.stdout).get("up") == 0
    assert "runs_ended" not in said.stdout
    assert PASSWORD not in said.stdout + said.stderr


def test_a_server_that_does_not_answer_holds_up_no_scrape(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/api"
        with exporting(tmp_path / "exporter.log", given(address)) as exporter:
            up = [exporter.scrape().get("up") for _ in range(20)]
            asked = connections(deaf)

    assert up == [0] * 20
    assert asked < 5, "no scrape asks the server"


def connections(server: socket.socket) -> int:
    """Count who has connected so far."""
    server.settimeout(0)
    count = 0
    with contextlib.suppress(BlockingIOError):
        while True:
            server.accept()[0].close()
            count += 1
    return count


def test_no_address_and_a_port_that_is_taken_are_wrong_usage() -> None:
    """The command as it starts for people, as a new Python."""
    unnamed = subprocess.run(
        [*COMMAND, "metrics", "--once"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = subprocess.run(
            [*COMMAND, "metrics", "--port", str(port)],
            cwd=ROOT, env=given("http://127.0.0.1:9/api"), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip

    assert (unnamed.returncode, refused.returncode) == (2, 2)
    assert "set PREFECT_API_URL" in unnamed.stderr
    assert f"port {port} cannot be had" in refused.stderr
