"""Plain requests with urllib3, for what is measured beside the product."""

import base64
import json
from typing import Any, Self

import urllib3

from bench.simulators import CLIENT_ID, CLIENT_SECRET

_PAGE = 500


class Raw:
    """A connection pool with a token. Raises AssertionError for an answer that is no 200."""

    def __init__(self, url: str, connections: int) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(maxsize=connections, block=True)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        form = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        answer = self._pool.request("POST", f"{url}/oauth/token", body="grant_type=client_credentials", headers=form)
        self._headers = {"Authorization": f"Bearer {json.loads(answer.data)['access_token']}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.clear()

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Send one request under /api/v2/ and give the body of its answer."""
        headers = self._headers if body is None else {**self._headers, "Content-Type": "application/json"}
        answer = self._pool.request(method, f"{self._url}/api/v2/{path}", body=body, headers=headers)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.data[:500]!r}"  # noqa: PLR2004
        return answer.data

    def document(self, path: str) -> Any:
        """Read a JSON document."""
        return json.loads(self.ask("GET", path))

    def published(self) -> list[str]:
        """Give the path of every published configuration."""
        found: list[str] = []
        number = pages = 1
        while number <= pages:
            page = self.document(f"flows?pageSize={_PAGE}&pageNumber={number}")
            found += [
                f"flows/{each['id']}/versions/{each['publishedVersion']['id']}/configuration"
                for each in page["entities"]
                if each.get("publishedVersion")
            ]
            number, pages = number + 1, page["pageCount"]
        return found
