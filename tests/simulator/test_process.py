import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from simulator import __main__ as terminal
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
    assert terminal._parser().parse_args(["--rate-limit", text]).rate_limit == limit
