"""The Prefect server of one command: whatever ends the command, what it logged has been sent before the server ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.kept.names import complete, remember
from deployments.file_locks import start_turn
from tests.environment import environment, wait_for
from tests.prefect_servers import make_prefect_home
from tests.servers import free_port

ENDS_WITH_AN_ERROR = """
from cli import environment
environment.prepare()
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
    """And the database counts as made: later servers are started on it at the same time."""
    make_prefect_home(tmp_path / "prefect")
    given = environment(PREFECT_HOME=str(tmp_path / "prefect"), GENESYS_TIMEOUTS_HOME=str(tmp_path / "own"))

    done = subprocess.run(
        [sys.executable, "-c", ENDS_WITH_AN_ERROR], env=given, capture_output=True, text=True, timeout=170, check=False
    )

    assert "UsageError: the end" in done.stderr
    assert "Error logging to API" not in done.stderr
    with start_turn(tmp_path / "prefect", print) as turn:
        assert not turn.is_first


def test_the_ui_lets_others_start_once_the_database_is_made(tmp_path: Path) -> None:
    home = tmp_path / "prefect"
    make_prefect_home(home)
    given = environment(PREFECT_HOME=str(home), GENESYS_TIMEOUTS_HOME=str(tmp_path / "own"))
    command = [sys.executable, "-m", "cli", "ui", "--port", str(free_port())]

    def is_made() -> bool:
        with start_turn(home, print) as turn:
            return not turn.is_first

    with subprocess.Popen(command, env=given, stdout=subprocess.DEVNULL, start_new_session=True) as process:
        try:
            wait_for((home / "genesys-timeouts-starts").exists)
            wait_for(is_made)
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def test_a_home_that_is_no_folder_is_named_in_one_sentence_and_nothing_of_prefect_s_beside_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    given = environment(GENESYS_TIMEOUTS_HOME=str(tmp_path / "own"))

    for place, reason in (("file", "that is no folder"), ("file/below", "Not a directory")):
        done = subprocess.run(
            [sys.executable, "-m", "cli", "runs"],
            env={**given, "PREFECT_HOME": str(tmp_path / place)},
            capture_output=True,
            text=True,
            timeout=170,
            check=False,
        )

        told = f"Error: Prefect's temporary server cannot keep its database in {tmp_path / place}: {reason}. "
        assert (done.returncode, done.stdout, done.stderr.startswith(told)) == (2, "", True), done.stderr
        assert done.stderr.count("\n") == 1


def test_names_that_cannot_be_kept_for_a_shell_end_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path / "file"))

    remember(["calm-fox"])

    assert complete("") == []


def test_a_pipe_in_the_place_of_those_names_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "recent-runs")
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", str(tmp_path))

    remember(["calm-fox"])

    assert complete("") == []


def test_a_home_that_is_no_whole_path_keeps_no_names_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are kept once a run has published: an error there hid what came of it, and the roll back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GENESYS_TIMEOUTS_HOME", "here")

    remember(["calm-fox"])

    assert (complete(""), list(tmp_path.iterdir())) == ([], [])
