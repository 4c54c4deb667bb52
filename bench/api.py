"""How long the Prefect API takes to answer what its UI asks, while a run works and after it."""

import json
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

_PAUSE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the API: how long it took, how many bytes it was, and what it said."""

    ms: float
    size: int
    document: Any


@dataclass(slots=True)
class Times:
    """The answer times of one question, in milliseconds."""

    found: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        """Write median and longest."""
        if not self.found:
            return "no answer"
        return f"{statistics.median(self.found):.0f} ms, at most {max(self.found):.0f} ms ({len(self.found)} asked)"


class Api:
    """The API of a Prefect server."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Answer:
        """Send a request as the UI does: a GET, or a POST of a filter."""
        data = None if body is None else json.dumps(body).encode()
        request = Request(  # noqa: S310 - our own loopback address
            f"{self._url}{path}", data=data, headers={"Content-Type": "application/json"}
        )
        started = time.perf_counter()
        with urlopen(request, timeout=120) as answer:  # noqa: S310 - as above
            found = answer.read()
        return Answer((time.perf_counter() - started) * 1_000, len(found), json.loads(found))

    def often(self, path: str, body: dict[str, Any] | None = None, times: int = 10) -> tuple[Times, Answer]:
        """Ask the same several times."""
        answers = [self.ask(path, body) for _ in range(times)]
        return Times([answer.ms for answer in answers]), answers[-1]

    @contextmanager
    def watched(self) -> Iterator[Times]:
        """Ask for the list of runs again and again, as an open UI does, while the block works."""
        times, stop = Times(), threading.Event()

        def ask() -> None:
            while not stop.wait(_PAUSE_SECONDS):
                times.found.append(self.ask("/flow_runs/filter", {"sort": "ID_DESC", "limit": 10}).ms)

        watcher = threading.Thread(target=ask)
        watcher.start()
        try:
            yield times
        finally:
            stop.set()
            watcher.join()
