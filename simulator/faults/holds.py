"""Requests that are held up until somebody lets them go on: two clients meet at exactly one moment."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Literal

from simulator.api.calls import Call
from simulator.faults.matching import CountedMatch, Match

When = Literal["before", "after"]

_LONGEST_S = 60.0


@dataclass(frozen=True, slots=True)
class Hold:
    """One request that is held: `reached` is set when it is, `go` lets it go on."""

    when: When
    requests: CountedMatch
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)


class Holds:
    """The holds that are set."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._set: list[Hold] = []

    def add(self, when: When, match: Match) -> Hold:
        """Hold a request right before the org carries it out, or right after that and before its answer."""
        hold = Hold(when, CountedMatch(match))
        with self._lock:
            self._set.append(hold)
        return hold

    def clear(self) -> None:
        """Let all go on, and hold none any more."""
        with self._lock:
            for hold in self._set:
                hold.go.set()
            self._set.clear()

    async def wait(self, call: Call, when: When) -> None:
        """Return when nothing holds this request any more, a minute later at most."""
        with self._lock:
            due = [hold for hold in self._set if hold.when == when and hold.requests.is_met(call)]
        for hold in due:
            hold.reached.set()
            await asyncio.to_thread(hold.go.wait, _LONGEST_S)
