"""Standard output in any encoding, and with a reader that has had enough."""

import subprocess
import sys

import pytest

from tests.environment import environment

NAMES = "Störungsannahme Łódź → „buchen“ …"
PROGRAM = f"""
import sys
from cli.showing.streams import stand_any_stream
stand_any_stream()
from cli.showing.screens import out, say
from reports.terminal.layout import heading, row, show_table, table
shown = table("Title", "step", "limit")
row(shown, {NAMES!r}, "10s")
for _ in range(int(sys.argv[1])):
    heading(out, "Grünwald")
    show_table(out, shown)
say("→ done")
print("it went on", file=sys.stderr)
sys.exit(3)
"""


def process(rounds: int, **given: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(rounds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(**given),
    )


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", NAMES),
        ("ascii", "St?rungsannahme ??d? > ?buchen? ~"),
        ("latin-1", "Störungsannahme ?ód? > ?buchen? ~"),
        ("cp1252", "Störungsannahme ?ódz > „buchen“ …".replace("dz", "d?")),
    ],
)
def test_what_an_encoding_does_not_have_is_shown_as_one_other_character(encoding: str, shown: str) -> None:
    started = process(1, PYTHONIOENCODING=encoding)
    said, problems = started.communicate(timeout=60)

    assert started.returncode == 3, problems
    assert shown in said.decode(encoding)
    assert ("─" in said.decode(encoding)) == (encoding == "utf-8")


def test_a_reader_that_ends_neither_ends_the_command_nor_changes_its_exit_code() -> None:
    started = process(3_000, PYTHONIOENCODING="utf-8")
    assert started.stdout is not None
    started.stdout.readline()
    started.stdout.close()
    assert started.stderr is not None
    problems = started.stderr.read().decode()
    started.stderr.close()

    assert started.wait(60) == 3
    assert problems == "it went on\n"


def test_a_reader_of_standard_error_that_ends_does_not_end_it_either() -> None:
    started = process(1, PYTHONIOENCODING="utf-8")
    assert started.stderr is not None
    started.stderr.close()
    assert started.stdout is not None
    said = started.stdout.read().decode()
    started.stdout.close()

    assert started.wait(60) == 3
    assert "→ done" in said


def test_a_command_that_is_started_without_standard_streams_opens_no_file_in_their_place() -> None:
    program = """
import os, sys
from cli.showing.streams import stand_any_stream
stand_any_stream()
opened = os.open(os.devnull, os.O_RDONLY)
print("nobody reads this", flush=True)
print("nor this", file=sys.stderr, flush=True)
sys.exit(10 * sys.stdin.isatty() + len(sys.stdin.read()) + (opened < 3))
"""
    closed = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", program]

    assert subprocess.run(closed, env=environment(), timeout=60, check=False).returncode == 0


def test_a_terminal_without_columns_is_taken_for_one_of_the_usual_width() -> None:
    started = process(1, PYTHONIOENCODING="utf-8", COLUMNS="0")
    said, _ = started.communicate(timeout=60)

    assert NAMES in said.decode()
