"""Suspend, as Prefect's UI does it to a run of a worker: its server says so, and its process hears of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect._flow_run_suspension import mark_flow_run_suspension_requested
from prefect.client.schemas.objects import State
from prefect.states import Suspended

from tests.environment import wait_for


def suspend(run_id: UUID) -> None:
    """Suspend a run of this process."""
    state: State[Any] = Suspended()
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run_id, state, force=True)
    assert mark_flow_run_suspension_requested(run_id, state)


@contextmanager
def suspended_as_soon_as(happens: Callable[[], object], run_id: UUID) -> Iterator[None]:
    """Suspend a run as soon as something happens in the block, which ends with the run."""

    def wait_and_suspend() -> None:
        wait_for(happens)
        suspend(run_id)

    suspending = threading.Thread(target=copy_context().run, args=(wait_and_suspend,))
    suspending.start()
    try:
        yield
    finally:
        suspending.join()
