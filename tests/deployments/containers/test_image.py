"""What gets into the image, and what does not."""

import importlib.metadata
import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deployments.supply.lock import PATH, PROJECT, needed_by, read_lock
from tests.deployments.containers.context import WANTED, context_of, make_files
from tests.deployments.containers.reading import ours, project
from tests.deployments.files import ROOT, instructions


def test_what_the_dockerfile_copies_is_in_the_repository_and_gets_past_dockerignore() -> None:
    context = context_of(ROOT)
    for source in copied():
        assert (ROOT / source).exists(), source
        assert any(Path(path).is_relative_to(source) for path in context), source


def test_no_history_environment_demo_secret_key_dump_or_backup_gets_into_the_image(tmp_path: Path) -> None:
    make_files(tmp_path)
    assert context_of(tmp_path) == set(WANTED)


def test_every_tracked_file_of_a_package_gets_past_dockerignore_or_is_known_not_to_be_needed() -> None:
    context = context_of(ROOT)
    listed = subprocess.run(["git", "ls-files", *copied()], cwd=ROOT, check=False, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("this is no checkout")
    left_out = {path for path in listed.stdout.splitlines() if path not in context}
    in_containers_of_others = {"Dockerfile", "compose.yaml", "nginx.conf", "database.sql"}
    with_a_checkout = {"secrets.sh", "setup.sh", "test-packages.sh"}
    assert {Path(path).name for path in left_out if not path.startswith(NOT_IN_THE_IMAGE)} <= (
        in_containers_of_others | with_a_checkout
    )


NOT_IN_THE_IMAGE = (
    "deployments/kubernetes/",
    "deployments/approvers/",
    "deployments/monitoring/",
    "deployments/pools/",
)
"""What others read: Helm, a folder that is mounted, monitoring, and work pools of containers."""


def test_every_package_of_the_wheel_is_copied() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["packages"]) <= set(copied())


def test_every_package_that_the_image_installs_is_pinned() -> None:
    locked = {pin.name for pin in needed_by(read_lock(PATH.read_text("utf-8")), [PROJECT])}
    assert {name for name in installed_with(project()) if name not in locked} == set()


def test_nobody_in_the_image_is_root() -> None:
    users = [rest for keyword, rest in instructions() if keyword == "USER"]
    assert users == ["1001:1001"]
    for name, service in ours().items():
        assert (name, service["user"]) == (name, users[0])


def test_make_containers_says_in_a_sentence_that_there_is_no_engine(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.containers"]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": str(tmp_path)}, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (3, "")
    assert done.stdout == (
        "containers: there is no `docker` here: a Docker engine with Compose 2.24 or newer is needed\n"
    )


def copied() -> list[str]:
    """Return what the Dockerfile takes from the repository."""
    from_context = [rest.split() for keyword, rest in instructions() if keyword == "COPY" and "--from=" not in rest]
    return [source for words in from_context for source in words[:-1]]


def installed_with(wanted: dict[str, Any]) -> set[str]:
    """Return every package that the wanted ones need here, themselves included."""
    waiting = [Requirement(line) for line in (*wanted["dependencies"], *wanted["optional-dependencies"]["servers"])]
    found: dict[str, set[str]] = {}
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras or {""}
        if extras <= found.get(name, set()):
            continue
        found.setdefault(name, set()).update(extras)
        needed = [Requirement(line) for line in importlib.metadata.requires(name) or ()]
        waiting += [
            one for one in needed if one.marker is None or any(one.marker.evaluate({"extra": e}) for e in extras)
        ]
    return set(found)
