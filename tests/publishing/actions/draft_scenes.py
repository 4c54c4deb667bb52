"""The requests of a draft that matter, and what may lie there when a run begins."""

import dataclasses

from publishing.order import Timing
from simulator.faults.matching import Match
from tests.publishing.actions.scenes import FUNCTION, ActionScene

ACTION = "/api/v2/integrations/actions/*"
DRAFT = f"{ACTION}/draft"
MAKE = Match(method="POST", path=DRAFT)
PUT = Match(method="PUT", path=f"{DRAFT}/function")
VALIDATION = Match(method="GET", path=f"{DRAFT}/validation")
PUBLISH = Match(method="POST", path=f"{DRAFT}/publish")
DISCARD = Match(method="DELETE", path=DRAFT)

DONE = ["POST /draft", "PUT /draft/function", "POST /draft/publish"]
"""The writes of an undisturbed run."""

STAYS = "our draft stays, for integrations:action:delete is missing; the next run takes it up, or a person discards it"


def leave_draft(scene: ActionScene, seconds: int | None = 10) -> None:
    """What a run of ours that was killed leaves: a mark, and a draft with the new limit, or none in it yet."""
    scene.marks.put(FUNCTION)
    scene.client.create_draft(FUNCTION)
    draft = scene.client.action_draft(FUNCTION)
    assert draft is not None
    if seconds is not None:
        scene.client.put_draft_function(FUNCTION, draft.with_limit(seconds * 1_000).put_function())
    scene.org.clear_log()


def stopping_after(scene: ActionScene, writes: int) -> Timing:
    """A pace that asks for a stop once so many writes have been carried out."""
    return dataclasses.replace(scene.pace(), stopped=lambda: len(scene.writes()) >= writes)
