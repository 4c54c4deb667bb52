"""What the README shows is what happens."""

import doctest
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest
import typer
from prefect.settings import PREFECT_API_URL

from cli.app import app
from simulator.demo.org import build_demo_org
from simulator.server import running
from tests.environment import WRITER, environment
from tests.files.samples import write_repository
from tests.warm import warm_command
from timeouts.policy.policy_file import parse_policy

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


COMMANDS = [line[2:] for block in blocks("console") for line in block.splitlines() if "$ genesys-timeouts" in line]


THE_SESSION = next(block for block in blocks("console") if "doctor --org demo" in block)
THE_DEMO = """
...
1. Raise every wait to 10s, on steps and actions, publish, verify
...
Outcomes of actions: 7 published.
Outcomes: 20 published, 6 skipped
...
2. The same again: a run straight after finds nothing to do
...
Nothing to do now: 18 steps are left alone, for the reasons below.
...
3. Roll the first run back
...
86 of 90 live configurations and actions are byte-identical to the beginning,
timeouts included; 4 differ only in the newer common modules that they took in,
as every publish does.
"""
OF_TWO_SCREENS = 110
"""Lines: two of fifty, and what make says."""

CHECKSUM = re.compile("sha256:[0-9a-f]{64}")
NAME = re.compile(r"^Prefect run: ([a-z-]+) ", re.MULTILINE)


def is_shown(expected: str, got: str) -> bool:
    return doctest.OutputChecker().check_output(expected, got, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)


def turns() -> list[tuple[str, str]]:
    """Each command of the session, without the name of the program, and what is shown below it."""
    parts = re.split(r"^\$ genesys-timeouts (.*)$", THE_SESSION, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


class Terminal:
    """Types commands in a home of its own; checksum and name are those that were shown last."""

    def __init__(self, home: Path, folder: Path | None = None, /, **given: str) -> None:
        self._folder = folder
        self._given = environment(
            HOME=str(home),
            GENESYS_TIMEOUTS_HOME=str(home),
            PREFECT_API_URL=str(PREFECT_API_URL.value()),
            COLUMNS="80",
            **given,
        )
        self._checksum = self._name = ""

    def type(self, command: str) -> str:
        typed = shlex.split(command.replace("sha256:...", self._checksum).replace("NAME", self._name))
        done = subprocess.run(
            [*warm_command(), *typed], cwd=self._folder, env=self._given, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        self._checksum = next(iter(CHECKSUM.findall(done.stdout)), self._checksum)
        self._name = next(iter(NAME.findall(done.stdout)), self._name)
        return done.stdout


def test_the_demo_ends_with_its_proof_and_fits_two_screens(tmp_path: Path) -> None:
    shown = Terminal(tmp_path).type("demo")

    assert is_shown(THE_DEMO, shown), shown
    assert len(shown.splitlines()) <= OF_TWO_SCREENS


@pytest.mark.timeout(600)  # the platform allows 300 requests a minute: it waits twice, as a person would
def test_the_session_on_the_demo_org_shows_what_the_readme_shows(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)

    for command, expected in turns():
        shown = terminal.type(command)

        assert is_shown(expected, shown), f"{command}\n{shown}"


def test_the_same_session_on_another_org_goes_from_command_to_command(tmp_path: Path) -> None:
    with running(build_demo_org(8, 12)) as stand_in:
        terminal = Terminal(tmp_path, GENESYS_API_URL=stand_in.url, **WRITER)
        shown = ""
        for command, _ in turns():
            typed = command.replace(" --org demo", "")
            if "sha256:" in typed and typed.startswith("apply"):
                assert "genesys-timeouts apply sha256:" in shown.splitlines()[-1]
            shown = terminal.type(typed)

        assert "put back" in shown or "published" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_exists_with_its_options(command: str, tmp_path: Path) -> None:
    arguments = shlex.split(command)[1:]
    (tmp_path / "policy.yaml").write_text("rules: []")
    (tmp_path / "crm-flows").mkdir()
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    called = group.commands[arguments[0]]
    given = [str(tmp_path / each) if each in {"policy.yaml", "crm-flows"} else each for each in arguments[1:]]

    called.make_context(arguments[0], given)


def test_the_patch_of_the_readme_is_what_its_commands_write_and_git_applies_it(tmp_path: Path) -> None:
    repository = write_repository(tmp_path / "crm-flows")
    for torn in repository.unreadable:
        (repository.folder / torn).unlink()
    session = next(block for block in blocks("console") if "--files crm-flows" in block).splitlines()
    terminal = Terminal(tmp_path, tmp_path)

    for command in session[:2]:
        terminal.type(command.removeprefix("$ genesys-timeouts "))

    assert (tmp_path / "raise.patch").read_text("utf-8") == blocks("diff")[0]
    subprocess.run(shlex.split(session[2][2:]), cwd=tmp_path, check=True)
    assert "seconds: 10" in (repository.folder / "flows" / "Orders.yaml").read_text("utf-8")


def test_the_policy_of_the_readme_is_a_policy() -> None:
    policy = parse_policy(blocks("yaml")[0], "README.md")

    assert policy.rules[0].name == "payments are left to their owners"
