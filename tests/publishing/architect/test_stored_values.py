"""A plan is made from stored readings: a wrong one never lowers a wait."""

import pytest

from tests.publishing.scenes import NODE, Scene, configuration, originals_in
from timeouts.definitions import read_definition
from timeouts.model.step_edits import SetTimeout


def test_a_step_that_waits_longer_than_a_kept_reading_says_is_left_as_it_is(scene: Scene) -> None:
    """Somebody changed 3 s to 1 s in what an earlier run had kept, fingerprint aside."""
    order = scene.order(edits={NODE: SetTimeout(timeout_ms=2_000)}, originals=originals_in(configuration(1)))

    outcome = scene.publish_and_verify(order)

    assert (outcome.outcome, scene.live()) == ("skipped", configuration())
    assert "says literal 3s, which is not what the plan was made from" in outcome.reason
    assert (scene.flow()["lock"], scene.flow()["saved"]) == (None, None)


@pytest.mark.parametrize(("may_lower", "told"), [(False, "failed"), (True, "published")])
def test_an_order_that_would_lower_a_wait_is_refused_where_it_is_written(
    scene: Scene, may_lower: bool, told: str
) -> None:
    order = scene.order(edits={NODE: SetTimeout(timeout_ms=2_000)}, may_lower=may_lower)

    outcome = scene.publish_and_verify(order)

    assert outcome.outcome == told
    assert scene.live() == (read_definition(configuration()).with_edits(order.edits) if may_lower else configuration())
    assert may_lower or "would lower a wait: the step 'Look up the customer' waits 3s, 2s is less" in outcome.reason
