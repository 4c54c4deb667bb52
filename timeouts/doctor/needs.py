"""What each permission is needed for, and what stops without it: one entry for each that a request of ours takes."""

import typing
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """A permission of the OAuth client's role.

    `kind`: what has it: every client (`reads`), one that publishes (`writes`), or only who wants to (`comforts`).
    `for_what` completes "it is needed to", `without` says what happens where it is missing. `same_as`: permissions that
    the platform takes instead.
    """

    permission: str
    kind: typing.Literal["reads", "writes", "comforts"]
    for_what: str
    without: str
    same_as: tuple[str, ...] = ()


NEEDS = (
    Need(
        "architect:flow:view",
        "reads",
        "list and read Architect flows: audit, plan, publish, roll back",
        "no run sees any Architect flow",
    ),
    Need(
        "integrations:action:view",
        "reads",
        "read actions and their limits, and the figures of their calls (--evidence, effect)",
        "how long steps really wait is unknown, and no figures can be read",
        ("bridge:actions:view",),
    ),
    Need(
        "integrations:actionFunction:view",
        "reads",
        "read the limits of function data actions",
        "waits of steps that call functions count as unknown, and an audit that meets such steps ends incomplete",
    ),
    Need(
        "architect:flow:edit",
        "writes",
        "check out, save and revert: raise --apply, apply, roll-back, set",
        "no step's timeout can be changed or put back",
    ),
    Need(
        "architect:flow:publish",
        "writes",
        "publish: raise --apply, apply, roll-back, set",
        "no step's timeout can be changed or put back",
    ),
    Need(
        "integrations:action:edit",
        "writes",
        "change the limits of actions (--levers step,action), and put them back",
        "limits of actions stay as they are; steps can still be changed",
    ),
    Need(
        "integrations:actionFunction:edit",
        "writes",
        "change the limits of function data actions (--levers step,action)",
        "limits of functions stay as they are; other actions can still be changed",
    ),
    Need(
        "architect:dependencyTracking:view",
        "comforts",
        "say before a publish which prompts would go live with it",
        "a plan does not say which newer prompts a publish would bring live",
    ),
    Need(
        "integrations:action:delete",
        "comforts",
        "discard our own draft of a function at once where a change of it fails half-way",
        "a draft of ours that a failed change of a function leaves stays until the next run",
    ),
)

LACKS = "The OAuth client lacks the permission "
"""How the reason begins, or goes on, of what the platform refused for the client's rights."""

UNLOCK = "architect:flow:unlock"
"""No request takes it, and no client of ours should have it (docs/platform.md#locks)."""
