"""The tables of the fault matrix: what can go wrong, with which request, on which kind of org (issue B, must show 1).

docs/safety.md is made from them, so that the page cannot say more than the tests do.
"""

from dataclasses import dataclass
from typing import Any

from simulator.faults import Fault
from simulator.matching import Match
from simulator.switches import Switches


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


@dataclass(frozen=True, slots=True)
class Request:
    """One request of the sequence: the `nth` with this method and path. `path` as in `Match`."""

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
        kinds = FAULTS if is_write else [name for name in FAULTS if "effect" not in name or name == _RESET]
        return (*kinds, MISSING, OUTAGE)


_RESET = "reset before the effect"
_TOKEN = "/oauth/token"
_FLOW = "/api/v2/flows/*"
_ACTION = "/api/v2/flows/actions/"

SEQUENCE = {
    "look": Request("GET", _FLOW, 1),
    "check-out": Request("POST", _ACTION + "checkout"),
    "latest configuration": Request("GET", _FLOW + "/latestconfiguration"),
    "save": Request("POST", _FLOW + "/versions"),
    "confirm": Request("GET", _FLOW, 2),
    "publish": Request("POST", _ACTION + "publish"),
    "first poll": Request("GET", _FLOW, 3),
    "second poll": Request("GET", _FLOW, 4),
    "verify: the Architect flow": Request("GET", _FLOW, 5),
    "verify: its configuration": Request("GET", _FLOW + "/versions/*/configuration"),
}
"""The requests of an undisturbed run, in their order."""

LOGIN = {"token": Request("POST", _TOKEN)}
"""Before the first of them, and whenever the token has ended."""

AFTER_A_FAILED_PUBLISH = {
    "publish": SEQUENCE["publish"],
    "first poll": SEQUENCE["first poll"],
    "second poll": SEQUENCE["second poll"],
    "look before the revert": Request("GET", _FLOW, 5),
    "revert": Request("POST", _ACTION + "revert"),
}
"""From the publish on, where the platform fails the first one."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One answer to an open question. `bears_on`: the requests whose answer, or what follows from it, it can change.

    `publishes` is False where this org publishes nothing that was not checked in before.
    """

    switches: Switches
    bears_on: tuple[str, ...]
    publishes: bool = True


DEFAULT = "as the facts support best"
_REVERTS = ("look before the revert", "revert")
SETTINGS = {
    DEFAULT: Setting(Switches(), (*LOGIN, *SEQUENCE, *_REVERTS)),
    "second_checkout = ok": Setting(Switches(second_checkout="ok"), ("check-out", "revert")),
    "locked_client_shows = other_id": Setting(
        Switches(locked_client_shows="other_id"), ("check-out", "save", "publish", *_REVERTS)
    ),
    "checkout_makes_saved_version = False": Setting(
        Switches(checkout_makes_saved_version=False), ("check-out", "latest configuration", "save", "confirm")
    ),
    "save_needs_checkout = False": Setting(Switches(save_needs_checkout=False), ("check-out", "save")),
    "publish_of_saved = refuses": Setting(Switches(publish_of_saved="refuses"), ("publish",), publishes=False),
    "publish_of_saved = fails": Setting(
        Switches(publish_of_saved="fails"), ("publish", "first poll", *_REVERTS), publishes=False
    ),
    "revert_leaves = lock": Setting(
        Switches(revert_leaves="lock"), ("check-out", "latest configuration", "save", "publish", *_REVERTS)
    ),
    "revert_leaves = saved_draft": Setting(
        Switches(revert_leaves="saved_draft"), ("check-out", "latest configuration", "save", "publish", *_REVERTS)
    ),
    "normalises = key_order": Setting(Switches(normalises="key_order"), ("save", "verify: its configuration")),
    "normalises = adds_field": Setting(
        Switches(normalises="adds_field"), ("save", "confirm", "publish", "verify: its configuration", "revert")
    ),
    "normalises = reformats": Setting(Switches(normalises="reformats"), ("save", "verify: its configuration")),
    "accepts_what_it_served = False": Setting(Switches(accepts_what_it_served=False), ("save",)),
}
"""Every switch that bears on publishing, one at a time."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that goes wrong, once, in one kind of org. `publish_fails`: the first publish ends as FAILURE."""

    setting: str
    request: str
    fault: str
    publish_fails: bool

    @property
    def aimed_at(self) -> Request:
        return (AFTER_A_FAILED_PUBLISH if self.publish_fails else {**LOGIN, **SEQUENCE})[self.request]

    def as_fault(self) -> Fault:
        if self.fault == OUTAGE:
            return Fault(kind="reset", match=Match(nth=self._place, times=None))
        return self.aimed_at.missing() if self.fault == MISSING else self.aimed_at.fault(self.fault)

    @property
    def _place(self) -> int:
        """The number of the request in its run; a login comes second, after the refusal of the token that ended."""
        if self.request in LOGIN:
            return 2
        if self.publish_fails:
            return list(SEQUENCE).index("publish") + list(AFTER_A_FAILED_PUBLISH).index(self.request) + 1
        return list(SEQUENCE).index(self.request) + 1


def cells(setting: str, request: str) -> list[Cell]:
    """All cells of one request in one kind of org."""
    found = []
    for publish_fails, sequence in ((False, {**LOGIN, **SEQUENCE}), (True, AFTER_A_FAILED_PUBLISH)):
        if request in sequence and not (publish_fails and request in SEQUENCE and setting != DEFAULT):
            found += [Cell(setting, request, fault, publish_fails) for fault in sequence[request].faults()]
    return found


ROWS = [(name, request) for name, setting in SETTINGS.items() for request in setting.bears_on]
"""The rows of the matrix: an org and a request."""


@dataclass(frozen=True, slots=True)
class Kill:
    """A run that is killed when the org has carried out its request `place` (the first is the login)."""

    setting: str
    request: str
    place: int
    publish_fails: bool = False

    def __str__(self) -> str:
        """Name the cell."""
        return f"{self.setting}, after {self.moment}"

    @property
    def moment(self) -> str:
        """When it dies."""
        return f"{self.request}{' of a publish that fails' if self.publish_fails else ''}"


_KILLED_IN = (
    DEFAULT,
    "second_checkout = ok",
    "locked_client_shows = other_id",
    "checkout_makes_saved_version = False",
    "save_needs_checkout = False",
    "revert_leaves = lock",
    "revert_leaves = saved_draft",
    "normalises = adds_field",
)
KILLS = [
    *(
        Kill(setting, request, place)
        for setting in _KILLED_IN
        for place, request in enumerate((*LOGIN, *SEQUENCE), start=1)
    ),
    *(
        Kill(setting, request, len(LOGIN) + list(SEQUENCE).index("publish") + place, publish_fails=True)
        for setting in (
            DEFAULT,
            "locked_client_shows = other_id",
            "revert_leaves = lock",
            "revert_leaves = saved_draft",
        )
        for place, request in enumerate(AFTER_A_FAILED_PUBLISH, start=1)
    ),
]
"""The kill matrix: each request by each switch that changes what a dead run leaves behind."""
