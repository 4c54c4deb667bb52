"""What answers 404 among many that are known: waited for together, and looked for in one listing."""

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from genesys.errors import ENDS_A_RUN, GenesysError, NotFound, Unavailable
from genesys.http.transport import Transport
from timeouts.model.org import ArchitectFlow

Value = TypeVar("Value")


def unless_listed(read: Callable[[], Value], listed: Callable[[], object | None]) -> Value:
    """Return what `read` gives; raises NotFound only for what `listed` lacks, too, and else Unavailable.

    `read`: has waited as long as a 404 may pass. `listed`: returns None for what the listing lacks.
    """
    try:
        return read()
    except NotFound as missing:
        if listed() is None:
            raise
        raise Unavailable("It answers 404, although the platform lists it", missing.exchange) from None


class MissingTogether:
    """One wait for all: what a gateway has no route to answers 404 for each, and so does what was deleted at once.

    The first 404 begins the wait. It goes on to count for as long as others come: only where none came for as long as
    it lasts, the next one begins another. `listing`: lists every Architect flow; it is asked once for each wait, when
    that is over. Safe for many threads.
    """

    def __init__(self, transport: Transport, listing: Callable[[], Sequence[ArchitectFlow]]) -> None:
        self._transport = transport
        self._listing = listing
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._last_ms = self._end_ms = -transport.missing_ms - 1
        self._listed_ms: int | None = None
        self._listed: Mapping[str, ArchitectFlow] | GenesysError = {}

    def read_or_listed(self, architect_flow_id: str, read: Callable[[], ArchitectFlow]) -> ArchitectFlow:
        """Read an Architect flow; what answers 404 once the wait is over is returned as the listing shows it.

        Raises NotFound where that lacks it, too.
        """
        try:
            return self._read(read)
        except NotFound:
            listed = self._look_up(architect_flow_id)
            if listed is None:
                raise
            return listed

    def read_part(self, architect_flow_id: str, read: Callable[[], Value]) -> Value:
        """Read a part of an Architect flow in the same way; where the listing shows that, Unavailable is raised."""
        return unless_listed(lambda: self._read(read), lambda: self._look_up(architect_flow_id))

    def _read(self, read: Callable[[], Value]) -> Value:
        return self._transport.until_believed(read, self._is_over)

    def _look_up(self, architect_flow_id: str) -> ArchitectFlow | None:
        """Look one up in the listing of this wait. Raises GenesysError where that does not answer."""
        with self._asking:
            if self._listed_ms is None or self._listed_ms < self._end_ms:
                self._listed_ms, self._listed = self._transport.now_ms(), self._ask()
            listed = self._listed
        if isinstance(listed, GenesysError):
            raise listed.again()
        return listed.get(architect_flow_id)

    def _ask(self) -> Mapping[str, ArchitectFlow] | GenesysError:
        try:
            return {each.id: each for each in self._listing()}
        except ENDS_A_RUN:
            raise
        except GenesysError as problem:
            return problem

    def _is_over(self) -> bool:
        """Take note of a 404, and return whether it is to be believed."""
        with self._lock:
            now_ms = self._transport.now_ms()
            if now_ms - self._last_ms > self._transport.missing_ms:
                self._end_ms = now_ms + self._transport.missing_ms
            self._last_ms = max(now_ms, self._last_ms)
            return now_ms >= self._end_ms
