"""What waiting costs, by Little's law on the busiest hour, next to the org's limits."""

from typing import Any

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.evidence import ActionEvidence, Evidence
from timeouts.model.settings import LiteralTimeout, Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.concurrency import Load, Total
from timeouts.policy.policy import Policy

CRM = action("crm", 5_000, version=1, name="CRM")
SCORE = action("fn", kind="function", function_ms=8_000, version=1, name="Score")


def figures(action_id: str, an_hour: int, mean_ms: int) -> ActionEvidence:
    return ActionEvidence(
        action_id=action_id, calls=an_hour * 10, mean_ms=mean_ms, max_ms=5_000, busiest_hour_calls=an_hour
    )


def load(*found: ActionEvidence, **asked: Any) -> Load:
    policy = Policy.model_validate({"rules": [{"name": "r", "at_least": "10s"}], "levers": ["step", "action"]} | asked)
    steps = reading(step(1, Suggested(), "crm"), step(2, LiteralTimeout(timeout_ms=3_000), "fn"))
    evidence = Evidence(asked_days=14, covered_days=14, actions=found)
    plan = compute_plan(inventory([listed()], [steps], [CRM, SCORE], evidence=evidence), policy)
    assert plan.load is not None
    return plan.load


def test_as_many_run_at_once_as_begin_in_a_second_times_how_long_they_last() -> None:
    (crm,) = load(figures("crm", 7_200, 1_500)).actions

    assert (crm.now, crm.worst_now, crm.worst_after) == (3, 10, 20)


def test_the_worst_case_of_an_action_is_the_longest_wait_of_its_steps() -> None:
    (score,) = load(figures("fn", 3_600, 500)).actions

    assert (score.worst_now, score.worst_after) == (3, 10)


def test_the_totals_stand_next_to_the_orgs_limits_and_warn_above_a_share() -> None:
    found = load(figures("crm", 7_200, 1_500), figures("fn", 3_600, 500), capacity={"concurrent": 30})

    assert found.totals == (
        Total(
            of="data actions",
            now=3.5,
            worst_now=13,
            worst_after=30,
            limit=30,
            warning="in the worst case 30 data actions run at once (13 now), 100% of the org's 30; warned above 80%",
        ),
    )
    assert len(found.warnings) == 1


def test_functions_count_apart_where_the_org_has_a_limit_for_them() -> None:
    capacity = {"concurrent": 100, "function_concurrent": 25}
    found = load(figures("crm", 7_200, 1_500), figures("fn", 3_600, 500), capacity=capacity)

    assert [(total.of, total.worst_after, total.limit) for total in found.totals] == [
        ("data actions", 20, 100),
        ("function data actions", 10, 25),
    ]
    assert found.warnings == ()


def test_an_action_that_is_gone_costs_nothing() -> None:
    assert load(figures("deleted", 7_200, 1_500)).actions == ()


def test_without_figures_there_is_no_cost_to_print() -> None:
    policy = Policy.raise_to(10_000)

    assert compute_plan(inventory(), policy).load is None
    assert compute_plan(inventory(evidence=Evidence(asked_days=1, problem="403")), policy).load is None
