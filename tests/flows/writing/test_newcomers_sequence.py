"""What a newcomer does at a terminal: every command a process of its own, as the org is, and people work beside."""

import re
import subprocess
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL

from simulator.org.people import PersonAction
from simulator.server import Running
from tests.environment import COMMAND, environment
from tests.publishing.scenes import FLOW, configuration
from tests.warm import warm_command


class Terminal:
    """A terminal whose commands keep their results in one folder. `start`: how `genesys-timeouts` is started."""

    def __init__(self, org: Running, home: Path, start: list[str]) -> None:
        self._start = start
        self._given = environment(
            org.url,
            HOME=str(home),
            COLUMNS="200",
            PREFECT_API_URL=str(PREFECT_API_URL.value()),
            PREFECT_RESULTS_LOCAL_STORAGE_PATH=str(home / "results"),
        )

    def __call__(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self._start, *arguments], env=self._given, capture_output=True, text=True, timeout=150, check=False
        )


@pytest.fixture
def terminal(small_org: Running, tmp_path: Path) -> Terminal:
    return Terminal(small_org, tmp_path, warm_command())


def run_named_in(done: "subprocess.CompletedProcess[str]") -> tuple[str, str]:
    """The name and the id of the run that a command has made."""
    found = re.search(r"Prefect run: (\S+) \(([0-9a-f-]{36})\)", done.stdout)
    assert found, done.stdout + done.stderr
    return found[1], found[2]


def test_a_dry_run_then_a_persons_publish_then_a_roll_back_of_the_dry_run_touches_nothing(
    small_org: Running, terminal: Terminal
) -> None:
    """The person's work was undone in production, and the command ended with 0."""
    _, dry_run = run_named_in(terminal("raise", "--to", "10s"))
    ada = small_org.org.person("Ada Colleague")
    small_org.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ada, body=configuration(10)))
    small_org.org.clear_log()

    refused = terminal("roll-back", dry_run, "--apply")

    assert refused.returncode == 2
    assert "was a dry run: it changed nothing, so there is nothing to put back." in refused.stderr
    assert small_org.org.log == []
    assert small_org.org.configuration(FLOW) == configuration(10)


def test_a_dry_run_then_its_apply_then_a_roll_back_of_the_dry_run_says_which_run_to_name(
    small_org: Running, terminal: Terminal, tmp_path: Path
) -> None:
    newly_started = Terminal(small_org, tmp_path, COMMAND)
    _, dry_run = run_named_in(terminal("raise", "--to", "10s"))
    name, applied = run_named_in(newly_started("apply", dry_run))

    refused = terminal("roll-back", dry_run, "--apply")

    assert refused.returncode == 2
    assert f"The run {name} ({applied}) published its plan: roll that one back" in refused.stderr
    assert small_org.org.configuration(FLOW) == configuration(10)
    assert terminal("roll-back", applied, "--apply").returncode == 0
    assert small_org.org.configuration(FLOW) == configuration()
