"""A person at work before and after every request of the publishing sequence (issue B, must show 3)."""

from collections.abc import Iterator

import pytest

from simulator.org.people import PersonAction
from tests.publishing.colleagues import (
    ADA,
    EXCEPTIONS,
    PERSON_ACTIONS,
    THEIR_NAME,
    THEIR_WORK,
    VISITS,
    Visit,
    publish_with_a_visit,
)
from tests.publishing.matrices.architect_tables import PUBLISH_FAILS, SETTINGS
from tests.publishing.matrices.matrix import staged
from tests.publishing.scenes import FLOW, Scene, Stage, configuration
from timeouts.planning.outcomes import Outcome


def played(stage: Stage, visit: Visit) -> tuple[Scene, Outcome, bool]:
    """The scene afterwards, what we say of it, and whether the platform let the person do it."""
    scene: Scene = staged(stage, visit.sequence, SETTINGS[visit.setting])
    kind, force = PERSON_ACTIONS[visit.person_action]
    body = THEIR_WORK if kind in ("save_draft", "check_in", "publish") else None
    theirs = PersonAction(kind=kind, architect_flow_id=FLOW, person=ADA, body=body, name=THEIR_NAME, force=force)
    outcome, did_it = publish_with_a_visit(scene, visit, theirs)
    return scene, outcome, did_it


def harm_to_them(scene: Scene, visit: Visit) -> Iterator[str]:
    """Name what is not as the person left it."""
    kind, state = PERSON_ACTIONS[visit.person_action][0], scene.flow()
    theirs = [version for version in state["versions"] if version["by"]["id"] == ADA.id and version["seeded"] is None]
    if kind in ("lock", "save_draft") and (state["lock"] or {}).get("id") != ADA.id:
        yield "their lock is gone"
    if kind == "save_draft" and scene.org.configuration(FLOW, saved_label(scene)) != THEIR_WORK:
        yield "their draft is not as they saved it"
    if kind in ("check_in", "publish"):
        if [scene.org.configuration(FLOW, version["id"]) for version in theirs] != [THEIR_WORK]:
            yield "their version is not as they made it"
        elif theirs[0]["publications"] > (kind == "publish"):
            again = "was published a second time" if kind == "publish" else "went live unasked"
            yield f"their version {again}"
    if kind == "publish" and scene.live() != THEIR_WORK:
        yield "what they published is not live"
    if kind == "delete" and not state["deleted"]:
        yield "it is there again"
    if kind == "rename" and state["name"] != THEIR_NAME:
        yield "their name for it is gone"


def half_done(scene: Scene, outcome: Outcome) -> Iterator[str]:
    """Name what of ours is neither wholly done nor not at all, or told otherwise than it is."""
    state = scene.flow()
    ours = [version for version in state["versions"] if version["by"]["kind"] == "client"]
    published = [version for version in ours if version["publications"]]
    if (state["lock"] or {}).get("kind") == "client":
        yield "our lock stays"
    if (state["saved"] or {}).get("by", {}).get("kind") == "client":
        yield "our draft stays saved"
    if any(scene.org.configuration(FLOW, version["id"]) != configuration(10) for version in ours):
        yield "a version of ours has other content"
    if sum(version["publications"] for version in ours) > 1:
        yield "ours was published twice"
    told = outcome.outcome == "published"
    if not state["deleted"] and told is not bool(published):
        yield f"told {outcome.outcome} ({outcome.reason}), and published is {published}"
    if outcome.outcome == "unknown":
        yield f"told unknown: {outcome.reason}"


def saved_label(scene: Scene) -> str:
    return str(scene.client.architect_flow(FLOW).saved_version)


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_colleague_keeps_their_work_and_ours_is_wholly_done_or_not_at_all(stage: Stage, visit: Visit) -> None:
    scene, outcome, did_it = played(stage, visit)

    wrong = list(half_done(scene, outcome))
    if did_it:
        wrong += harm_to_them(scene, visit)
    assert wrong == ([EXCEPTIONS[visit]] if visit in EXCEPTIONS else [])


@pytest.mark.parametrize("visit", [visit for visit in VISITS if visit.person_action == "renames"], ids=str)
def test_a_rename_does_not_stop_us(stage: Stage, visit: Visit) -> None:
    _, outcome, _ = played(stage, visit)

    assert outcome.outcome == ("failed" if visit.sequence is PUBLISH_FAILS else "published")


@pytest.mark.parametrize("visit", EXCEPTIONS, ids=str)
def test_where_the_platform_published_their_work_with_our_request_it_is_told_as_not_ours(
    stage: Stage, visit: Visit
) -> None:
    _, outcome, _ = played(stage, visit)

    assert outcome.outcome == "skipped"
    assert "stale: 6.0 was published by Ada Colleague" in outcome.reason
