"""The tables of the colleague matrix of actions: what a person does to one, when, and on which org (issue C)."""

from dataclasses import dataclass
from typing import get_args

from simulator.org.actions.people import DataActionEditKind
from tests.publishing.colleagues import Moment
from tests.publishing.matrices.action_matrix import SEQUENCES
from tests.publishing.matrices.matrix import DEFAULT, Request

PERSON_ACTIONS: dict[DataActionEditKind, str] = {
    "edit_action": "edits",
    "limit_action": "limits",
    "rename_action": "renames",
    "delete_action": "deletes",
    "draft_action": "edits a draft",
    "publish_action_draft": "publishes the draft",
    "discard_action_draft": "discards the draft",
}
"""What a person can do to an action; the draft is whatever draft there is, else they make one."""
assert set(PERSON_ACTIONS) == set(get_args(DataActionEditKind)), "all that the simulator knows"

THEIR_SECONDS = 7
THEIR_NAME = "Kundenprüfung"
THEIR_HEADER = "X-Edited-By"


@dataclass(frozen=True, slots=True)
class Visit:
    """A person who does one thing right before or after one request of ours."""

    sequence: str
    person_action: DataActionEditKind
    moment: Moment
    request: str
    setting: str = DEFAULT

    def __str__(self) -> str:
        """Name the cell."""
        where = "" if self.setting == DEFAULT else f", {self.setting}"
        return f"{self.sequence}: {PERSON_ACTIONS[self.person_action]} {self.moment} {self.request}{where}"

    @property
    def aimed_at(self) -> Request:
        return SEQUENCES[self.sequence].requests[self.request]


_MOMENTS: tuple[Moment, ...] = ("before", "after")
_DISCARDED = "draft, which may be discarded"
_NOT_VALID = "draft that is not valid, which may be discarded"
_NEXT = "draft whose publish wants the next version"
_WITH_A_DRAFT = (
    *("POST draft", "made: draft", "PUT function", "validation"),
    *("confirm: draft", "confirm: draft again", "confirm: action", "publish"),
)
_LAST_LOOKS = ("confirm: draft", "confirm: draft again", "confirm: action", "publish", "verify: action")
_LIVE: tuple[DataActionEditKind, ...] = ("edit_action", "limit_action", "rename_action", "delete_action")

VISITS = [
    *(
        Visit(sequence, person_action, moment, request)
        for sequence in ("PATCH", _DISCARDED)
        for person_action in PERSON_ACTIONS
        for request in SEQUENCES[sequence].requests
        for moment in _MOMENTS
    ),
    *(
        Visit(sequence, person_action, "before", request)
        for sequence, requests in (
            ("draft", _WITH_A_DRAFT),
            (_NOT_VALID, ("validation", "tidy: draft", "tidy: draft again", "DELETE draft", "tidy: no draft")),
            (_NEXT, ("publish", "confirm again: draft", "confirm again: action", "publish again")),
        )
        for person_action in PERSON_ACTIONS
        for request in requests
    ),
    *(
        Visit(sequence, person_action, "before", request, setting)
        for setting, sequence, person_actions, requests in (
            ("action_version_mismatch = 400", "PATCH", PERSON_ACTIONS, ("PATCH",)),
            ("action_version_mismatch = 400", _DISCARDED, PERSON_ACTIONS, ("publish",)),
            ("action_patch_and_draft = discards", "PATCH", PERSON_ACTIONS, ("look: draft", "PATCH", "verify: action")),
            ("action_patch_and_draft = conflict", "PATCH", PERSON_ACTIONS, ("look: draft", "PATCH", "verify: action")),
            ("action_patch_and_draft = discards", _DISCARDED, _LIVE, ("PUT function", "confirm: draft", "publish")),
            ("action_patch_and_draft = conflict", _DISCARDED, _LIVE, ("PUT function", "confirm: draft", "publish")),
            ("second_draft = ok", _DISCARDED, PERSON_ACTIONS, ("POST draft", "made: draft")),
            ("draft_version = published", _DISCARDED, PERSON_ACTIONS, _LAST_LOOKS),
            ("stale_draft_publish = overwrites", _DISCARDED, PERSON_ACTIONS, _LAST_LOOKS),
        )
        for person_action in person_actions
        for request in requests
    ),
]

_LOST_DRAFT = "their draft is not as they left it"
_LOST_VERSION = "what is live is not theirs and ours"
PUBLISHED_WITH_OURS = tuple(
    Visit(_DISCARDED, "draft_action", "before", request, "draft_version = published")
    for request in ("confirm: action", "publish")
)
OVERWRITTEN = tuple(
    Visit(_DISCARDED, person_action, "before", "publish", "stale_draft_publish = overwrites")
    for person_action in ("edit_action", "limit_action", "rename_action")
)
EXCEPTIONS: dict[Visit, list[str]] = {
    Visit("PATCH", "draft_action", "before", "PATCH", "action_patch_and_draft = discards"): [_LOST_DRAFT],
    Visit(_NOT_VALID, "draft_action", "before", "DELETE draft"): [_LOST_DRAFT],
    **{visit: [_LOST_VERSION, _LOST_DRAFT] for visit in PUBLISHED_WITH_OURS},
    **{visit: [_LOST_VERSION] for visit in OVERWRITTEN},
}
"""What the platform makes impossible to hold, and what happens instead. Each is tested to happen exactly so."""
