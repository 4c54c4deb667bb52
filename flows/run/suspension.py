"""Suspend in Prefect's UI while a run writes: what is in flight is finished first, as it is after a SIGTERM.

Prefect asks for it by its `Pause`, which is raised wherever a task begins or is waited for: in the middle of a rollout
that would leave publishes unverified, and locks of ours (prefect 3.9.1, _flow_run_suspension.py).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from prefect.context import FlowRunContext

_LOOKED_AT_EVERY_S = 0.2


@contextmanager
def finishing_first(stop: threading.Event | None = None) -> Iterator[None]:
    """Let the tasks of the block run although the run is suspended meanwhile; `stop` is set as soon as it is.

    Call it in the body of a Prefect flow. Nothing is raised for a suspension in the block: Prefect raises its Pause
    when the body is left, or where the next task begins.
    """
    context = FlowRunContext.get()
    assert context is not None, "called in the body of a Prefect flow"
    asked = context.flow_run_suspension_request
    heard = nullcontext() if stop is None else _setting(stop, asked.is_requested)
    with heard, context.model_copy(update={"flow_run_suspension_request": type(asked)()}):
        yield


@contextmanager
def _setting(stop: threading.Event, is_asked: Callable[[], bool]) -> Iterator[None]:
    """Set `stop` as soon as it is asked for: Prefect calls nobody, so a thread looks."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(_LOOKED_AT_EVERY_S):
            if is_asked():
                stop.set()
                return

    watching = threading.Thread(target=watch, name="suspension", daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()
