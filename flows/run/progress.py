"""Progress while a run works: a Prefect progress artifact, and the terminal's bar when one listens."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from types import TracebackType
from typing import Self
from uuid import UUID

from prefect.artifacts import update_progress_artifact

from tasks.running.artifacts import create_progress

_SHOWN_EVERY_S = 1.0

Listener = Callable[[str, int, int], None]
"""Called with the stage in words, how many are done and how many there are; 0 of 0 for a wait, 1 of 0 at its end."""

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell `listener` of every step of progress in this context."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report(stage: str, done: int, total: int) -> None:
    """Tell whoever listens how far a stage is."""
    listener = _listener.get()
    if listener is not None:
        listener(stage, done, total)


class Stage:
    """One stage of a run, from 0 to `total`. Use it with `with`, in the body of a Prefect flow."""

    def __init__(self, title: str, total: int) -> None:
        self._title = title
        self._total = total
        self._done = 0
        self._artifact: UUID | None = None
        self._shown_s = 0.0

    def __enter__(self) -> Self:
        if self._total:
            # A Prefect server that went away must not stop a publish half-way: progress is only for looking at.
            with suppress(Exception):
                self._artifact = create_progress(self._title)
        self._tell()
        return self

    def advance(self, count: int = 1) -> None:
        """`count` more are done."""
        self._done += count
        now_s = time.monotonic()
        # An update takes a hundredth of a second and more of the server: people look once a second at most.
        is_due = now_s - self._shown_s >= _SHOWN_EVERY_S or self._done >= self._total
        if self._artifact is not None and is_due:
            self._shown_s = now_s
            with suppress(Exception):  # as above
                update_progress_artifact(self._artifact, progress=min(100.0, 100.0 * self._done / self._total))
        self._tell()

    def _tell(self) -> None:
        report(self._title, self._done, self._total)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to give back: a stage that failed shows how far it came."""
