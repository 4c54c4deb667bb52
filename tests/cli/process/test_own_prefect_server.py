"""The Prefect server of one command: whatever ends the command, what it logged has been sent before the server ends."""

import subprocess
import sys
from pathlib import Path

from tests.environment import environment
from tests.prefect_servers import make_prefect_home

ENDS_WITH_AN_ERROR = """
from cli import environment
environment.prepare(verbose=False)
from cli.exits import UsageError
from cli.servers.prefect_server import prefect_server
from prefect import flow, get_run_logger

@flow
def telling():
    for number in range(50):
        get_run_logger().info("line %d", number)

with prefect_server():
    telling()
    raise UsageError("the end")
"""


def test_an_error_leaves_no_log_lines_for_a_server_that_is_gone(tmp_path: Path) -> None:
    make_prefect_home(tmp_path / "prefect")
    given = environment(PREFECT_HOME=str(tmp_path / "prefect"), GENESYS_TIMEOUTS_HOME=str(tmp_path / "own"))

    done = subprocess.run(
        [sys.executable, "-c", ENDS_WITH_AN_ERROR], env=given, capture_output=True, text=True, timeout=170, check=False
    )

    assert "UsageError: the end" in done.stderr
    assert "Error logging to API" not in done.stderr
