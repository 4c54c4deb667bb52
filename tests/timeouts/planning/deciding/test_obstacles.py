"""What stands against raising the limit of an action is told with what to do about it."""

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.settings import Suggested
from timeouts.planning.computing import compute_plan
from timeouts.policy.policy import Policy


@pytest.mark.parametrize(
    ("is_files", "what_to_do"),
    [(True, "function_config): add it by hand"), (False, "(permission integrations:actionFunction:view)")],
)
def test_of_a_function_without_a_timeout_a_file_needs_a_line_and_an_org_a_permission(
    is_files: bool, what_to_do: str
) -> None:
    policy = Policy.model_validate({"rules": [{"name": "rule", "at_least": "10s"}], "levers": ["step", "action"]})
    found = action(limit_ms=3_000, kind="function", version=4)

    plan = compute_plan(
        inventory([listed()], [reading(step(1, Suggested()))], [found], limits_elsewhere=is_files), policy
    )

    assert plan.action_changes == ()
    assert plan.action_advice[0].note.endswith(what_to_do)
