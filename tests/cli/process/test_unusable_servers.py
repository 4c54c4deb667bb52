"""A Prefect server, or a home, that nothing can be run with is named at once, and nothing is made there."""

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.environment import environment
from tests.prefect_servers import make_prefect_home
from tests.warm import warm_command
from tests.web import Asked, answering

READY_S = 30.0
"""Of which the interpreter takes the most on a busy machine: Prefect gives up after minutes."""

BEFORE_A_COLUMN = "3c841a1800a1"
"""The version of Prefect's database before automations had tags (of 2025-06-12)."""


@dataclass
class Stub:
    """An HTTP server that is not what it is taken for.

    `answers`: status and body by the end of the path. `asked`: the methods of what has come in.
    """

    answers: dict[str, tuple[int, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def stub() -> Iterator[Stub]:
    stub = Stub()

    def answer(asked: Asked) -> tuple[int, bytes]:
        stub.asked.append(asked.method)
        name = next((each for each in stub.answers if asked.path.endswith(each)), "")
        status, body = stub.answers.get(name, (404, "{}"))
        return status, body.encode()

    with answering(answer) as stub.address:
        yield stub


def refused(tmp_path: Path, *arguments: str, limit: str = "", **given: str) -> str:
    """Run a command that ends with 2 before it has started anything; gives its sentence."""
    own = {"HOME": str(tmp_path), "PREFECT_HOME": str(tmp_path / "prefect"), "GENESYS_TIMEOUTS_HOME": str(tmp_path)}
    command, since = warm_command(), time.monotonic()
    command[-1] = limit + command[-1]
    done = subprocess.run(
        [*command, *(arguments or ("audit",))],
        env=environment("http://127.0.0.1:9", **{**own, **given}),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert time.monotonic() - since < READY_S
    return done.stderr


def test_an_older_server_is_refused_by_both_versions_and_nothing_is_made_there(stub: Stub, tmp_path: Path) -> None:
    stub.answers = {"/api/admin/version": (200, json.dumps("3.8.8")), "/api/ready": (200, "true")}

    for arguments in (("audit",), ("register",), ("locks",), ("doctor", "--org", "prod")):
        said = refused(tmp_path, *arguments, PREFECT_API_URL=f"{stub.address}/api")
        assert f"The Prefect server at {stub.address}/api cannot be used: The server has Prefect 3.8.8, this" in said
        assert "Upgrade the server to 3." in said

    assert set(stub.asked) == {"GET"}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        (
            {"/version": (200, "<html>the UI</html>")},
            "what answers there is no API of Prefect. Correct PREFECT_API_URL",
        ),
        ({"/version": (200, '{"version": 1}')}, "what answers there is no API of Prefect. Correct PREFECT_API_URL"),
        ({}, "it answers 404. Correct PREFECT_API_URL: it ends with /api."),
        ({"/version": (401, "")}, "it answers 401. Set PREFECT_API_AUTH_STRING to the server's user and password."),
        (
            {"/version": (200, '"99.0.0"'), "/ready": (503, "")},
            "it answers 503. Its log says why; its database may be away.",
        ),
    ],
)
def test_what_is_no_server_that_can_be_used_is_told_from_another(
    stub: Stub, tmp_path: Path, answers: dict[str, tuple[int, str]], told: str
) -> None:
    stub.answers = answers

    said = refused(tmp_path, PREFECT_API_URL=f"{stub.address}/api")

    assert told in said
    assert said.endswith("Nothing was changed.\n")


def test_a_server_that_is_away_is_named_without_its_password(tmp_path: Path) -> None:
    said = refused(tmp_path, PREFECT_API_URL="http://ana:canary@127.0.0.1:9/api")

    assert "The Prefect server at http://127.0.0.1:9/api cannot be used: it cannot be reached" in said
    assert "canary" not in said


@pytest.mark.parametrize("damage", ["garbage", "cut"])
def test_a_damaged_database_is_named_with_what_to_do(tmp_path: Path, damage: str) -> None:
    database = tmp_path / "prefect" / "prefect.db"
    make_prefect_home(tmp_path / "prefect")
    if damage == "garbage":
        database.write_bytes(b"no database " * 1_000)
    else:
        with contextlib.closing(sqlite3.connect(database)) as open_database, open_database:
            open_database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.truncate(database, database.stat().st_size // 2)

    said = refused(tmp_path)

    assert "Prefect's database is damaged (" in said
    assert f"mv {database} {database}.damaged" in said


def test_a_database_whose_change_was_stopped_halfway_is_named_with_what_to_do(tmp_path: Path) -> None:
    """A disk that was full for a moment left one behind; Prefect says `duplicate column name` for ever after."""
    database = tmp_path / "prefect" / "prefect.db"
    make_prefect_home(tmp_path / "prefect")
    with contextlib.closing(sqlite3.connect(database)) as open_database, open_database:
        open_database.execute("UPDATE alembic_version SET version_num = ?", [BEFORE_A_COLUMN])

    said = refused(tmp_path)

    assert "Run the same command again: another program may have changed that database at the same time." in said
    assert "Where it says so again, an earlier start was stopped while it changed it. Move it away" in said
    assert f"mv {database} {database}.damaged" in said


def test_a_home_that_is_no_folder_or_has_no_room_is_named_before_a_server_is_started(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    said = refused(tmp_path, PREFECT_HOME=str(tmp_path / "a file"))
    assert f"Prefect's temporary server cannot keep its database in {tmp_path / 'a file'}: " in said

    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)); "
    said = refused(tmp_path, limit=full)
    assert f"cannot keep its database in {tmp_path / 'prefect'}: File too large. Make room, or set PREFECT_HOME" in said


def test_a_folder_for_the_key_that_cannot_be_made_is_named_before_a_server_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GENESYS_TIMEOUTS_SEAL_KEYS")
    (tmp_path / "a file").write_text("")

    said = refused(tmp_path, GENESYS_TIMEOUTS_HOME=str(tmp_path / "a file" / "own"))

    assert "The key that seals what runs keep cannot be made or read" in said
    assert "Set GENESYS_TIMEOUTS_HOME to a folder that you may write to" in said


def test_a_home_of_the_demo_org_that_depends_on_where_somebody_is_is_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, "audit", "--org", "demo", GENESYS_TIMEOUTS_HOME="here")

    assert "GENESYS_TIMEOUTS_HOME is here: write the whole path, from / on" in said


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    """A database of a newer Prefect, whose migrations this one does not know."""
    make_prefect_home(tmp_path / "prefect")
    with contextlib.closing(sqlite3.connect(tmp_path / "prefect" / "prefect.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = 'of-the-future'")

    said = refused(tmp_path)

    assert "Prefect's temporary server did not start: " in said
    assert "of-the-future" in said
    shutil.rmtree(tmp_path / "prefect")


def test_the_ui_is_not_opened_where_somebody_listens_or_where_nothing_could_be_read(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert f"port {port} is taken: end what listens there, or name another" in refused(
            tmp_path, "ui", "--port", port
        )

    (tmp_path / "prefect" / "prefect.db").write_bytes(b"no database " * 1_000)
    assert "Prefect's database is damaged" in refused(tmp_path, "ui")
