"""requirements.lock: every file is pinned by its hash, on every machine, in the image too."""

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from deployments.supply.lock import PATH, PROJECT, LockError, needed_by, read_lock
from tests.deployments.files import DEPLOYMENTS, ROOT, instructions

PINS = read_lock(PATH.read_text("utf-8"))
ONE = """\
# A comment at the head.
idna==3.20 ; python_full_version < '3.12' \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via
    #   genesys-timeouts (pyproject.toml)
    #   httpx
httpx==0.28.1 \\
    --hash=sha256:{a}
    # via genesys-timeouts (pyproject.toml:dev)
""".format(a="a" * 64, b="b" * 64)


def test_every_pin_has_a_version_and_hashes() -> None:
    heads = [line for line in PATH.read_text("utf-8").splitlines() if "==" in line and not line.startswith("#")]

    assert len(PINS) == len(heads) > 100
    assert [pin.name for pin in PINS if not pin.hashes] == []


def test_most_packages_are_pinned_for_machines_of_other_kinds_too() -> None:
    """A package with code of the machine has a file for each kind; a single hash would be that of one machine."""
    compiled = {"numpy", "pandas", "pydantic-core", "cryptography", "ruff", "msgspec"}

    assert {pin.name for pin in PINS if pin.name in compiled and len(pin.hashes) > 10} == compiled


def test_the_lock_names_no_address() -> None:
    assert "://" not in PATH.read_text("utf-8")


def test_a_pin_is_read_with_its_marker_its_hashes_and_what_needs_it() -> None:
    idna, httpx = read_lock(ONE)

    assert (idna.name, idna.version, idna.marker) == ("idna", "3.20", "python_full_version < '3.12'")
    assert idna.hashes == ("a" * 64, "b" * 64)
    assert idna.needed_by == {PROJECT, "httpx"}
    assert (httpx.marker, *httpx.needed_by) == ("", "genesys-timeouts (pyproject.toml:dev)")
    assert idna.text + httpx.text == ONE.partition("\n")[2]


@pytest.mark.parametrize(
    "line", ["idna==3.20", "idna>=3 --hash=sha256:" + "a" * 64, "-r other.lock", "https://x/y.whl", "git+ssh://x"]
)
def test_what_is_no_exact_pin_with_hashes_is_refused(line: str) -> None:
    with pytest.raises(LockError, match="make the lock anew"):
        read_lock(f"{line}\n")


def test_what_the_image_installs_is_what_the_project_needs_and_no_tool_of_the_tests() -> None:
    names = {pin.name for pin in needed_by(PINS, [PROJECT])}

    assert {"prefect", "prefect-redis", "purecloudplatformclientv2", "pandas", "urllib3"} <= names
    assert not names & {"pytest", "mypy", "ruff", "hatchling", "playwright", "pip", "pip-audit", "cyclonedx-python-lib"}


def test_a_package_that_the_lock_lacks_is_named() -> None:
    with pytest.raises(LockError, match=r"does not pin nothing-such; add it to pyproject\.toml"):
        needed_by(PINS, ["nothing-such"])


def test_the_subset_is_printed_as_it_stands_in_the_lock_without_any_package_installed() -> None:
    isolated = [sys.executable, "-S", "-E", "-s", "-m", "deployments.supply.lock", "hatchling"]
    done = subprocess.run(isolated, cwd=ROOT, check=True, capture_output=True, text=True)

    printed = read_lock(done.stdout)
    assert "hatchling" in {pin.name for pin in printed}
    assert set(printed) <= set(PINS)


def test_every_install_checks_hashes_and_builds_nothing_from_source() -> None:
    image = next(rest for keyword, rest in instructions() if keyword == "RUN" and "run.lock" in rest)
    installs = [command for command in image.split("&&") if " install " in command]
    assert len(installs) == 2
    assert [command for command in installs if "--require-hashes --only-binary :all: -r" not in command] == []

    script = (DEPLOYMENTS / "setup.sh").read_text("utf-8")
    assert 'locked="--require-hashes --only-binary :all: -r requirements.lock"' in script
    of_packages = [line for line in script.splitlines() if "pip install" in line and "--no-deps" not in line]
    assert len(of_packages) == 2
    assert [line for line in of_packages if not line.endswith("$locked")] == []


# pip itself, without a network


def wheel(folder: Path) -> Path:
    """Write the smallest wheel that pip takes."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", "")
        archive.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        archive.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("tiny-1.0.dist-info/RECORD", "tiny.py,,\n")
    return path


def install(folder: Path, sha256: str) -> "subprocess.CompletedProcess[str]":
    """Install it from a lock that names this hash, as setup.sh does."""
    lock = folder / "requirements.lock"
    lock.write_text(f"tiny==1.0 \\\n    --hash=sha256:{sha256}\n    # via genesys-timeouts (pyproject.toml)\n")
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--disable-pip-version-check"]
    offline = ["--no-index", "--find-links", str(folder), "--target", str(folder / "installed")]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    return subprocess.run([*command, *offline, *locked], check=False, capture_output=True, text=True)


def test_a_file_whose_hash_the_lock_names_is_installed(tmp_path: Path) -> None:
    done = install(tmp_path, hashlib.sha256(wheel(tmp_path).read_bytes()).hexdigest())

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "installed" / "tiny.py").exists()


def test_a_file_that_somebody_changed_is_not_installed(tmp_path: Path) -> None:
    path = wheel(tmp_path)
    pinned = hashlib.sha256(path.read_bytes()).hexdigest()
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("evil.py", "")
    done = install(tmp_path, pinned)

    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "installed").exists()
