"""The processes that a measurement runs against: an org on the simulator, and a Prefect server."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

_START_SECONDS = 180.0


@contextmanager
def org_of(architect_flows: int) -> Iterator[str]:
    """Serve the demo org of so many Architect flows without a rate limit; yields its address."""
    options = ("--port", "0", "--architect-flows", str(architect_flows), "--rate-limit", "off", "--with-parent")
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "simulator", *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip().rpartition(" ")[2]
        process.terminate()


@contextmanager
def prefect_server(environment: Mapping[str, str]) -> Iterator[str]:
    """Run a Prefect server with its usual services; yields the address of its API."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env={**os.environ, **environment}, **quiet) as process:  # type: ignore[call-overload] # a table of two
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/health")
            yield f"http://127.0.0.1:{port}/api"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for(address: str) -> None:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        try:
            with urlopen(address, timeout=10):  # noqa: S310 - our own loopback address
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"no answer from {address}")
