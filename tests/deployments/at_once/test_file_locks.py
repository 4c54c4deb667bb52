"""Who makes or changes a Prefect database is alone; who starts on one that is made is not kept waiting."""

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, PREFECT_SERVER_DATABASE_CONNECTION_URL, temporary_settings

from cli.servers.prefect_server import PrefectServerError, prefect_server
from deployments import file_locks
from deployments.file_locks import DATABASE, serving_alone, start_turn
from deployments.processes import StartError


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_locks, "_PATIENCE_S", 0)


def start(home: Path) -> bool:
    """Start a server that makes its database at once; gives whether it was the first one."""
    with start_turn(home, print) as turn:
        (home / DATABASE).touch()
        turn.end()
        return turn.is_first


def test_the_first_start_is_alone_until_its_server_is_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_locks, "_LONG_S", 0)
    told, waits, later = list[str](), threading.Event(), list[bool]()

    def tell(text: str) -> None:
        told.append(text)
        waits.set()

    def come_later() -> None:
        with start_turn(tmp_path, tell) as turn:
            later.append(turn.is_first)

    with start_turn(tmp_path, print) as first:
        another = threading.Thread(target=come_later)
        another.start()
        assert waits.wait(60)
        (tmp_path / DATABASE).touch()
        assert later == []
        first.end()
        another.join(60)

    assert (first.is_first, later) == (True, [False])
    assert told == [f"Waiting for another command, which makes or changes Prefect's database in {tmp_path}"]


@pytest.mark.usefixtures("_impatient")
def test_starts_on_a_database_that_is_made_are_not_kept_waiting(tmp_path: Path) -> None:
    assert start(tmp_path)

    with ExitStack() as stack:
        turns = [stack.enter_context(start_turn(tmp_path, print)) for _ in range(2)]

    assert [each.is_first for each in turns] == [False, False]


def test_a_database_that_is_not_there_or_of_another_prefect_is_to_be_made(tmp_path: Path) -> None:
    start(tmp_path)
    (tmp_path / DATABASE).unlink()
    assert start(tmp_path)

    (tmp_path / "genesys-timeouts-starts").write_bytes(b"\xff 2.0")
    assert start(tmp_path)
    assert not start(tmp_path)


def test_a_first_start_that_failed_leaves_the_database_to_be_made(tmp_path: Path) -> None:
    with start_turn(tmp_path, print):
        (tmp_path / DATABASE).touch()  # and it is ended

    assert start(tmp_path)


@pytest.mark.usefixtures("_impatient")
def test_a_command_does_not_start_its_server_beside_one_that_makes_the_database(tmp_path: Path) -> None:
    settings = {
        PREFECT_HOME: tmp_path,
        PREFECT_API_URL: None,
        PREFECT_SERVER_DATABASE_CONNECTION_URL: f"sqlite+aiosqlite:///{tmp_path / DATABASE}",
    }
    with (
        temporary_settings(settings),
        start_turn(tmp_path, print),
        pytest.raises(PrefectServerError, match="Another command has been starting its Prefect server for minutes"),
        prefect_server(),
    ):
        pass


@pytest.mark.usefixtures("_impatient")
def test_where_files_cannot_be_locked_everybody_starts_as_before(tmp_path: Path) -> None:
    (tmp_path / "genesys-timeouts-starts").mkdir()

    assert start(tmp_path)
    assert start(tmp_path)


def test_one_serves_from_a_home_and_another_one_once_it_has_ended(tmp_path: Path) -> None:
    told = pytest.raises(StartError, match="end that one first, or name another folder with --home")
    with serving_alone(tmp_path), told, serving_alone(tmp_path):
        pass

    with serving_alone(tmp_path):
        pass
