"""What a raise of an action's limit does to its calls: it helps, it does nothing, or it hurts."""

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from simulator.org.actions.people import DataActionEdit
from simulator.org.clock import Clock
from simulator.org.org import Org
from simulator.org.persistence import Store
from simulator.org.seeds import OrgSeed
from simulator.server import Running, running
from simulator.traffic.reactions import OVERLOADED, under_limit
from simulator.traffic.recorded_calls import RecordedCalls, recorded_calls
from simulator.traffic.traffic import (
    ANSWERED,
    HOUR_MS,
    TIMED_OUT,
    ActionTraffic,
    Failure,
    Reaction,
    mean_ms,
    share_at_least,
)
from tests.simulator.conftest import Client

CRM = "custom_-_crm"
PATH = "/api/v2/analytics/actions/aggregates/query"
WEEK_MS = 7 * 24 * HOUR_MS
BROKEN = Failure("SERVER_ERROR", "500", 0.01)
SLOW = ActionTraffic(calls_a_day=5_000, median_ms=1_500, sigma=0.8, limit_ms=5_000, failures=(BROKEN,))
LOADED = {reaction: dataclasses.replace(SLOW, reaction=reaction) for reaction in ("helps", "hangs", "overloads")}
MONDAY_MS = int(datetime(2026, 2, 16, tzinfo=UTC).timestamp() * 1000)
SOME_WEEK = (MONDAY_MS, MONDAY_MS + WEEK_MS)


def calls(traffic: ActionTraffic, *ending: Any) -> RecordedCalls:
    return recorded_calls(traffic, *SOME_WEEK, *ending)


def test_where_it_helps_calls_end_within_the_new_limit() -> None:
    raised = under_limit(LOADED["helps"], 10_000)

    assert calls(raised, TIMED_OUT).count < calls(SLOW, TIMED_OUT).count / 4
    assert calls(raised, ANSWERED).longest_ms > 5_000


def test_where_the_backend_hangs_the_same_calls_are_lost_only_later() -> None:
    raised = under_limit(LOADED["hangs"], 10_000)

    assert calls(raised, TIMED_OUT).count == calls(SLOW, TIMED_OUT).count
    assert calls(raised, TIMED_OUT).shortest_ms == 10_000
    assert calls(raised, ANSWERED).longest_ms <= 5_000


def test_where_it_overloads_more_calls_fail_than_are_saved() -> None:
    raised = under_limit(LOADED["overloads"], 10_000)

    assert calls(raised, OVERLOADED.ending).count > calls(SLOW, TIMED_OUT).count
    assert calls(raised, ANSWERED).count < calls(SLOW, ANSWERED).count


@pytest.mark.parametrize("reaction", LOADED)
def test_a_lower_limit_ends_more_calls_of_every_kind(reaction: Reaction) -> None:
    lowered = under_limit(LOADED[reaction], 3_000)

    assert calls(lowered, TIMED_OUT).count > calls(SLOW, TIMED_OUT).count
    assert calls(lowered).longest_ms == 3_000


@pytest.mark.parametrize("reaction", LOADED)
def test_shares_and_means_are_still_those_of_the_calls(reaction: Reaction) -> None:
    raised = under_limit(LOADED[reaction], 10_000)
    found = calls(raised)

    assert found.total_ms / found.count == pytest.approx(mean_ms(raised), rel=0.01)
    for bound_ms in (500, 5_000, 7_000, 10_000):
        assert found.between(bound_ms) / found.count == pytest.approx(share_at_least(raised, bound_ms), abs=0.002)


@pytest.fixture
def busy(tiny: OrgSeed) -> Iterator[Running]:
    with running(loaded(tiny)) as one:
        yield one


def loaded(tiny: OrgSeed) -> OrgSeed:
    actions = [
        dataclasses.replace(one, traffic=LOADED["helps"] if one.id == CRM else None, config={"timeoutSeconds": 5})
        for one in tiny.actions
    ]
    return dataclasses.replace(tiny, actions=actions)


def raise_limit(org: Org, seconds: int) -> int:
    """A colleague sets the limit; returns when that was, on the machine's clock."""
    edit = DataActionEdit(kind="limit_action", action_id=CRM, person=org.person("Ada"), timeout_seconds=seconds)
    assert org.play(edit).refused == ""
    return org.world.clock.outside_ms()


def lost(busy: Running, from_ms: int, until_ms: int) -> int:
    interval = "/".join(datetime.fromtimestamp(at_ms / 1000, UTC).isoformat() for at_ms in (from_ms, until_ms))
    answer = Client(busy.url)("POST", PATH, {"interval": interval, "groupBy": ["errorType"]})
    counts = {
        one["group"]["errorType"]: one["data"][0]["metrics"][0]["stats"]["count"] for one in answer.json()["results"]
    }
    return int(counts.get("TIMEOUT", 0))


def test_calls_before_a_change_stay_as_they_were_and_later_ones_follow_it(busy: Running) -> None:
    whole = lost(busy, MONDAY_MS, MONDAY_MS + WEEK_MS)
    at_ms = raise_limit(busy.org, 10)

    assert lost(busy, at_ms - WEEK_MS, at_ms - 1_000) == pytest.approx(whole, rel=0.01)
    assert lost(busy, at_ms, at_ms + WEEK_MS) < whole / 4


def test_an_interval_across_a_change_has_the_calls_of_both_sides(busy: Running) -> None:
    at_ms = raise_limit(busy.org, 10)

    both = lost(busy, at_ms - WEEK_MS, at_ms + WEEK_MS)
    assert both == lost(busy, at_ms - WEEK_MS, at_ms) + lost(busy, at_ms, at_ms + WEEK_MS)


def test_a_limit_that_is_put_back_brings_the_old_calls_back(busy: Running) -> None:
    raise_limit(busy.org, 10)
    busy.org.advance_ms(WEEK_MS)
    back_ms = raise_limit(busy.org, 5)

    assert lost(busy, back_ms - WEEK_MS, back_ms - 60_000) < lost(busy, back_ms, back_ms + WEEK_MS) / 4


def test_time_that_was_let_pass_moves_later_changes_on(busy: Running) -> None:
    first_ms = raise_limit(busy.org, 6)
    busy.org.advance_ms(WEEK_MS)

    assert raise_limit(busy.org, 7) - first_ms == pytest.approx(WEEK_MS, abs=60_000)


def test_a_reset_forgets_the_changes(busy: Running) -> None:
    at_ms = raise_limit(busy.org, 10)
    busy.org.reset()

    assert lost(busy, at_ms, at_ms + WEEK_MS) == pytest.approx(lost(busy, MONDAY_MS, MONDAY_MS + WEEK_MS), rel=0.01)


def test_a_state_directory_keeps_when_limits_changed(tiny: OrgSeed, tmp_path: Path) -> None:
    def limits(seconds: int | None = None) -> Any:
        store = Store(tmp_path, "tiny")
        org = Org(loaded(tiny), store=store)
        if seconds is not None:
            raise_limit(org, seconds)
        store.close()
        return org.actions.find(CRM).limits

    changed = limits(10)

    assert [limit_ms for _, limit_ms in changed] == [10_000]
    assert limits() == changed


def test_a_clock_that_nobody_moved_shows_the_machines_time_outside() -> None:
    clock = Clock()
    before_ms = clock.outside_ms()
    clock.advance_ms(1_000)

    assert clock.outside_ms() - before_ms == pytest.approx(1_000, abs=500)
