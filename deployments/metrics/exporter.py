"""The exporter: reads the Prefect server every now and then, and serves what it read last.

A scrape asks nobody: it is answered at once from the last reading, however many scrape and whatever the server does.
"""

import threading
import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from deployments.metrics.exposition import families
from deployments.metrics.server import Moment, read_server
from deployments.metrics.tally import Tally
from tasks.running.warning import warn
from timeouts.text.outlets import inert


class Exporter(Collector):
    """What was read last, as a collector of prometheus_client."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._read_at = 0.0
        self._took = 0.0
        self._families = families(self._tally, None, read_at=0.0, took=0.0)

    def collect(self) -> Iterable[Metric]:
        """Return the metrics of the last reading: a list that nobody changes any more."""
        return self._families

    def read(self) -> bool:
        """Read the server; tells whether it answered. Only one thread may call it."""
        began, moment = time.time(), self._moment()
        if moment is not None:
            self._read_at, self._took = time.time(), time.time() - began
        self._families = families(self._tally, moment, read_at=self._read_at, took=self._took)
        return moment is not None

    def text(self) -> str:
        """Return the metrics in Prometheus' text format."""
        return generate_latest(_registry(self)).decode()

    def _moment(self) -> Moment | None:
        now = time.time()
        try:
            reading = read_server(self._tally.since(now))
        except Exception as problem:  # noqa: BLE001 - whatever it is, the next reading may succeed
            warn("the Prefect server was not read: %s: %s", type(problem).__name__, inert(str(problem)))
            return None
        self._tally.add(reading.ended, now)
        return reading.moment


def serve(host: str, port: int, every_seconds: float, stop: threading.Event) -> None:
    """Serve until it is told to stop. Raises OSError where the port cannot be had."""
    exporter = Exporter()
    server, thread = start_http_server(port, host, registry=_registry(exporter))
    # A thread of its own, which nobody waits for: a server that does not answer holds up no end of this process either.
    threading.Thread(target=_keep_reading, args=(exporter, every_seconds, stop), daemon=True).start()
    try:
        stop.wait()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _keep_reading(exporter: Exporter, every_seconds: float, stop: threading.Event) -> None:
    """Read until it is told to stop. Where it cannot go on, the process ends: what it served would not stay true."""
    try:
        while not stop.is_set():
            exporter.read()
            stop.wait(every_seconds)
    finally:
        stop.set()


def _registry(exporter: Exporter) -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(exporter)
    return registry
