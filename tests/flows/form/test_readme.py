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
from tests.environment import COMMAND, environment
from timeouts.policy.policy_file import parse_policy

README = (Path(__file__).parents[3] / "README.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


COMMANDS = [line[2:] for block in blocks("console") for line in block.splitlines() if "$ genesys-timeouts" in line]


def test_the_demo_ends_as_the_readme_shows_it(tmp_path: Path) -> None:
    given = environment(
        HOME=str(tmp_path), GENESYS_TIMEOUTS_HOME=str(tmp_path), PREFECT_API_URL=str(PREFECT_API_URL.value())
    )

    done = subprocess.run([*COMMAND, "demo"], env=given, capture_output=True, text=True, timeout=170, check=False)

    assert done.returncode == 0, done.stderr
    shown = next(block for block in blocks("text") if "1. Raise" in block)
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.OutputChecker().check_output(shown, done.stdout, options), done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_exists_with_its_options(command: str, tmp_path: Path) -> None:
    arguments = shlex.split(command)[1:]
    (tmp_path / "policy.yaml").write_text("rules: []")
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    called = group.commands[arguments[0]]
    given = [str(tmp_path / each) if each == "policy.yaml" else each for each in arguments[1:]]

    called.make_context(arguments[0], given)


def test_the_policy_of_the_readme_is_a_policy() -> None:
    policy = parse_policy(blocks("yaml")[0], "README.md")

    assert policy.rules[0].name == "payments are left to their owners"
