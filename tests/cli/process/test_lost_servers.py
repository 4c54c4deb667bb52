"""A Prefect server that goes away ends no run, and no place stays taken by the dead."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from simulator.org.versions import PublishPlan
from simulator.server import Running
from tests.cli.commands import records_in, running_command
from tests.cli.process.test_ends import PUBLISH, RAISE, asked
from tests.contents import ours
from tests.environment import wait_for
from tests.prefect_servers import make_prefect_home
from tests.servers import free_port, listens
from tests.warm import warm_python

FREE_AGAIN_S = 75.0
"""A minute, and what a busy machine takes."""


@contextmanager
def prefect_server(home: Path, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """A server on SQLite that keeps leases in its memory, as Prefect's do unless they are told otherwise."""
    given = {**os.environ, "PREFECT_HOME": str(home / "server"), "PREFECT_SERVER_API_PORT": str(port)}
    command = [warm_python(), "-m", "prefect", "server", "start", "--port", str(port)]
    with subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(lambda: listens(port))
            yield server
        finally:
            end(server, port)


def end(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Kill it; another one can have its port then."""
    server.kill()
    wait_for(lambda: not listens(port))


def test_a_server_that_is_started_again_in_the_middle_of_a_publish_ends_no_run(
    org: Running, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    make_prefect_home(home / "server")
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{port}/api")
    with ExitStack() as ending:
        server = ending.enter_context(prefect_server(home, port))
        org.org.plan_publish(PublishPlan(reads=6))
        first = ending.enter_context(running_command(*RAISE, home=home, url=org.url))
        wait_for(lambda: asked(org, PUBLISH) >= 2)
        end(server, port)
        ending.enter_context(prefect_server(home, port))
        org.org.plan_publish(PublishPlan())
        first.end(120)

        assert first.process.returncode == 0, first.said
        (record,) = records_in(home)
        assert {each.outcome for each in record.outcomes} <= {"published", "skipped"}
        assert ours(org) == []
        second = ending.enter_context(running_command(*RAISE, home=home, url=org.url))
        second.end(60)
        assert second.process.returncode == 0, second.said
        assert "Waiting for" not in second.said, "the first run has given its place back"


@pytest.mark.timeout(400)
def test_after_a_power_cut_the_next_run_gets_the_place_within_a_minute_and_finishes_the_work(
    org: Running, home: Path
) -> None:
    org.org.plan_publish(PublishPlan(reads=5))
    with running_command(*RAISE, home=home, url=org.url) as first:
        wait_for(lambda: asked(org, PUBLISH) >= 1)
        for process in first.left():
            os.kill(process, signal.SIGKILL)
        wait_for(lambda: not first.left())
        held = ours(org)
        org.org.plan_publish(PublishPlan())
    writes = asked(org, "/api/v2/flows/actions/*")

    with running_command(*RAISE, home=home, url=org.url) as second:
        wait_for(lambda: "Waiting for the run" in second.said)
        since = time.monotonic()
        wait_for(lambda: asked(org, "/api/v2/flows/actions/*") > writes, 150)
        took_s = time.monotonic() - since
        second.end(150)

        assert took_s < FREE_AGAIN_S
        assert held
        assert second.process.returncode == 0, second.said
        assert re.search(r"Waiting for the run \S+ \([0-9a-f-]{36}\), since 20", second.said)
        assert ours(org) == []
