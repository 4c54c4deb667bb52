"""A deadline for a whole answer. Socket timeouts start anew with each byte: a server that drips would hold us for ever.

The SDK's own client has none (docs/measured.md#sdk-failures: 13.5 s for 54 bytes), and neither http.client nor urllib3
offers one. One thread watches all answers of a client: a timer for each cost up to 40 % of a request's CPU.
"""

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _Watch:
    """One answer that is waited for. Once called off, its socket is nobody's business any more."""

    def __init__(self, connected: socket.socket, ends_s: float) -> None:
        self.ends_s = ends_s
        self._lock = threading.Lock()
        self._connected: socket.socket | None = connected

    @property
    def is_on(self) -> bool:
        return self._connected is not None

    def call_off(self) -> None:
        with self._lock:
            self._connected = None

    def cut(self) -> None:
        """End the read of another thread. Not by SSLSocket.shutdown, which takes the TLS state from under it."""
        with self._lock, contextlib.suppress(OSError):
            if self._connected is not None:
                socket.socket.shutdown(self._connected, socket.SHUT_RDWR)


class Watchdog:
    """Cuts the connections whose answers are not whole `total_s` after their requests."""

    def __init__(self, total_s: float) -> None:
        self._total_s = total_s
        self._lock = threading.Lock()
        self._watches: deque[_Watch] = deque()  # the first to end comes first, for all have the same time
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def watch(self, connected: socket.socket) -> _Watch:
        """Begin to wait for an answer."""
        watch = _Watch(connected, time.monotonic() + self._total_s)
        with self._lock:
            self._watches.append(watch)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look, name="genesys-deadlines", daemon=True)
                self._thread.start()
        return watch

    def close(self) -> None:
        """Let the thread end."""
        self._closed.set()

    def _look(self) -> None:
        while (next_s := self._next_s()) is not None and not self._closed.wait(next_s):
            pass

    def _next_s(self) -> float | None:
        """Cut what is due; returns how long nothing else is, None where nothing is watched: the thread ends then."""
        now_s = time.monotonic()
        with self._lock:
            while self._watches and (not self._watches[0].is_on or self._watches[0].ends_s <= now_s):
                self._watches.popleft().cut()
            if not self._watches:
                self._thread = None
                return None
            return self._watches[0].ends_s - now_s


class _Guarded:
    """A connection that is cut when an answer is not whole in time."""

    watchdog: Watchdog
    sock: socket.socket
    watch: _Watch | None = None

    def getresponse(self) -> Any:
        self.watch = self.watchdog.watch(self.sock)
        try:
            return super().getresponse()  # type: ignore[misc] # a mix-in: the connection is the other base
        except BaseException:
            self.watch.call_off()
            raise


def guard(pools: urllib3.PoolManager, watchdog: Watchdog) -> None:
    """Set a deadline for the answers of every new connection of `pools`, counted from the end of the request."""
    shared = {"watchdog": watchdog}
    plain = type("GuardedHTTPConnection", (_Guarded, HTTPConnection), shared)
    tls = type("GuardedHTTPSConnection", (_Guarded, HTTPSConnection), shared)
    pools.pool_classes_by_scheme = {
        "http": type("GuardedHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("GuardedHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }


@contextlib.contextmanager
def until_read(response: urllib3.BaseHTTPResponse) -> Iterator[None]:
    """Call the watch of an answer off at the end: it is whole then, or given up."""
    watch = getattr(response.connection, "watch", None)  # urllib3 forgets the connection at the last byte
    try:
        yield
    finally:
        if watch is not None:
            watch.call_off()
