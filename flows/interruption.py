"""Ctrl-C, SIGTERM and Prefect's cancel: the first one ends a run in order, the second one at once."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Whether somebody asked the run to end. `stop` is set by the first signal and ends every wait of the run."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.signal: int | None = None


@contextmanager
def in_order() -> Iterator[Interruption]:
    """Let the first signal only set `Interruption.stop`, while the block finishes what is in flight.

    A second signal does at once what it would have done without us. Outside the main thread signals are not ours.
    """
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def first(number: int, _frame: FrameType | None) -> None:
        interruption.signal = number
        interruption.stop.set()
        restore()

    for number in _SIGNALS:
        signal.signal(number, first)
    try:
        yield interruption
    finally:
        restore()


def pass_on(interruption: Interruption) -> None:
    """Let Prefect know of a SIGTERM, which is how it cancels; Ctrl-C has been obeyed when this is called."""
    if interruption.signal == signal.SIGTERM:
        signal.raise_signal(signal.SIGTERM)
