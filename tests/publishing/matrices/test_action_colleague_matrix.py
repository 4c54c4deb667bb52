"""A person at work before and after every request that changes an action's limit (issue C)."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.publishing.actions.colleagues import (
    EXCEPTIONS,
    OVERWRITTEN,
    PUBLISHED_WITH_OURS,
    THEIR_HEADER,
    THEIR_NAME,
    THEIR_SECONDS,
    VISITS,
    Visit,
)
from tests.publishing.actions.invariants import State, same, tells_of_draft
from tests.publishing.actions.scenes import ActionScene, with_limit
from tests.publishing.colleagues import ADA
from tests.publishing.matrices.test_action_fault_matrix import after, staged
from tests.publishing.scenes import Scene
from timeouts.planning.outcomes import Outcome

Stage = Callable[..., Scene]


def played(stage: Stage, visit: Visit) -> tuple[ActionScene, State, Outcome, bool]:
    """The scene, its action before, what we say of it, and whether the platform let the person do it."""
    scene = staged(stage, visit.sequence, visit.setting)
    before = scene.action()
    person_action = scene.person_action(visit.person_action, timeout_seconds=THEIR_SECONDS, name=THEIR_NAME)
    scene.org.schedule(person_action, visit.moment, visit.aimed_at.match)
    outcome = scene.publish_and_verify()
    assert len(scene.org.people.done) <= 1
    return scene, before, outcome, any(not done.refused for done in scene.org.people.done)


def edited(state: State) -> dict[str, Any]:
    """A state with their header."""
    changed = copy.deepcopy(dict(state))
    changed["config"]["request"]["headers"][THEIR_HEADER] = ADA.name
    return changed


def with_theirs(state: State, visit: Visit) -> dict[str, Any]:
    """A state after what they did to what is live."""
    match visit.person_action:
        case "edit_action":
            return edited(state)
        case "limit_action":
            return with_limit(state, THEIR_SECONDS)
        case "rename_action":
            return {**state, "name": THEIR_NAME}
        case "delete_action":
            return {**state, "deleted": True}
        case _:
            return dict(state)


def wrong_live(state: State, before: State, visit: Visit, outcome: Outcome, *, did_it: bool) -> Iterator[str]:
    """Name what is live and is neither theirs nor ours, or told otherwise than it is."""
    made = did_it and visit.person_action in ("edit_action", "limit_action", "rename_action", "publish_action_draft")
    ours = state["version"] - before["version"] - made
    told = outcome.version_after is not None and outcome.outcome != "unchanged"
    limited = after(before, visit.setting)
    possible = [limited] if ours else [before]
    if visit.person_action == "publish_action_draft" and did_it and not ours:
        possible = [limited, before]  # theirs is our draft, with the new limit or not yet
        told = same(state, limited) and not told
    expected = [{**with_theirs(one, visit), "version": state["version"]} if did_it else one for one in possible]
    if ours not in (0, 1):
        yield f"{ours} versions are ours"
    elif not any(same(state, one) for one in expected):
        yield "what is live is not theirs and ours"
    if told is not bool(ours):
        yield f"told {outcome.outcome} ({outcome.reason}), and {ours} versions are ours"
    if outcome.outcome == "unknown":
        yield f"told unknown: {outcome.reason}"


def wrong_draft(state: State, visit: Visit, outcome: Outcome, *, did_it: bool) -> Iterator[str]:
    """Name what became of a draft that must not."""
    draft = state["draft"]
    if visit.person_action == "draft_action" and did_it:
        if draft is None or draft["config"] != edited(draft)["config"]:
            yield "their draft is not as they left it"
    elif draft is not None and not tells_of_draft(outcome):
        yield f"a draft of ours stays and is not told: {outcome}"


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_colleague_keeps_their_work_on_an_action_and_ours_is_wholly_done_or_not_at_all(
    stage: Stage, visit: Visit
) -> None:
    scene, before, outcome, did_it = played(stage, visit)

    wrong = list(wrong_live(scene.action(), before, visit, outcome, did_it=did_it))
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
