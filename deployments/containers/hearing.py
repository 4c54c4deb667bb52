"""When silence means something: Prefect calls a run dead whose heartbeats it has not read, not whose are late.

It reckons by the time of the last event that was read, plus the time since then. So where heartbeats wait, because
these services, Redis or the database were away, each run is dead as soon as they are back. Here nobody is called silent
before all that came has been read for a while. And while the database is away, an event is not put aside, since the
next one that is read would come too late without it (docs/decisions/0035-outages.md).
"""

import asyncio
import operator
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import NoReturn

from prefect.logging import get_logger
from prefect.server.database import provide_database_interface
from prefect.server.events import triggers
from prefect.server.utilities.messaging import Message, MessageHandler
from prefect.settings.context import get_current_settings
from prefect_redis.client import get_async_redis_client  # type: ignore[import-untyped]
from prefect_redis.messaging import Consumer  # type: ignore[import-untyped]
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tenacity import AsyncRetrying, RetryCallState, retry_if_result, stop_after_attempt, wait_fixed

SETTLED_S = 45.0
"""A living run is heard within this time: heartbeats come every 30 s, and are late after a third of it."""

_TOPIC, _READERS = "events", "reactive-triggers"  # as Prefect's service of the triggers names them
_ASKED_AGAIN_AFTER_S = 1.0


def read_in_order() -> None:
    """Have Prefect's service of the triggers wait for the database, where it would read the next event instead."""
    setattr(triggers, "consumer", _waiting_for_the_database(triggers.consumer))  # noqa: B010 - it is looked up there


async def find_the_silent(settled_s: float) -> NoReturn:
    """Evaluate what waits for an event, in Prefect's place, while events were read without delay for `settled_s`.

    Its own turn comes through Redis: after an outage only five minutes later.
    """
    evaluate = triggers.evaluate_proactive_triggers
    setattr(triggers, "evaluate_proactive_triggers", _in_vain)  # noqa: B010
    every_s = get_current_settings().server.events.proactive_granularity.total_seconds()
    asked_s = settled_since_s = time.monotonic()
    while True:
        await asyncio.sleep(every_s)
        unread_s, before_s, asked_s = await _unread_for_s(), asked_s, time.monotonic()
        if max(unread_s, asked_s - before_s) > settled_s / 3:
            settled_since_s = asked_s
        elif asked_s - settled_since_s >= settled_s:
            await evaluate()


async def _in_vain() -> None:
    pass


async def _unread_for_s() -> float:
    """Return how long the oldest event waits to be read; infinite where Redis does not tell."""
    try:
        redis = get_async_redis_client()
        seconds, _ = await redis.time()
        oldest_ms = await _oldest_unread_ms(redis)
    except (RedisError, LookupError):  # it is away, or the service of the triggers has not begun
        return float("inf")
    return 0.0 if oldest_ms is None else seconds - oldest_ms / 1_000


async def _oldest_unread_ms(redis: Redis) -> int | None:
    """Return when the oldest event came that waits or is being read, by the clock of Redis; None: there is none."""
    stream = Consumer(_TOPIC).stream
    readers = {each["name"]: each for each in await redis.xinfo_groups(stream)}[_READERS]
    if readers["pending"]:
        oldest = (await redis.xpending(stream, _READERS))["min"]
    else:
        waiting = await redis.xrange(stream, min=f"({readers['last-delivered-id']}", count=1)
        oldest = waiting[0][0] if waiting else None
    return int(oldest.partition("-")[0]) if oldest else None


_Reading = Callable[[], AbstractAsyncContextManager[MessageHandler]]


def _waiting_for_the_database(reading: _Reading) -> _Reading:
    @asynccontextmanager
    async def reading_once_more() -> AsyncGenerator[MessageHandler, None]:
        async with reading() as handle:
            yield partial(_handle, handle)

    return reading_once_more


async def _handle(handle: MessageHandler, message: Message) -> None:
    """Handle it, and once more where the database was away: put aside, it would be read after its followers."""
    twice = AsyncRetrying(stop=stop_after_attempt(2), before_sleep=_until_the_database_answers, reraise=True)
    await twice(handle, message)


async def _until_the_database_answers(failed: RetryCallState) -> None:
    problem = failed.outcome.exception() if failed.outcome else None
    get_logger(__name__).warning("An event is read once more as soon as the database answers: %r", problem)
    asking = AsyncRetrying(retry=retry_if_result(operator.not_), wait=wait_fixed(_ASKED_AGAIN_AFTER_S))
    await asking(provide_database_interface().is_db_connectable)
