"""Callers of common modules in a report: what is waited at a copy without a republish, and with one."""

import pytest

from reports.markdown.summary import markdown_summary
from reports.tables import callers_table
from tests.reports.made import made
from tests.reports.view_readers import rows_of_csv, rows_of_markdown
from tests.timeouts.conftest import action, copy_of, inventory, listed, reading, step
from timeouts.inventory import Inventory
from timeouts.model.settings import LiteralTimeout
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy


def org(seconds: int, limit_ms: int) -> Inventory:
    """A module with a step, and a caller with a copy of it that says the same."""
    said = step(1, LiteralTimeout(timeout_ms=seconds * 1_000))
    modules = [listed("module-1", "Common login", type="COMMONMODULE"), listed("caller", "Caller")]
    readings = [reading(said, of="module-1"), reading(of="caller", snapshots=(copy_of(said),))]
    return inventory(modules, readings, [action(limit_ms=limit_ms, version=1)])


BEFORE, AFTER = org(8, 5_000), org(10, 10_000)
ASKED = {"rules": [{"name": "r", "at_least": "10s"}], "levers": ["step", "action"], "republish_callers": True}
RAISE = compute_plan(BEFORE, Policy.model_validate(ASKED))
ROLL_BACK = compute_roll_back(RAISE, {"module-1", "caller", "custom_-_crm"}, AFTER)


@pytest.mark.parametrize(
    ("found", "plan", "without", "with_one"), [(BEFORE, RAISE, "8s", "10s"), (AFTER, ROLL_BACK, "5s", "5s")]
)
def test_what_is_waited_at_a_copy_is_told_as_it_is_once_the_limit_of_its_action_is_moved(
    found: Inventory, plan: Plan, without: str, with_one: str
) -> None:
    """The limit goes to 10s with the raise, and back to 5s with the roll back; it reaches a copy at once."""
    (row,) = rows_of_csv(callers_table(plan).csv())
    (line,) = rows_of_markdown(markdown_summary(made(found, plan), {}))["Callers of common modules"]

    assert (row["effective without a republish"], row["effective with one"]) == (without, with_one)
    assert (line["Waits without a republish"], line["Waits with one"]) == (without, with_one)
