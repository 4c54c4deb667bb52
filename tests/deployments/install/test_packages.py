"""deployments/test-packages.sh, which `make test` runs first."""

import shutil
import subprocess
from pathlib import Path

from tests.deployments.files import DEPLOYMENTS

SCRIPT = DEPLOYMENTS / "test-packages.sh"


def test_where_all_is_there_it_does_and_says_nothing() -> None:
    done = subprocess.run(["sh", SCRIPT], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_where_it_cannot_install_it_says_what_to_install(tmp_path: Path) -> None:
    for program in ("id", "sh"):  # no sudo, no apt-get, no browser
        (tmp_path / program).symlink_to(str(shutil.which(program)))
    done = subprocess.run(["sh", SCRIPT], env={"PATH": str(tmp_path)}, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("test: these are needed and missing: chromium redis-server")
    assert len(done.stderr.splitlines()) == 1
