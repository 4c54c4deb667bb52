"""Requests that are held up until somebody lets them go on: two clients meet at exactly one moment."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Literal

from simulator.api.calls import Call
from simulator.faults.matching import Match

When = Literal["before", "after"]

_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Hold:
    """One request that is held: `reached` is set when it is, `go` lets it go on."""

    when: When
    match: Match
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Holds:
    """The holds that are set, with how often each one's requests have come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[Hold] = []
        self._seen: list[int] = []

    def add(self, when: When, match: Match) -> Hold:
        """Hold a request right before the org carries it out, or right after that and before its answer."""
        hold = Hold(when, match)
        with self._lock:
            self._set.append(hold)
            self._seen.append(0)
        return hold

    def clear(self) -> None:
        """Let all go on, and hold none any more."""
        with self._lock:
            for hold in self._set:
                hold.go.set()
            self._set.clear()
            self._seen.clear()

    async def wait(self, call: Call, when: When) -> None:
        """Return when nothing holds this request any more, a minute later at most."""
        for hold in self._due(call, when):
            hold.reached.set()
            await asyncio.to_thread(hold.go.wait, _LONGEST_S)

    def _due(self, call: Call, when: When) -> list[Hold]:
        due = []
        with self._lock:
            for index, hold in enumerate(self._set):
                if hold.when == when and hold.match.fits(call):
                    self._seen[index] += 1
                    if hold.match.means(self._seen[index]):
                        due.append(hold)
        return due
