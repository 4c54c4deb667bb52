"""The tables of the fault and the kill matrix of actions: what can go wrong, with which request, on which kind of org.

docs/safety.md is made from them, too.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.actions.scenes import Kind
from tests.publishing.matrices.matrix import DEFAULT, LOGIN, MISSING, OUTAGE, Request

NOTHING_FOUND = "404 for everything from here on"
"""The platform answers 404 to every request, also to listings, to the end of the run."""

FROM_HERE_ON: dict[str, dict[str, Any]] = {OUTAGE: {"kind": "reset"}, NOTHING_FOUND: {"kind": "status", "status": 404}}
_MAKE_LIVE = ("PATCH", "publish", "publish again")
_ACTION = "/api/v2/integrations/actions/*"
_DRAFT = _ACTION + "/draft"
Step = tuple[str, str, str]
"""The name of a request, its method and its path."""


def _whole(name: str, path: str, *, function: bool) -> Iterator[Step]:
    """Name the requests that read a whole action or draft."""
    yield name, "GET", path
    yield f"{name}'s request template", "GET", f"{path}/templates/requesttemplate.vm"
    yield f"{name}'s success template", "GET", f"{path}/templates/successtemplate.vm"
    if function:
        yield f"{name}'s function", "GET", f"{path}/function"
    yield f"{name} again", "GET", path


def _look(*, function: bool) -> tuple[Step, ...]:
    return *_whole("look: action", _ACTION, function=function), ("look: draft", "GET", _DRAFT)


def _confirm(name: str) -> tuple[Step, ...]:
    return *_whole(f"{name}: draft", _DRAFT, function=True), (f"{name}: action", "GET", _ACTION)


_PATCHED = (
    *_look(function=False),
    ("PATCH", "PATCH", _ACTION),
    *_whole("verify: action", _ACTION, function=False),
)
_PUT = (
    *_look(function=True),
    ("POST draft", "POST", _DRAFT),
    *_whole("made: draft", _DRAFT, function=True),
    ("PUT function", "PUT", f"{_DRAFT}/function"),
    ("validation", "GET", f"{_DRAFT}/validation"),
)
_PUBLISH: Step = ("publish", "POST", f"{_DRAFT}/publish")
_VERIFY = tuple(_whole("verify: action", _ACTION, function=True))
_DELETE: Step = ("DELETE draft", "DELETE", _DRAFT)


@dataclass(frozen=True, slots=True)
class Sequence:
    """The requests of a run that nothing disturbs but what its name says, in their order.

    `own_from`: the first request that another sequence does not have in the same place. `may_delete`: whether the
    client may discard drafts. `is_valid`: whether the platform takes the draft. `wants_next`: see the switch.
    """

    kind: Kind
    steps: tuple[Step, ...]
    own_from: str = ""
    may_delete: bool = False
    is_valid: bool = True
    wants_next: bool = False

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

    @property
    def switches(self) -> Switches:
        return Switches(draft_publish_wants="next" if self.wants_next else "draft")


SEQUENCES = {
    "PATCH": Sequence("custom", _PATCHED),
    "draft": Sequence("function", (*_PUT, *_confirm("confirm"), _PUBLISH, *_VERIFY)),
    "draft, which may be discarded": Sequence(
        "function", (*_PUT, *_confirm("confirm"), _PUBLISH, *_VERIFY), may_delete=True
    ),
    "draft that is not valid": Sequence(
        "function",
        (*_PUT, *_whole("tidy: draft", _DRAFT, function=True), _DELETE),
        own_from="validation",
        is_valid=False,
    ),
    "draft that is not valid, which may be discarded": Sequence(
        "function",
        (*_PUT, *_whole("tidy: draft", _DRAFT, function=True), _DELETE, ("tidy: no draft", "GET", _DRAFT)),
        own_from="validation",
        may_delete=True,
        is_valid=False,
    ),
    "draft whose publish wants the next version": Sequence(
        "function",
        (
            *_PUT,
            *_confirm("confirm"),
            _PUBLISH,
            *_confirm("confirm again"),
            ("publish again", *_PUBLISH[1:]),
            *_VERIFY,
        ),
        own_from="publish",
        wants_next=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One answer to an open question. `bears_on`: by sequence, the requests whose answer, or what follows, it changes.

    `adds`: whether the server adds to what it stores.
    """

    switches: dict[str, Any]
    bears_on: dict[str, tuple[str, ...]]
    adds: bool = False


_DISCARDED = "draft, which may be discarded"
_NOT_VALID = "draft that is not valid, which may be discarded"
_NEXT = "draft whose publish wants the next version"
SETTINGS = {
    DEFAULT: Setting(
        {},
        {
            "PATCH": (*LOGIN, *SEQUENCES["PATCH"].own),
            "draft": (*LOGIN, *SEQUENCES["draft"].own),
            _DISCARDED: ("POST draft", "PUT function", "publish"),
            "draft that is not valid": ("DELETE draft",),
            _NOT_VALID: ("validation", "tidy: draft", "tidy: draft again", "DELETE draft", "tidy: no draft"),
            _NEXT: ("publish", "confirm again: draft", "confirm again: action", "publish again"),
        },
    ),
    "action_patch_keeps_templates = True": Setting({"action_patch_keeps_templates": True}, {"PATCH": ("PATCH",)}),
    "action_version_mismatch = 400": Setting(
        {"action_version_mismatch": 400}, {"PATCH": ("PATCH",), "draft": ("publish",)}
    ),
    "action_patch_and_draft = discards": Setting({"action_patch_and_draft": "discards"}, {"PATCH": ("PATCH",)}),
    "action_patch_and_draft = conflict": Setting({"action_patch_and_draft": "conflict"}, {"PATCH": ("PATCH",)}),
    "action_normalises = adds_field": Setting(
        {"action_normalises": "adds_field"},
        {
            "PATCH": ("PATCH", "verify: action"),
            "draft": ("PUT function", "confirm: draft", "publish"),
            _DISCARDED: ("PUT function",),
            _NOT_VALID: ("DELETE draft",),
        },
        adds=True,
    ),
    "draft_version = published": Setting(
        {"draft_version": "published"},
        {"draft": ("PUT function", "confirm: draft", "publish"), _NEXT: ("publish again",)},
    ),
    "second_draft = ok": Setting({"second_draft": "ok"}, {_DISCARDED: ("POST draft",)}),
    "stale_draft_publish = overwrites": Setting(
        {"stale_draft_publish": "overwrites"}, {"draft": ("confirm: action", "publish")}
    ),
    "function_limit_in_config = True": Setting(
        {"function_limit_in_config": True},
        {"draft": ("PUT function", "publish")},
    ),
    "function_put_merges = True": Setting({"function_put_merges": True}, {"draft": ("PUT function",)}),
}
"""Every switch that bears on actions, one at a time, and one at a time with the sequence that has a switch itself."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One thing that goes wrong, once, in one sequence on one kind of org."""

    sequence: str
    setting: str
    request: str
    fault: str

    def as_fault(self) -> Fault:
        if self.fault in FROM_HERE_ON:
            return Fault(match=Match(nth=self._place, times=None), **FROM_HERE_ON[self.fault])
        aimed_at = _aimed_at(self.sequence, self.request)
        return aimed_at.missing() if self.fault == MISSING else aimed_at.fault(self.fault)

    @property
    def may_be_unknown(self) -> bool:
        """Whether the platform cannot be read to the end, or is asked to make something live and may not do it."""
        return self.fault in (*FROM_HERE_ON, MISSING) or self.request in _MAKE_LIVE

    @property
    def _place(self) -> int:
        """The number of the request in its run; a login comes second, after the refusal of the token that ended."""
        return 2 if self.request in LOGIN else list(SEQUENCES[self.sequence].requests).index(self.request) + 1


def _aimed_at(sequence: str, request: str) -> Request:
    return {**LOGIN, **SEQUENCES[sequence].requests}[request]


def cells(sequence: str, setting: str, request: str) -> list[Cell]:
    """All cells of one request."""
    faults = (*_aimed_at(sequence, request).faults(), NOTHING_FOUND)
    return [Cell(sequence, setting, request, fault) for fault in faults]


ROWS = [
    (sequence, setting, request)
    for setting, one in SETTINGS.items()
    for sequence, requests in one.bears_on.items()
    for request in requests
]
"""The rows of the matrix: a sequence, an org and a request."""


@dataclass(frozen=True, slots=True)
class Kill:
    """A run that is killed when the org has carried out its request `place` (the first is the login)."""

    sequence: str
    setting: str
    request: str
    place: int

    def __str__(self) -> str:
        """Name the cell."""
        return f"{self.sequence}: {self.setting}, after {self.request}"


_KILLED_IN = {
    "PATCH": (DEFAULT,),
    "draft": (
        DEFAULT,
        "action_normalises = adds_field",
        "draft_version = published",
        "function_limit_in_config = True",
    ),
    "draft that is not valid": (DEFAULT,),
    _NOT_VALID: (DEFAULT,),
    _NEXT: (DEFAULT,),
}
KILLS = [
    Kill(sequence, setting, request, place)
    for sequence, settings in _KILLED_IN.items()
    for setting in settings
    for place, request in enumerate((*LOGIN, *SEQUENCES[sequence].requests), start=1)
    if request in LOGIN or request in SEQUENCES[sequence].own
]
"""The kill matrix: each request by each switch that changes what a dead run leaves behind."""
