"""Runs that mostly wait, side by side: each against a simulator of its own, so that only the clock is shared."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Protocol

_STARTING_SECONDS = 2.0
"""Between two starts: what a start takes of a CPU, so that the runs do not slow each other down."""

_PREPARED_AT_ONCE = 2


class Scene(Protocol):
    """Something to prepare, and runs that are ready then. Their results stay with it."""

    def prepare(self, stack: ExitStack) -> None:
        """Start what the runs need; it ends with `stack`."""

    def runs(self) -> Sequence[Callable[[], None]]:
        """Give the runs."""


def run_side_by_side(scenes: Sequence[Scene], apart_seconds: float = _STARTING_SECONDS) -> None:
    """Prepare all, then start all runs, each a little later than the one before, and wait for their ends."""
    with ExitStack() as stack:
        with ThreadPoolExecutor(_PREPARED_AT_ONCE) as few:
            list(few.map(lambda scene: scene.prepare(stack), scenes))
        runs = [run for scene in scenes for run in scene.runs()]
        with ThreadPoolExecutor(max(1, len(runs))) as all_at_once:
            futures = []
            for start in runs:
                futures.append(all_at_once.submit(start))
                time.sleep(apart_seconds)
            for future in futures:
                future.result()
