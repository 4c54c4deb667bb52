import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from simulator import __main__ as terminal
from simulator.org.records import Records
from simulator.orgs import build_seed
from simulator.server import Running

Start = Callable[..., Any]


@pytest.fixture
def start() -> Iterator[Start]:
    started = []

    def begin(*options: Any, **keys: Any) -> Any:
        command = [sys.executable, "-m", "simulator", "--port", "0", "--architect-flows", "3", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **keys)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()
        for pipe in filter(None, (process.stdin, process.stdout, process.stderr)):
            pipe.close()


def url_of(process: Any) -> str:
    line: str = process.stdout.readline()
    assert line.startswith("simulator listening on http://127.0.0.1:"), process.stderr.read()
    return line.rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_serves_until_it_is_told_to_stop(start: Start, number: signal.Signals) -> None:
    process = start()
    assert urllib3.request("GET", f"{url_of(process)}/simulator/log").json() == []
    process.send_signal(number)
    assert process.wait(5) == 0


def test_a_process_may_end_with_its_parent(start: Start) -> None:
    process = start("--with-parent", stdin=subprocess.PIPE)
    url_of(process)
    process.stdin.close()
    assert process.wait(5) == 0


def test_two_processes_do_not_share_a_state_directory(start: Start, tmp_path: Path) -> None:
    url_of(start("--state", str(tmp_path)))
    second = start("--state", str(tmp_path))
    assert second.wait(10) == 2
    assert "another simulator" in second.stderr.read()


def test_a_port_in_use_is_said(start: Start, simulator: Running) -> None:
    process = start("--port", simulator.url.rpartition(":")[2])
    assert process.wait(10) == 2
    assert "cannot be used" in process.stderr.read()


@pytest.mark.parametrize(("text", "limit"), [("off", None), ("300", 300)])
def test_the_rate_limit_can_be_switched_off(text: Any, limit: int | None) -> None:
    assert terminal._options(["--rate-limit", text]).rate_limit == limit


def test_the_log_tells_when_a_call_arrived_and_was_answered_in_the_machines_time(start: Start) -> None:
    url = url_of(start("--latency-ms", "50"))
    before_ms = time.time_ns() // 1_000_000
    urllib3.request("GET", f"{url}/api/v2/flows")
    after_ms = time.time_ns() // 1_000_000
    (call,) = urllib3.request("GET", f"{url}/simulator/log").json()
    assert before_ms <= call["arrived_ms"] <= call["answered_ms"] - 50
    assert call["answered_ms"] <= after_ms


def test_configurations_are_kept_where_that_is_asked_for() -> None:
    seed = build_seed("architect", 1, 3)
    version = seed.architect_flows[0].published_versions[-1]
    forgetful, keeping = Records(seed), Records(seed, keeps=True)
    kept = keeping.content(seed.architect_flows[0], version)
    assert kept.body() is kept.body()
    assert kept.body() == forgetful.content(seed.architect_flows[0], version).body()


@pytest.mark.parametrize(
    ("option", "text", "told"),
    [
        ("--port", "99999", "99999 is no port: name one of 0 to 65535"),
        ("--port", "x", "x is no port"),
        ("--architect-flows", "0", "0 is no size of an org: name one of 1 to 5000"),
        ("--architect-flows", "5001", "5001 is no size of an org"),
        ("--rate-limit", "0", "0 is no rate limit: name requests a minute, 1 at least, or off"),
        ("--rate-limit", "-3", "-3 is no rate limit"),
        ("--latency-ms", "-5", "-5 is no latency: name one of 0 to 600000, in ms"),
    ],
)
def test_what_there_is_not_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], option: str, text: str, told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        terminal.main([option, text])

    assert ended.value.code == 2
    assert f"python -m simulator: error: argument {option}: {told}" in capsys.readouterr().err


def test_an_error_names_the_command_that_people_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        terminal.main(["--called", "genesys-timeouts simulate", "--port", "x"])

    assert capsys.readouterr().err.startswith("usage: genesys-timeouts simulate [-h]")
