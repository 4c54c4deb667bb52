"""A gateway before the org or Prefect's server, of the kind that companies put there: it hides what it likes."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import httpx

_HOP = {"connection", "content-length", "content-encoding", "transfer-encoding", "date", "server", "host"}


@dataclass
class Gateway:
    """Hands everything on; what is `hidden` is left out of listings, which count without it.

    `hidden`: ids by the path of the listing, None for everything. `busy`: methods that are refused with 503, once each.
    `late`: paths whose POST is carried out and answered with 504, once each.
    """

    url: str
    hidden: dict[str, set[str] | None] = field(default_factory=dict)
    busy: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    def shown(self, path: str, body: bytes) -> bytes:
        """Return what callers get to see of an answer."""
        listing = urlsplit(path).path
        if listing not in self.hidden:
            return body
        page, hidden = json.loads(body), self.hidden[listing]
        kept = [each for each in page["entities"] if hidden is not None and each["id"] not in hidden]
        page["total"] -= len(page["entities"]) - len(kept)
        return json.dumps({**page, "entities": kept}).encode()


@contextmanager
def gateway_to(org: str) -> Iterator[Gateway]:
    """Listen on loopback for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.command in found.busy:
                found.busy.remove(self.command)
                self._say_only(HTTPStatus.SERVICE_UNAVAILABLE)
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            answer = upstream.request(self.command, self.path, content=sent, headers=headers)
            if self.command == "POST" and self.path in found.late:
                found.late.remove(self.path)
                self._say_only(HTTPStatus.GATEWAY_TIMEOUT)
                return
            body = found.shown(self.path, answer.content)
            self.send_response(answer.status_code)
            for name, value in answer.headers.items():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _say_only(self, status: HTTPStatus) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - the library's names

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with httpx.Client(base_url=org, timeout=60) as upstream, ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found = Gateway(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield found
        finally:
            server.shutdown()
