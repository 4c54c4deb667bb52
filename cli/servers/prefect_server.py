"""A Prefect server for one command, where the user has none: started beside us, shielded from Ctrl-C, ended with us.

Prefect starts a temporary one by itself, but in our process group: Ctrl-C would end it with the first signal, and a
run that has to finish what is in flight would wait for minutes for a server that is gone. Ours has a session of its own
and ends with us all the same, even when we are killed: it watches the pipe that we hold.
"""

import contextlib
import os
import secrets
import shlex
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

from cli.environment import of_a_child
from cli.exits import UsageError
from deployments.file_locks import DATABASE, StartTurn, start_turn
from deployments.processes import StartError
from timeouts.text.last_words import last_raised

_START_SECONDS = 120
_END_SECONDS = 5
_POLL_SECONDS = 0.1
_PAGE_BYTES = 65_536
_LAST_WORDS_BYTES = 262_144
_UNTOUCHED = "Nothing was changed."
_HALF_MIGRATED = "duplicate column name", "already exists"
"""What SQLite says where a migration was stopped halfway: by a full disk, or a kill."""

_APPLICATION = ("-P", "-m", "cli.servers.prefect_application")


class PrefectServerError(UsageError):
    """There is no server to work with; the text says why, and what to do."""


@contextmanager
def prefect_server() -> Iterator[bool]:
    """Make sure that there is a Prefect server; yields whether it is a temporary one of ours.

    A server that the user has configured (PREFECT_API_URL, or a profile) is used as it is, once it has said that it is
    one, and not too old. Raises PrefectServerError, and ConfigurationProblem where there is no key to seal with.
    """
    from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

    from tasks.storage.seal_keys import seal_keys

    seal_keys()  # what runs keep is sealed: without a key, nothing has to be started
    if PREFECT_API_URL.value():
        check_server()
        try:
            yield False
        finally:
            _send_what_waits()
        return
    check_home()
    check_database()
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    password = f"genesys-timeouts:{secrets.token_urlsafe()}"
    with (
        _complaints() as complaints,
        turn_to_start() as turn,
        subprocess.Popen(  # noqa: S603 - Prefect's own application, no input of anybody's
            [sys.executable, *_APPLICATION, str(port)],
            env=_environment(url, password),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
        ) as process,
    ):
        try:
            import flows.raise_timeouts  # noqa: F401 - takes as long as the server's start: do both at once

            _wait_for(process, f"{url}/health", complaints)
            turn.end()
            with temporary_settings({PREFECT_API_URL: url, PREFECT_API_AUTH_STRING: password}):
                try:
                    yield True
                finally:
                    _send_what_waits()
        finally:
            _end(process)


def check_server() -> None:
    """Refuse a configured server that nothing can be run with, before anything is made there."""
    from tasks.examination.read_prefect import read_server
    from timeouts.doctor.prefect import why_unusable

    if why := why_unusable(read_server()):
        raise PrefectServerError(f"{why} {_UNTOUCHED}")


def _environment(url: str, password: str) -> dict[str, str]:
    """Return the server's environment: a password, against others on this machine, and nothing of the org's."""
    own = {
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",  # nobody sees it, but where it does not start
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


def _wait_for(process: "subprocess.Popen[bytes]", address: str, complaints: IO[bytes]) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urlopen(address, timeout=_START_SECONDS):  # noqa: S310 - our own loopback address
                return
        except (URLError, OSError):
            time.sleep(_POLL_SECONDS)
    reason = _reason_in(complaints)
    said = f"Prefect's temporary server did not start{f': {reason}' if reason else ''}."
    raise PrefectServerError(f"{said} It keeps its database in {_home()}. {_way_out(reason)} {_UNTOUCHED}")


def _reason_in(complaints: IO[bytes]) -> str:
    """Return the last thing that it complained of, below a traceback what was raised; empty where it said nothing."""
    complaints.seek(max(0, complaints.seek(0, os.SEEK_END) - _LAST_WORDS_BYTES))
    return last_raised(complaints.read().decode("utf-8", "replace"))


def _way_out(reason: str) -> str:
    if "disk is full" in reason:
        return "Make room there, or set PREFECT_HOME to a folder on another disk."
    if any(each in reason for each in _HALF_MIGRATED):
        return (
            "Run the same command again: another program may have changed that database at the same time. Where it "
            f"says so again, an earlier start was stopped while it changed it. {_moved_away(_home() / DATABASE)}"
        )
    return (
        "Run `genesys-timeouts ui` to see more, set PREFECT_HOME to another folder, or point PREFECT_API_URL at a "
        "server that runs."
    )


def _moved_away(database: Path) -> str:
    """Say how to begin with a new database, and what goes with the old one."""
    return (
        f"Move it away, and the next command makes a new one: mv {shlex.quote(str(database))} "
        f"{shlex.quote(f'{database}.damaged')}\nWhat the UI showed of earlier runs goes with it; plans, records and "
        "the values from before lie elsewhere, and stay."
    )


@contextmanager
def _complaints() -> Iterator[IO[bytes]]:
    try:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - closed below; not a pipe: nobody would empty it
    except OSError as problem:
        raise PrefectServerError(
            f"There is no folder for temporary files ({problem.strerror}): set TMPDIR to one that you may write to. "
            f"{_UNTOUCHED}"
        ) from None
    with file:
        yield file


def _home() -> Path:
    from prefect.settings import PREFECT_HOME

    return Path(PREFECT_HOME.value())


def check_home() -> None:
    """Refuse a folder in which nothing can be kept: the server would take long to say so, and not by name."""
    home = _home()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home) as file:
            file.write(bytes(_PAGE_BYTES))
    except OSError as problem:
        reason = "that is no folder" if isinstance(problem, FileExistsError) else problem.strerror
        raise PrefectServerError(
            f"Prefect's temporary server cannot keep its database in {home}: {reason}. Make room, or set "
            f"PREFECT_HOME to a folder that you may write to. {_UNTOUCHED}"
        ) from None


@contextmanager
def turn_to_start() -> Iterator[StartTurn]:
    """Wait until no other command makes or changes the database that a server is about to be started on.

    One that the user keeps elsewhere is the user's own to prepare.
    """
    from cli.showing.screens import problems

    if _database() is None:
        yield StartTurn(is_first=False)
        return
    try:
        with start_turn(_home(), problems.print) as turn:
            yield turn
    except StartError as problem:
        raise PrefectServerError(f"{problem} {_UNTOUCHED}") from None


def _database() -> Path | None:
    """Return the file of the database, None where the user has named another one."""
    from prefect.settings import PREFECT_SERVER_DATABASE_CONNECTION_URL

    file = _home() / DATABASE
    return file if str(file) in str(PREFECT_SERVER_DATABASE_CONNECTION_URL.value()) else None


def check_database() -> None:
    """Refuse a database that is none, or a part of one: the server would take long to say so, and not by name."""
    file = _database()
    if file is None:
        return
    with contextlib.suppress(sqlite3.OperationalError):  # it is not there, or another one holds it: no sign of damage
        try:
            with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
                database.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as problem:
            raise PrefectServerError(
                f"Prefect's database is damaged ({problem}): {file}. {_moved_away(file)} {_UNTOUCHED}"
            ) from None


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
