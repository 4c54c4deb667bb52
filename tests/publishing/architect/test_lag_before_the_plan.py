"""A roll back right after a raise, and reads of a replica that lags behind so far that they show what was before both.

Just that is what a roll back wants: such a read looks as though it had been done.
"""

import dataclasses
from typing import Any

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.versions import PublishPlan
from tests.publishing.roll_backs import RolledBack, stage_roll_back
from tests.publishing.scenes import FLOW, Stage, configuration, publish_alone

READ = "/api/v2/flows/*"
FIRST_POLL = 3


@pytest.fixture
def raised(stage: Stage) -> RolledBack:
    """An Architect flow that a run of ours has raised a moment ago."""
    return stage_roll_back(stage)


def lag(scene: RolledBack, nth: int = 1, times: int | None = 1, lasts_ms: int | None = None) -> None:
    """Show in the nth read of the Architect flow what it was before the raise."""
    match = Match(method="GET", path=READ, nth=nth, times=times)
    scene.org.add_fault(Fault(kind="stale", match=match, lasts_ms=lasts_ms))


@pytest.mark.parametrize("lasts_ms", [1, 1_000, 20_000])
def test_a_roll_back_whose_first_read_lags_behind_is_done_all_the_same(raised: RolledBack, lasts_ms: int) -> None:
    lag(raised, lasts_ms=lasts_ms)

    outcome = raised.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, outcome.notes) == ("published", "5.0", ())
    assert (raised.live(), raised.flow()["lock"]) == (configuration(), None)


@pytest.mark.parametrize(("ending", "told", "live"), [("success", "published", 3), ("failure", "failed", 10)])
def test_a_poll_that_lags_behind_says_nothing_of_how_a_publish_ends(
    raised: RolledBack, ending: Any, told: str, live: int
) -> None:
    raised.org.plan_publish(PublishPlan(ending=ending))
    lag(raised, FIRST_POLL)

    outcome = raised.publish_and_verify()

    assert (outcome.outcome, outcome.notes, raised.live()) == (told, (), configuration(live))
    assert (raised.flow()["lock"], raised.flow()["saved"]) == (None, None)


def test_an_older_version_that_is_shown_for_longer_than_replicas_lag_is_believed(raised: RolledBack) -> None:
    """Somebody published it again (`publish_of_older = works`)."""
    record = raised.org.records.find(FLOW)
    record.published = record.version("3.0")
    clock = raised.clock()

    outcome = raised.publish_and_verify(clock=clock)

    assert (outcome.outcome, outcome.reason[:26]) == ("unchanged", "live already as version 3.")
    assert 25_000 <= clock.ms <= 60_000


def test_a_run_that_is_asked_to_end_while_a_read_lags_behind_tells_nothing_that_it_has_not_seen(
    raised: RolledBack,
) -> None:
    lag(raised, times=None)

    clock = raised.clock()
    pace = dataclasses.replace(clock.pace(), stopped=lambda: clock.ms > 1_000)
    outcome = publish_alone(raised.client, raised.order(), pace).outcome

    assert outcome.is_cut_short
    assert (raised.live(), raised.requests()) == (configuration(10), [])
