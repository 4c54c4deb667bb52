"""What stays up until Ctrl-C, or is made on a server that stays up: Prefect's UI, `serve`, and what is registered."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

from cli import environment
from cli.exits import Exit, NotDoneError, UsageError, saying_problems
from cli.servers.prefect_server import check_database, check_home, check_server, turn_to_start
from cli.showing.screens import say


@saying_problems
def open_ui(port: int) -> Exit:
    """Become the Prefect server that shows what commands have left in PREFECT_HOME, with its UI."""
    environment.prepare_network()
    from prefect.settings import PREFECT_API_URL, PREFECT_UI_URL

    if not PREFECT_API_URL.value():
        _become_server(port)
    say(f"Runs are kept by the Prefect server that PREFECT_API_URL names; its UI: {PREFECT_UI_URL.value()}")
    return Exit.DONE


@saying_problems
def serve(home: Path | None, port: int, org_port: int, workers: int, poll_seconds: int) -> Exit:
    """Serve all deployments, with a server and workers; `home` None: in the user's own folder for state."""
    environment.prepare_network()
    from deployments.processes import StartError
    from deployments.serve import serve as serve_all

    folder = (home or environment.home() / "serve").resolve()
    try:
        serve_all(folder, port, org_port, workers, poll_seconds)
    except StartError as problem:
        raise NotDoneError(f"{problem}\nThe logs are in {folder / 'logs'}.") from None
    return Exit.DONE


@saying_problems
def register(*, dead_runs: bool) -> Exit:
    """Register everything on the server that PREFECT_API_URL names."""
    _prepare_registering()
    from deployments.register import NotDeployedError
    from deployments.register import register as register_all

    try:
        register_all(dead_runs=dead_runs)
    except NotDeployedError as problem:
        raise NotDoneError(str(problem)) from None
    return Exit.DONE


@saying_problems
def register_org(name: str) -> Exit:
    """Register the credentials of one more org."""
    _prepare_registering()
    from deployments.register import register_org as save

    save(name)
    return Exit.DONE


def _prepare_registering() -> None:
    environment.prepare_network()
    from prefect.settings import PREFECT_API_URL

    if not PREFECT_API_URL.value():
        raise UsageError(
            "there is no Prefect server to register at: set PREFECT_API_URL to one that stays up. A temporary one, as "
            "other commands start, would forget it. genesys-timeouts serve starts one, and registers"
        )
    check_server()


def _become_server(port: int) -> NoReturn:
    check_home()
    check_database()
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise UsageError(f"port {port} is taken: end what listens there, or name another one with --port")
    address = f"http://127.0.0.1:{port}"
    _make_database()
    say(f"Open {address}/artifacts in a moment; Ctrl-C ends it.")
    own = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_UI_API_URL": f"{address}/api",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": f"{address},http://localhost:{port}",
    }
    command = [sys.executable, "-P", "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    os.execve(sys.executable, command, {**environment.of_a_child(), **own})  # noqa: S606 - no shell is wanted


def _make_database() -> None:
    """Have the database made or changed before the server starts: this process is that server then, and lets nobody in.

    Where that does not work out, the server says why.
    """
    with turn_to_start() as turn:
        if not turn.is_first:
            return
        made = subprocess.run(
            [sys.executable, "-P", "-m", "deployments.migrate"],
            env=environment.of_a_child(), check=False, capture_output=True,
        )  # fmt: skip
        if made.returncode == 0:
            turn.end()
