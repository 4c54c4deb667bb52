"""A webhook on this machine, which keeps what it is told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.deployments.served import Json


class Told:
    """A webhook that keeps what it is told."""

    def __init__(self) -> None:
        self.messages: list[Json] = []
        told = self.messages

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is not ours
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/hooks/secret-part"

    @contextmanager
    def listening(self) -> Iterator["Told"]:
        """Listen for as long as the block lasts."""
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            self.server.shutdown()
            self.server.server_close()

    def wait_for(self, subject: str, patience_s: float = 60) -> Json:
        """Wait for a message whose subject starts so."""
        deadline = time.monotonic() + patience_s
        while True:
            found = [message for message in self.messages if message["subject"].startswith(subject)]
            if found:
                return found[0]
            assert time.monotonic() < deadline, self.messages
            time.sleep(0.2)
