"""What a fleet refuses before it starts anything in any org."""

import pytest

from flows.fleet import fleet
from timeouts.policy.policy import Policy


@pytest.mark.usefixtures("_prefect")
@pytest.mark.parametrize("policy", [Policy.raise_to(10_000), Policy()], ids=["with a policy", "without"])
def test_an_audit_that_was_to_apply_is_refused(policy: Policy) -> None:
    """`what` is an audit unless it is chosen, so a fleet that was to publish ended green and had changed nothing."""
    state = fleet([], policy=policy, mode="apply", return_state=True)

    assert state.is_failed()
    assert "an audit applies nothing: choose the raise, or leave the mode at dry run" in str(state.message)
