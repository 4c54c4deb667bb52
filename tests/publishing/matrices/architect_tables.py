"""The tables of the fault and the kill matrix of Architect flows (issue B, must show 1)."""

import functools
from typing import Literal

from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.matrices.matrix import DEFAULT, LOGIN, Sequence, Setting, Step, kills, named
from tests.publishing.scenes import Scene, Stage

_FLOW = "/api/v2/flows/*"
_ACTION = "/api/v2/flows/actions/"


def _publishing(
    stage: Stage, switches: Switches, *, hurried: bool = False, ending: Literal["success", "failure"]
) -> Scene:
    scene = stage(hurried=hurried)
    scene.org.set_switches(switches)
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
UNDISTURBED = Sequence(
    "a publish",
    (
        *_PUBLISHED,
        ("verify: the Architect flow", "GET", _FLOW),
        ("verify: its configuration", "GET", _FLOW + "/versions/*/configuration"),
    ),
    functools.partial(_publishing, ending="success"),
)
PUBLISH_FAILS = Sequence(
    "a publish that fails",
    (*_PUBLISHED, ("look before the revert", "GET", _FLOW), ("revert", "POST", _ACTION + "revert")),
    functools.partial(_publishing, ending="failure"),
    own_from="publish",
)

SEQUENCE = UNDISTURBED.requests
"""The requests of an undisturbed run, in their order."""

AFTER_A_FAILED_PUBLISH = {name: PUBLISH_FAILS.requests[name] for name in PUBLISH_FAILS.own}
"""From the publish on, where the platform fails the first one."""

_REVERTS = {PUBLISH_FAILS: ("look before the revert", "revert")}
SETTINGS = named(
    Setting({}, {UNDISTURBED: (*LOGIN, *SEQUENCE), PUBLISH_FAILS: PUBLISH_FAILS.own}),
    Setting({"second_checkout": "ok"}, {UNDISTURBED: ("check-out",), PUBLISH_FAILS: ("revert",)}),
    Setting({"locked_client_shows": "other_id"}, {UNDISTURBED: ("check-out", "save", "publish"), **_REVERTS}),
    Setting(
        {"checkout_makes_saved_version": False},
        {UNDISTURBED: ("check-out", "latest configuration", "save", "confirm")},
    ),
    Setting({"save_needs_checkout": False}, {UNDISTURBED: ("check-out", "save")}),
    Setting({"publish_of_saved": "refuses"}, {UNDISTURBED: ("publish",)}, publishes=False),
    Setting({"publish_of_saved": "fails"}, {UNDISTURBED: ("publish", "first poll"), **_REVERTS}, publishes=False),
    *(
        Setting(
            {"revert_leaves": left}, {UNDISTURBED: ("check-out", "latest configuration", "save", "publish"), **_REVERTS}
        )
        for left in ("lock", "saved_draft")
    ),
    Setting({"normalises": "key_order"}, {UNDISTURBED: ("save", "verify: its configuration")}),
    Setting(
        {"normalises": "adds_field"},
        {UNDISTURBED: ("save", "confirm", "publish", "verify: its configuration"), PUBLISH_FAILS: ("revert",)},
    ),
    Setting({"normalises": "reformats"}, {UNDISTURBED: ("save", "verify: its configuration")}),
    Setting({"accepts_what_it_served": False}, {UNDISTURBED: ("save",)}),
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
KILLS = [
    *kills(UNDISTURBED, (SETTINGS[name] for name in _KILLED_IN)),
    *(
        kill
        for kill in kills(PUBLISH_FAILS, (SETTINGS[name] for name in _KILLED_WHERE_IT_FAILS))
        if kill.request not in LOGIN  # as above
    ),
]
"""The kill matrix: each request by each switch that changes what a dead run leaves behind."""
