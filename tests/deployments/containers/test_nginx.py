"""nginx.conf: what may be silent for an hour, and what has to answer."""

import re

from prefect.server.api.server import API_ROUTERS
from starlette.routing import WebSocketRoute

from tests.deployments.files import DEPLOYMENTS

CONF = (DEPLOYMENTS / "nginx.conf").read_text("utf-8")


def test_every_websocket_of_the_server_may_be_silent_and_nothing_else() -> None:
    (pattern,) = re.findall(r"location ~ (\S+) \{[^}]*proxy_read_timeout 1h;", CONF)
    routes = [route for router in API_ROUTERS for route in router.routes]
    sockets = {f"/api{route.path}" for route in routes if isinstance(route, WebSocketRoute)}
    others = {f"/api{getattr(route, 'path', '')}" for route in routes} - sockets

    assert len(sockets) == 5
    assert {path for path in sockets | others if re.search(pattern, path)} == sockets


def test_a_plain_request_is_waited_for_no_longer_than_twenty_seconds() -> None:
    assert re.findall(r"location / \{[^}]*proxy_read_timeout (\w+);", CONF) == ["20s"]
