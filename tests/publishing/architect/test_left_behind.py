"""The exceptions of docs/safety.md that no matrix covers: what is left behind, that it is told, and what comes next."""

from typing import Literal

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.versions import PublishPlan
from simulator.switches import Switches
from tests.publishing.colleagues import ADA
from tests.publishing.flow_data_scenes import SEQUENCE as FLOW_DATA_SEQUENCE
from tests.publishing.flow_data_scenes import flow_data, flow_data_order, stage_flow_data
from tests.publishing.matrices.architect_tables import AFTER_A_FAILED_PUBLISH, SEQUENCE
from tests.publishing.scenes import FLOW, Scene, Stage, configuration


@pytest.mark.parametrize("moment", ["after", "before"])
def test_a_draft_that_a_forced_unlock_committed_is_told_and_left_to_the_colleague(scene: Scene, moment: str) -> None:
    unlock = PersonAction(kind="lock", architect_flow_id=FLOW, person=ADA, force=True)
    request = SEQUENCE["save" if moment == "after" else "confirm"]
    scene.org.schedule(unlock, moment, request.match)  # type: ignore[arg-type] # parametrized

    outcome = scene.publish_and_verify()

    assert (outcome.outcome, outcome.reason) == ("skipped", "Ada Colleague took the lock from us")
    assert (scene.live(), scene.org.configuration(FLOW, "5.0")) == (configuration(), configuration(10))
    assert [version["type"] for version in scene.flow()["versions"]] == ["PUBLISH", "PUBLISH", "CHECKIN"]


@pytest.mark.parametrize("kind", ["reset", "html"])
@pytest.mark.parametrize("request_", ["check-out", "save", "publish", "revert"])
def test_a_write_whose_answers_are_always_lost_ends_the_run_and_leaves_nothing(
    scene: Scene, request_: str, kind: Literal["reset", "html"]
) -> None:
    request = AFTER_A_FAILED_PUBLISH.get(request_) or SEQUENCE[request_]
    match = Match(method=request.method, path=request.path, times=None)
    scene.org.add_fault(Fault(kind=kind, takes_effect=True, match=match))
    scene.org.plan_publish(PublishPlan(ending="failure" if request_ == "revert" else "success"))

    outcome = scene.publish_and_verify()

    assert outcome.outcome == ("published" if request_ in ("save", "publish") else "failed")
    assert (scene.flow()["lock"], scene.flow()["saved"]) == (None, None)
    assert scene.live() == configuration(10 if outcome.outcome == "published" else 3)


def test_a_lock_that_revert_leaves_is_told_and_the_next_run_works_under_it(scene: Scene) -> None:
    scene.org.set_switches(Switches(revert_leaves="lock"))
    scene.org.plan_publish(PublishPlan(ending="failure"))

    first = scene.publish_and_verify()
    assert first.outcome == "failed"
    assert any("our lock is still there" in note for note in first.notes)
    assert (scene.flow()["lock"] is None, scene.flow()["saved"]) == (False, None)
    scene.org.plan_publish(PublishPlan())

    assert scene.publish_and_verify().outcome == "published"
    assert (scene.flow()["lock"], scene.live()) == (None, configuration(10))


def test_a_draft_that_revert_leaves_is_told_and_the_next_run_takes_it_up(scene: Scene) -> None:
    scene.org.set_switches(Switches(revert_leaves="saved_draft"))
    scene.org.plan_publish(PublishPlan(ending="failure"))

    first = scene.publish_and_verify()
    assert first.outcome == "failed"
    assert any("left our draft saved" in note for note in first.notes)
    assert (scene.flow()["lock"], scene.flow()["saved"] is None) == (None, False)
    scene.org.plan_publish(PublishPlan())

    assert scene.publish_and_verify().outcome == "published"
    assert (scene.flow()["saved"], scene.live()) == (None, configuration(10))


def test_a_publish_that_fails_after_its_check_in_is_told_and_left(scene: Scene) -> None:
    scene.org.plan_publish(PublishPlan(ending="failure", checked_in_anyway=True))

    first = scene.publish_and_verify()
    scene.org.plan_publish(PublishPlan())
    second = scene.publish_and_verify()

    assert first.outcome == "failed"
    assert any("5.0 is checked in there" in note for note in first.notes)
    assert (second.outcome, scene.live()) == ("skipped", configuration())
    assert "newer than the published version (5.0)" in second.reason


def test_flow_data_that_somebody_replaces_right_before_our_put_is_overwritten(stage: Stage) -> None:
    scene = stage_flow_data(stage)
    order = flow_data_order(scene)
    person_action = PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA, body=flow_data(7_000))
    scene.org.schedule(person_action, "before", FLOW_DATA_SEQUENCE["put"].match)

    outcome = scene.publish_and_verify(order)

    assert (outcome.outcome, scene.live()) == ("published", flow_data(10_000))
    assert scene.org.configuration(FLOW, "2.0") == flow_data(7_000)
