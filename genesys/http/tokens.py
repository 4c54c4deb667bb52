"""The access token: fetched once for all threads, renewed before it ends or when the platform refuses it."""

import base64
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from http import HTTPStatus
from typing import NamedTuple

from genesys.clock import Clock
from genesys.counts import Counters
from genesys.credentials import Credentials
from genesys.errors import (
    AuthenticationFailed,
    BadPayload,
    ConfigurationProblem,
    Exchange,
    GenesysError,
    NotFound,
    RateLimited,
    Stopped,
    Unavailable,
)
from genesys.http.connecting import ConnectFailed
from genesys.http.payload import Answer, MalformedError, accepted
from genesys.http.problems import exchange_of, page_of, refusal
from genesys.http.retrying import Repeater
from genesys.http.sending import Sender
from genesys.http.wait_times import retry_after_ms
from genesys.http.wire import Request, ResponseLost
from genesys.log import Log
from genesys.routes import TOKEN
from timeouts.model.durations import DAY_MS

_USUAL_LIFE_MS = DAY_MS
_MARGIN_MS = 60_000
_AGAIN_MS = 10_000
"""After that a renewal is tried again that brought no token, while the one before is good or a person has to act."""
_TOGETHER_MS = 1_000
"""Who comes so soon after a login has begun takes its failure, too: it was tried for nearly as long as a read is."""
_MOMENT_S = 1.0
"""For how long a thread may hold the token that only takes it: the system may give others the processor meanwhile."""
_FOREVER_MS = 10**15
_REFUSED = (400, 401, 403)
_NO_TOKENS_HERE = (405, 501)
_MAY_PASS = (HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_TIMEOUT)
_CLIENT_FAULTS = range(400, 500)
_NO_TOKENS = "No tokens are given out there: is GENESYS_API_URL or the region wrong?"
_FIRST_MISSING_MS = 3_000
"""For so long a first login is repeated that answers 404: most often the address is wrong, and somebody waits."""


class _Login(NamedTuple):
    """A token, when to renew it, and when it ends, in milliseconds of the clock."""

    token: str = ""
    renew_at_ms: int = 0
    ends_at_ms: int = 0


class _Failure(NamedTuple):
    """Why a login brought no token. Whoever came before that time takes it for the answer."""

    problem: GenesysError
    until_ms: int


class Tokens:
    """One OAuth client's token (client-credentials grant, docs/platform.md#token); safe for many threads.

    The SDK never renews such a token (docs/measured.md#sdk-failures), so this does.
    """

    def __init__(
        self,
        credentials: Credentials,
        sender: Sender,
        repeater: Repeater,
        clock: Clock,
        *,
        missing_ms: int,
        counters: Counters,
        log: Log,
    ) -> None:
        self._missing_ms = missing_ms
        self._credentials = credentials
        self._sender = sender
        self._repeater = repeater
        self._clock = clock
        self._counters = counters
        self._log = log
        self._lock = threading.Lock()
        self._login = _Login()
        self._proven: set[str] = set()
        self._failure: _Failure | None = None
        self._surrendered = False
        self._ahead: Future[_Login] | None = None

    def log_in_ahead(self) -> None:
        """Begin to log in; who wants a token first waits for what comes of it. Call it before threads share this."""
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="log-in")
        self._ahead = thread.submit(copy_context().run, self._fetched)  # context: of log lines
        thread.shutdown(wait=False)

    def current(self) -> str:
        """Return a token that should be good; logs in where there is none or it is about to end."""
        came_ms = self._clock.now_ms()
        with self._lock:
            if not self._login.token:
                self._log_in(came_ms)
            elif self._clock.now_ms() >= self._login.renew_at_ms:
                self._renew_ahead(came_ms)
            return self._login.token

    def renew(self, refused: str, exchange: Exchange) -> None:
        """Log in again because the platform refused this token, unless another thread has done so since.

        `exchange`: what the platform said of it.
        """
        came_ms = self._clock.now_ms()
        with self._lock:
            if self._login.token == refused:
                self._counters.renewal()
                self._log_in(came_ms)
                self._log.renewed("the platform refused the one before", exchange)

    def accepted(self, token: str) -> None:
        """Remember that the platform took this token."""
        self._proven.add(token)

    def was_accepted(self, token: str) -> bool:
        """Return whether it ever was: a 401 then means that it ended, and not that new tokens are refused too."""
        return token in self._proven

    def surrender(self) -> str:
        """Return the token, '' where there is none, and hand out none any more: whoever asks gets Stopped.

        A login that is under way is waited for no longer than a moment, which is for threads that only take the token;
        what it brings is forgotten, and ends by itself.
        """
        self._surrendered = True
        if not self._lock.acquire(timeout=_MOMENT_S):
            return ""
        try:
            ahead = self._ahead
            if ahead is not None and ahead.done() and ahead.exception() is None:
                return ahead.result().token
            token, self._login = self._login.token, _Login()
            return token
        finally:
            self._lock.release()

    def _renew_ahead(self, came_ms: int) -> None:
        """Log in again before the token ends; while no login is to be had, it serves on until then."""
        try:
            self._log_in(came_ms)
        except (Unavailable, BadPayload, RateLimited, ConfigurationProblem) as problem:
            now_ms = self._clock.now_ms()
            if now_ms >= self._login.ends_at_ms:
                raise
            self._login = self._login._replace(renew_at_ms=min(now_ms + _AGAIN_MS, self._login.ends_at_ms))
            self._log.not_renewed(problem)
        else:
            self._log.renewed("the one before is about to end")

    def _log_in(self, came_ms: int) -> None:
        """Fetch a token, for all who wait: each for itself would send the secret, one after the other, for minutes.

        A refusal is kept, for a wrong password that each thread tries may lock its account. `came_ms`: when this thread
        began to wait.
        """
        if self._surrendered:
            raise Stopped("Not sent: the client is closed")
        if self._failure is not None and came_ms < self._failure.until_ms:
            raise self._failure.problem.again()
        ahead, self._ahead = self._ahead, None
        began_ms = self._clock.now_ms()
        try:
            self._login = ahead.result() if ahead else self._fetched()
        except GenesysError as problem:
            self._failure = _Failure(problem, self._until_ms(problem, began_ms))
            raise

    def _until_ms(self, problem: GenesysError, began_ms: int) -> int:
        """Return until when whoever comes takes a failure for the answer: for good, if it does not pass.

        Else only who came soon after this login began, and so has waited about as long as a read does.

        Where this login gave a token before, a wrong address may be a gateway's doing, and pass.
        """
        if isinstance(problem, AuthenticationFailed):
            return _FOREVER_MS
        if isinstance(problem, ConfigurationProblem):
            return self._clock.now_ms() + _AGAIN_MS if self._login.token else _FOREVER_MS
        return began_ms + _TOGETHER_MS

    def _fetched(self) -> _Login:
        """Log in, again where that may help. A 404 passes where this login gave a token before."""
        for_ms = self._missing_ms if self._login.token else _FIRST_MISSING_MS
        try:
            return self._repeater.until_found(lambda: self._repeater.read(self._fetch), for_ms)
        except NotFound as missing:
            if self._login.token:
                raise Unavailable("No token: the login answers 404", missing.exchange) from None
            raise ConfigurationProblem(_NO_TOKENS, missing.exchange) from None

    def _fetch(self) -> _Login:
        """Log in once."""
        request = self._request()
        try:
            answer = self._sender.send(TOKEN.label, request)
        except ConnectFailed as problem:
            raise Unavailable(f"No token: {problem}", exchange_of(request)) from None
        except ResponseLost as problem:
            raise Unavailable(f"No token from {request.host}: {problem}", exchange_of(request)) from None
        if not answer.ok:
            refused = _refusal(request, answer)
            if isinstance(refused, Unavailable):
                refused.retry_after_ms = retry_after_ms(answer.headers, self._clock)
            raise refused
        try:
            document = accepted(answer).document or {}
        except MalformedError as problem:
            page = page_of(request, answer)
            said = f"No token: the login answered, but {problem}{f': {page}' if page else ''}"
            raise BadPayload(said, exchange_of(request)) from None
        token = document.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
            raise BadPayload("No token: the login's answer holds none", exchange_of(request))
        life_ms = _life_ms(document.get("expires_in"))
        ends_at_ms = self._clock.now_ms() + life_ms
        return _Login(token, ends_at_ms - min(_MARGIN_MS, life_ms // 10), ends_at_ms)

    def _request(self) -> Request:
        secret = self._credentials.client_secret.get_secret_value()
        basic = base64.b64encode(f"{self._credentials.client_id}:{secret}".encode()).decode("ascii")
        return Request(
            method=TOKEN.method,
            url=self._credentials.login_base + TOKEN.template,
            headers={
                "Authorization": f"Basic {basic}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            body=b"grant_type=client_credentials",
            hidden=(secret, basic),
        )


def _refusal(request: Request, answer: Answer) -> GenesysError:
    """Judge a login that is no success: its `error` and `description` reach the person."""
    exchange = exchange_of(request, answer)
    page = page_of(request, answer)
    is_refused = answer.status in _CLIENT_FAULTS and answer.status not in _MAY_PASS
    if page and is_refused:
        return ConfigurationProblem(
            f"The login did not reach the platform, which has not judged the client's secret: {page}; have the host "
            "allowed there, or name the way out in HTTPS_PROXY",
            exchange,
        )
    if answer.status in _REFUSED:
        return AuthenticationFailed(
            "The login is refused: wrong client id or secret, or a right pair in the wrong region", exchange
        )
    if answer.status == HTTPStatus.NOT_FOUND:
        return NotFound(_NO_TOKENS, exchange)
    if answer.status in _NO_TOKENS_HERE or is_refused:
        return ConfigurationProblem(_NO_TOKENS, exchange)
    return refusal(TOKEN, exchange, page)


def _life_ms(expires_in: object) -> int:
    """Seconds to milliseconds; a day where the platform does not say (docs/platform.md#token)."""
    if isinstance(expires_in, int) and not isinstance(expires_in, bool) and expires_in > 0:
        return expires_in * 1000
    return _USUAL_LIFE_MS
