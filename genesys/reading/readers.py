"""The threads that read definitions: many that wait for the platform, and one that works on what came.

Were each definition worked on by the thread that fetched it, all of them would want Python's interpreter at once, and
connections would lie idle until it is their turn.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType
from typing import Self

from genesys.read_client import ReadClient
from genesys.reading.definition import FetchedDefinition
from genesys.reading.one_reading import fetch_one, reading_of
from timeouts.model.org import ArchitectFlow
from timeouts.model.steps import Reading


class Readers:
    """Reads with all connections of a client. Use it with `with`."""

    def __init__(self, client: ReadClient) -> None:
        self._client = client
        self._fetching = ThreadPoolExecutor(client.connections, thread_name_prefix="fetching")
        self._working = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._room = threading.Semaphore(2 * client.connections)
        """For definitions: one can have 50 MB, so that they must not pile up."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for all that is under way; where the run ends early, nothing more is begun."""
        self._fetching.shutdown(cancel_futures=error is not None)
        self._working.shutdown(cancel_futures=error is not None)

    def begin(self, architect_flow: ArchitectFlow) -> "Future[Future[Reading]]":
        """Begin to read; what comes first is the future of the reading."""
        # A thread knows nothing of the run, nor of what its log lines are about, unless it is told.
        return self._fetching.submit(copy_context().run, self._fetch, architect_flow)

    def _fetch(self, architect_flow: ArchitectFlow) -> Future[Reading]:
        self._room.acquire()
        try:
            fetched = fetch_one(self._client, architect_flow)
            return self._working.submit(self._read, architect_flow, fetched)
        except BaseException:
            self._room.release()
            raise

    def _read(self, architect_flow: ArchitectFlow, fetched: FetchedDefinition | Reading) -> Reading:
        try:
            return reading_of(architect_flow, fetched)
        finally:
            self._room.release()
