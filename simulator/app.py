"""The ASGI application: Starlette's router in front of the exchange and the control plane."""

import asyncio
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qs

from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route as StarletteRoute
from starlette.routing import Router
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator.api.calls import Call
from simulator.api.routes import ARCHITECT, FLOW_DATA, Route
from simulator.control import control_routes
from simulator.exchange import exchange
from simulator.org.clock import machine_ms
from simulator.org.org import Org
from simulator.transport import deliver

_OURS = ("127.0.0.1", "localhost")
_ALL_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


class Endpoint:
    """One route of the API as an ASGI application; `route` None stands for whatever is not modelled."""

    def __init__(self, org: Org, route: Route | None, latency_ms: int) -> None:
        self._org = org
        self._route = route
        self._latency_ms = latency_ms

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        arrived_ms = machine_ms()
        request = Request(scope, receive)
        raw_query = scope["query_string"].decode("latin-1")
        try:
            body = await request.body()
        except ClientDisconnect:
            return  # the caller died while it was sending: nothing was asked
        call = Call(
            request.method,
            scope["path"],
            raw_query,
            parse_qs(raw_query, keep_blank_values=True),
            request.headers,
            body,
            request.path_params,
            arrived_ms=arrived_ms,
        )
        if self._latency_ms:
            await asyncio.sleep(self._latency_ms / 1000)
        await self._org.holds.wait(call, "before")
        delivery = exchange(self._org, call, self._route)
        await self._org.holds.wait(call, "after")
        await deliver(delivery, scope, receive, send)


def application(org: Org, *, latency_ms: int = 0, hosts: Sequence[str] = ()) -> ASGIApp:
    """Build the application of one org; which API it has follows the kind that the org is at the moment.

    `hosts`: by which names it answers, besides those of loopback.
    """
    routers = {"architect": _router(org, ARCHITECT, latency_ms), "flowData": _router(org, FLOW_DATA, latency_ms)}

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await routers[org.seed.kind](scope, receive, send)

    # A page whose own host name is led to this machine could read answers: the name in `Host` is still its own.
    return TrustedHostMiddleware(dispatch, allowed_hosts=(*_OURS, *hosts), www_redirect=False)


def _router(org: Org, api: Iterable[Route], latency_ms: int) -> Router:
    known = [StarletteRoute(one.path, Endpoint(org, one, latency_ms), methods=[one.method]) for one in api]
    unknown = StarletteRoute("/{path:path}", Endpoint(org, None, latency_ms), methods=_ALL_METHODS)
    return Router([*control_routes(org), *known, unknown])
