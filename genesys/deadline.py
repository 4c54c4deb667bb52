"""A deadline for a whole answer. Socket timeouts start anew with each byte: a server that drips would hold us for ever.

The SDK's own client has none (sdk.md 5: 13.5 s for 54 bytes), and neither http.client nor urllib3 offers one.
"""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class _Guarded:
    """A connection that is cut when an answer is not whole in time."""

    total_s: float
    sock: socket.socket
    watchdog: threading.Timer | None = None

    def getresponse(self) -> Any:
        self.watchdog = threading.Timer(self.total_s, _cut, (self.sock,))
        self.watchdog.daemon = True
        self.watchdog.start()
        try:
            return super().getresponse()  # type: ignore[misc] # a mix-in: the connection is the other base
        except BaseException:
            self.watchdog.cancel()
            raise


def guard(pools: urllib3.PoolManager, total_s: float) -> None:
    """Give every new connection of `pools` a deadline for its answers, counted from the end of the request."""
    limit = {"total_s": total_s}
    plain = type("GuardedHTTPConnection", (_Guarded, HTTPConnection), limit)
    tls = type("GuardedHTTPSConnection", (_Guarded, HTTPSConnection), limit)
    pools.pool_classes_by_scheme = {
        "http": type("GuardedHTTPPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("GuardedHTTPSPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }


@contextlib.contextmanager
def until_read(response: urllib3.BaseHTTPResponse) -> Iterator[None]:
    """Call the watchdog of an answer off at the end: it is whole then, or given up."""
    watchdog = getattr(response.connection, "watchdog", None)  # urllib3 forgets the connection at the last byte
    try:
        yield
    finally:
        if watchdog is not None:
            watchdog.cancel()


def _cut(connected: socket.socket) -> None:
    """End the read that another thread is in. Not by SSLSocket.shutdown, which takes the TLS state from under it."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
