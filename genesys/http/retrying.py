"""Repeating reads: the only place where a request is sent again because no usable answer came."""

from collections.abc import Callable
from typing import TypeVar

import tenacity

from genesys.clock import Clock
from genesys.counts import Counters
from genesys.errors import BadPayload, GenesysError, NotFound, Unavailable
from genesys.http.rate_limiter import RateLimiter
from genesys.http.wait_times import growing_wait_ms, over_budget
from genesys.log import Log

_FIRST_MS = 500
_MOST_MS = 8_000

Result = TypeVar("Result")


class Repeater:
    """Repeats what may be repeated, with growing waits, or as long as the platform's Retry-After says, if longer."""

    def __init__(self, attempts: int, limiter: RateLimiter, clock: Clock, counters: Counters, log: Log) -> None:
        self._limiter = limiter
        self._clock = clock
        self._counters = counters
        self._attempts = attempts
        self._log = log

    def read(self, attempt: Callable[[], Result]) -> Result:
        """Call `attempt` until it gives no Unavailable or BadPayload; the last of them is raised.

        Raises RateLimited without a call while the platform asks to wait longer than the run may.
        """

        def once() -> Result:
            self._limiter.check_open()
            return attempt()

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((Unavailable, BadPayload)),
            stop=tenacity.stop_after_attempt(self._attempts),
            sleep=lambda _: None,  # the wait below is done by the limiter, which knows stops and budgets
            before_sleep=lambda state: self._wait(state, self._attempts),
            reraise=True,
        )
        return retrying(once)

    def until_found(self, read: Callable[[], Result], for_ms: int) -> Result:
        """Call `read`, which repeats what else may pass, until it raises no NotFound; the last one after `for_ms`."""
        end_ms = self._clock.now_ms() + for_ms
        return self.until_believed(read, lambda: self._clock.now_ms() >= end_ms)

    def until_believed(self, read: Callable[[], Result], is_over: Callable[[], bool]) -> Result:
        """Do the same until `is_over`, which is asked after each NotFound."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(NotFound),
            stop=lambda _: is_over(),
            sleep=lambda _: None,
            before_sleep=self._wait,
            reraise=True,
        )
        return retrying(read)

    def _wait(self, state: tenacity.RetryCallState, attempts: int | None = None) -> None:
        problem = state.outcome.exception() if state.outcome else None
        assert isinstance(problem, GenesysError), "only those are repeated"
        asked_ms = problem.retry_after_ms if isinstance(problem, Unavailable) else None
        if asked_ms is not None and not self._limiter.pause(asked_ms):
            told = over_budget(asked_ms, self._limiter.budget_left_ms)
            raise Unavailable(f"{problem.what}, and {told}", problem.exchange, asked_ms) from None
        own_ms = growing_wait_ms(_FIRST_MS, _MOST_MS, state.attempt_number, self._clock)
        wait_ms = max(own_ms, asked_ms or 0)
        self._log.repeated(problem, state.attempt_number, attempts, wait_ms)
        if asked_ms is None or own_ms > asked_ms:  # `Retry-After: 0` shortens nobody's patience
            self._limiter.rest(own_ms)
        self._counters.retry()
