"""One HTTP attempt: timeouts, a deadline, TLS, perhaps a proxy, no redirect followed, nothing repeated."""

import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from genesys.http.certificates import trusting_context
from genesys.http.connecting import NotConnected, failure
from genesys.http.deadline import Watchdog, guard, until_read
from genesys.http.payload import MAX_BYTES, Answer, MalformedError, decoded
from genesys.http.proxies import Proxy, hint_for, proxy_for
from genesys.http.settings import TransportSettings

_CHUNK = 64 * 1024
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

    @property
    def host(self) -> str:
        """The host of the URL, with its port where that is not the usual one."""
        return urlsplit(self.url).netloc


class ResponseLost(Exception):  # noqa: N818 - named after what happened
    """The request left, and no whole answer came: nobody knows what became of it. Stays inside the gateway."""


class Wire:
    """The connections to the API at `api` and the login at `login`; safe for many threads.

    Each is reached directly or through a proxy, as NO_PROXY may name but one of them. Deadlines run on the machine's
    own clock: they guard real sockets. Raises ConfigurationProblem for a proxy or certificates that cannot be used.
    """

    def __init__(
        self, settings: TransportSettings, api: str, login: str, *, context: ssl.SSLContext | None = None
    ) -> None:
        self._addresses = (api, login)
        self._total_s = settings.total_ms / 1000
        self._watchdog = Watchdog(self._total_s)
        self._proxies = {urlsplit(url).netloc: proxy_for(url) for url in (api, login)}
        encrypted = urlsplit(api).scheme != "http"
        # To load all certificates takes as long as the SDK takes for it: `context` is what another one has loaded.
        self._context = context or (trusting_context() if encrypted else None)
        self._pools = {proxy: self._pool(settings, proxy) for proxy in {*self._proxies.values()}}

    def another(self, settings: TransportSettings) -> "Wire":
        """Return connections of their own to the same addresses, with other deadlines and the same certificates."""
        return Wire(settings, *self._addresses, context=self._context)

    def _pool(self, settings: TransportSettings, proxy: Proxy | None) -> urllib3.PoolManager:
        options: dict[str, Any] = {
            "num_pools": 2,  # login and API
            "maxsize": settings.connections,
            "block": True,
            "retries": False,
            "timeout": urllib3.Timeout(connect=settings.connect_ms / 1000, read=settings.read_ms / 1000),
            "ssl_context": self._context,
        }
        if proxy is None:
            pool = urllib3.PoolManager(**options)
        else:
            who = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {}
            pool = urllib3.ProxyManager(proxy.url, proxy_headers=who, proxy_ssl_context=self._context, **options)
        guard(pool, self._watchdog)
        return pool

    def exchange(self, request: Request) -> Answer:
        """Send once and read the whole answer, whatever its status.

        Raises ConnectFailed, ResponseLost, or ConfigurationProblem where a certificate is not trusted or a proxy
        refuses.
        """
        deadline_s = time.monotonic() + self._total_s
        proxy = self._proxies[request.host]
        try:
            response = self._pools[proxy].request(
                request.method,
                request.url,
                headers=dict(request.headers),
                body=request.body,
                preload_content=False,
                decode_content=False,
                redirect=False,
            )
        except NotConnected as told:
            raise failure(told, request.host, proxy, hint_for(request.url)) from None
        except HTTPError as problem:
            raise ResponseLost(_reason(problem)) from None
        return self._read(response, deadline_s)

    def close(self) -> None:
        """Close what is kept open."""
        for pool in self._pools.values():
            pool.clear()
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


def _reason(problem: HTTPError) -> str:
    """Say what broke, in words for people: urllib3's own are full of object names."""
    if isinstance(problem, ReadTimeoutError):
        return "nothing came in time"
    cause = problem.args[-1] if isinstance(problem, ProtocolError) and problem.args else problem
    if type(cause) is http.client.HTTPException:  # raised for nothing else
        return "the answer has more than 100 headers"
    broke = f"the connection broke ({type(cause).__name__})"
    return next((words for kind, words in _CAUSES if isinstance(cause, kind)), broke)
