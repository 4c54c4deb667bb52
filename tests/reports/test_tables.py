"""Tables: what people read, without gaps that are not said."""

from reports.tables import outcomes_table, plan_table, steps_table, verified_table
from tests.reports.made import made
from tests.timeouts import org_of_actions
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.org_of_examples import INVENTORY, plan
from tests.timeouts.planning.outcomes import became
from timeouts.model.settings import Suggested


def test_what_a_suggested_timeout_is_worth_can_be_configured() -> None:
    found = inventory([listed()], [reading(step(1, Suggested()))], [action()], suggested_default_ms=5_000)

    assert steps_table(made(found)).rows()[0]["effective now"] == "5s"


def test_before_and_after_shows_the_limit_of_today_where_the_plan_changes_that_too() -> None:
    rows = plan_table(made(org_of_actions.INVENTORY, org_of_actions.plan())).rows()

    assert [(row["step timeout"], row["action limit"], row["after"]) for row in rows] == [("3s", "5s", "10s")]


def test_what_was_not_started_is_said() -> None:
    assert {row["outcome"] for row in verified_table(made(INVENTORY, plan(), [])).rows()} == {"not started"}


def test_what_was_there_already_counts_as_verified() -> None:
    there = [became("unchanged", "af-3", "Zulu", version_before="1.0")]
    found = {
        row["Architect flow"]: row["effective after"] for row in verified_table(made(INVENTORY, plan(), there)).rows()
    }

    assert found["Zulu | pipes"] == "10s"


def test_an_outcome_outside_of_the_plan_is_shown_too() -> None:
    (row,) = outcomes_table(made(INVENTORY, plan(), [became("unchanged", "x", "Other")])).rows()

    assert (row["Architect flow"], row["type"], row["steps changed"]) == ("Other", "", 0)
