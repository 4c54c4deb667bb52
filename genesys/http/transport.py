"""From a request of the SDK to an answer that can be believed, or to one error that says what to do.

Reads are repeated. A write goes out once: again only after a 429 or a 401, which are refusals before any effect.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

from genesys.clock import Clock
from genesys.counts import Counters
from genesys.credentials import Credentials
from genesys.errors import (
    AmbiguousWrite,
    AuthenticationFailed,
    BadPayload,
    ConfigurationProblem,
    Exchange,
    GenesysError,
    Unavailable,
)
from genesys.http.connecting import ConnectFailed
from genesys.http.payload import Accepted, Answer, MalformedError, accepted
from genesys.http.problems import exchange_of, page_of, refusal
from genesys.http.rate_limiter import RateLimiter
from genesys.http.retrying import Repeater
from genesys.http.revocation import hurried, revoke
from genesys.http.sending import Sender
from genesys.http.settings import TransportSettings
from genesys.http.tokens import Tokens
from genesys.http.wait_times import retry_after_ms
from genesys.http.wire import Request, ResponseLost, Wire
from genesys.log import Log
from genesys.routes import Route, route_for
from timeouts.model.request_figures import RequestCounts

Result = TypeVar("Result")

_MOST_REPLAYS = 3
"""After a 401. One, unless tokens that had been taken end while other threads use them too."""


class _UnauthorizedError(Exception):
    """The platform refused the token, before any effect."""

    def __init__(self, exchange: Exchange, page: str) -> None:
        super().__init__()
        self.exchange = exchange
        self.page = page


class Transport:
    """All requests of one client: `routes` are those that it may make."""

    def __init__(
        self,
        credentials: Credentials,
        routes: tuple[Route, ...],
        settings: TransportSettings,
        clock: Clock,
        stop: threading.Event,
    ) -> None:
        self.connections = settings.connections
        self.missing_ms = settings.missing_ms
        self.now_ms = clock.now_ms
        self._settings = settings
        self._base = credentials.api_base
        self._routes = routes
        self._clock = clock
        self._counters = Counters(clock)
        self._log = Log()
        self._wire = Wire(settings, credentials.api_base, credentials.login_base)
        limiter = RateLimiter(settings.waiting_budget_ms, clock, stop, self._counters, self._log)
        self._sender = Sender(self._wire, limiter, clock=clock, counters=self._counters, log=self._log)
        self._repeater = Repeater(settings.attempts, limiter, clock, self._counters, self._log)
        self._tokens = Tokens(
            credentials,
            self._sender,
            self._repeater,
            clock,
            missing_ms=settings.missing_ms,
            counters=self._counters,
            log=self._log,
        )

    def send(
        self, method: str, url: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes | None
    ) -> Accepted:
        """Carry out one call and give its answer, an object in JSON.

        Raises the errors of errors.py and no others; BadPayload and Unavailable for a write only where it never left.
        """
        try:
            return self._send(method, url, query, headers, body)
        except GenesysError as problem:
            self._log.failed(problem)
            raise

    def until_found(self, read: Callable[[], Result]) -> Result:
        """Call `read` again while it raises NotFound, for a bounded time; the last one is raised."""
        return self._repeater.until_found(read, self.missing_ms)

    def until_believed(self, read: Callable[[], Result], is_over: Callable[[], bool]) -> Result:
        """Do the same until `is_over`, which is asked after each NotFound."""
        return self._repeater.until_believed(read, is_over)

    def log_in_ahead(self) -> None:
        """Begin to log in, before there is anything to ask."""
        self._tokens.log_in_ahead()

    def counts(self) -> RequestCounts:
        """Return how often the platform was asked so far."""
        return self._counters.snapshot()

    def close(self) -> None:
        """Give the token back, and close the connections."""
        if token := self._tokens.surrender():
            revoke(token, self._base, self._wire.another(hurried(self._settings)), self._counters, self._log)
        self._wire.close()

    def _send(
        self, method: str, url: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes | None
    ) -> Accepted:
        if not url.startswith(f"{self._base}/"):
            raise ConfigurationProblem(f"Not sent: the SDK was led to {url}, which is not {self._base}")
        route = route_for(self._routes, method, url.removeprefix(self._base))
        whole = f"{url}?{urlencode(query)}" if query else url
        request = Request(method, whole, {**headers, "Accept-Encoding": "gzip"}, body)
        replays = 0
        while True:
            token = self._tokens.current()
            try:
                return self._carry_out(route, request, token)
            except _UnauthorizedError as refused:
                # A token that was never taken says that new ones are refused too; one that was has ended.
                if replays == _MOST_REPLAYS or (replays and not self._tokens.was_accepted(token)):
                    if refused.page:
                        raise refusal(route, refused.exchange, refused.page) from None
                    raise AuthenticationFailed(
                        "The platform refuses the token, also a new one", refused.exchange
                    ) from None
                self._tokens.renew(token, refused.exchange)
                replays += 1

    def _carry_out(self, route: Route, request: Request, token: str) -> Accepted:
        signed = replace(request, headers={**request.headers, "Authorization": f"Bearer {token}"}, hidden=(token,))
        if route.effect == "read":
            return self._repeater.read(lambda: self._read(route, signed, token))
        return self._write(route, signed, token)

    def _read(self, route: Route, request: Request, token: str) -> Accepted:
        try:
            answer = self._answer(route, request, token)
        except ConnectFailed as problem:
            raise Unavailable(f"Not sent: {problem}", exchange_of(request)) from None
        except ResponseLost as problem:
            raise Unavailable(f"No answer from {request.host}: {problem}", exchange_of(request)) from None
        if not answer.ok:
            refused = refusal(route, exchange_of(request, answer), page_of(request, answer))
            if isinstance(refused, Unavailable):
                refused.retry_after_ms = retry_after_ms(answer.headers, self._clock)
            raise refused
        try:
            return accepted(answer, route.answer)
        except MalformedError as flaw:
            page = page_of(request, answer)
            said = f"The answer says it is well, but {flaw}{f': {page}' if page else ''}"
            raise BadPayload(said, exchange_of(request, answer)) from None

    def _write(self, route: Route, request: Request, token: str) -> Accepted:
        """Whatever leaves open whether the write was carried out is an AmbiguousWrite."""
        try:
            answer = self._answer(route, request, token)
        except ConnectFailed as problem:
            raise Unavailable(f"Not sent: {problem}", exchange_of(request)) from None
        except ResponseLost as problem:
            raise AmbiguousWrite(
                f"It may or may not be done, no answer came from {request.host}: {problem}", exchange_of(request)
            ) from None
        if not answer.ok:
            exchange = exchange_of(request, answer)
            refused = refusal(route, exchange, page_of(request, answer))
            if isinstance(refused, Unavailable | ConfigurationProblem):
                raise AmbiguousWrite("It may or may not be done: the answer does not say", exchange)
            raise refused
        try:
            return accepted(answer, route.answer)
        except MalformedError as flaw:
            raise AmbiguousWrite(
                f"It may or may not be done: the answer says it is well, but {flaw}", exchange_of(request, answer)
            ) from None

    def _answer(self, route: Route, request: Request, token: str) -> Answer:
        answer = self._sender.send(route.label, request)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise _UnauthorizedError(exchange_of(request, answer), page_of(request, answer))
        self._tokens.accepted(token)
        return answer
