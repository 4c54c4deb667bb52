"""The wheel alone, as `pipx install` and `uv tool install` take it: no checkout, no Makefile, all commands."""

import os
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.deployments.files import ROOT
from tests.environment import environment
from tests.prefect_servers import make_prefect_home
from tests.warm import warm_python

SHIPPED = (
    "cli/__main__.py",
    "deployments/prefect.yaml",
    "deployments/register.py",
    "reports/page/report.html.jinja",
    "simulator/__main__.py",
)
NOT_SHIPPED = ("deployments/supply/", "deployments/setup.sh", "tests/", "bench/")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that the project's own backend builds, offline."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A folder with the wheel in it, and the environment of somebody who has that beside the dependencies."""
    home = tmp_path_factory.mktemp("installed")
    site = home / "site"
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-index",
        "--no-deps",
        "--target",
        site,
        wheel,
    ]
    subprocess.run(pip, check=True, capture_output=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    make_prefect_home(home / "prefect")
    given = environment(
        PYTHONPATH=str(site),
        PREFECT_HOME=str(home / "prefect"),
        GENESYS_TIMEOUTS_HOME=str(home / "own"),
        COLUMNS="100",
    )
    return home, given


def run(
    installed: tuple[Path, dict[str, str]], *arguments: str, python: str = sys.executable
) -> subprocess.CompletedProcess[str]:
    home, given = installed
    return subprocess.run(
        [python, home / "site" / "bin" / "genesys-timeouts", *arguments],
        cwd=home, env=given, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_all_that_commands_need_is_in_it_and_nothing_of_a_checkout(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()

    assert set(SHIPPED) <= set(names)
    assert [name for name in names if name.startswith(NOT_SHIPPED)] == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--version",), f"genesys-timeouts {version('genesys-timeouts')} (prefect 3"),
        (("register", "--help"), "Usage: genesys-timeouts register"),
        (("serve", "--help"), "--org-port"),
        (("ui", "--help"), "--port"),
        (("simulate", "--help"), "--architect-flows"),
    ],
)
def test_every_command_is_there(installed: tuple[Path, dict[str, str]], arguments: tuple[str, ...], told: str) -> None:
    done = run(installed, *arguments)

    assert (done.returncode, done.stderr) == (0, "")
    assert told in done.stdout


def test_it_audits_the_demo_org_and_writes_a_page(installed: tuple[Path, dict[str, str]]) -> None:
    """It starts warm, with no line of ours, and so do its server and the demo org; the others are new Pythons."""
    done = run(installed, "audit", "--org", "demo", "--html", "report.html", python=warm_python())

    assert done.returncode == 0, done.stderr
    assert "60 Architect flows: 57 read" in done.stdout
    assert (installed[0] / "report.html").stat().st_size > 10_000


def test_without_a_server_it_says_where_to_register(installed: tuple[Path, dict[str, str]]) -> None:
    done = run(installed, "register")

    assert done.returncode == 2
    assert "there is no Prefect server to register at: set PREFECT_API_URL" in done.stderr
    assert "Traceback" not in done.stderr
