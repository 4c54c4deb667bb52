"""Prefect's background services, with a sign of life: `prefect server services start` answers nobody.

Each of them is a task in one event loop. A task that ends takes its service with it, without a word and without an end
of the process. So a file is touched as long as the loop turns and all of them are there; health.py looks at its age.

Nobody is called silent by them whose events are only late (hearing.py).
"""

import asyncio
import contextlib
import signal
import tempfile
from pathlib import Path

from prefect.cli._server_utils import _run_all_services  # what the command runs; it has no public name
from prefect.logging import get_logger
from prefect.server.services.base import Service

from deployments.containers.hearing import SETTLED_S, find_the_silent, take_care_of_events

ALIVE = Path(tempfile.gettempdir()) / "services-are-alive"
_EVERY_S = 10.0


async def main(settled_s: float = SETTLED_S) -> None:
    """Run all services that are enabled until SIGTERM; `settled_s`: see `find_the_silent`."""
    take_care_of_events()
    services = asyncio.create_task(_run_all_services())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, services.cancel)
    besides = [asyncio.create_task(each) for each in (find_the_silent(settled_s), _beat())]
    with contextlib.suppress(asyncio.CancelledError):
        await services
    for each in besides:
        each.cancel()


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
    wanted = {service.start.__qualname__ for service in Service.enabled_services()}
    return (wanted | {"Worker.run_forever", find_the_silent.__qualname__}) - running


if __name__ == "__main__":
    asyncio.run(main())
