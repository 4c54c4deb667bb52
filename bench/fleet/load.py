"""What processes take of processor and memory, as Linux counts it: a machine that is shared changes it little."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_LOOK_SECONDS = 0.2
_OWN, _WITH_ENDED_CHILDREN = slice(11, 13), slice(11, 15)


def cpu_seconds(pid: int) -> float:
    """Return what a process, its children that run and those that have ended have used."""
    own = _ticks(pid, _WITH_ENDED_CHILDREN)
    return own / _TICKS + sum(map(cpu_seconds, _children(pid)))


def own_cpu_seconds(pid: int) -> float:
    """Return what a process has used without its children."""
    return _ticks(pid, _OWN) / _TICKS


def resident_mb(pid: int) -> float:
    """Return the proportional resident set of a process and its children: what they share is counted once."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
        own = next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    except (OSError, StopIteration):
        own = 0
    return own * 1024 / 1e6 + sum(map(resident_mb, _children(pid)))


@contextmanager
def watch_peaks(parents: list[int]) -> Iterator[dict[int, float]]:
    """Yield the peak of the resident set in MB of each child of these processes, by its pid, as far as it was seen.

    The last look at a process may be `_LOOK_SECONDS` before its end: what it takes after that is missed.
    """
    peaks: dict[int, float] = {}
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(_LOOK_SECONDS):
            for parent in parents:
                for pid in _children(parent):
                    peaks[pid] = max(peaks.get(pid, 0.0), _peak_mb(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        stop.set()
        thread.join()


def _peak_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmHWM")), 0.0)


def _ticks(pid: int, fields: slice) -> int:
    try:
        found = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, found[fields]))


def _children(pid: int) -> list[int]:
    """Return the children that run: those of every thread, for a worker starts runs from threads of its own."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text("ascii").split())
        except OSError:
            continue
    return found
