"""How the command is entered: its version, its short options, and what a shell completes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.cli.scenes import command
from tests.cli.test_wrong_usage import NOT_FOR_HELP, assert_light
from tests.web import Asked, answering

MODULE = [sys.executable, "-m", "cli"]
BLOCKS = "/api/block_types/slug/genesys-cloud-credentials/block_documents?include_secrets=false"


def completions(*typed: str, environment: Mapping[str, str] | None = None) -> list[str]:
    """What bash is given for the last of these words, by the protocol that the installed completion speaks."""
    given = {
        "_GENESYS_TIMEOUTS_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("genesys-timeouts", *typed)),
        "COMP_CWORD": str(len(typed)),
    }
    done = subprocess.run(
        MODULE, env={**os.environ, **given, **(environment or {})}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.fixture
def blocks() -> Iterator[str]:
    """A server that knows two blocks with credentials; gives the address of its API. It asks for a password."""

    def answer(asked: Asked) -> tuple[int, bytes]:
        is_asked = asked.path == BLOCKS and asked.headers["Authorization"] == "Basic YW5hOng="
        known = [{"name": "prod"}, {"name": "test\n--org"}, {"name": "pre-prod"}] if is_asked else []
        return 200, json.dumps(known).encode()

    with answering(answer) as address:
        yield f"{address}/api"


def test_it_says_its_version_and_those_that_it_stands_on() -> None:
    said = command("--version")

    assert said.code == 0
    assert said.out == (
        f"genesys-timeouts {version('genesys-timeouts')} (prefect {version('prefect')}, PureCloudPlatformClientV2"
        f" {version('PureCloudPlatformClientV2')})\n"
    )


@pytest.mark.parametrize("arguments", [("-h",), ("audit", "-h"), ("approver", "sign", "-h"), ("register", "org", "-h")])
def test_a_single_letter_asks_for_help(arguments: tuple[str, ...]) -> None:
    assert command(*arguments).out == command(*arguments[:-1], "--help").out


def test_as_a_module_it_has_the_name_of_the_command() -> None:
    done = subprocess.run([*MODULE, "audit", "--help"], capture_output=True, text=True, check=False)

    assert "Usage: genesys-timeouts audit" in done.stdout


@pytest.mark.parametrize("arguments", [("--version",), ("audit", "--too"), ("audt",), ("register", "--help")])
def test_what_runs_nothing_imports_nothing_heavy(arguments: tuple[str, ...]) -> None:
    code = 0 if arguments[-1] in ("--version", "--help") else 2
    assert_light(*arguments, code=code, heavy=NOT_FOR_HELP)


def test_what_is_mistyped_is_named_beside_what_it_may_have_meant() -> None:
    assert "--waive" in command("raise", "--wave", "share").problems
    assert "Did you mean 'audit'?" in command("audt").problems


def test_a_shell_that_completes_the_name_of_a_run_loads_nothing_heavy() -> None:
    asked = "import sys\nfrom cli.kept.names import complete\ncomplete('')\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert not set(NOT_FOR_HELP) & set(done.stdout.split())


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("aud",), ["audit"]),
        (("raise", "--wai"), ["--waive"]),
        (("raise", "--waive", "a"), ["architect_flows", "actions"]),
        (("raise", "--levers", "step"), ["step", "step,action"]),
        (("audit", "--org", ""), ["demo", "env"]),
        (("audit", "--files", "tests/cli/k"), ["tests/cli/kept/"]),
    ],
)
def test_a_shell_completes_commands_options_and_what_they_take(typed: tuple[str, ...], offered: list[str]) -> None:
    assert completions(*typed) == offered


def test_a_shell_completes_the_names_of_blocks_on_the_server(blocks: str, tmp_path: Path) -> None:
    login = {"PREFECT_API_URL": blocks, "PREFECT_API_AUTH_STRING": "ana:x"}
    assert completions("audit", "--org", "", environment=login) == ["demo", "env", "prod", "pre-prod"]
    assert completions("audit", "--org", "pre", environment=login) == ["pre-prod"]

    (tmp_path / "profiles.toml").write_text(
        f'active = "home"\n[profiles.home]\nPREFECT_API_URL = "{blocks}"\nPREFECT_API_AUTH_STRING = "ana:x"\n'
    )
    kept = {"PREFECT_HOME": str(tmp_path)}
    assert completions("locks", "--org", "pr", environment=kept) == ["prod", "pre-prod"]


def test_a_server_that_is_away_costs_a_shell_nothing_and_no_word() -> None:
    assert completions("audit", "--org", "", environment={"PREFECT_API_URL": "http://127.0.0.1:9/api"}) == [
        "demo",
        "env",
    ]


def test_on_windows_it_says_at_once_where_it_runs() -> None:
    as_there = "import os; os.name = 'nt'; import cli.__main__"
    done = subprocess.run([sys.executable, "-c", as_there], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "genesys-timeouts runs on Linux and macOS; on Windows, run it in WSL 2.\n"


def test_help_lists_the_commands_in_the_order_in_which_people_come_to_need_them() -> None:
    listed = re.findall(r"^│ ([a-z][a-z-]*)  ", command("--help").out, re.MULTILINE)

    assert listed[:6] == ["doctor", "demo", "audit", "explain", "policy", "raise"]
    assert listed[-1] == "simulate"
