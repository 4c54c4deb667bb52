"""What an org shows in an older version than a run made says nothing of what there is to put back."""

import pytest

from tests.timeouts.conftest import action, inventory, listed, raw_timeout, reading, step
from timeouts.inventory import Inventory
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.later.older import not_believing, older_than
from timeouts.planning.roll_back import compute_roll_back
from timeouts.policy.policy import Policy

MADE = {"af-1": "5.0", "crm": "5"}
SHORT = LiteralTimeout(timeout_ms=3_000)


def before() -> Inventory:
    """The org before the run: an Architect flow and an action, both in version 4."""
    steps = reading(step(1, SHORT, "crm", raw_timeout=raw_timeout(SHORT)), step(2, Suggested(), "crm"))
    return inventory([listed()], [steps], [action("crm", 5_000, version=4, name="CRM")])


def test_what_is_shown_in_an_older_version_is_neither_fine_nor_changed_since_but_not_read() -> None:
    plan = compute_plan(before(), Policy.raise_to(10_000, levers=("step", "action")))

    back = compute_roll_back(plan, set(MADE), not_believing(before(), older_than(before(), MADE)))

    assert (back.counts.fine, {line.why for line in back.left_alone}) == (0, {"not_read"})
    assert [(left.why, "version 4 is shown, and the run made 5" in left.reason) for left in back.actions_left] == [
        ("not_read", True)
    ]


def test_a_run_that_met_an_older_version_has_not_seen_everything() -> None:
    seen = not_believing(before(), older_than(before(), MADE))

    assert not seen.is_complete
    assert [problem.reason.partition(":")[0] for problem in seen.coverage.problems] == [
        "version 4.0 is shown, and the run made 5.0"
    ]
    assert "CRM (version 4 is shown, and the run made 5" in seen.gaps[0]


@pytest.mark.parametrize(
    ("made", "older"),
    [
        ({"af-1": "5.0"}, {"af-1"}),
        ({"af-1": "10.0"}, {"af-1"}),
        ({"crm": "5"}, {"crm"}),
        ({"af-1": "4.0", "crm": "4"}, set()),
        ({"af-1": "3.0", "crm": "3"}, set()),
        ({"af-1": "as of May", "af-2": "5.0"}, set()),
        ({}, set()),
    ],
)
def test_only_an_older_version_of_what_is_listed_is_not_believed(made: dict[str, str], older: set[str]) -> None:
    assert set(older_than(before(), made)) == older
    assert (not_believing(before(), older_than(before(), made)) == before()) == (not older)


def test_an_architect_flow_that_is_shown_as_not_published_is_older_than_what_was_published() -> None:
    shown = inventory([listed(published_version=None)])

    assert older_than(shown, MADE)["af-1"] == (
        "version none is shown, and the run made 5.0: the answers lag behind, or somebody unpublished it; run it again"
    )
