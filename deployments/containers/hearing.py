"""When silence means something: Prefect calls a run dead whose heartbeats it has not read, not whose are late.

It reckons by the time of the last event that was read, plus the time since then, and when the next heartbeat is read,
by the time since the one before. So where heartbeats wait or are lost, because these services, Redis or the database
were away, each run is dead as soon as they are back. Here nobody is called silent before all that came has been read
for a while, and never by a sign of life. And while the database is away, an event is not put aside, since it is what
the next one is reckoned from (docs/decisions/0035-outages.md).
"""

import asyncio
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import partial
from typing import Any, NoReturn

import httpx
from prefect.logging import get_logger
from prefect.server.database import provide_database_interface
from prefect.server.events import triggers
from prefect.server.events.schemas.automations import EventTrigger, Posture
from prefect.server.events.schemas.events import ReceivedEvent
from prefect.server.services.task_run_recorder import TaskRunRecorder
from prefect.server.utilities.messaging import Message, MessageHandler
from prefect.settings.context import get_current_settings
from prefect_redis.client import get_async_redis_client  # type: ignore[import-untyped]
from prefect_redis.messaging import Consumer  # type: ignore[import-untyped]
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_fixed

SETTLED_S = 45.0
"""A living run is heard within this time: heartbeats come every 30 s, and are late after a third of it."""

_triggers: Any = triggers  # no checker knows what its functions are injected with

_API_HEALTH = "GENESYS_TIMEOUTS_API_HEALTH"
_ANSWERS_WITHIN_S = 5.0

_TOPIC, _READERS = "events", "reactive-triggers"  # as Prefect's service of the triggers names them
_AGAIN_AFTER_S = 1.0
_TRIES = 5
_SAY_SO_AFTER_S = 300.0
_TRIES_OF_THE_RECORDER = 1_000
"""One each second or so, as for the persister of events (deployments/environments.py); it has no setting."""


def take_care_of_events() -> None:
    """Have Prefect's services wait for the database with an event in their hands, and call nobody dead by a heartbeat.

    They look these functions up in their module each time.
    """
    _triggers.consumer = _waiting_for_the_database(_triggers.consumer)
    _triggers.evaluate = _never_by_a_sign_of_life(_triggers.evaluate)
    TaskRunRecorder.start.__defaults__ = (_TRIES_OF_THE_RECORDER,)


async def find_the_silent(settled_s: float) -> NoReturn:
    """Evaluate what waits for an event, in Prefect's place, once events came and were read in time for `settled_s`.

    Its own turn comes through Redis: after an outage only five minutes later. Reckons by the clock of the day, as
    Prefect does: a machine that was asleep has heard nothing.
    """
    evaluate, _triggers.evaluate_proactive_triggers = _triggers.evaluate_proactive_triggers, _in_vain
    late_s = settled_s / 3
    every_s = min(get_current_settings().server.events.proactive_granularity.total_seconds(), late_s / 3)
    asked_s = settled_since_s = done_s = time.time()
    # The API stands beside: a company's proxy has no part in it.
    async with httpx.AsyncClient(timeout=_ANSWERS_WITHIN_S, trust_env=False) as client:
        while True:
            await asyncio.sleep(every_s)
            obstacle, before_s, asked_s = await _obstacle(late_s, client), asked_s, time.time()
            if obstacle or abs(asked_s - before_s) > late_s:
                settled_since_s = asked_s
            elif asked_s - settled_since_s >= settled_s:
                with suppress(ConnectionError):  # the next turn comes
                    await _unless_told_to_end(evaluate)
                done_s = asked_s
            if asked_s - done_s > _SAY_SO_AFTER_S:
                get_logger(__name__).warning("No dead run is looked for: %s", obstacle or "heartbeats came late")
                done_s = asked_s


async def _in_vain() -> None:
    pass


async def _obstacle(late_s: float, client: httpx.AsyncClient) -> str:
    """Return why heartbeats may not have come, or wait to be read for longer than `late_s`; empty: they do not."""
    try:
        redis = get_async_redis_client()
        seconds, _ = await redis.time()
        oldest_ms = await _oldest_unread_ms(redis)
    except (RedisError, LookupError):  # or the service of the triggers has not begun
        return "Redis does not tell which events wait to be read"
    unread_s = 0.0 if oldest_ms is None else seconds - oldest_ms / 1_000
    if unread_s > late_s:
        return f"events wait to be read for {unread_s:.0f} s"
    return await _silence_of_the_api(client)


async def _silence_of_the_api(client: httpx.AsyncClient) -> str:
    """Return that the API does not answer where runs reach it; empty: it does, or nobody has said where that is."""
    address = os.environ.get(_API_HEALTH)
    if not address:
        return ""
    try:
        (await client.get(address)).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        return f"the API does not answer at {address} ({problem!r})"
    return ""


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
_Evaluate = Callable[..., Awaitable[Any]]


def _never_by_a_sign_of_life(evaluate: _Evaluate) -> _Evaluate:
    async def evaluate_unless_alive(
        session: Any, trigger: EventTrigger, bucket: Any, now: Any, triggering_event: ReceivedEvent | None
    ) -> Any:
        event = triggering_event
        if event is None or trigger.posture != Posture.Proactive or not trigger.after or now < bucket.end:
            return await evaluate(session, trigger, bucket, now, triggering_event)
        await _triggers.remove_bucket(session, bucket)
        if not trigger.starts_after(event.event):
            return None
        end, key = event.occurred + trigger.within, tuple(bucket.bucketing_key)
        return await _triggers.start_new_bucket(
            session, trigger, bucketing_key=key, start=event.occurred, end=end, count=0, last_event=event
        )

    return evaluate_unless_alive


def _waiting_for_the_database(reading: _Reading) -> _Reading:
    @asynccontextmanager
    async def reading_once_more() -> AsyncGenerator[MessageHandler, None]:
        async with reading() as handle:
            yield partial(_handle, handle)

    return reading_once_more


async def _handle(handle: MessageHandler, message: Message) -> None:
    """Handle it, as often as the database is away, and a few times more while it begins to answer."""
    again = AsyncRetrying(
        stop=stop_after_attempt(_TRIES), wait=wait_fixed(_AGAIN_AFTER_S), before_sleep=_until_the_database_answers,
        reraise=True,
    )  # fmt: skip
    await again(_unless_told_to_end, handle, message)


async def _until_the_database_answers(failed: RetryCallState) -> None:
    problem = failed.outcome.exception() if failed.outcome else None
    get_logger(__name__).warning("An event could not be read, once more when the database answers: %r", problem)
    while not await provide_database_interface().is_db_connectable():  # noqa: ASYNC110 - nothing tells when it is back
        await asyncio.sleep(_AGAIN_AFTER_S)


async def _unless_told_to_end(do: Callable[..., Awaitable[Any]], *given: Any) -> None:
    """Do it; a lost connection, which drivers may pass on as a cancellation, is an error and ends no service."""
    try:
        await do(*given)
    except asyncio.CancelledError as lost:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise ConnectionError("The connection to the database was lost") from lost
