"""A deadline for a connection and for a whole answer. Socket timeouts start anew with each byte: what drips has no end.

The SDK's own client has none (docs/measured.md#sdk-failures: 13.5 s for 54 bytes), and neither http.client nor urllib3
offers one. One thread watches all answers of a client: a timer for each cost up to 40 % of a request's CPU.
"""

import contextlib
import http.client
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from genesys.http.connecting import CONNECTING, NotConnected, Stage


class _Watch:
    """One connection that something is waited for on. Once called off, it is nobody's business any more.

    It has a descriptor of its own: TLS takes the socket away from whoever had it, and a shutdown by way of TLS would
    take the state from under the thread that reads.
    """

    def __init__(self, descriptor: int, ends_s: float) -> None:
        self.ends_s = ends_s
        self._lock = threading.Lock()
        self._connected: socket.socket | None = socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM)

    @property
    def is_on(self) -> bool:
        return self._connected is not None

    def call_off(self) -> None:
        with self._lock:
            if self._connected is not None:
                self._connected.close()
                self._connected = None

    def cut(self) -> None:
        """End what another thread reads or writes."""
        with self._lock:
            connected, self._connected = self._connected, None
            if connected is not None:
                with connected, contextlib.suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)


class Watchdog:
    """Cuts connections that are not made, and those whose answers are not whole `total_s` after their requests."""

    def __init__(self, total_s: float) -> None:
        self._total_s = total_s
        self._lock = threading.Lock()
        self._watches: deque[_Watch] = deque()  # the first to end comes first, for all have the same time
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()

    def watch(self, descriptor: int) -> _Watch:
        """Begin to wait for something on the socket that has this descriptor."""
        watch = _Watch(descriptor, time.monotonic() + self._total_s)
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


class _FinalResponse(http.client.HTTPResponse):
    """An answer that ends its request (RFC 9110, 15.2): http.client knows 100 alone of those that do not.

    A 103 that counted as such would leave the real answer on the connection, for whoever asks there next. No 101 comes,
    for nobody asks to switch protocols: one that does is read past too, and what follows it is no HTTP.
    """

    def begin(self) -> None:
        """Read status and headers, those of interim answers first."""
        super().begin()
        while self.status < http.HTTPStatus.OK:
            self.headers = None  # type: ignore[assignment] # else they count as read
            super().begin()


class _Guarded:
    """A connection that is cut when it is not made in time, or an answer is not whole in time.

    `_new_conn` and `_tunnel` are urllib3's own names for the two steps of `connect`, and its SOCKS door and Python's
    http.client override them in the same way.
    """

    watchdog: Watchdog
    sock: Any
    proxy: Any
    stage: Stage = "connection"
    watch: _Watch | None = None
    _connecting: _Watch | None = None

    def connect(self) -> None:
        """Connect, through the proxy where there is one. Raises NotConnected: nothing of a request was sent."""
        self.stage = "connection"
        try:
            super().connect()  # type: ignore[misc] # a mix-in: the connection is the other base
        except CONNECTING as problem:
            is_cut = self._connecting is not None and not self._connecting.is_on
            raise NotConnected(self.stage, TimeoutError() if is_cut else problem) from problem
        finally:
            if self._connecting is not None:
                self._connecting.call_off()

    def _new_conn(self) -> Any:
        connected = super()._new_conn()  # type: ignore[misc] # as above
        self.stage = "TLS" if self.proxy is None else "TLS to the proxy"
        self._connecting = self.watchdog.watch(connected.fileno())
        return connected

    def _tunnel(self) -> None:
        self.stage = "tunnel"
        super()._tunnel()  # type: ignore[misc] # as above
        self.stage = "TLS"

    def getresponse(self) -> Any:
        self.watch = self.watchdog.watch(self.sock.fileno())
        try:
            return super().getresponse()  # type: ignore[misc] # as above
        except BaseException:
            self.watch.call_off()
            raise


def guard(pools: urllib3.PoolManager, watchdog: Watchdog) -> None:
    """Set a deadline for every new connection of `pools`, and for each answer, counted from the end of its request."""
    shared = {"watchdog": watchdog, "response_class": _FinalResponse}
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
