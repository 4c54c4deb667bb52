"""How deliveries reach the wire, down to resets and half-sent bodies that no ordinary ASGI server would send."""

import asyncio
import contextlib
import socket
import struct
from http import HTTPStatus
from typing import Any, assert_never

from starlette.types import Message, Receive, Scope
from starlette.types import Send as AsgiSend
from uvicorn.protocols.http.h11_impl import H11Protocol

from simulator.api.calls import Answer
from simulator.faults.deliveries import Delivery, Drip, Hang, Reset, Send, Truncate

_TRANSPORT = "simulator.transport"


class LoopbackProtocol(H11Protocol):
    """uvicorn's protocol, which also hands the application the connection's transport."""

    def connection_made(self, transport: Any) -> None:
        """Remember the transport for the requests of this connection."""
        super().connection_made(transport)
        application = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            await application({**scope, _TRANSPORT: transport}, receive, send)

        self.app = with_transport


async def deliver(delivery: Delivery, scope: Scope, receive: Receive, send: AsgiSend) -> None:
    """Send an answer, or fail to in the way that was asked for."""
    match delivery:
        case Send(answer):
            await _send_whole(answer, send)
        case Reset():
            _reset(scope[_TRANSPORT])
            await _gone(receive)
        case Hang():
            await _gone(receive)
        case Drip(answer, drip_ms, drip_bytes):
            await _send_slowly(answer, drip_ms / 1000, drip_bytes, receive, send)
        case Truncate(answer):
            _send_half(answer, scope[_TRANSPORT])
            await _gone(receive)
        case _:
            assert_never(delivery)


async def _gone(receive: Receive) -> None:
    """Wait until the connection is closed, by the caller or by the server's end."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(answer: Answer) -> Message:
    return {"type": "http.response.start", "status": answer.status, "headers": _head(answer)}


def _head(answer: Answer) -> list[tuple[bytes, bytes]]:
    body = [("content-type", answer.content_type), ("content-length", str(len(answer.body)))]
    headers = [*([] if answer.status == HTTPStatus.NO_CONTENT else body), *answer.headers]
    return [(name.lower().encode(), value.encode()) for name, value in headers]


async def _send_whole(answer: Answer, send: AsgiSend) -> None:
    await send(_start(answer))
    await send({"type": "http.response.body", "body": answer.body})


async def _send_slowly(answer: Answer, pause: float, size: int, receive: Receive, send: AsgiSend) -> None:
    await send(_start(answer))
    gone = asyncio.ensure_future(_gone(receive))
    for at in range(0, len(answer.body), size):
        await send({"type": "http.response.body", "body": answer.body[at : at + size], "more_body": True})
        done, _ = await asyncio.wait([gone], timeout=pause)
        if done:
            return
    await send({"type": "http.response.body", "body": b""})
    gone.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await gone


def _send_half(answer: Answer, transport: Any) -> None:
    announced = max(len(answer.body), 2)
    head = b"".join(name + b": " + value + b"\r\n" for name, value in _head(answer) if name != b"content-length")
    line = f"HTTP/1.1 {answer.status} OK\r\ncontent-length: {announced}\r\n".encode()
    transport.write(line + head + b"\r\n" + answer.body[: announced // 2])
    transport.close()


def _reset(transport: Any) -> None:
    """Close with SO_LINGER 0: the peer gets RST instead of FIN."""
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
