"""Prefect's background services, with a sign of life: `prefect server services start` answers nobody.

Each of them is a task in one event loop. A task that ends takes its service with it, without a word and without an end
of the process. So a file is touched as long as the loop turns and all of them are there; health.py looks at its age.

After they were away, events wait for them. What finds that an event has not come reckons by the time of the events that
were read, but begins with the time of day: then it calls each run dead whose heartbeats wait. So it is told first how
far events were read (docs/measured.md#stops).
"""

import asyncio
import contextlib
import signal
import tempfile
from pathlib import Path
from uuid import uuid4

import sqlalchemy
from prefect.cli._server_utils import _run_all_services  # what the command runs; it has no public name
from prefect.logging import get_logger
from prefect.server.database import provide_database_interface
from prefect.server.events.schemas.events import ReceivedEvent, Resource
from prefect.server.events.triggers import update_events_clock
from prefect.server.services.base import Service

ALIVE = Path(tempfile.gettempdir()) / "services-are-alive"
_EVERY_S = 10.0


async def main() -> None:
    """Run all services that are enabled until SIGTERM."""
    services = asyncio.create_task(_go_on())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, services.cancel)
    beat = asyncio.create_task(_beat())
    with contextlib.suppress(asyncio.CancelledError):
        await services
    beat.cancel()


async def _go_on() -> None:
    await _take_up_the_time_of_events()
    await _run_all_services()


async def _take_up_the_time_of_events() -> None:
    """Set the clock of events to the last one that was read and kept; leaves it alone where there is none."""
    database = provide_database_interface()
    async with database.session_context() as session:
        last = await session.scalar(sqlalchemy.select(sqlalchemy.func.max(database.Event.occurred)))
    if last is not None:
        resource = Resource({"prefect.resource.id": "genesys-timeouts.services"})
        await update_events_clock(ReceivedEvent(id=uuid4(), occurred=last, event="last-read", resource=resource))


async def _beat() -> None:
    while True:
        await asyncio.sleep(_EVERY_S)
        if gone := missing_services():
            get_logger(__name__).error("These services have ended: %s", ", ".join(sorted(gone)))
        else:
            ALIVE.touch()


def missing_services() -> set[str]:
    """Return which services that are enabled have no task in the running loop."""
    running = {getattr(task.get_coro(), "__qualname__", "") for task in asyncio.all_tasks()}
    wanted = {service.start.__qualname__ for service in Service.enabled_services()} | {"Worker.run_forever"}
    return wanted - running


if __name__ == "__main__":
    asyncio.run(main())
