"""`make`: each chore's entrance takes what its command takes, and leaves nothing behind that it cannot take away."""

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deployments.files import DEPLOYMENTS, ROOT

MADE = (
    ".venv/bin",
    ".demo/prefect",
    ".serve/logs",
    "dist",
    "build/lib",
    "genesys_timeouts.egg-info",
    "flows/__pycache__",
)
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache", ".hypothesis")
OURS_ALONE = {"Makefile", ".gitignore", "flows", "policy.yaml", ".env", "report.html"}


def test_clean_takes_away_all_that_was_made_and_nothing_that_a_person_made(tmp_path: Path) -> None:
    for name in ("Makefile", ".gitignore"):
        shutil.copy(ROOT / name, tmp_path)
    for name in (*MADE, *CACHES):
        (tmp_path / name).mkdir(parents=True)
    for name in (".coverage", ".coverage.host.1", "flows/__pycache__/audit.pyc", "policy.yaml", ".env", "report.html"):
        (tmp_path / name).write_text("")
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]

    subprocess.run(["make", "--no-print-directory", "clean"], cwd=tmp_path, check=True, capture_output=True)

    assert {path.name for path in tmp_path.iterdir()} == OURS_ALONE
    assert not list((tmp_path / "flows").iterdir())
    removed = [each for each in ignored if not each.endswith(("env", ".pyc", "secrets"))]
    makefile = (ROOT / "Makefile").read_text()
    assert [each for each in removed if each.strip(".*") not in makefile] == [], "all that git is told to ignore"


@pytest.mark.parametrize(("target", "command"), [("serve", "serve"), ("ui", "ui")])
def test_a_port_is_handed_on(target: str, command: str) -> None:
    dry = ["make", "--no-print-directory", "--dry-run", "--assume-old=.venv/.ready", target]

    told = subprocess.run([*dry, "PORT=4300"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    plain = subprocess.run(dry, cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert f"genesys-timeouts {command}" in told
    assert "--port 4300" in told
    assert "--port" not in plain


@pytest.mark.parametrize("in_a_terminal", [False, True])
def test_setup_says_how_long_it_takes_and_shows_what_is_fetched_to_people_alone(
    tmp_path: Path, in_a_terminal: bool
) -> None:
    programs = tmp_path / "programs"
    (tmp_path / "venv" / "bin").mkdir(parents=True)
    programs.mkdir()
    for program in (programs / "uv", programs / "python3", tmp_path / "venv" / "bin" / "python"):
        program.write_text(f'#!/bin/sh\necho "$0 $*" >> {tmp_path}/asked\n')
        program.chmod(0o755)
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as terminal, (tmp_path / "said").open("w+") as file:
        subprocess.run(
            ["/bin/sh", DEPLOYMENTS / "setup.sh", tmp_path / "venv"],
            env={"PATH": str(programs)}, stdout=terminal if in_a_terminal else file, check=True,
        )  # fmt: skip
        file.seek(0)
        said = os.read(ours, 4096).decode() if in_a_terminal else file.read()
    os.close(ours)

    assert f"setup: installing into {tmp_path / 'venv'} with uv: about a minute, and 1 GB of disk" in said
    assert [f"{number} of 3" in said for number in (1, 2, 3)] == [True] * 3
    (locked,) = [line for line in (tmp_path / "asked").read_text().splitlines() if "--require-hashes" in line]
    assert ("--quiet" in locked) is not in_a_terminal
