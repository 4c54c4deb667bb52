"""Where a person opens what a run left, and which Prefect server that is."""

import os
from collections.abc import Callable

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_UI_URL, temporary_settings

from cli.environment import prepare, prepare_network, where_to_look


def test_a_run_on_a_server_is_opened_there() -> None:
    with temporary_settings({PREFECT_API_URL: "https://prefect.example/api", PREFECT_UI_URL: "https://ui.example/"}):
        assert where_to_look("run-1", temporary=False) == "Open its artifacts: https://ui.example/runs/flow-run/run-1"
    with temporary_settings({PREFECT_API_URL: "https://prefect.example/api"}):
        assert (
            where_to_look("run-1", temporary=False) == "Open its artifacts: https://prefect.example/runs/flow-run/run-1"
        )


def test_a_run_on_a_temporary_server_says_how_to_start_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_HOME", "/home/ada/my prefect")
    with temporary_settings(restore_defaults={PREFECT_API_URL}):
        said = where_to_look("run-1", temporary=False)

    assert said == (
        "Open its artifacts: PREFECT_HOME='/home/ada/my prefect' genesys-timeouts ui,"
        " then http://127.0.0.1:4200/artifacts"
    )


@pytest.mark.parametrize("readied", [prepare, prepare_network], ids=["a run", "what serves"])
def test_a_variable_of_prefects_that_holds_only_blanks_is_not_set(
    readied: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`PREFECT_API_URL=' '` was a server that cannot be reached, told by a traceback."""
    for name, value in (("PREFECT_API_URL", " "), ("PREFECT_UI_URL", ""), ("PREFECT_API_KEY", " key ")):
        monkeypatch.setenv(name, value)

    readied()

    assert [os.environ.get(f"PREFECT_{name}") for name in ("API_URL", "UI_URL", "API_KEY")] == [None, "", " key "]
