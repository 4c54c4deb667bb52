"""What can go wrong with a request, and what matrices are made of: a sequence, an org, a request and a fault.

docs/safety.md is made from the tables, so that the page cannot say more than the tests do.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.scenes import Stage


def _late(kind: str, lands_after_ms: int) -> dict[str, Any]:
    return {"kind": kind, "status": 504, "lands_after_ms": lands_after_ms}


FAULTS: dict[str, dict[str, Any]] = {
    "reset before the effect": {"kind": "reset"},
    "reset after the effect": {"kind": "reset", "takes_effect": True},
    "500": {"kind": "status", "status": 500},
    "500 after the effect": {"kind": "status", "status": 500, "takes_effect": True},
    "502 HTML": {"kind": "status", "status": 502, "body": "html"},
    "502 HTML after the effect": {"kind": "status", "status": 502, "body": "html", "takes_effect": True},
    "503": {"kind": "status", "status": 503},
    "503 after the effect": {"kind": "status", "status": 503, "takes_effect": True},
    "504": {"kind": "status", "status": 504},
    "504 after the effect": {"kind": "status", "status": 504, "takes_effect": True},
    "429 with Retry-After": {"kind": "status", "status": 429, "retry_after": "1"},
    "429 without Retry-After": {"kind": "status", "status": 429},
    "hang": {"kind": "hang"},
    "hang after the effect": {"kind": "hang", "takes_effect": True},
    "slow drip": {"kind": "slow_drip", "drip_ms": 60},
    "truncated body": {"kind": "truncated"},
    "empty 200": {"kind": "empty"},
    "empty 200 before the effect": {"kind": "empty", "takes_effect": False},
    "HTML 200": {"kind": "html"},
    "HTML 200 before the effect": {"kind": "html", "takes_effect": False},
    "expired token": {"kind": "token_expired"},
    **{f"504 with the effect {ms / 1000:g} s later": _late("status", ms) for ms in (20, 300, 1_000, 4_000, 60_000)},
    "reset with the effect 1 s later": _late("reset", 1_000),
    "404": {"kind": "status", "status": 404},
    "404 for 20 s": {"kind": "status", "status": 404, "lasts_ms": 20_000},
    "20 s behind": {"kind": "stale", "lasts_ms": 20_000},
}
"""What goes wrong, once. A fault of an answer comes after the effect unless its name says otherwise."""

HANGING = tuple(name for name, fault in FAULTS.items() if fault["kind"] in ("hang", "slow_drip"))
"""Those that only a client that gives up sees the end of."""

MISSING = "404 from here on"
"""Every such request answers 404, from this one on; the listing goes on to show what there is."""

ALL_LATE_MS = 120_000
"""After that all that comes late has come."""

OUTAGE = "outage from here on"
"""The platform resets every connection, from this request to the end of the run."""

NOTHING_FOUND = "404 for everything from here on"
"""The platform answers 404 to every request, also to listings, to the end of the run."""

FROM_HERE_ON: dict[str, dict[str, Any]] = {OUTAGE: {"kind": "reset"}, NOTHING_FOUND: {"kind": "status", "status": 404}}


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a sequence: the `nth` with this method and path. `path` as in `Match`."""

    method: str
    path: str
    nth: int = 1

    @property
    def match(self) -> Match:
        return Match(method=self.method, path=self.path, nth=self.nth)

    def fault(self, name: str) -> Fault:
        return Fault(match=self.match, **FAULTS[name])

    def outage(self) -> Fault:
        """Every such request fails, from this one on."""
        return Fault(kind="reset", match=Match(method=self.method, path=self.path, nth=self.nth, times=None))

    def missing(self) -> Fault:
        """Every such request answers 404, from this one on."""
        match = Match(method=self.method, path=self.path, nth=self.nth, times=None)
        return Fault(kind="status", status=404, match=match)

    def faults(self) -> tuple[str, ...]:
        """All of them; with a read there is no effect to come before, after or late."""
        is_write = self.method != "GET" and self.path != _TOKEN
        kinds = [
            name
            for name, fault in FAULTS.items()
            if (fault["kind"] != "stale" if is_write else "effect" not in name or name == _RESET)
        ]
        return (*kinds, MISSING, OUTAGE)


_RESET = "reset before the effect"
_TOKEN = "/oauth/token"

LOGIN = {"token": Request("POST", _TOKEN)}
"""Before the first request of each sequence, and whenever the token has ended."""

Step = tuple[str, str, str]
"""The name of a request, its method and its path."""


@dataclass(frozen=True, eq=False)
class Sequence:
    """The requests of a run that nothing disturbs but what its name says, in their order.

    `make` takes a stage, switches and whether the client is `hurried`, and makes a scene in which a run goes this way;
    `switches` are those that it needs. `own_from`: the first request that another sequence does not have in the same
    place.
    """

    name: str
    steps: tuple[Step, ...] = field(repr=False)
    make: Callable[..., Any] = field(repr=False)
    own_from: str = ""
    switches: dict[str, Any] = field(default_factory=dict)

    @property
    def requests(self) -> dict[str, Request]:
        """Each request by its name, numbered among those of its method and path."""
        seen: Counter[tuple[str, str]] = Counter()
        numbered = {}
        for name, method, path in self.steps:
            seen[method, path] += 1
            numbered[name] = Request(method, path, seen[method, path])
        return numbered

    @property
    def own(self) -> tuple[str, ...]:
        """The names of the requests that only this sequence has."""
        names = tuple(self.requests)
        return names[names.index(self.own_from) :] if self.own_from else names


@dataclass(frozen=True, eq=False)
class Setting:
    """One answer to an open question. `bears_on`: by sequence, the requests whose answer, or what follows, it changes.

    `publishes` is False where this org publishes nothing that was not checked in before.
    """

    switches: dict[str, Any]
    bears_on: dict[Sequence, tuple[str, ...]] = field(repr=False)
    publishes: bool = True

    def __str__(self) -> str:
        """Name the org."""
        return ", ".join(f"{name} = {value}" for name, value in self.switches.items()) or DEFAULT


DEFAULT = "as the facts support best"
"""The name of the setting with no switch changed."""


def named(*settings: Setting) -> dict[str, Setting]:
    return {str(one): one for one in settings}


def staged(stage: Stage, sequence: Sequence, setting: Setting, *, hurried: bool = False) -> Any:
    """Make the scene of a sequence in one kind of org."""
    return sequence.make(stage, Switches(**sequence.switches, **setting.switches), hurried=hurried)


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that goes wrong, once, in one sequence on one kind of org."""

    sequence: Sequence
    setting: Setting
    request: str
    fault: str

    def as_fault(self) -> Fault:
        if self.fault in FROM_HERE_ON:
            return Fault(match=Match(nth=self._place, times=None), **FROM_HERE_ON[self.fault])
        aimed_at = {**LOGIN, **self.sequence.requests}[self.request]
        return aimed_at.missing() if self.fault == MISSING else aimed_at.fault(self.fault)

    @property
    def lasts(self) -> bool:
        """Whether it goes on to the end of the run."""
        return self.fault in (*FROM_HERE_ON, MISSING)

    @property
    def _place(self) -> int:
        """The number of the request in its run; a login comes second, after the refusal of the token that ended."""
        return 2 if self.request in LOGIN else list(self.sequence.requests).index(self.request) + 1


Row = tuple[Sequence, Setting, str]
"""A sequence, an org and a request."""


def rows(settings: dict[str, Setting]) -> list[Row]:
    """All rows of a matrix."""
    return [
        (sequence, setting, request)
        for setting in settings.values()
        for sequence, requests in setting.bears_on.items()
        for request in requests
    ]


def row_id(row: Row) -> str:
    sequence, setting, request = row
    return f"{sequence.name}, {setting}, {request}"


def cells(row: Row, *more_faults: str) -> list[Cell]:
    """All cells of one row."""
    sequence, setting, request = row
    faults = {**LOGIN, **sequence.requests}[request].faults()
    return [Cell(sequence, setting, request, fault) for fault in (*faults, *more_faults)]


@dataclass(frozen=True, slots=True)
class Kill:
    """A run that is killed when the org has carried out its request `place` (the first is the login)."""

    sequence: Sequence
    setting: Setting
    request: str
    place: int

    def __str__(self) -> str:
        """Name the cell."""
        return f"{self.sequence.name}: {self.setting}, after {self.request}"


def kills(sequence: Sequence, settings: Iterable[Setting]) -> list[Kill]:
    """A kill after the login and after each request that only this sequence has, in each kind of org."""
    return [
        Kill(sequence, setting, request, place)
        for setting in settings
        for place, request in enumerate((*LOGIN, *sequence.requests), start=1)
        if request in (*LOGIN, *sequence.own)
    ]
