"""The fault and the colleague matrix of the tutorial's contract: read, replace with one PUT, read again."""

import pytest

from publishing.publish import verify
from simulator.faults.faults import Fault
from simulator.org.people import PersonAction
from tests.publishing.colleagues import ADA
from tests.publishing.flow_data_scenes import CELLS, SEQUENCE, flow_data, flow_data_order, stage_flow_data
from tests.publishing.matrices.matrix import ALL_LATE_MS, HANGING, Cell, staged
from tests.publishing.scenes import COLLEAGUE, FLOW, NODE, Scene, Stage, originals_in
from timeouts.model.step_edits import SetTimeout


def changes(scene: Scene) -> int:
    """How often the document was replaced."""
    return int(scene.flow()["flowDataVersion"]) - 1


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.request}, {cell.fault}")
def test_no_fault_changes_flow_data_twice_or_otherwise_than_told(stage: Stage, cell: Cell) -> None:
    scene: Scene = staged(stage, cell.sequence, cell.setting, hurried=cell.fault in HANGING)
    order = flow_data_order(scene)
    scene.org.clear_log()
    scene.org.add_fault(cell.as_fault())

    outcome = scene.publish_and_verify(order)
    scene.org.advance_ms(ALL_LATE_MS)
    assert (scene.live(), outcome.outcome) in [
        (flow_data(10_000), "published"),
        (flow_data(3_000), "failed"),
        *((live, "unknown") for live in may_be_unknown(cell)),
    ]
    scene.org.clear_faults()
    was_done = scene.live() == flow_data(10_000)
    again = scene.publish_and_verify(flow_data_order(scene))

    assert again.outcome == ("unchanged" if was_done else "published")
    assert (scene.live(), changes(scene)) == (flow_data(10_000), 1)


def may_be_unknown(cell: Cell) -> tuple[bytes, ...]:
    """What may be live where it is told as unknown: the platform cannot be read, or a PUT was lost for good."""
    if cell.lasts:
        return flow_data(3_000), flow_data(10_000)
    return (flow_data(3_000),) if cell.request == "put" else ()


def test_a_change_that_comes_after_the_settle_period_is_found_by_the_next_run(stage: Stage) -> None:
    scene = stage_flow_data(stage)
    order = flow_data_order(scene)
    late = Fault(kind="status", status=504, match=SEQUENCE["put"].match, lands_after_ms=200_000)
    scene.org.add_fault(late)

    outcome = scene.publish_and_verify(order)
    assert (outcome.outcome, scene.live()) == ("unknown", flow_data(3_000))
    assert outcome.reason.endswith("and nothing came of it within 1m15s; run again to resolve it")
    scene.org.advance_ms(200_000)

    assert scene.publish_and_verify(order).outcome == "unchanged"
    assert (scene.live(), changes(scene)) == (flow_data(10_000), 1)


def test_a_step_of_flow_data_that_waits_longer_than_a_kept_reading_says_is_left_as_it_is(stage: Stage) -> None:
    """Somebody changed 3 s to 1 s in what an earlier run had kept, fingerprint aside."""
    scene = stage_flow_data(stage)
    edits = {NODE: SetTimeout(timeout_ms=2_000)}
    order = flow_data_order(scene).model_copy(
        update={"edits": edits, "originals": originals_in(b'{"flowData":' + flow_data(1_000) + b"}")}
    )

    outcome = scene.publish_and_verify(order)

    assert (outcome.outcome, scene.live(), changes(scene)) == ("skipped", flow_data(3_000), 0)
    assert "says literal 3s, which is not what the plan was made from" in outcome.reason


@pytest.mark.parametrize(("may_lower", "told"), [(False, "failed"), (True, "published")])
def test_an_order_that_would_lower_a_wait_in_flow_data_is_refused(stage: Stage, may_lower: bool, told: str) -> None:
    scene = stage_flow_data(stage)
    edits = {NODE: SetTimeout(timeout_ms=2_000)}
    order = flow_data_order(scene).model_copy(update={"edits": edits, "may_lower": may_lower})

    assert scene.publish_and_verify(order).outcome == told
    assert scene.live() == flow_data(2_000 if may_lower else 3_000)


def test_a_change_whose_answer_is_lost_and_that_cannot_be_read_is_unknown(stage: Stage) -> None:
    scene = stage_flow_data(stage)
    order = flow_data_order(scene)
    scene.org.add_fault(SEQUENCE["put"].fault("reset after the effect"))
    scene.org.add_fault(SEQUENCE["verify"].outage())

    assert scene.publish_and_verify(order).outcome == "unknown"
    scene.org.clear_faults()
    assert scene.publish_and_verify(flow_data_order(scene)).outcome == "unchanged"


@pytest.mark.parametrize("moment", ["deletes", "replaces"])
def test_a_change_that_was_made_and_is_not_there_any_more_is_looked_at_by_a_roll_back(
    stage: Stage, moment: str
) -> None:
    """No version says that it was ours: what a roll back may have to undo must not be told as left as it was."""
    scene = stage_flow_data(stage)
    order = flow_data_order(scene)
    publication = scene.publish(order)
    assert publication.outcome.outcome == "published"
    if moment == "deletes":
        scene.org.play(PersonAction(kind="delete", architect_flow_id=FLOW, person=ADA))
    else:
        theirs = flow_data_order(scene).model_copy(update={"edits": {NODE: SetTimeout(timeout_ms=20_000)}})
        assert scene.publish(theirs).outcome.outcome == "published"

    outcome = verify(scene.client, order, publication, scene.clock().pace())

    assert (outcome.outcome, outcome.may_be_live) == ("unknown", True)


def test_a_persons_lock_on_flow_data_is_never_touched(stage: Stage) -> None:
    scene = stage_flow_data(stage, locked_by=COLLEAGUE)

    outcome = scene.publish_and_verify(flow_data_order(scene))

    assert (outcome.outcome, outcome.reason) == ("skipped", "locked by Ada Colleague")
    assert changes(scene) == 0


@pytest.mark.parametrize(("moment", "request_"), [("before", "lock"), ("after", "lock"), ("before", "put")])
def test_a_person_who_locks_flow_data_before_our_put_keeps_it(stage: Stage, moment: str, request_: str) -> None:
    scene = stage_flow_data(stage)
    order = flow_data_order(scene)
    person_action = PersonAction(kind="lock", architect_flow_id=FLOW, person=ADA)
    scene.org.schedule(person_action, moment, SEQUENCE[request_].match)  # type: ignore[arg-type] # parametrized

    outcome = scene.publish_and_verify(order)

    assert outcome.outcome == "skipped"
    assert (changes(scene), scene.flow()["lock"]["name"]) == (0, "Ada Colleague")
