"""The tables of the colleague matrix of actions: what a person does to one, when, and on which org."""

from typing import get_args

from simulator.org.actions.people import DataActionEditKind
from tests.publishing.colleagues import MOMENTS, Visit
from tests.publishing.matrices.action_tables import DISCARDED, DRAFT, NEXT, NOT_VALID_DISCARDED, PATCH

PERSON_ACTIONS: dict[str, DataActionEditKind] = {
    "edits": "edit_action",
    "limits": "limit_action",
    "renames": "rename_action",
    "deletes": "delete_action",
    "edits a draft": "draft_action",
    "publishes the draft": "publish_action_draft",
    "discards the draft": "discard_action_draft",
}
"""What a person can do to an action; the draft is whatever draft there is, else they make one."""
assert set(PERSON_ACTIONS.values()) == set(get_args(DataActionEditKind)), "all that the simulator knows"

THEIR_SECONDS = 7
THEIR_NAME = "Kundenprüfung"
THEIR_HEADER = "X-Edited-By"


_WITH_A_DRAFT = (
    *("POST draft", "made: draft", "PUT function", "validation"),
    *("confirm: draft", "confirm: draft again", "confirm: action", "publish"),
)
_LAST_LOOKS = ("confirm: draft", "confirm: draft again", "confirm: action", "publish", "verify: action")
_LIVE = ("edits", "limits", "renames", "deletes")

VISITS = [
    *(
        Visit(sequence, person_action, moment, request)
        for sequence in (PATCH, DISCARDED)
        for person_action in PERSON_ACTIONS
        for request in sequence.requests
        for moment in MOMENTS
    ),
    *(
        Visit(sequence, person_action, "before", request)
        for sequence, requests in (
            (DRAFT, _WITH_A_DRAFT),
            (NOT_VALID_DISCARDED, ("validation", "tidy: draft", "tidy: draft again", "DELETE draft", "tidy: no draft")),
            (NEXT, ("publish", "confirm again: draft", "confirm again: action", "publish again")),
        )
        for person_action in PERSON_ACTIONS
        for request in requests
    ),
    *(
        Visit(sequence, person_action, "before", request, setting)
        for setting, sequence, person_actions, requests in (
            ("action_version_mismatch = 400", PATCH, PERSON_ACTIONS, ("PATCH",)),
            ("action_version_mismatch = 400", DISCARDED, PERSON_ACTIONS, ("publish",)),
            ("action_patch_and_draft = discards", PATCH, PERSON_ACTIONS, ("look: draft", "PATCH", "verify: action")),
            ("action_patch_and_draft = conflict", PATCH, PERSON_ACTIONS, ("look: draft", "PATCH", "verify: action")),
            ("action_patch_and_draft = discards", DISCARDED, _LIVE, ("PUT function", "confirm: draft", "publish")),
            ("action_patch_and_draft = conflict", DISCARDED, _LIVE, ("PUT function", "confirm: draft", "publish")),
            ("second_draft = ok", DISCARDED, PERSON_ACTIONS, ("POST draft", "made: draft")),
            ("draft_version = published", DISCARDED, PERSON_ACTIONS, _LAST_LOOKS),
            ("stale_draft_publish = overwrites", DISCARDED, PERSON_ACTIONS, _LAST_LOOKS),
        )
        for person_action in person_actions
        for request in requests
    ),
]

_LOST_DRAFT = "their draft is not as they left it"
_LOST_VERSION = "what is live is not theirs and ours"
PUBLISHED_WITH_OURS = tuple(
    Visit(DISCARDED, "edits a draft", "before", request, "draft_version = published")
    for request in ("confirm: action", "publish")
)
OVERWRITTEN = tuple(
    Visit(DISCARDED, person_action, "before", "publish", "stale_draft_publish = overwrites")
    for person_action in ("edits", "limits", "renames")
)
EXCEPTIONS: dict[Visit, list[str]] = {
    Visit(PATCH, "edits a draft", "before", "PATCH", "action_patch_and_draft = discards"): [_LOST_DRAFT],
    Visit(NOT_VALID_DISCARDED, "edits a draft", "before", "DELETE draft"): [_LOST_DRAFT],
    **{visit: [_LOST_VERSION, _LOST_DRAFT] for visit in PUBLISHED_WITH_OURS},
    **{visit: [_LOST_VERSION] for visit in OVERWRITTEN},
}
"""What the platform makes impossible to hold, and what happens instead. Each is tested to happen exactly so."""
