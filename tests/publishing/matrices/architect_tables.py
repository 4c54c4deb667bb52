"""The tables of the fault and the kill matrix of Architect flows."""

import functools
from collections.abc import Callable
from typing import Literal

from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.matrices.matrix import DEFAULT, LOGIN, Sequence, Setting, Step, kills, named
from tests.publishing.module_scenes import stage_module, stage_nested
from tests.publishing.roll_backs import stage_roll_back
from tests.publishing.scenes import Scene, Stage

_FLOW = "/api/v2/flows/*"
_ACTION = "/api/v2/flows/actions/"


def _one(stage: Stage, switches: Switches, *, hurried: bool = False) -> Scene:
    scene = stage(hurried=hurried)
    scene.org.set_switches(switches)
    return scene


def _publishing(
    stage: Stage,
    switches: Switches,
    *,
    hurried: bool = False,
    make: Callable[..., Scene] = _one,
    ending: Literal["success", "failure"] = "success",
) -> Scene:
    scene = make(stage, switches, hurried=hurried)
    scene.org.plan_publish(PublishPlan(ending=ending))
    return scene


_PUBLISHED: tuple[Step, ...] = (
    ("look", "GET", _FLOW),
    ("check-out", "POST", _ACTION + "checkout"),
    ("latest configuration", "GET", _FLOW + "/latestconfiguration"),
    ("save", "POST", _FLOW + "/versions"),
    ("confirm", "GET", _FLOW),
    ("publish", "POST", _ACTION + "publish"),
    ("first poll", "GET", _FLOW),
    ("second poll", "GET", _FLOW),
)
_VERIFIED: tuple[Step, ...] = (
    *_PUBLISHED,
    ("verify: the Architect flow", "GET", _FLOW),
    ("verify: its configuration", "GET", _FLOW + "/versions/*/configuration"),
)
_REVERTED: tuple[Step, ...] = (
    *_PUBLISHED,
    ("look before the revert", "GET", _FLOW),
    ("revert", "POST", _ACTION + "revert"),
)
UNDISTURBED = Sequence("a publish", _VERIFIED, _publishing)
PUBLISH_FAILS = Sequence(
    "a publish that fails", _REVERTED, functools.partial(_publishing, ending="failure"), own_from="publish"
)
REPUBLISHED = Sequence("a republish", _VERIFIED, functools.partial(_publishing, make=stage_module))
REPUBLISH_FAILS = Sequence(
    "a republish that fails",
    _REVERTED,
    functools.partial(_publishing, make=stage_module, ending="failure"),
    own_from="publish",
)
NESTED = Sequence("a republish for a module in a module", _VERIFIED, functools.partial(_publishing, make=stage_nested))
"""A republish changes nothing of the Architect flow's own: it takes in what its common modules say."""

ROLL_BACK = Sequence("a roll back right after a raise", _VERIFIED, stage_roll_back)
ROLL_BACK_FAILS = Sequence(
    "a roll back right after a raise that fails",
    _REVERTED,
    functools.partial(stage_roll_back, ending="failure"),
    own_from="publish",
)
"""Replicas that lag behind show what was there before the raise, which is just what a roll back wants."""

SEQUENCES = (UNDISTURBED, PUBLISH_FAILS, REPUBLISHED, REPUBLISH_FAILS, NESTED, ROLL_BACK, ROLL_BACK_FAILS)
UNDISTURBED_BY_FAILING = {PUBLISH_FAILS: UNDISTURBED, REPUBLISH_FAILS: REPUBLISHED, ROLL_BACK_FAILS: ROLL_BACK}

SEQUENCE = UNDISTURBED.requests
"""The requests of an undisturbed run, in their order."""

AFTER_A_FAILED_PUBLISH = {name: PUBLISH_FAILS.requests[name] for name in PUBLISH_FAILS.own}
"""From the publish on, where the platform fails the first one."""

_REVERTS = ("look before the revert", "revert")


def _bears_on(*requests: str, reverts: tuple[str, ...] = ()) -> dict[Sequence, tuple[str, ...]]:
    """Return requests of a publish and of a republish alike; `reverts`: those of one that fails."""
    ends = {PUBLISH_FAILS: reverts, REPUBLISH_FAILS: reverts} if reverts else {}
    return {UNDISTURBED: requests, REPUBLISHED: requests, **ends}


SETTINGS = named(
    Setting(
        {},
        {
            UNDISTURBED: (*LOGIN, *SEQUENCE),
            PUBLISH_FAILS: PUBLISH_FAILS.own,
            REPUBLISHED: (*LOGIN, *SEQUENCE),
            REPUBLISH_FAILS: REPUBLISH_FAILS.own,
            NESTED: ("save", "publish", "verify: its configuration"),
            ROLL_BACK: ROLL_BACK.own,
            ROLL_BACK_FAILS: ROLL_BACK_FAILS.own,
        },
    ),
    Setting({"second_checkout": "ok"}, _bears_on("check-out", reverts=("revert",))),
    Setting({"locked_client_shows": "other_id"}, _bears_on("check-out", "save", "publish", reverts=_REVERTS)),
    Setting({"checkout_makes_saved_version": False}, _bears_on("check-out", "latest configuration", "save", "confirm")),
    Setting({"save_needs_checkout": False}, _bears_on("check-out", "save")),
    Setting({"publish_of_saved": "refuses"}, _bears_on("publish"), publishes=False),
    Setting({"publish_of_saved": "fails"}, _bears_on("publish", "first poll", reverts=_REVERTS), publishes=False),
    *(
        Setting(
            {"revert_leaves": left},
            _bears_on("check-out", "latest configuration", "save", "publish", reverts=_REVERTS),
        )
        for left in ("lock", "saved_draft")
    ),
    Setting({"normalises": "key_order"}, _bears_on("save", "verify: its configuration")),
    Setting(
        {"normalises": "adds_field"},
        _bears_on("save", "confirm", "publish", "verify: its configuration", reverts=("revert",)),
    ),
    Setting({"normalises": "reformats"}, _bears_on("save", "verify: its configuration")),
    *(Setting({"drafts_show": shown}, _bears_on("check-out", "save")) for shown in ("more_keys", "fewer_keys")),
    Setting({"accepts_what_it_served": False}, _bears_on("save")),
    Setting(
        {"snapshots_taken": "check_out"},
        {
            REPUBLISHED: (
                "check-out",
                "latest configuration",
                "save",
                "confirm",
                "publish",
                "verify: its configuration",
            ),
            REPUBLISH_FAILS: ("publish", *_REVERTS),
        },
    ),
    Setting({"nested_modules": "inside"}, {NESTED: ("check-out", "save", "publish", "verify: its configuration")}),
    Setting(
        {"shows_snapshots": False},
        {
            REPUBLISHED: ("latest configuration", "save", "confirm", "publish", "verify: its configuration"),
            REPUBLISH_FAILS: ("revert",),
        },
    ),
    Setting(
        {"posted_snapshots": "stored"}, {REPUBLISHED: ("save", "confirm", "publish"), REPUBLISH_FAILS: ("revert",)}
    ),
)
"""Every switch that bears on publishing, one at a time."""

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
_KILLED_WHERE_IT_FAILS = (
    DEFAULT,
    "locked_client_shows = other_id",
    "revert_leaves = lock",
    "revert_leaves = saved_draft",
)
_TAKEN_IN = ("snapshots_taken = check_out", "shows_snapshots = False", "posted_snapshots = stored")
KILLS = [
    *kills(UNDISTURBED, (SETTINGS[name] for name in _KILLED_IN)),
    *kills(REPUBLISHED, (SETTINGS[name] for name in (*_KILLED_IN, *_TAKEN_IN))),
    *kills(NESTED, [SETTINGS["nested_modules = inside"]]),
    *(
        kill
        for sequence, names in (
            (PUBLISH_FAILS, _KILLED_WHERE_IT_FAILS),
            (REPUBLISH_FAILS, (*_KILLED_WHERE_IT_FAILS, "snapshots_taken = check_out")),
        )
        for kill in kills(sequence, (SETTINGS[name] for name in names))
        if kill.request not in LOGIN  # as above
    ),
]
"""The kill matrix: each request by each switch that changes what a dead run leaves behind."""
