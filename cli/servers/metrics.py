"""`genesys-timeouts metrics`: what the Prefect server knows of our runs, for Prometheus."""

import logging
import signal
import threading

from cli import environment
from cli.exits import Exit, UsageError, saying_problems
from cli.showing.screens import say


@saying_problems
def metrics(host: str, port: int, every: int, *, once: bool) -> Exit:
    """Serve metrics until Ctrl-C or SIGTERM; `once`: print them and end."""
    environment.prepare_network()
    _check_that_a_server_is_named()
    return _print() if once else _serve(host, port, every)


def _check_that_a_server_is_named() -> None:
    from prefect.settings import PREFECT_API_URL

    if not PREFECT_API_URL.value():
        raise UsageError("there is no Prefect server to read: set PREFECT_API_URL to the one that our runs are on")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # or each request is a line


def _print() -> Exit:
    from deployments.metrics.exporter import Exporter

    exporter = Exporter()
    was_read = exporter.read()
    print(exporter.text(), end="")  # noqa: T201 - as it is, for a program
    return Exit.DONE if was_read else Exit.FAILED


def _serve(host: str, port: int, every: int) -> Exit:
    from deployments.metrics.exporter import serve

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    say(f"Metrics: http://{host}:{port}/metrics; Ctrl-C ends it.")
    try:
        serve(host, port, every, stop)
    except OSError as problem:
        raise UsageError(
            f"{host}, port {port} cannot be had ({problem.strerror}): name others with --host and --port"
        ) from None
    return Exit.DONE
