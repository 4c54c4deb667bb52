"""`make serve` refuses what it must not touch, before anything is started."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deployments.environments import Environments
from deployments.file_locks import serving_alone
from deployments.processes import Processes, StartError
from deployments.serve import ServeOptions
from tests.deployments.served import ROOT
from tests.servers import free_port


def served(home: Path, *, port: int) -> subprocess.CompletedProcess[str]:
    """What `serve` says that does not come up."""
    ports = ("--port", str(port), "--org-port", str(free_port()))
    return subprocess.run(
        [sys.executable, "-m", "cli", "serve", "--home", str(home), *ports],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_a_port_that_is_taken_is_named_for_another_server_may_listen_there(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = served(tmp_path, port=port)

    assert said.returncode == 1
    assert f"port {port} is taken: end what listens there, or name another one with --port" in said.stderr
    assert not (tmp_path / "logs").exists()


def test_a_second_one_from_the_same_home_is_refused_before_it_starts_anything(tmp_path: Path) -> None:
    """When one ends, it pauses the work pool, which is the other's."""
    with serving_alone(tmp_path):
        said = served(tmp_path, port=free_port())

    assert said.returncode == 1
    assert f"another `genesys-timeouts serve` serves what is kept in {tmp_path}" in said.stderr
    assert not (tmp_path / "logs").exists()


def test_a_variable_that_names_no_proxy_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://ada:canary@proxy.example")

    said = subprocess.run(
        [sys.executable, "-m", "cli", "serve", "--home", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert said.returncode == 2
    assert said.stderr.startswith("Error: ALL_PROXY names a SOCKS proxy")
    assert "canary" not in said.stderr
    assert not (tmp_path / "logs").exists()


def test_server_demo_org_and_workers_reach_each_other_without_a_proxy() -> None:
    given = {"HTTPS_PROXY": "http://proxy.example:8080", "NO_PROXY": "corp.example"}

    found = Environments(given, {}, "operator:x").of_everybody()

    assert found["NO_PROXY"] == found["no_proxy"] == "corp.example,localhost,127.0.0.1,::1"


def test_links_lead_to_the_address_that_browsers_use_and_only_its_pages_may_call_the_server(tmp_path: Path) -> None:
    behind = ServeOptions(tmp_path, 4200, 8089, 1, 1, "operator:x", "https://prefect.example/ui")

    found = behind.environments().of_everybody()

    assert (found["PREFECT_UI_URL"], found["PREFECT_UI_API_URL"], found["PREFECT_API_URL"]) == (
        "https://prefect.example/ui",
        "https://prefect.example/ui/api",
        "http://127.0.0.1:4200/api",
    )
    assert behind.origins == "http://127.0.0.1:4200,http://localhost:4200,https://prefect.example"


def test_server_and_clients_are_set_to_outlive_an_outage_unless_told_otherwise() -> None:
    found = Environments({"PREFECT_CLIENT_MAX_RETRIES": "9"}, {}, "operator:x")

    assert found.of_the_server("")["PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER"] == "PT30M"
    for client in (found.of_a_worker("/home", {}), found.of_register({})):
        assert (client["PREFECT_CLIENT_RETRY_EXTRA_CODES"], client["PREFECT_CLIENT_MAX_RETRIES"]) == ("500,504", "9")


def test_a_process_that_does_not_come_up_is_named_with_its_last_words(tmp_path: Path) -> None:
    with Processes(tmp_path, {}) as processes:
        processes.start("server", "-c", "print('no database'); raise SystemExit(3)")
        with pytest.raises(StartError, match="server did not come up; its last words:\nno database"):
            processes.wait_until_up("server", f"http://127.0.0.1:{free_port()}", 60)


def test_a_command_that_fails_is_named_with_its_last_words(tmp_path: Path) -> None:
    with Processes(tmp_path, {}) as processes, pytest.raises(StartError, match=r"register ended with 3; .*\nno block"):
        processes.run("register", "-c", "print('no block'); raise SystemExit(3)")


def test_what_runs_at_the_end_is_ended_even_when_it_does_not_obey(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deployments.processes._END_SECONDS", 0.2)
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    )
    with Processes(tmp_path, {}) as processes:
        process = processes.start("deaf", "-c", deaf)
        while "deaf" not in processes.last_words("deaf"):
            time.sleep(0.02)

    assert process.poll() is not None
