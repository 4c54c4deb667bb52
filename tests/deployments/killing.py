"""Power cuts: workers that are killed together with the runs that they have started, in the middle of a publish."""

import os
import signal
import subprocess
import time

from tests.deployments.served import Served


def wait_for_publishes(served: Served, count: int) -> None:
    """Wait until the simulator was asked to publish so often."""
    deadline = time.monotonic() + 120
    while len(served.published()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def kill_workers(served: Served) -> None:
    """Kill the workers and the runs that they have started, as a power cut does."""
    listed = subprocess.run(["ps", "-eo", "pid,ppid,args"], check=True, capture_output=True, text=True).stdout
    processes = [line.split(None, 2) for line in listed.splitlines()[1:]]
    workers = {pid for pid, ppid, args in processes if int(ppid) == served.process.pid and " worker start " in args}
    assert workers
    runs = {pid for pid, ppid, _ in processes if ppid in workers}
    assert runs
    for pid in (*workers, *runs):
        os.kill(int(pid), signal.SIGKILL)
