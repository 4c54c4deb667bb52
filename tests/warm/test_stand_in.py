"""A warm Python is as a new one to whoever starts it, and who kills or stops it means the process behind it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.warm import processes_with, standing_for, warm_python

TELL = "import os, sys, tempfile; print(sys.argv, os.umask(0), tempfile.gettempdir(), sys.path[0])"
BECOMES = "import os, sys; os.execv(sys.executable, [sys.executable, '-c', 'import time; time.sleep(60)'])"


def printed(python: str, arguments: list[str], folder: Path) -> str:
    given = {**os.environ, "TMPDIR": str(folder / "tmp"), "PYTHONPATH": str(folder / "path")}
    done = subprocess.run(
        [python, *arguments], cwd=folder, env=given, umask=0o037, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.mark.parametrize(
    "arguments",
    [["-c", TELL], ["-P", "-c", TELL, "-P"], ["-m", "tells", "x"], ["-P", "-m", "tells"], ["there/tells.py", "-m"]],
)
def test_it_starts_as_a_new_one_does(arguments: list[str], tmp_path: Path) -> None:
    for folder in ("tmp", "path", "there"):
        (tmp_path / folder).mkdir()
    (tmp_path / "path" / "tells.py").write_text(TELL)
    (tmp_path / "there" / "tells.py").write_text(TELL)

    assert printed(warm_python(), arguments, tmp_path) == printed(sys.executable, arguments, tmp_path)


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", BECOMES])
def test_who_kills_what_it_stands_for_ends_both_and_the_parent_is_told_by_what(code: str) -> None:
    with subprocess.Popen([warm_python(), "-c", code]) as process:
        time.sleep(0.5)  # it has become another program by then
        behind = standing_for(process.pid)
        assert behind != process.pid
        os.kill(behind, signal.SIGKILL)

        assert process.wait(30) == -signal.SIGKILL


def test_what_it_stands_for_ends_with_it() -> None:
    given = {**os.environ, "TESTS_STARTED_BY": "the test of the stand-in"}
    with subprocess.Popen([warm_python(), "-c", BECOMES], env=given) as process:
        time.sleep(0.5)
        behind = standing_for(process.pid)
        assert behind in processes_with("TESTS_STARTED_BY=the test of the stand-in")
        process.kill()

    end = time.monotonic() + 30
    while Path(f"/proc/{behind}").exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_new_python_stands_for_itself() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert standing_for(process.pid) == process.pid
