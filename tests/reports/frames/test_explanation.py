"""What an explanation says of a lever: what callers would wait, whether it helps, and why not."""

import pytest

from reports.frames.planned.explanation import paragraphs
from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.org import DataAction
from timeouts.model.settings import LiteralTimeout, Suggested, TimeoutSetting
from timeouts.planning.explaining.explain import explain
from timeouts.policy.policy import Policy

FIVE_S, SUGGESTED = LiteralTimeout(timeout_ms=5_000), Suggested()
BOTH = Policy.raise_to(10_000, levers=("step", "action"))


def files(setting: TimeoutSetting, *actions: DataAction, default_ms: int | None = None) -> Inventory:
    """One step in a file, which calls `crm`."""
    only = step(1, setting, "crm", action_name="CRM", default_ms=default_ms)
    return inventory([listed()], [reading(only)], actions, limits_elsewhere=True)


def told(found: Inventory) -> str:
    (meant,) = found.steps
    return "\n".join(sentence for part in paragraphs(explain(found, meant, BOTH)) for sentence in part.sentences)


def test_a_step_whose_action_is_not_there_waits_no_longer_than_it_says_itself() -> None:
    """Both waits were said to be unknown, and the step that was set to have no effect."""
    said = told(files(FIVE_S))

    assert (
        "at most 5s: the step itself says literal 5s, and it calls CRM, which is not listed, so its limit is not known."
    ) in said
    assert "The step would be set: it waits 5s, which is less than 10s." in said
    assert "The step, to 10s: callers would wait at most 10s, for the limit of its action is not known." in said
    assert "no effect" not in said


def test_of_two_waits_that_are_not_known_nobody_says_that_they_are_the_same() -> None:
    said = told(files(SUGGESTED, action("crm", unknown_limit="config.timeoutSeconds is '3'"), default_ms=5_000))

    assert "no effect" not in said
    assert "at most 5s: the step itself says suggested (5s), and the limit of its action" in said


def test_a_lever_without_effect_is_still_said_to_have_none() -> None:
    assert "callers would wait 5s, for its action ends the call at 5s (no effect)." in told(
        files(SUGGESTED, action("crm", 5_000))
    )


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (SUGGESTED, "callers would wait 5s here; that would also"),
        (FIVE_S, "callers would wait 5s here, for the step itself says less; that would also"),
    ],
)
def test_a_step_is_said_to_say_less_only_where_it_says_something(setting: TimeoutSetting, said: str) -> None:
    """An action may set two limits, its own and its function's, and the other one is the shorter."""
    both_set = action("crm", 5_000, kind="function", function_ms=15_000)

    assert f"Its action, to 10s: {said}" in told(files(setting, both_set))
