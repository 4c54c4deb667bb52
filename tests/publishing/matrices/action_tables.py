"""The tables of the fault and the kill matrix of actions."""

import functools
from collections.abc import Iterator
from typing import Any

from simulator.switches import Switches
from tests.publishing.actions.roll_backs import stage_action_roll_back
from tests.publishing.actions.scenes import AFTER, ActionScene, Kind, State, acting, published
from tests.publishing.matrices.matrix import DEFAULT, LOGIN, Sequence, Setting, Step, kills, named
from tests.publishing.scenes import Stage

MAKE_LIVE = ("PATCH", "publish", "publish again")
"""The requests that make a limit live: where the answer to one is lost, what came of it may stay unknown."""

REFUSED = ["It is not valid."]
_ACTION = "/api/v2/integrations/actions/*"
_DRAFT = _ACTION + "/draft"


def _changing(
    stage: Stage,
    switches: Switches,
    *,
    kind: Kind = "function",
    may_delete: bool = False,
    is_valid: bool = True,
    hurried: bool = False,
) -> ActionScene:
    """`may_delete`: whether the client may discard drafts. `is_valid`: whether the platform takes the draft."""
    scene = acting(stage, kind, switches, may_delete=may_delete, hurried=hurried)
    scene.org.plan_validation(scene.id, () if is_valid else REFUSED)
    return scene


def planned(state: State, setting: Setting, seconds: int = AFTER) -> dict[str, Any]:
    """What an action becomes in one kind of org, and its limit in seconds."""
    return published(state, adds=setting.switches.get("action_normalises") == "adds_field", seconds=seconds)


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


_DRAFTED = (*_PUT, *_confirm("confirm"), _PUBLISH, *_VERIFY)
_TIDIED = (*_PUT, *_whole("tidy: draft", _DRAFT, function=True), _DELETE)

PATCH = Sequence("PATCH", _PATCHED, functools.partial(_changing, kind="custom"))
DRAFT = Sequence("draft", _DRAFTED, _changing)
DISCARDED = Sequence("draft, which may be discarded", _DRAFTED, functools.partial(_changing, may_delete=True))
NOT_VALID = Sequence(
    "draft that is not valid", _TIDIED, functools.partial(_changing, is_valid=False), own_from="validation"
)
NOT_VALID_DISCARDED = Sequence(
    "draft that is not valid, which may be discarded",
    (*_TIDIED, ("tidy: no draft", "GET", _DRAFT)),
    functools.partial(_changing, is_valid=False, may_delete=True),
    own_from="validation",
)
NEXT = Sequence(
    "draft whose publish wants the next version",
    (*_PUT, *_confirm("confirm"), _PUBLISH, *_confirm("confirm again"), ("publish again", *_PUBLISH[1:]), *_VERIFY),
    _changing,
    own_from="publish",
    switches={"draft_publish_wants": "next"},
)
PATCHED_BACK = Sequence(
    "PATCH of a roll back right after a raise", _PATCHED, functools.partial(stage_action_roll_back, kind="custom")
)
DRAFTED_BACK = Sequence(
    "draft of a roll back right after a raise",
    _DRAFTED,
    functools.partial(stage_action_roll_back, kind="function", may_delete=True),
)
SEQUENCES = (PATCH, DRAFT, DISCARDED, NOT_VALID, NOT_VALID_DISCARDED, NEXT, PATCHED_BACK, DRAFTED_BACK)

SETTINGS = named(
    Setting(
        {},
        {
            PATCH: (*LOGIN, *PATCH.own),
            DRAFT: (*LOGIN, *DRAFT.own),
            DISCARDED: ("POST draft", "PUT function", "publish"),
            NOT_VALID: ("DELETE draft",),
            NOT_VALID_DISCARDED: ("validation", "tidy: draft", "tidy: draft again", "DELETE draft", "tidy: no draft"),
            NEXT: ("publish", "confirm again: draft", "confirm again: action", "publish again"),
            PATCHED_BACK: PATCHED_BACK.own,
            DRAFTED_BACK: (
                *("look: action", "look: action's function", "look: action again", "look: draft", "made: draft"),
                *("confirm: draft", "confirm: action", "publish"),
                *("verify: action", "verify: action's function", "verify: action again"),
            ),
        },
    ),
    Setting({"action_patch_keeps_templates": True}, {PATCH: ("PATCH",)}),
    Setting({"action_version_mismatch": 400}, {PATCH: ("PATCH",), DRAFT: ("publish",)}),
    Setting({"action_patch_and_draft": "discards"}, {PATCH: ("PATCH",)}),
    Setting({"action_patch_and_draft": "conflict"}, {PATCH: ("PATCH",)}),
    Setting(
        {"action_normalises": "adds_field"},
        {
            PATCH: ("PATCH", "verify: action"),
            DRAFT: ("PUT function", "confirm: draft", "publish"),
            DISCARDED: ("PUT function",),
            NOT_VALID_DISCARDED: ("DELETE draft",),
        },
    ),
    Setting(
        {"draft_version": "published"},
        {DRAFT: ("PUT function", "confirm: draft", "publish"), NEXT: ("publish again",)},
    ),
    Setting({"second_draft": "ok"}, {DISCARDED: ("POST draft",)}),
    Setting({"stale_draft_publish": "overwrites"}, {DRAFT: ("confirm: action", "publish")}),
    Setting({"function_limit_in_config": True}, {DRAFT: ("PUT function", "publish")}),
    Setting({"function_put_merges": True}, {DRAFT: ("PUT function",)}),
    Setting({"action_drafts_show": "more_keys"}, {DISCARDED: ("PUT function",)}),
    Setting({"action_drafts_show": "own_names"}, {DISCARDED: ("publish",)}),
)
"""Every switch that bears on actions, one at a time, and one at a time with the sequence that has a switch itself."""

_KILLED_IN = {
    PATCH: (DEFAULT,),
    DRAFT: (
        DEFAULT,
        "action_normalises = adds_field",
        "draft_version = published",
        "function_limit_in_config = True",
    ),
    NOT_VALID: (DEFAULT,),
    NOT_VALID_DISCARDED: (DEFAULT,),
    NEXT: (DEFAULT,),
}
KILLS = [kill for sequence, names in _KILLED_IN.items() for kill in kills(sequence, (SETTINGS[name] for name in names))]
"""The kill matrix: each request by each switch that changes what a dead run leaves behind."""
