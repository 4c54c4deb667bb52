"""A process that has loaded the SDK and forks runs that can be killed: `python -m tests.publishing.fork_server`.

Starting Python with the gateway takes half a second, which the kill matrices pay once. For each line on stdin,
`{"url", "order"}`, it forks a run of that order and writes the run's process id; an order for an action comes with the
`directory` of marks.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from genesys import WriteClient
from publishing.order import ActionOrder, ArchitectFlowOrder, Order
from tests.publishing.actions.scenes import ActionScene
from tests.publishing.scenes import PATIENT, Scene, client_of

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 10.0


class ForkServer:
    """The process, from the outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start_run(self, scene: Scene | ActionScene, order: Order) -> int:
        """Begin to publish an order in a process of its own, with the scene's marks if it has any; returns its id."""
        task = {"url": scene.url, "order": order.model_dump_json()}
        if isinstance(scene, ActionScene):
            task["directory"] = str(scene.directory)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextlib.contextmanager
def hatching() -> Iterator[ForkServer]:
    """Have one while the context lasts."""
    command = [sys.executable, "-m", "tests.publishing.fork_server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield ForkServer(process)
        finally:
            process.stdin.close()  # type: ignore[union-attr] # it is a pipe
            process.wait(_PATIENCE_SECONDS)


def kill_after(scene: Scene | ActionScene, requests: int, process_id: int) -> None:
    """Kill a run once the org has carried out so many requests; returns when the process is gone."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while len(scene.org.log) < requests:
        assert time.monotonic() < end, f"the run never came to its request {requests}"
        time.sleep(0.002)
    os.kill(process_id, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < end:
            os.kill(process_id, 0)
            time.sleep(0.001)


def _main() -> None:
    clients: dict[str, WriteClient] = {}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the runs
    for line in sys.stdin:
        task = json.loads(line)
        url = task["url"]
        client = clients.get(url) or clients.setdefault(
            url, client_of(url, PATIENT)
        )  # loads the SDK, connects to nothing yet
        process_id = os.fork()
        if process_id == 0:
            try:
                _run(task, client)
            finally:
                os._exit(0)
        sys.stdout.write(f"{process_id}\n")
        sys.stdout.flush()


def _run(task: dict[str, str], client: WriteClient) -> None:
    org: Any = None  # it is elsewhere
    if "directory" in task:
        action_order = ActionOrder.model_validate_json(task["order"])
        scene = ActionScene(task["url"], org, client, action_order.kind, Path(task["directory"]))
        scene.publish_and_verify(action_order)
    else:
        Scene(task["url"], org, client).publish_and_verify(ArchitectFlowOrder.model_validate_json(task["order"]))


if __name__ == "__main__":
    _main()
