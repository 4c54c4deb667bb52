"""Sending a request until the platform takes it: a 429 is a refusal before any effect, so also a write is repeated."""

from http import HTTPStatus

from genesys.clock import Clock
from genesys.counts import Counters
from genesys.errors import RateLimited
from genesys.http.payload import Answer
from genesys.http.problems import exchange_of
from genesys.http.rate_limiter import RateLimiter
from genesys.http.wait_times import over_budget, rate_limit_wait_ms
from genesys.http.wire import Request, Wire
from genesys.log import Log


class Sender:
    """Counts what goes out, keeps to the rate limit that all threads share, and waits where the platform refuses."""

    def __init__(self, wire: Wire, limiter: RateLimiter, *, clock: Clock, counters: Counters, log: Log) -> None:
        self._wire = wire
        self._limiter = limiter
        self._clock = clock
        self._counters = counters
        self._log = log

    def send(self, label: str, request: Request) -> Answer:
        """Return the first answer that is not a 429; `label` is how the request is counted.

        Raises RateLimited where the wait that the platform asks for is over the budget, and what `Wire` raises.
        """
        refusals = 0
        while True:
            with self._limiter.turn() as turn:
                turn.answer = answer = self._once(label, request)
                if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                    return answer
                refusals += 1
                self._put_off(request, answer, refusals)

    def _once(self, label: str, request: Request) -> Answer:
        self._counters.request(label)
        sent_ms = self._clock.now_ms()
        answer = self._wire.exchange(request)
        self._log.answered(request, answer, self._clock.now_ms() - sent_ms)
        return answer

    def _put_off(self, request: Request, answer: Answer, refusals: int) -> None:
        """Hold all threads for as long as a 429 asks for."""
        self._counters.rate_limit()
        wait_ms = rate_limit_wait_ms(answer.headers, refusals, self._clock)
        exchange = exchange_of(request, answer)
        if not self._limiter.pause(wait_ms):
            told = over_budget(wait_ms, self._limiter.budget_left_ms)
            problem = RateLimited(f"The platform's rate limit {told}", exchange)
            self._limiter.close(problem, wait_ms)
            raise problem
        self._log.limited(exchange, wait_ms)
