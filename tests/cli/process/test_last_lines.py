"""How a command's process ends: with its exit code, within seconds, and without a line after its last sentence."""

import signal
import subprocess
import sys
import time

import pytest

AT_A_LINE = """
import os, signal, sys
from flows.run import interruption

left = int(sys.argv[1])

def trace(frame, event, _argument):
    global left
    if frame.f_code.co_filename != interruption.__file__ or frame.f_code.co_name == "nudge":
        return None
    if event == "line":
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGTERM)
    return trace

def command():
    sys.stderr.write("Error: refused\\n")
    sys.settrace(trace)  # of what calls this, from its next line on
    frame = sys._getframe(1)
    while frame:
        frame.f_trace = trace
        frame = frame.f_back
    sys.exit(2)

interruption.run_to_its_end(command)
"""
ENDS = """
import atexit, os, signal, sys, threading, time
from flows.run.interruption import run_to_its_end

def command():
    {command}

run_to_its_end(command)
"""
NOTHING_CHANGED = "Interrupted. Nothing was changed: run the same command again.\n"


def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=30, check=False
    )


def test_a_sigterm_at_any_line_of_the_end_of_a_refused_command_leaves_no_traceback() -> None:
    """Seen twice on a busy machine: it came when the command was over, and its handler raised into the open."""
    ends = set()
    for line in range(1, 60):
        done = run(AT_A_LINE, str(line))
        said = done.stderr.removeprefix("Error: refused\n")
        ends.add((done.returncode, said))
        assert said in ("", NOTHING_CHANGED), f"at line {line}: {done.stderr}"
        assert done.returncode == (1 if said else 2)

    assert (2, "") in ends
    assert (1, NOTHING_CHANGED) in ends, "the first lines are those of a command that still runs"


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("sys.exit(3)", 3, ""),
        ("atexit.register(os.kill, os.getpid(), signal.SIGTERM); sys.exit(3)", 3, ""),
        ("threading.Thread(target=time.sleep, args=(60,)).start(); sys.exit(3)", 3, ""),
        ("atexit.register(time.sleep, 60); sys.exit(3)", 3, ""),
        ("atexit.register(print, 'too late', file=sys.stderr); sys.exit(3)", 3, ""),
        ("os.kill(os.getpid(), signal.SIGTERM); time.sleep(60)", 1, NOTHING_CHANGED),
        ("os.kill(os.getpid(), signal.SIGHUP); time.sleep(60)", 1, NOTHING_CHANGED),
        ("signal.raise_signal(signal.SIGINT); time.sleep(60)", 1, NOTHING_CHANGED),
        (
            "raise OSError(28, 'No space left on device', '/full/file')",
            1,
            "Error: /full/file: No space left on device\nNothing was changed.\n",
        ),
        (
            "raise OSError(28, 'No space left on device')",
            1,
            "Error: what is printed, or kept, cannot be written: No space left on device\nNothing was changed.\n",
        ),
    ],
)
def test_the_process_is_gone_within_3_s_of_its_last_sentence(command: str, code: int, told: str) -> None:
    since = time.monotonic()

    done = run(ENDS.format(command=command))

    assert (done.returncode, done.stdout, done.stderr) == (code, "", told)
    assert time.monotonic() - since < 4.0


def test_a_mistake_of_ours_is_shown_whole() -> None:
    done = run(ENDS.format(command="raise KeyError('of ours')"))

    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "KeyError: 'of ours'" in done.stderr


def test_what_is_printed_to_a_full_disk_or_to_nobody_ends_in_a_sentence_or_silently() -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "cli", "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert (done.returncode, "No space left on device" in done.stderr) == (1, True)

    closed = subprocess.run(
        ["sh", "-c", '"$1" -m cli --help >&-', "sh", sys.executable], capture_output=True, text=True, check=False
    )
    assert "Traceback" not in closed.stderr


def test_signals_that_are_ignored_from_the_beginning_stay_so() -> None:
    """Nohup means it."""
    program = ENDS.format(command="os.kill(os.getpid(), signal.SIGHUP); print('goes on'); sys.exit(0)")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        done = run(program)
    finally:
        signal.signal(signal.SIGHUP, before)

    assert (done.returncode, done.stdout, done.stderr) == (0, "goes on\n", "")
