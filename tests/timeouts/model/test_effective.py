"""How long a caller can really wait, now and after a change."""

import pytest

from tests.timeouts.conftest import action, step
from timeouts.model.effective import effective_literal, effective_timeout, limit_of
from timeouts.model.org import DataAction
from timeouts.model.settings import Expression, LiteralTimeout, Suggested, TimeoutSetting, Unreadable

FUNCTION = action(kind="function")


@pytest.mark.parametrize(
    ("setting", "called", "effective_ms"),
    [
        (LiteralTimeout(timeout_ms=3_000), action(), 3_000),
        (LiteralTimeout(timeout_ms=3_000), action(limit_ms=10_000), 3_000),
        (LiteralTimeout(timeout_ms=20_000), action(limit_ms=5_000), 5_000),
        (LiteralTimeout(timeout_ms=20_000), FUNCTION, 15_000),
        (LiteralTimeout(timeout_ms=300_000), action(), 60_000),
        (Suggested(stored_ms=1_000), action(limit_ms=5_000), 5_000),
        (Suggested(), action(), 60_000),
        (Suggested(), FUNCTION, 15_000),
        (Expression(text="x"), action(), None),
        (Unreadable(reason="x"), action(), None),
        (Suggested(), None, None),
        (LiteralTimeout(timeout_ms=3_000), None, None),
    ],
)
def test_the_smaller_of_step_and_action_ends_the_wait(
    setting: TimeoutSetting, called: DataAction | None, effective_ms: int | None
) -> None:
    assert effective_timeout(step(1, setting), called, suggested_default_ms=60_000) == effective_ms


def test_what_a_suggested_timeout_is_worth_without_a_limit_can_be_configured() -> None:
    assert effective_timeout(step(1, Suggested()), action(), suggested_default_ms=5_000) == 5_000


@pytest.mark.parametrize(("called", "effective_ms"), [(None, 3_000), (action(limit_ms=2_000), 2_000)])
def test_where_the_definition_decides_its_own_default_counts(called: DataAction | None, effective_ms: int) -> None:
    suggested = step(1, Suggested(), default_ms=3_000)

    assert effective_timeout(suggested, called, suggested_default_ms=60_000) == effective_ms


def test_a_default_of_the_definition_lasts_no_longer_than_any_action() -> None:
    suggested = step(1, Suggested(), default_ms=300_000)

    assert effective_timeout(suggested, action(), suggested_default_ms=60_000) == 60_000


def test_what_ends_the_call_of_a_bridge_is_not_known() -> None:
    bridge = step(1, LiteralTimeout(timeout_ms=300_000), kind="bridge", default_ms=5_000)

    assert effective_timeout(bridge, None, suggested_default_ms=60_000) == 300_000


def test_a_raise_over_the_action_limit_is_worth_the_limit() -> None:
    assert effective_literal(step(1, LiteralTimeout(timeout_ms=3_000)), action(limit_ms=5_000), 10_000) == 5_000


def test_a_function_data_action_with_a_limit_keeps_it() -> None:
    assert limit_of(action(kind="function", limit_ms=4_000)) == 4_000
