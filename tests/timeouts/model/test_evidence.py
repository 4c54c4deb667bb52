"""What the org's own figures say: percentiles by value or by bounds, and the timeout that a rule makes of them."""

from typing import Any

import pytest

from tests.timeouts.conftest import action, inventory, listed, reading, step
from timeouts.model.evidence import (
    ActionEvidence,
    Evidence,
    Percentile,
    Slower,
    ended_at,
    percentile_in_words,
    percentile_of,
    usual_bounds,
)
from timeouts.model.settings import Suggested
from timeouts.planning.computing import compute_plan
from timeouts.planning.plan import Plan
from timeouts.policy.policy import Policy
from timeouts.policy.recommendation import NotEnough, Recommended, recommend
from timeouts.policy.rules import FromEvidence

ACTION = "custom_-_crm"


def figures(calls: int = 1_000, **changed: Any) -> ActionEvidence:
    given = {"action_id": ACTION, "calls": calls, "mean_ms": 900, "max_ms": 9_400} | changed
    return ActionEvidence(**given)


def slower(**calls_from: int) -> tuple[Slower, ...]:
    """`slower(s4=60)`: 60 calls took four seconds or longer."""
    return tuple(Slower(from_ms=int(name[1:]) * 1_000, calls=calls) for name, calls in calls_from.items())


def evidence(*found: ActionEvidence, **changed: Any) -> Evidence:
    return Evidence(**{"asked_days": 14, "covered_days": 14, "actions": found} | changed)


def recommended(found: ActionEvidence, limit_ms: int | None = None, **asked: Any) -> Recommended:
    made = recommend(evidence(found), ACTION, FromEvidence.model_validate(asked), ceiling_ms=30_000, limit_ms=limit_ms)
    assert isinstance(made, Recommended)
    return made


def test_a_percentile_is_the_platforms_where_it_gives_one() -> None:
    found = figures(p95_ms=4_200, p99_ms=7_900)

    assert (percentile_of(found, 95), percentile_of(found, 99)) == (Percentile(4_200, 4_200), Percentile(7_900, 7_900))


@pytest.mark.parametrize(
    ("percent", "bounds"),
    [(90, (2_000, 4_000)), (95, (4_000, 6_000)), (99, (6_000, 8_000)), (99.9, (8_000, 9_400)), (50, (0, 2_000))],
)
def test_without_one_it_lies_between_the_bounds_that_were_asked_for(percent: float, bounds: tuple[int, int]) -> None:
    found = figures(slower=slower(s2=300, s4=60, s6=12, s8=2))

    assert percentile_of(found, percent) == bounds


def test_a_bound_that_exactly_as_many_calls_reach_as_may_is_enough() -> None:
    assert percentile_of(figures(slower=slower(s4=50)), 95).upto_ms == 4_000


@pytest.mark.parametrize("percent", [99.9, 99.7, 98.6, 97.5])
def test_a_bound_that_as_many_calls_reach_as_may_is_enough_for_every_percentile(percent: float) -> None:
    late = {99.9: 1, 99.7: 3, 98.6: 14, 97.5: 25}[percent]
    found = figures(slower=slower(s4=late))

    assert percentile_of(found, percent).upto_ms == 4_000
    assert percentile_in_words(found, percent, 4_000) == "0s to 4s"


def test_a_factor_counts_as_it_is_written() -> None:
    assert recommended(figures(max_ms=12_500, p95_ms=12_500), factor=1.12).timeout_ms == 14_000
    assert recommended(figures(max_ms=12_501, p95_ms=12_501), factor=1.12).timeout_ms == 15_000


def test_without_bounds_only_the_longest_call_is_known() -> None:
    assert percentile_of(figures(), 95) == (0, 9_400)


def test_the_bounds_that_are_asked_for_grow_and_hold_every_limit() -> None:
    bounds = usual_bounds([7_000, 13_000, 13_000])

    assert list(bounds) == sorted(set(bounds))
    assert {7_000, 13_000, 60_000} <= set(bounds)


def test_calls_that_ended_at_a_limit_are_known_only_where_its_bound_was_asked_for() -> None:
    found = figures(slower=slower(s5=40))

    assert (ended_at(found, 5_000), ended_at(found, 6_000), ended_at(found, None)) == (40, 0, 0)


def test_a_recommendation_is_percentile_times_factor_in_whole_seconds() -> None:
    made = recommended(figures(p95_ms=4_200))

    assert made.timeout_ms == 7_000
    assert made.figures == "of 1,000 calls in 14 days, the p95 is 4.2s; times 1.5 is 6.3s, rounded up 7s"


def test_of_two_bounds_the_longer_one_counts() -> None:
    made = recommended(figures(slower=slower(s2=300, s4=60, s6=12)))

    assert (made.timeout_ms, "the p95 lies in 4s to 6s" in made.figures) == (9_000, True)


@pytest.mark.parametrize(
    ("asked", "timeout_ms", "said"),
    [
        ({"floor": "10s"}, 10_000, "the floor is 10s"),
        ({"ceiling": "5s"}, 5_000, "the ceiling is 5s"),
        ({"factor": 1}, 5_000, "times 1 is 4.2s"),
        ({"factor": 10}, 30_000, "the ceiling is 30s"),
        ({"ceiling": "6500ms"}, 6_500, "times 1.5 is 6.3s"),
    ],
)
def test_a_recommendation_keeps_to_floor_and_ceiling(asked: dict[str, Any], timeout_ms: int, said: str) -> None:
    made = recommended(figures(p95_ms=4_200), **asked)

    assert (made.timeout_ms, said in made.figures) == (timeout_ms, True)


def test_where_too_many_calls_ended_at_the_limit_nobody_knows_what_they_need() -> None:
    made = recommended(figures(p95_ms=5_000, slower=slower(s5=80)), limit_ms=5_000)

    assert made.timeout_ms == 8_000
    assert "80 (8.0%) ended at the limit of 5s, so that what 95% of them need is longer" in made.figures


@pytest.mark.parametrize("p95_ms", [None, 10_012])
def test_a_limit_that_cuts_calls_off_is_raised_where_they_are_measured_a_little_longer_than_it(
    p95_ms: int | None,
) -> None:
    """Once it is raised the same figures have to ask for the same, or two looks at them would disagree."""
    found = figures(max_ms=10_012, p95_ms=p95_ms, slower=slower(s10=80))

    (change,) = planned(evidence(found), limit_ms=10_000).action_changes
    then = recommended(found, limit_ms=change.after_ms)

    assert (change.after_ms, then.timeout_ms) == (16_000, 16_000)
    assert "80 (8.0%) ended at the limit of 10s, so that what 95% of them need is longer: 10.012s" in change.reason


def test_a_percentile_that_the_limit_cut_off_is_told_as_more() -> None:
    found = figures(p95_ms=5_000, p99_ms=5_000, slower=slower(s5=80))

    assert percentile_in_words(found, 95, 5_000) == "over 5s"
    assert percentile_in_words(found, 90, 5_000) == "0s to 5s"


def test_few_calls_at_the_limit_change_nothing() -> None:
    assert recommended(figures(p95_ms=2_000, slower=slower(s5=50)), limit_ms=5_000).timeout_ms == 3_000


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (None, "no figures: none were asked for"),
        (evidence(problem="403: no"), "no figures: 403: no"),
        (evidence(), "not enough calls: 0 in 14 days, 100 are needed"),
        (evidence(figures(99)), "not enough calls: 99 in 14 days, 100 are needed"),
        (evidence(figures(99), covered_days=9), "not enough calls: 99 in 9 of 14 days, 100 are needed"),
    ],
)
def test_too_few_figures_recommend_nothing_and_say_why(given: Evidence | None, reason: str) -> None:
    assert recommend(given, ACTION, FromEvidence(), ceiling_ms=30_000, limit_ms=None) == NotEnough(reason)


def planned(found: Evidence | None, limit_ms: int = 5_000, **asked: Any) -> Plan:
    rules = [{"name": "by figures", "at_least": "evidence"}]
    policy = Policy.model_validate({"rules": rules, "levers": ["step", "action"]} | asked)
    steps, called = reading(step(1, Suggested())), action(limit_ms=limit_ms, version=1)
    return compute_plan(inventory([listed()], [steps], [called], evidence=found), policy)


def test_a_rule_that_goes_by_evidence_raises_to_what_the_figures_ask_for() -> None:
    (change,) = planned(evidence(figures(p95_ms=4_200))).action_changes

    assert change.after_ms == 7_000
    assert change.reason == (
        "the action waits 5s, 7s is wanted"
        " (of 1,000 calls in 14 days, the p95 is 4.2s; times 1.5 is 6.3s, rounded up 7s)"
    )


@pytest.mark.parametrize("found", [None, evidence(problem="403"), evidence(figures(3))])
def test_without_enough_figures_the_step_is_left_alone_with_the_reason(found: Evidence | None) -> None:
    plan = planned(found)

    assert plan.changes_nothing
    assert [(line.why, line.reason.partition(":")[0]) for line in plan.left_alone] == [
        ("no_evidence", "not enough calls" if found and not found.problem else "no figures")
    ]


def test_figures_never_ask_for_more_than_the_policys_ceiling() -> None:
    (change,) = planned(evidence(figures(p95_ms=9_000)), ceiling="12s").action_changes

    assert change.after_ms == 12_000


def test_a_step_that_waits_as_long_as_the_figures_ask_for_is_fine() -> None:
    assert planned(evidence(figures(p95_ms=2_000))).counts.fine == 1
