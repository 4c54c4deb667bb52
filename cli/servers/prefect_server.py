"""A Prefect server for one command, where the user has none: started beside us, shielded from Ctrl-C, ended with us.

Prefect starts a temporary one by itself, but in our process group: Ctrl-C would end it with the first signal, and a
run that has to finish what is in flight would wait for minutes for a server that is gone. Ours has a session of its own
and ends with us all the same, even when we are killed: it watches the pipe that we hold.
"""

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from cli.environment import of_a_child
from cli.exits import UsageError

_START_SECONDS = 120
_END_SECONDS = 5
_POLL_SECONDS = 0.1
_APPLICATION = ("-P", "-m", "cli.servers.prefect_application")


class PrefectServerError(UsageError):
    """The temporary server did not start; the text says what to do."""


@contextmanager
def prefect_server() -> Iterator[bool]:
    """Make sure that there is a Prefect server; yields whether it is a temporary one of ours.

    A server that the user has configured (PREFECT_API_URL, or a profile) is used as it is.
    """
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

    if PREFECT_API_URL.value():
        yield False
        return
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    password = f"genesys-timeouts:{secrets.token_urlsafe()}"
    with subprocess.Popen(  # noqa: S603 - Prefect's own application, no input of anybody's
        [sys.executable, *_APPLICATION, str(port)],
        env=_environment(url, password),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            import flows.raise_timeouts  # noqa: F401 - takes as long as the server's start: do both at once

            _wait_for(process, f"{url}/health")
            with temporary_settings({PREFECT_API_URL: url, PREFECT_API_AUTH_STRING: password}):
                try:
                    yield True
                finally:
                    _send_what_waits()
        finally:
            _end(process)


def _environment(url: str, password: str) -> dict[str, str]:
    """Return the server's environment: a password, against others on this machine, and nothing of the org's."""
    own = {
        "PREFECT_UI_ENABLED": "0",
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": url,
    }
    return {**of_a_child(), **own}


def _send_what_waits() -> None:
    """Log lines and events are sent by threads of Prefect's: let them, while the server is still there."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all(timeout=_END_SECONDS)
    EventsWorker.drain_all(timeout=_END_SECONDS)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask it to end, and kill it soon after: it would wait for connections that nobody closes."""
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=_START_SECONDS):  # noqa: S310 - our own loopback address
                return
        except (URLError, OSError):
            time.sleep(_POLL_SECONDS)
    raise PrefectServerError(
        "Prefect's temporary server did not start. Run `prefect server start` to see why, or point PREFECT_API_URL at "
        "a server that runs. Nothing was changed."
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
