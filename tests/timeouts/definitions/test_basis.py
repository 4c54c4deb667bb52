"""What is asked of a definition under our lock, before anything is written into it."""

from tests.timeouts.conftest import encoded, flow_data, set_to
from tests.timeouts.documents import flow_data_step
from timeouts.definitions import Definition, read_definition
from timeouts.model.step_edits import FlowDataRawTimeout, Restore
from timeouts.planning.basis import lowered_by, moved_since_the_plan


def waiting(*timeouts_ms: int | None) -> Definition:
    return read_definition(encoded(flow_data(*(flow_data_step(at, ms) for at, ms in enumerate(timeouts_ms)))))


def raw_timeout(ms: int) -> FlowDataRawTimeout:
    return FlowDataRawTimeout(data_action=True, timeout=str(ms))


def test_nothing_has_moved_where_every_step_says_what_the_plan_found() -> None:
    assert moved_since_the_plan(waiting(3_000, 5_000), {"node-1": raw_timeout(5_000)}) == ""


def test_a_step_that_says_something_else_is_named_with_what_it_says() -> None:
    said = moved_since_the_plan(waiting(15_000), {"node-0": raw_timeout(1_000)})

    assert said == "the step 'Call 0' says literal 15s, which is not what the plan was made from"


def test_a_step_that_is_gone_is_named_by_its_id() -> None:
    assert moved_since_the_plan(waiting(3_000), {"node-7": raw_timeout(3_000)}) == "there is no step node-7"


def test_a_longer_wait_lowers_nothing() -> None:
    assert lowered_by(waiting(3_000), set_to({"node-0": 3_000})) == ""


def test_a_shorter_wait_is_named_with_both_times() -> None:
    said = lowered_by(waiting(15_000), set_to({"node-0": 10_000}))

    assert said == "the step 'Call 0' waits 15s, 10s is less"


def test_a_default_that_the_definition_sets_is_a_wait_as_well() -> None:
    assert "waits 3s, 2s is less" in lowered_by(waiting(None), set_to({"node-0": 2_000}))


def test_putting_back_is_no_raise() -> None:
    assert lowered_by(waiting(15_000), {"node-0": Restore(original=raw_timeout(3_000))}) == ""
