"""One HTTP attempt on one urllib3 pool: timeouts, a deadline, TLS, no redirect followed, nothing repeated."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import certifi
import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)

from genesys.errors import ConfigurationProblem
from genesys.http.deadline import Watchdog, guard, until_read
from genesys.http.payload import MAX_BYTES, Answer, MalformedError, decoded
from genesys.http.settings import TransportSettings

_CHUNK = 64 * 1024
_WORDS: tuple[tuple[type[HTTPError], str], ...] = (
    (NameResolutionError, "its host name is not known"),
    (ReadTimeoutError, "nothing came in time"),
)
_CAUSES: tuple[tuple[type[Exception], str], ...] = (
    (http.client.IncompleteRead, "the answer was cut off"),
    (http.client.LineTooLong, "the answer has a header, or another line of its own, of more than 65,536 bytes"),
)


@dataclass(frozen=True, slots=True)
class Request:
    """What goes out. `hidden`: the secrets in it, which no error may repeat."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    hidden: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """The path of the URL, for people."""
        return urlsplit(self.url).path


class ConnectFailed(Exception):  # noqa: N818 - named after what happened
    """The connection did not come about: nothing of the request left. Stays inside the gateway."""


class ResponseLost(Exception):  # noqa: N818 - named after what happened
    """The request left, and no whole answer came: nobody knows what became of it. Stays inside the gateway."""


class Wire:
    """The connections to the platform at `base`, its login included; safe for many threads.

    Deadlines run on the machine's own clock: they guard real sockets.
    """

    def __init__(self, settings: TransportSettings, base: str) -> None:
        encrypted = urlsplit(base).scheme != "http"
        self._total_s = settings.total_ms / 1000
        self._pool = urllib3.PoolManager(
            num_pools=2,  # login and API
            maxsize=settings.connections,
            block=True,
            retries=False,
            timeout=urllib3.Timeout(connect=settings.connect_ms / 1000, read=settings.read_ms / 1000),
            ssl_context=_tls() if encrypted else None,  # all certificates: as long as the SDK takes
        )
        self._watchdog = Watchdog(self._total_s)
        guard(self._pool, self._watchdog)

    def exchange(self, request: Request) -> Answer:
        """Send once and read the whole answer, whatever its status.

        Raises ConnectFailed, ResponseLost, or ConfigurationProblem where the certificate is not trusted.
        """
        deadline_s = time.monotonic() + self._total_s
        try:
            response = self._pool.request(
                request.method,
                request.url,
                headers=dict(request.headers),
                body=request.body,
                preload_content=False,
                decode_content=False,
                redirect=False,
            )
        except (NewConnectionError, ConnectTimeoutError) as problem:
            raise ConnectFailed(f"no connection: {_reason(problem)}") from None
        except SSLError as problem:
            if why := _untrusted(problem):
                raise ConfigurationProblem(
                    f"The certificate of {urlsplit(request.url).hostname} is not trusted: {why}."
                ) from None
            raise ResponseLost(_reason(problem)) from None
        except HTTPError as problem:
            raise ResponseLost(_reason(problem)) from None
        return self._read(response, deadline_s)

    def close(self) -> None:
        """Close what is kept open."""
        self._pool.clear()
        self._watchdog.close()

    def _read(self, response: urllib3.BaseHTTPResponse, deadline_s: float) -> Answer:
        try:
            with until_read(response):
                raw = _read_whole(response, deadline_s)
        except (HTTPError, ResponseLost) as problem:
            response.close()
            raise problem if isinstance(problem, ResponseLost) else ResponseLost(_reason(problem)) from None
        finally:
            response.release_conn()
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            body = decoded(raw, headers.get("content-encoding", "").strip().lower())
        except MalformedError as problem:
            raise ResponseLost(f"an answer {response.status} came, but {problem}") from None
        return Answer(response.status, headers, body)


def _read_whole(response: urllib3.BaseHTTPResponse, deadline_s: float) -> bytes:
    """Read piece by piece, up to the largest size and the deadline."""
    chunks = []
    size = 0
    while chunk := response.read1(_CHUNK, decode_content=False):
        size += len(chunk)
        if size > MAX_BYTES:
            raise ResponseLost(f"the answer is larger than {MAX_BYTES} bytes")
        if time.monotonic() > deadline_s:
            raise ResponseLost("the answer was not whole in time")
        chunks.append(chunk)
    if time.monotonic() > deadline_s:
        raise ResponseLost("the answer was not whole in time")
    return b"".join(chunks)


def _tls() -> ssl.SSLContext:
    """Trust the system's certificates and certifi's: slim containers have none of their own."""
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    return context


def _untrusted(problem: SSLError) -> str:
    """Say why a certificate is not trusted; '' where that is not the trouble."""
    causes = (*problem.args, problem.__cause__)
    return next((cause.verify_message for cause in causes if isinstance(cause, ssl.SSLCertVerificationError)), "")


def _reason(problem: HTTPError) -> str:
    """Say what broke, in words for people: urllib3's own are full of object names."""
    for kind, words in _WORDS:
        if isinstance(problem, kind):
            return words
    if isinstance(problem, NewConnectionError):
        return f"the host cannot be reached ({str(problem).rpartition(': ')[2]})"
    if isinstance(problem, ConnectTimeoutError):
        return "the host did not take the connection in time"
    cause = problem.args[-1] if isinstance(problem, ProtocolError) and problem.args else problem
    if type(cause) is http.client.HTTPException:  # raised for nothing else
        return "the answer has more than 100 headers"
    broke = f"the connection broke ({type(cause).__name__})"
    return next((words for kind, words in _CAUSES if isinstance(cause, kind)), broke)
