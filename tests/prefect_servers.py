"""Prefect servers for tests: they start warm, on a copy of a database that was made once for the whole test run."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from prefect.context import refresh_global_settings_context
from prefect.events.worker import EventsWorker
from prefect.logging.handlers import APILogWorker
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_RESULTS_LOCAL_STORAGE_PATH,
    temporary_settings,
)

from tests.servers import free_port
from tests.warm import run_folder, warm_python

_START_S = 120.0
_DRAIN_S = 30.0


def make_prefect_home(folder: Path) -> None:
    """Make a folder for PREFECT_HOME with a database: to migrate a new one takes seconds."""
    template = run_folder() / "prefect-home"
    with (run_folder() / "prefect-home.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            making = template.with_suffix(".making")
            with prefect_server(making):
                pass  # it migrates the database, and registers the blocks that there are
            making.rename(template)
    shutil.copytree(template, folder)


@contextlib.contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """Serve Prefect's API with this folder as PREFECT_HOME; yields its address."""
    url = f"http://127.0.0.1:{(port := free_port())}/api"
    command = [warm_python(), "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    # As Prefect starts the servers of its own test harness: without what watches over deployments.
    own = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
    given = {**os.environ, **own, "PREFECT_HOME": str(home)}
    with subprocess.Popen([*command, *options], env=given) as process:
        try:
            _wait_for(process, f"{url}/health")
            yield url
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:  # it waits for connections that nobody closes
                process.kill()


@contextlib.contextmanager
def prefect_api(folder: Path) -> Iterator[str]:
    """Have a Prefect server that all of this process talks to, its threads included; yields its address.

    Processes that a test starts are told by that test: the environment says nothing of this server.
    """
    make_prefect_home(folder / "prefect-home")
    with prefect_server(folder / "prefect-home") as url:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PREFECT_API_URL", url)
            refresh_global_settings_context()
        try:
            yield url
            APILogWorker.drain_all(timeout=_DRAIN_S)
            EventsWorker.drain_all(timeout=_DRAIN_S)
        finally:
            refresh_global_settings_context()


@contextlib.contextmanager
def prefect_of_runs(folder: Path, results: Path) -> Iterator[str]:
    """Have such a server for runs of this process, which keep their results in `results`; yields its address.

    Without heartbeats, whose thread holds every run up for a second (docs/measured.md#heartbeats).
    """
    settings = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_RESULTS_LOCAL_STORAGE_PATH: results}
    with prefect_api(folder) as url, temporary_settings(settings):
        yield url


def _wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    end = time.monotonic() + _START_S
    while True:
        assert process.poll() is None, f"Prefect's server ended with {process.returncode}"
        assert time.monotonic() < end, "Prefect's server did not start"
        with contextlib.suppress(URLError, OSError), urlopen(address, timeout=_START_S):  # noqa: S310
            return
        time.sleep(0.05)
