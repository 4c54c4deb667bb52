"""Power cuts: workers that are killed together with the runs that they have started, in the middle of a publish."""

import os
import signal
import subprocess
import time

from tests.deployments.served import Served
from tests.warm import standing_for


def wait_for_publishes(served: Served, count: int) -> None:
    """Wait until the simulator was asked to publish so often."""
    deadline = time.monotonic() + 120
    while len(served.published()) < count:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def kill_workers(served: Served) -> None:
    """Kill the workers and the runs that they have started, as a power cut does."""
    serve = standing_for(served.process.pid)
    workers = [standing_for(each) for each, words in started_by(serve).items() if " worker start " in words]
    assert workers
    cut_the_power(*workers)


def cut_the_power(*workers: int) -> None:
    """Kill these processes and what they have started; there is something."""
    runs = [standing_for(each) for worker in workers for each in started_by(worker)]
    assert runs
    for process in (*workers, *runs):
        os.kill(process, signal.SIGKILL)


def started_by(process: int) -> dict[int, str]:
    """Return the processes that this one has started, with their command lines; some may stand in for others."""
    command = ["ps", "-ww", "--ppid", str(process), "-o", "pid=", "-o", "args="]
    listed = subprocess.run(command, check=False, capture_output=True, text=True).stdout  # it ends with 1 for none
    return {int(line.split()[0]): line.split(None, 1)[1] for line in listed.splitlines()}
