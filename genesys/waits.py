"""Telling whoever shows a run that all its requests wait for the platform's rate limit, and for how long."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_listeners: list[Callable[[int], None]] = []


@contextmanager
def hearing_of_waits(listener: Callable[[int], None]) -> Iterator[None]:
    """Call `listener` with the milliseconds of each wait that begins meanwhile, from whatever thread it waits in."""
    with _lock:
        _listeners.append(listener)
    try:
        yield
    finally:
        with _lock:
            _listeners.remove(listener)


def tell_of_wait(wait_ms: int) -> None:
    """Tell that requests wait for so long from now on. Threads that are told the same tell it each."""
    with _lock:
        listeners = tuple(_listeners)
    for listener in listeners:
        listener(wait_ms)
