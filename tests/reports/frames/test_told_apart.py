"""Actions of one name are told apart wherever their names stand alone, in every view the same way."""

import pytest

from reports.frames.actions import load_rows, unused_actions
from reports.markdown.approval import record_page
from reports.markdown.summary import markdown_summary
from reports.tables import action_outcomes_table, affected_steps_table
from tests.reports.made import made, printed
from tests.reports.markdown.test_approval_page import RECORD
from tests.timeouts.conftest import action, inventory, listed, reading, step
from tests.timeouts.planning.outcomes import became
from timeouts.effect.changes import touched_actions
from timeouts.model.evidence import ActionEvidence, Evidence
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy

CALLS = tuple(ActionEvidence(action_id=each, calls=10, mean_ms=100, max_ms=200) for each in ("a0", "a1"))
ORG = inventory(
    [listed(f"af-{number}", f"Flow {number}") for number in range(2)],
    [reading(step(1, Suggested(), f"a{each}", action_name="Get customer"), of=f"af-{each}") for each in range(2)],
    [
        action("a0", 5_000, name="Get customer", category="Test CRM", version=1),
        action("a1", 3_000, name="Get customer", category="Live CRM", version=1),
        action("a2", 3_000, name="Get customer", category="Old CRM", version=1),
        action("a3", 3_000, name="Book", category="CRM", version=1),
        action("a4", 3_000, name="Book", category="CRM", version=1),
        action("a5", 3_000, name="Pay", category="CRM", version=1),
    ],
    evidence=Evidence(asked_days=1, covered_days=1, actions=CALLS),
).told_apart()
BOTH = ["Get customer (Live CRM)", "Get customer (Test CRM)"]


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Both levers on both actions that are called."""
    return compute_plan(ORG, Policy.raise_to(10_000, levers=("step", "action")))


def test_of_one_name_the_category_tells_else_the_id_and_of_others_nothing_does() -> None:
    assert [use.name for use in unused_actions(made(ORG))] == [
        "Book (a3)",
        "Book (a4)",
        "Get customer (Old CRM)",
        "Pay",
    ]
    assert "Used by no Architect flow: Book (a3), Book (a4), Get customer (Old CRM), Pay" in printed(made(ORG), 120)
    summary = markdown_summary(made(ORG), {}).replace("\\", "")
    assert "Book (a3) (CRM, limit 3s)" in summary
    assert "Get customer (Old CRM) (limit 3s)" in summary


def test_a_plan_and_its_outcomes_name_them_apart(plan: Plan) -> None:
    outcomes = [became("failed", each.action_id, each.name, "action", reason="400") for each in plan.action_changes]

    assert [change.name for change in plan.action_changes] == BOTH
    assert plan.load is not None
    assert sorted(row.name for row in load_rows(plan.load.actions)) == BOTH
    assert [row[0] for row in affected_steps_table(plan).cells] == BOTH
    assert [row[0] for row in action_outcomes_table(made(ORG, plan, outcomes)).cells] == BOTH
    for name in BOTH:
        assert name in record_page(plan, RECORD, 2, {}).replace("\\", "")


def test_of_steps_that_a_run_published_the_ids_of_their_actions_tell() -> None:
    short = LiteralTimeout(timeout_ms=3_000)
    org = inventory(
        [listed("af-1")],
        [reading(*(step(each, short, f"a{each}", action_name="Get customer") for each in range(2)), of="af-1")],
        [action(f"a{each}", name="Get customer") for each in range(2)],
    )

    found = touched_actions(compute_plan(org, Policy.raise_to(10_000)), {"af-1"})

    assert [each.name for each in found] == ["Get customer (a0)", "Get customer (a1)"]
