"""What is asked of a definition under our lock, before anything is written into it (issue F, 15)."""

import json

from timeouts.definitions import read_definition
from timeouts.model.step_edits import FlowDataRawTimeout, Restore, SetTimeout
from timeouts.planning.basis import lowered_by, moved_since_the_plan


def flow_data(*timeouts: int | None) -> bytes:
    nodes = [
        {
            "id": f"n{at}",
            "type": "dataAction",
            "name": f"Call {at}",
            "dataAction": {} if ms is None else {"timeout": ms},
        }
        for at, ms in enumerate(timeouts)
    ]
    return json.dumps({"flowData": {"nodes": nodes}}).encode()


def raw_timeout(ms: int) -> FlowDataRawTimeout:
    return FlowDataRawTimeout(data_action=True, timeout=str(ms))


def test_nothing_has_moved_where_every_step_says_what_the_plan_found() -> None:
    assert moved_since_the_plan(read_definition(flow_data(3_000, 5_000)), {"n1": raw_timeout(5_000)}) == ""


def test_a_step_that_says_something_else_is_named_with_what_it_says() -> None:
    said = moved_since_the_plan(read_definition(flow_data(15_000)), {"n0": raw_timeout(1_000)})

    assert said == "the step 'Call 0' says literal 15s, which is not what the plan was made from"


def test_a_step_that_is_gone_is_named_by_its_id() -> None:
    assert moved_since_the_plan(read_definition(flow_data(3_000)), {"n7": raw_timeout(3_000)}) == "there is no step n7"


def test_a_longer_wait_lowers_nothing() -> None:
    assert lowered_by(read_definition(flow_data(3_000)), {"n0": SetTimeout(timeout_ms=3_000)}) == ""


def test_a_shorter_wait_is_named_with_both_times() -> None:
    said = lowered_by(read_definition(flow_data(15_000)), {"n0": SetTimeout(timeout_ms=10_000)})

    assert said == "the step 'Call 0' waits 15s, 10s is less"


def test_a_default_that_the_definition_sets_is_a_wait_as_well() -> None:
    assert "waits 3s, 2s is less" in lowered_by(read_definition(flow_data(None)), {"n0": SetTimeout(timeout_ms=2_000)})


def test_putting_back_is_no_raise() -> None:
    assert lowered_by(read_definition(flow_data(15_000)), {"n0": Restore(original=raw_timeout(3_000))}) == ""
