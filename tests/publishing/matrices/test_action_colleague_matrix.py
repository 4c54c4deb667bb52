"""A person at work before and after every request that changes an action's limit."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.publishing.actions.colleagues import (
    EXCEPTIONS,
    OVERWRITTEN,
    PERSON_ACTIONS,
    PUBLISHED_WITH_OURS,
    THEIR_HEADER,
    THEIR_NAME,
    THEIR_SECONDS,
    VISITS,
)
from tests.publishing.actions.scenes import ActionScene, State, tells_of_draft, with_limit
from tests.publishing.colleagues import ADA, Visit, publish_with_a_visit
from tests.publishing.matrices.action_tables import SETTINGS, planned
from tests.publishing.matrices.matrix import staged
from tests.publishing.scenes import Stage
from timeouts.planning.outcomes import Outcome


def played(stage: Stage, visit: Visit) -> tuple[ActionScene, State, Outcome, bool]:
    """The scene, what was live before, what we say of it, and whether the platform let the person do it."""
    scene: ActionScene = staged(stage, visit.sequence, SETTINGS[visit.setting])
    before, kind = scene.live(), PERSON_ACTIONS[visit.person_action]
    theirs = scene.person_action(kind, timeout_seconds=THEIR_SECONDS, name=THEIR_NAME)
    return scene, before, *publish_with_a_visit(scene, visit, theirs)


def edited(state: State) -> dict[str, Any]:
    """A state with their header."""
    changed = copy.deepcopy(dict(state))
    changed["config"]["request"]["headers"][THEIR_HEADER] = ADA.name
    return changed


def with_theirs(state: State, visit: Visit) -> dict[str, Any]:
    """A state after what they did to what is live."""
    match visit.person_action:
        case "edits":
            return edited(state)
        case "limits":
            return with_limit(state, THEIR_SECONDS)
        case "renames":
            return {**state, "name": THEIR_NAME}
        case "deletes":
            return {**state, "deleted": True}
        case _:
            return dict(state)


def wrong_live(live: State, before: State, visit: Visit, outcome: Outcome, *, did_it: bool) -> Iterator[str]:
    """Name what is live and is neither theirs nor ours, or told otherwise than it is."""
    made = did_it and visit.person_action in ("edits", "limits", "renames", "publishes the draft")
    ours = live["version"] - before["version"] - made
    told = outcome.version_after is not None and outcome.outcome != "unchanged"
    limited = planned(before, SETTINGS[visit.setting])
    possible = [limited] if ours else [before]
    if visit.person_action == "publishes the draft" and did_it and not ours:
        possible = [limited, before]  # theirs is our draft, with the new limit or not yet
        told = live == limited and not told
    expected = [{**with_theirs(one, visit), "version": live["version"]} if did_it else one for one in possible]
    if ours not in (0, 1):
        yield f"{ours} versions are ours"
    elif live not in expected:
        yield "what is live is not theirs and ours"
    if told is not bool(ours):
        yield f"told {outcome.outcome} ({outcome.reason}), and {ours} versions are ours"
    if outcome.outcome == "unknown":
        yield f"told unknown: {outcome.reason}"


def wrong_draft(state: State, visit: Visit, outcome: Outcome, *, did_it: bool) -> Iterator[str]:
    """Name what became of a draft that must not."""
    draft = state["draft"]
    if visit.person_action == "edits a draft" and did_it:
        if draft is None or draft["config"] != edited(draft)["config"]:
            yield "their draft is not as they left it"
    elif draft is not None and not tells_of_draft(outcome):
        yield f"a draft of ours stays and is not told: {outcome}"


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_colleague_keeps_their_work_on_an_action_and_ours_is_wholly_done_or_not_at_all(
    stage: Stage, visit: Visit
) -> None:
    scene, before, outcome, did_it = played(stage, visit)

    wrong = list(wrong_live(scene.live(), before, visit, outcome, did_it=did_it))
    wrong += wrong_draft(scene.action(), visit, outcome, did_it=did_it)
    assert wrong == EXCEPTIONS.get(visit, [])


@pytest.mark.parametrize("visit", PUBLISHED_WITH_OURS, ids=str)
def test_where_the_platform_published_their_edit_of_our_draft_with_ours_it_is_told_as_not_as_planned(
    stage: Stage, visit: Visit
) -> None:
    _, _, outcome, _ = played(stage, visit)

    assert outcome.outcome == "failed"
    assert outcome.reason == ("published as 5, but not as planned: action.config.request.headers.X-Edited-By")


@pytest.mark.parametrize("visit", OVERWRITTEN, ids=str)
def test_where_the_platform_put_our_draft_over_their_version_it_is_told(stage: Stage, visit: Visit) -> None:
    _, _, outcome, _ = played(stage, visit)

    assert (outcome.outcome, outcome.version_after) == ("published", "6")
    assert outcome.notes == ("the version went from 4 to 6: what lay between may be lost",)
