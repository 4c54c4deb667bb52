"""The org on a loopback port, in a thread of this process."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import uvicorn

from simulator.app import application
from simulator.org.org import Org
from simulator.org.persistence import Store
from simulator.org.seeds import OrgSeed
from simulator.switches import Switches
from simulator.transport import LoopbackProtocol

_START_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 75


@dataclass(frozen=True, slots=True)
class Running:
    """A simulator that listens: `url` for clients, `org` for whoever stages the scene."""

    url: str
    org: Org


class _Server(uvicorn.Server):
    """uvicorn without its tenths of seconds of polling, and without signal handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end = asyncio.Event()

    async def main_loop(self) -> None:
        """Serve until `stop`."""
        self._loop = asyncio.get_running_loop()
        await self.on_tick(0)
        self.ready.set()
        await self._end.wait()

    def stop(self) -> None:
        """End the main loop, from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._end.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cut all connections, so that hanging requests end too."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        while self.server_state.tasks:
            await asyncio.wait(list(self.server_state.tasks), timeout=1)
        for one in sockets or []:
            one.close()


@contextlib.contextmanager
def running(
    seed: OrgSeed,
    *,
    switches: Switches | None = None,
    port: int = 0,
    rate_limit: int | None = None,
    latency_ms: int = 0,
    running_clock: bool = False,
    store: Store | None = None,
    keeps: bool = False,
    hosts: Sequence[str] = (),
) -> Iterator[Running]:
    """Serve an org on 127.0.0.1 while the context lasts.

    `port` 0: any free one. `rate_limit`: requests a minute of the org's clock, None for none. `latency_ms`: real
    milliseconds before each answer. `running_clock`: the org's time follows the machine's. `store`: where changes
    outlive the process; it is closed at the end. `keeps`: configurations that were served stay in memory, 36 KB each:
    making one takes 7 ms, which would be measured otherwise. `hosts`: names of hosts that something leads to it.
    """
    org = Org(seed, switches=switches, rate_limit=rate_limit, running_clock=running_clock, store=store, keeps=keeps)
    listener = _listen(port)
    config = uvicorn.Config(
        application(org, latency_ms=latency_ms, hosts=hosts),
        http=LoopbackProtocol,
        loop="asyncio",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # uvicorn's is made once a second, by the polling that is left out
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    server = _Server(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="genesys-cloud-simulator", daemon=True
    )
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS):
            raise RuntimeError("The simulator did not start.")
        yield Running(f"http://127.0.0.1:{listener.getsockname()[1]}", org)
    finally:
        server.stop()
        thread.join(_START_SECONDS)
        listener.close()
        if store is not None:
            store.close()


def _listen(port: int) -> socket.socket:
    # The protocol is named since asyncio sets TCP_NODELAY only then: 0.8 ms a request instead of 44.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    listener.listen(128)
    return listener
