"""The calls of an action: worked out, never drawn, and the same in whatever interval they are asked for."""

import dataclasses
import itertools
import math
from datetime import UTC, datetime
from statistics import NormalDist

import pytest

from simulator.demo_org import build_demo_org
from simulator.recorded_calls import CYCLE, RecordedCalls, recorded_calls
from simulator.traffic import (
    ANSWERED,
    HOUR_MS,
    TIMED_OUT,
    ActionTraffic,
    Failure,
    calls_until,
    mean_ms,
    quantile_ms,
    share_at_least,
)

DAY_MS = 24 * HOUR_MS
MONDAY_MS = int(datetime(2026, 2, 16, tzinfo=UTC).timestamp() * 1000)
FORTNIGHT = (MONDAY_MS, MONDAY_MS + 14 * DAY_MS)

REFUSED = Failure("CLIENT_ERROR", "404", 0.02)
BROKEN = Failure("SERVER_ERROR", "500", 0.01)
SLOW = ActionTraffic(calls_a_day=5_000, median_ms=1_500, sigma=0.8, limit_ms=5_000, failures=(REFUSED, BROKEN))
RARE = ActionTraffic(calls_a_day=6 / 7, median_ms=400, sigma=0.5)


def hours(traffic: ActionTraffic, first_ms: int, count: int) -> list[RecordedCalls]:
    starts = range(first_ms, first_ms + count * HOUR_MS, HOUR_MS)
    return [recorded_calls(traffic, start, start + HOUR_MS) for start in starts]


def latent_share(traffic: ActionTraffic, bound_ms: int) -> float:
    """The share of the system's own durations above a bound, straight from the normal distribution."""
    return 1 - NormalDist(math.log(traffic.median_ms), traffic.sigma).cdf(math.log(bound_ms))


@pytest.mark.parametrize("traffic", [SLOW, RARE])
@pytest.mark.parametrize("shift_ms", [0, 1, 17 * HOUR_MS + 123_456, -2_000 * DAY_MS])
def test_any_seven_days_have_the_same_whole_number_of_calls(traffic: ActionTraffic, shift_ms: int) -> None:
    start = MONDAY_MS + shift_ms

    assert calls_until(traffic, start + 7 * DAY_MS) - calls_until(traffic, start) == round(traffic.calls_a_day * 7)


@pytest.mark.parametrize("step_ms", [HOUR_MS, HOUR_MS // 4, 7 * HOUR_MS + 1])
def test_the_figures_of_parts_add_up_to_those_of_the_whole(step_ms: int) -> None:
    edges = [*range(*FORTNIGHT, step_ms), FORTNIGHT[1]]
    parts = [recorded_calls(SLOW, *pair) for pair in itertools.pairwise(edges)]
    whole = recorded_calls(SLOW, *FORTNIGHT)

    assert sum(part.count for part in parts) == whole.count == 70_000
    assert sum(part.total_ms for part in parts) == whole.total_ms
    assert sum(part.between(2_000, 4_000) for part in parts) == whole.between(2_000, 4_000)
    assert max(part.longest_ms for part in parts if part.count) == whole.longest_ms
    assert min(part.shortest_ms for part in parts if part.count) == whole.shortest_ms


def test_the_calls_of_all_endings_are_all_calls() -> None:
    endings = [recorded_calls(SLOW, *FORTNIGHT, one) for one in (ANSWERED, TIMED_OUT, REFUSED.ending, BROKEN.ending)]

    assert sum(calls.count for calls in endings) == recorded_calls(SLOW, *FORTNIGHT).count


@pytest.mark.parametrize("weeks", [-1_500, 0, 700])
def test_an_hour_of_the_week_is_as_busy_in_every_year(weeks: int) -> None:
    now, then = hours(SLOW, MONDAY_MS, 168), hours(SLOW, MONDAY_MS + weeks * 7 * DAY_MS, 168)

    assert [one.count for one in now] == [one.count for one in then]


def test_nights_are_quiet_and_there_are_two_peaks_on_a_workday() -> None:
    tuesday = [calls.count for calls in hours(SLOW, MONDAY_MS + DAY_MS, 24)]

    assert set(sorted(range(24), key=tuesday.__getitem__)[-4:]) == {10, 11, 14, 15}
    assert 20 * max(tuesday[:5]) < min(tuesday[9:17])


def test_weekends_are_quieter_than_workdays() -> None:
    until = [calls_until(SLOW, MONDAY_MS + day * DAY_MS) for day in range(8)]
    days = [after - before for before, after in itertools.pairwise(until)]

    assert max(days[5:]) < min(days[:5]) / 2


def test_no_duration_above_the_limit_was_ever_recorded() -> None:
    calls = recorded_calls(SLOW, *FORTNIGHT)

    assert calls.longest_ms == SLOW.limit_ms
    assert calls.between(SLOW.limit_ms + 1) == 0
    assert share_at_least(SLOW, SLOW.limit_ms + 1) == 0


def test_every_call_that_would_have_taken_longer_ended_at_the_limit() -> None:
    timed_out = recorded_calls(SLOW, *FORTNIGHT, TIMED_OUT)

    assert (timed_out.shortest_ms, timed_out.longest_ms) == (SLOW.limit_ms, SLOW.limit_ms)
    assert timed_out.count / 70_000 == pytest.approx(0.97 * latent_share(SLOW, SLOW.limit_ms), abs=1 / CYCLE)


def test_a_longer_limit_would_have_let_calls_succeed() -> None:
    patient = dataclasses.replace(SLOW, limit_ms=10_000)

    assert share_at_least(patient, 10_000) == pytest.approx(0.97 * latent_share(SLOW, 10_000))
    assert recorded_calls(patient, *FORTNIGHT, ANSWERED).count > recorded_calls(SLOW, *FORTNIGHT, ANSWERED).count


def test_failures_are_fast_and_as_frequent_as_was_said() -> None:
    refused = recorded_calls(SLOW, *FORTNIGHT, REFUSED.ending)

    assert refused.count / 70_000 == pytest.approx(REFUSED.share, abs=1 / CYCLE)
    assert refused.quantile_ms(0.5) == pytest.approx(REFUSED.median_ms, rel=0.05)
    assert refused.longest_ms < 1_000


@pytest.mark.parametrize("bound_ms", [0, 1, 100, 1_500, 3_000, 4_999, 5_000])
def test_the_recorded_shares_are_those_of_the_distribution(bound_ms: int) -> None:
    calls = recorded_calls(SLOW, *FORTNIGHT)

    assert calls.between(bound_ms) / calls.count == pytest.approx(share_at_least(SLOW, bound_ms), abs=2 / CYCLE)


def test_the_share_of_a_distribution_without_failures_can_be_worked_out_by_hand() -> None:
    assert share_at_least(RARE, 400) == pytest.approx(0.5)
    assert share_at_least(RARE, 1_000) == pytest.approx(latent_share(RARE, 1_000))


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.95, 0.99])
def test_the_recorded_quantiles_are_those_of_the_distribution(share: float) -> None:
    calls = recorded_calls(SLOW, *FORTNIGHT)

    assert calls.quantile_ms(share) == pytest.approx(quantile_ms(SLOW, share), rel=0.02)
    assert calls.between(bound_ms=calls.quantile_ms(share) + 1) >= share * calls.count
    assert calls.between(bound_ms=calls.quantile_ms(share)) < share * calls.count


def test_the_recorded_mean_is_that_of_the_censored_distribution() -> None:
    calls = recorded_calls(SLOW, *FORTNIGHT)

    assert calls.total_ms / calls.count == pytest.approx(mean_ms(SLOW), rel=0.002)


def test_a_single_call_is_its_own_sum_minimum_and_maximum() -> None:
    single = next(calls for calls in hours(RARE, MONDAY_MS, 168) if calls.count)

    assert (single.count, single.shortest_ms, single.longest_ms) == (1, single.total_ms, single.total_ms)


def test_actions_of_the_same_kind_differ_by_their_offset() -> None:
    shifted = dataclasses.replace(SLOW, offset=300)
    hour = (MONDAY_MS + 9 * HOUR_MS, MONDAY_MS + 10 * HOUR_MS)

    assert recorded_calls(shifted, *hour).count == recorded_calls(SLOW, *hour).count
    assert recorded_calls(shifted, *hour).total_ms != recorded_calls(SLOW, *hour).total_ms


SHORT = {
    "CRM open cases": 5,
    "CRM customer value": 3,
    "Payment account balance": 8,
    "Booking next appointment": 4,
    "Order track parcel": 6,
    "Address check": 8,
    "Language detection": 5,
}


@pytest.fixture(scope="module", params=[1, 2, 7])
def demo(request: pytest.FixtureRequest) -> dict[str, ActionTraffic | None]:
    return {action.name: action.traffic for action in build_demo_org(request.param, 1).actions}


@pytest.mark.parametrize("name", SHORT)
def test_a_demo_action_with_a_short_limit_times_out_in_several_percent_of_its_calls(
    demo: dict[str, ActionTraffic | None], name: str
) -> None:
    traffic = demo[name]
    assert traffic is not None
    timed_out = recorded_calls(traffic, *FORTNIGHT, TIMED_OUT).count

    assert traffic.limit_ms == SHORT[name] * 1_000
    assert 0.025 < timed_out / recorded_calls(traffic, *FORTNIGHT).count < 0.1


def test_all_other_demo_actions_are_fast_and_never_time_out(demo: dict[str, ActionTraffic | None]) -> None:
    others = [traffic for name, traffic in demo.items() if traffic is not None and name not in SHORT]

    assert len(others) > 20
    assert all(recorded_calls(traffic, *FORTNIGHT, TIMED_OUT).count == 0 for traffic in others)
    assert all(quantile_ms(traffic, 0.95) < 2_500 for traffic in others)


def test_popular_demo_actions_have_thousands_of_calls_a_day_and_unused_ones_few_or_none(
    demo: dict[str, ActionTraffic | None],
) -> None:
    popular = demo["CRM lookup by phone"]

    assert popular is not None
    assert popular.calls_a_day > 5_000
    assert demo["CRM merge contacts (do not use)"] is None
    assert sum(traffic is not None and traffic.calls_a_day < 5 for traffic in demo.values()) >= 3


def test_one_demo_action_that_steps_call_has_a_dozen_calls_in_two_weeks(
    demo: dict[str, ActionTraffic | None],
) -> None:
    moved = demo["Booking move appointment"]

    assert moved is not None
    assert calls_until(moved, FORTNIGHT[1]) - calls_until(moved, FORTNIGHT[0]) == 12


def test_demo_actions_that_authenticate_are_never_called(demo: dict[str, ActionTraffic | None]) -> None:
    assert demo["CRM token"] is None


def test_another_seed_gives_other_traffic() -> None:
    mine, other = ([action.traffic for action in build_demo_org(seed, 1).actions] for seed in (1, 2))

    assert mine != other
    assert mine == [action.traffic for action in build_demo_org(1, 1).actions]
