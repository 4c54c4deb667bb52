"""What waiting costs, by Little's law on the busiest hour, next to the limits and who says them."""

from typing import Any

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.evidence import ActionEvidence, Evidence
from timeouts.model.org_limits import OrgLimits
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


def load(*found: ActionEvidence, limits: OrgLimits | None = None, busiest_hour_calls: int = 0, **asked: Any) -> Load:
    policy = Policy.model_validate({"rules": [{"name": "r", "at_least": "10s"}], "levers": ["step", "action"]} | asked)
    steps = reading(step(1, Suggested(), "crm"), step(2, LiteralTimeout(timeout_ms=3_000), "fn"))
    evidence = Evidence(asked_days=14, covered_days=14, actions=found, busiest_hour_calls=busiest_hour_calls)
    plan = compute_plan(
        inventory([listed()], [steps], [CRM, SCORE], evidence=evidence, limits=limits or OrgLimits()), policy
    )
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
            warning="in the worst case 30 data actions run at once (13 now), 100% of the policy's 30; warned above 80%",
        ),
    )
    assert len(found.warnings) == 1


def test_functions_count_with_all_and_once_more_where_there_is_a_limit_for_them() -> None:
    capacity = {"concurrent": 100, "function_concurrent": 25}
    found = load(figures("crm", 7_200, 1_500), figures("fn", 3_600, 500), capacity=capacity)

    assert [(total.of, total.worst_after, total.limit) for total in found.totals] == [
        ("data actions", 30, 100),
        ("function data actions", 10, 25),
    ]
    assert found.warnings == ()


def test_where_neither_the_policy_nor_the_org_says_a_limit_the_documented_one_counts() -> None:
    found = load(figures("crm", 18_000, 1_500), busiest_hour_calls=60)

    assert [(total.limit, total.source) for total in found.totals] == [(50, "documented")]
    assert found.volume is not None
    assert (found.volume.limit, found.volume.source) == (2_500, "documented")
    assert found.warnings[0].endswith("100% of the documented 50; warned above 80%")


OWN = OrgLimits(concurrent=40, function_concurrent=12, a_minute=900)


def test_the_orgs_own_limits_count_where_the_policy_says_nothing() -> None:
    found = load(figures("crm", 3_600, 1_500), limits=OWN, busiest_hour_calls=60)

    assert [(total.of, total.limit, total.source) for total in found.totals] == [
        ("data actions", 40, "org"),
        ("function data actions", 12, "org"),
    ]
    assert found.volume is not None
    assert (found.volume.limit, found.volume.source) == (900, "org")


def test_what_the_policy_says_counts_before_the_orgs_own_limits() -> None:
    capacity = {"concurrent": 100, "function_concurrent": 25, "a_minute": 5_000}
    found = load(figures("crm", 3_600, 1_500), limits=OWN, busiest_hour_calls=60, capacity=capacity)

    assert [(total.limit, total.source) for total in found.totals] == [(100, "policy"), (25, "policy")]
    assert found.volume is not None
    assert (found.volume.limit, found.volume.source) == (5_000, "policy")


def test_why_the_orgs_own_limits_are_not_known_is_kept() -> None:
    found = load(figures("crm", 3_600, 1_500), limits=OrgLimits(problem="404: no such namespace"))

    assert (found.problem, found.totals[0].source) == ("404: no such namespace", "documented")


def test_the_volume_of_the_busiest_hour_is_warned_of_above_a_share_of_the_limit() -> None:
    found = load(figures("crm", 3_600, 100), busiest_hour_calls=45_000, limits=OrgLimits(a_minute=900))

    assert found.volume is not None
    assert found.volume.a_minute == 750
    (warning,) = found.warnings
    assert warning.startswith("in the busiest hour 750 data actions begin in a minute on average, 83% of the org's 900")
    assert warning.endswith(", and more in single minutes; warned above 80%")


def test_without_a_busiest_hour_nothing_is_said_of_the_volume() -> None:
    assert load(figures("crm", 3_600, 1_500)).volume is None


def test_an_action_that_is_gone_costs_nothing() -> None:
    assert load(figures("deleted", 7_200, 1_500)).actions == ()


def test_without_figures_there_is_no_cost_to_print() -> None:
    policy = Policy.raise_to(10_000)

    assert compute_plan(inventory(), policy).load is None
    assert compute_plan(inventory(evidence=Evidence(asked_days=1, problem="403")), policy).load is None
