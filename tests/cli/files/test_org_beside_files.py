"""`--org` with `--files`: what the files say beside the org, and the patch that their next deploy would need."""

import json
import subprocess
from pathlib import Path

import pytest

from simulator.server import Running
from tests.cli.commands import running_command
from tests.cli.scenes import command
from tests.environment import wait_for
from tests.files.samples import action_export
from tests.publishing.scenes import configuration

pytestmark = pytest.mark.usefixtures("prefect")

BESIDE = ("--org", "env", "--files")
TO_10S = ("raise", "--to", "10s")


def main_line(seconds: int) -> bytes:
    """The Architect flow of the small org, by the name that the org lists."""
    return configuration(seconds).replace("Störung 🚨 main line".encode(), b"Main line")


@pytest.fixture
def checkout(architect_org: Running, tmp_path: Path) -> Path:
    """The small org as a team keeps it."""
    assert architect_org.url
    folder = tmp_path / "flows"
    folder.mkdir()
    (folder / "main.json").write_bytes(main_line(3))
    (folder / "lookup.custom.json").write_bytes(action_export("CRM lookup", category="CRM"))
    return folder


def said_of(*arguments: str, folder: Path) -> str:
    found = command(*arguments, *BESIDE, str(folder))
    assert found.code == 0, found.all
    return " ".join(found.all.split())


def test_an_audit_says_what_the_files_say(checkout: Path, tmp_path: Path) -> None:
    (checkout / "main.json").write_bytes(main_line(8))

    said = said_of("audit", "--json", str(tmp_path / "audit.json"), folder=checkout)

    assert (
        "1 Architect flow and 1 action of the org stand in the files of flows, too. Steps: 1 longer in the file."
        in said
    )
    (step,) = json.loads((tmp_path / "audit.json").read_bytes())["as_code"]["steps"]
    assert (step["path"], step["difference"]) == ("main.json", "file longer")


def test_a_dry_run_names_what_the_next_deploy_would_undo_and_offers_the_patch(checkout: Path) -> None:
    said = said_of(*TO_10S, folder=checkout)

    assert "The next deploy of main.json would put back 3s at 1 step of Main line." in said
    assert f"raise --to 10s --patch timeouts.patch --org env --files {checkout}" in said


def test_a_raise_publishes_in_the_org_and_its_patch_makes_the_files_say_the_same(
    checkout: Path, tmp_path: Path
) -> None:
    before, patch = (checkout / "main.json").read_bytes(), tmp_path / "timeouts.patch"

    said_of(*TO_10S, "--apply", "--patch", str(patch), folder=checkout)
    unwritten = (checkout / "main.json").read_bytes()
    subprocess.run(["git", "apply", str(patch)], cwd=checkout, check=True)
    said = said_of("audit", folder=checkout)

    assert unwritten == before
    assert (checkout / "main.json").read_bytes() != before
    assert "Steps: 1 the same." in said


@pytest.mark.usefixtures("server")
def test_what_a_terminal_is_asked_about_is_published_and_its_patch_is_written(
    checkout: Path, architect_org: Running, home: Path, tmp_path: Path
) -> None:
    patch = tmp_path / "timeouts.patch"
    asked = (*TO_10S, "--apply", "--patch", str(patch), *BESIDE, str(checkout))

    with running_command(*asked, home=home, url=architect_org.url, in_a_terminal=True) as started:
        wait_for(lambda: "Publish? [y/N]" in started.said)
        started.type("y\n")
        started.end()

        assert started.said.count("The next deploy of main.json would put back 3s") == 2
    assert b"P0D0H0M10S0F" in patch.read_bytes()


def test_what_the_files_say_already_is_not_undone_and_the_patch_is_empty(checkout: Path, tmp_path: Path) -> None:
    (checkout / "main.json").write_bytes(main_line(10))
    patch = tmp_path / "timeouts.patch"

    said = said_of(*TO_10S, "--patch", str(patch), folder=checkout)

    assert "next deploy" not in said
    assert patch.read_bytes() == b""


def test_only_an_audit_and_a_raise_take_an_org_and_files(checkout: Path) -> None:
    found = command("apply", "sha256:0", *BESIDE, str(checkout))

    assert found.code == 2
    assert "this works on an org or on files, so name one of the two" in found.problems
