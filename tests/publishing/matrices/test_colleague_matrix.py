"""A person at work before and after every request of the publishing sequence."""

from collections.abc import Iterator

import pytest

from simulator.org.content.documents import to_bytes
from simulator.org.people import PersonAction
from tests.publishing.colleagues import (
    ADA,
    EXCEPTIONS,
    MODULE_ACTIONS,
    MODULE_VISITS,
    PERSON_ACTIONS,
    THEIR_NAME,
    VISITS,
    Visit,
    publish_with_a_visit,
)
from tests.publishing.matrices.architect_tables import SETTINGS, UNDISTURBED_BY_FAILING
from tests.publishing.matrices.matrix import staged
from tests.publishing.matrices.test_fault_matrix import expected_live
from tests.publishing.module_scenes import ModuleScene, lagging, module
from tests.publishing.scenes import FLOW, Scene, Stage
from timeouts.planning.outcomes import Outcome


def played(stage: Stage, visit: Visit) -> tuple[Scene, Outcome, bool]:
    """The scene afterwards, what we say of it, and whether the platform let the person do it."""
    scene: Scene = staged(stage, visit.sequence, SETTINGS[visit.setting])
    kind, force = PERSON_ACTIONS[visit.person_action]
    body = scene.their_work() if kind in ("save_draft", "check_in", "publish") else None
    theirs = PersonAction(kind=kind, architect_flow_id=FLOW, person=ADA, body=body, name=THEIR_NAME, force=force)
    outcome, did_it = publish_with_a_visit(scene, visit, theirs)
    return scene, outcome, did_it


def harm_to_them(scene: Scene, visit: Visit) -> Iterator[str]:
    """Name what is not as the person left it."""
    kind, state = PERSON_ACTIONS[visit.person_action][0], scene.flow()
    theirs = [version for version in state["versions"] if version["by"]["id"] == ADA.id and version["seeded"] is None]
    their_work = scene.own_content(scene.their_work())
    if kind in ("lock", "save_draft") and (state["lock"] or {}).get("id") != ADA.id:
        yield "their lock is gone"
    if kind == "save_draft" and scene.org.configuration(FLOW, saved_label(scene)) != scene.their_work():
        yield "their draft is not as they saved it"
    if kind in ("check_in", "publish"):
        if [scene.own_content(scene.org.configuration(FLOW, version["id"])) for version in theirs] != [their_work]:
            yield "their version is not as they made it"
        elif theirs[0]["publications"] > (kind == "publish"):
            again = "was published a second time" if kind == "publish" else "went live unasked"
            yield f"their version {again}"
    if kind == "publish" and scene.own_content(scene.live()) != their_work:
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
    contents = [scene.own_content(scene.org.configuration(FLOW, version["id"])) for version in ours]
    if any(content != scene.own_content(scene.ordered()) for content in contents):
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

    assert outcome.outcome == ("failed" if visit.sequence in UNDISTURBED_BY_FAILING else "published")


@pytest.mark.parametrize("visit", EXCEPTIONS, ids=str)
def test_where_the_platform_published_their_work_with_our_request_it_is_told_as_not_ours(
    stage: Stage, visit: Visit
) -> None:
    _, outcome, _ = played(stage, visit)

    assert outcome.outcome == "skipped"
    assert "stale: 6.0 was published by Ada Colleague" in outcome.reason


def published_by_us(scene: Scene) -> list[str]:
    """The versions that our client made live."""
    return [each["id"] for each in scene.flow()["versions"] if each["by"]["kind"] == "client" and each["publications"]]


@pytest.mark.parametrize("visit", MODULE_VISITS, ids=str)
def test_published_means_that_the_copy_says_what_was_planned_whoever_publishes_the_module_meanwhile(
    stage: Stage, visit: Visit
) -> None:
    planned = expected_live(stage, visit.sequence, SETTINGS[visit.setting])
    scene: ModuleScene = staged(stage, visit.sequence, SETTINGS[visit.setting])
    newest = to_bytes(module(MODULE_ACTIONS[visit.person_action]) | {"description": "what Ada made of it"})
    theirs = PersonAction(kind="publish", architect_flow_id=scene.module_id, person=ADA, body=newest)

    outcome, did_it = publish_with_a_visit(scene, visit, theirs)

    assert did_it
    assert scene.org.configuration(scene.module_id) == newest
    assert scene.own_content(scene.live()) == scene.own_content(planned)
    assert list(untrue_of_the_copy(scene, outcome)) == []


def untrue_of_the_copy(scene: ModuleScene, outcome: Outcome) -> Iterator[str]:
    """Name what is not as it was told, now that the copy may say something else than was planned."""
    state = scene.flow()
    ours = [each["id"] for each in state["versions"] if each["by"]["kind"] == "client" and each["publications"]]
    is_planned = scene.copy_says() == lagging().after or any("was not compared" in note for note in outcome.notes)
    if state["lock"] or state["saved"] or ours not in ([], ["5.0"]):
        yield "something of ours stays, or went live twice"
    if (outcome.outcome == "published") is not (bool(ours) and is_planned):
        yield f"told {outcome.outcome} ({outcome.reason}), and published is {ours}, whose copy says {scene.copy_says()}"
    if outcome.outcome == "failed" and (outcome.version_after is not None) is not bool(ours):
        yield f"told failed ({outcome.reason}), and published is {ours}"
    if outcome.outcome not in ("published", "failed"):
        yield f"told {outcome.outcome}: {outcome.reason}"
