"""A platform on loopback that answers exactly what a test scripts, faults included, and a clock that does not wait."""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import SecretStr

from genesys import Credentials, ReadClient, TransportSettings, WriteClient, connect
from tests.company import Authority, listening

SECRET = "s3cr3t-canary/+ü"  # a slash, a plus and a letter beyond ASCII
CLIENT_ID = "0b8f7c1e-client"
ORGANIZATION = "GET /api/v2/organizations/me"
TOKEN = "POST /oauth/token"
CHECKOUT = "POST /api/v2/flows/actions/checkout"
QUICK = TransportSettings(connect_ms=2_000, read_ms=150, total_ms=200)

Reply = Callable[[socket.socket], None]


def reply(
    document: object = None,
    *,
    status: int = 200,
    body: bytes | None = None,
    media_type: str = "application/json; charset=UTF-8",
    headers: Mapping[str, str] | None = None,
    length: int | None = None,
) -> Reply:
    """A whole answer; `length` claims another Content-Length than the true one."""
    content = json.dumps(document).encode() if body is None else body
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(content) if length is None else length}"]
    lines += [f"Content-Type: {media_type}"] if media_type else []
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + content

    def act(connection: socket.socket) -> None:
        connection.sendall(raw)
        if length is not None:
            connection.shutdown(socket.SHUT_RDWR)

    return act


def error(status: int, code: str = "some.code", message: str = "Some message.", **more: object) -> Reply:
    """An ErrorBody (docs/platform.md#errors)."""
    document = {"status": status, "code": code, "message": message, "contextId": "ctx-1", **more}
    return reply(document, status=status, headers={"ININ-Correlation-Id": "corr-1"})


def limited(**headers: str) -> Reply:
    """A 429."""
    return reply(
        {"code": "too.many.requests"}, status=429, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def listing(*entities: dict[str, Any]) -> Reply:
    """The only page of a listing."""
    return reply({"entities": entities, "pageNumber": 1, "pageCount": 1, "total": len(entities)})


ACME = reply({"id": "org-1", "name": "Acme"})
"""The answer to who the org is."""


def reset(connection: socket.socket) -> None:
    """The connection breaks after the request was read."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionAbortedError


def hang(connection: socket.socket) -> None:
    """Nothing comes, until the client gives up."""
    connection.recv(1)
    raise ConnectionAbortedError


def dripping(head: bytes, piece: bytes, pause_s: float = 0.03) -> Reply:
    """The head, then a piece every few milliseconds, for as long as the client takes it."""

    def act(connection: socket.socket) -> None:
        connection.sendall(head)
        done = threading.Event()
        while not done.wait(pause_s):
            connection.sendall(piece)

    return act


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def call(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Platform:
    """Answers each call with the next reply of its script; the last one stays. Tokens are given out unasked."""

    url: str
    scripts: dict[str, list[Reply]] = field(default_factory=lambda: defaultdict(list))
    judge: Callable[[Received], Reply | None] = lambda _: None
    received: list[Received] = field(default_factory=list)
    wrap: Callable[[socket.socket], socket.socket] = lambda connection: connection
    lock: threading.Lock = field(default_factory=threading.Lock)

    def on(self, call: str, *replies: Reply) -> None:
        """Script the replies to a call such as `GET /api/v2/flows`."""
        self.scripts[call] = list(replies)

    def calls(self, call: str) -> list[Received]:
        """The requests that came for a call."""
        return [request for request in self.received if request.call == call]

    def answer(self, request: Received) -> Reply:
        with self.lock:
            self.received.append(request)
            judged = self.judge(request)
            script = self.scripts[request.call]
            if judged is not None:
                return judged
            if script:
                return script.pop(0) if len(script) > 1 else script[0]
            if request.call == TOKEN:
                return token(f"token-{len(self.calls(TOKEN))}")
        return error(501, "not.scripted", f"the test scripts no {request.call}")

    def serve(self, connection: socket.socket) -> None:
        try:
            with self.wrap(connection) as wrapped, wrapped.makefile("rb") as stream:
                while (request := _read(stream)) is not None:
                    self.answer(request)(wrapped)
        except OSError:
            connection.close()  # the client went away, or is made to believe that we did


def token(name: str, **more: object) -> Reply:
    """What the login answers."""
    return reply({"access_token": name, "token_type": "bearer", "expires_in": 86400, **more})


def _read(stream: Any) -> Received | None:
    first = stream.readline().decode().split()
    if not first:
        return None
    headers = {}
    while (line := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = stream.read(int(headers.get("content-length", "0")))
    url = urlsplit(first[1])
    return Received(first[0], url.path, dict(parse_qsl(url.query)), headers, body)


@pytest.fixture
def platform() -> Iterator[Platform]:
    platform = Platform(url="")
    with listening(platform.serve) as port:
        platform.url = f"http://127.0.0.1:{port}"
        yield platform


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A company's authority for certificates, which nobody trusts unless told to."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def tls(platform: Platform, authority: Authority) -> str:
    """The address of the platform that speaks TLS now, with a certificate of the company's."""
    platform.wrap = lambda connection: authority.server_side.wrap_socket(connection, server_side=True)
    return platform.url.replace("http:", "https:")


class FakeClock:
    """Sleeping is noted and moves the time; nobody waits. `on_sleep` is called before each sleep ends."""

    def __init__(self) -> None:
        self.time_ms = 1_000_000
        self.slept_ms: list[int] = []
        self.on_sleep: Callable[[], None] = lambda: None

    def now_ms(self) -> int:
        return self.time_ms

    def epoch_ms(self) -> int:
        return 1_800_000_000_000  # 2027-01-15 08:00:00 UTC

    def sleep_ms(self, duration_ms: int, stop: threading.Event) -> None:
        assert not stop.is_set()
        self.slept_ms.append(duration_ms)
        self.time_ms += duration_ms
        self.on_sleep()

    def chance(self) -> float:
        return 0.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def credentials_of(url: str) -> Credentials:
    """What is needed to log in at a stand-in."""
    return Credentials(client_id=CLIENT_ID, client_secret=SecretStr(SECRET), api_url=url)


@pytest.fixture
def credentials(platform: Platform) -> Credentials:
    return credentials_of(platform.url)


@pytest.fixture
def environment(platform: Platform) -> dict[str, str]:
    """The environment of a process that asks a platform for its organization."""
    platform.on(ORGANIZATION, ACME)
    return {"GENESYS_CLIENT_ID": CLIENT_ID, "GENESYS_CLIENT_SECRET": SECRET, "GENESYS_API_URL": platform.url}


def python(program: str, **environment: str) -> str:
    """Run a program in a process of its own; gives what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture
def reader(credentials: Credentials, clock: FakeClock) -> Iterator[ReadClient]:
    client = connect(credentials, clock=clock)
    yield client
    client.close()


@pytest.fixture
def writer(credentials: Credentials, clock: FakeClock) -> Iterator[WriteClient]:
    client = connect(credentials, write=True, clock=clock)
    yield client
    client.close()


@pytest.fixture
def hasty(credentials: Credentials, clock: FakeClock) -> Iterator[WriteClient]:
    """A client that gives up after fractions of a second, for servers that hang or drip."""
    client = connect(credentials, write=True, clock=clock, settings=QUICK)
    yield client
    client.close()
