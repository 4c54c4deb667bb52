"""A roll back of a limit right after its raise, and replicas that lag so far behind that they show what was before."""

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.switches import Switches
from tests.publishing.actions.draft_scenes import PUBLISH
from tests.publishing.actions.roll_backs import ActionRolledBack, stage_action_roll_back
from tests.publishing.actions.scenes import BEFORE, Kind
from tests.publishing.clocks import FakeClock
from tests.publishing.scenes import Stage

READ = "/api/v2/integrations/actions/*"
READS_OF_A_LOOK = 2
WRITES: dict[Kind, Match] = {"custom": Match(method="PATCH", path=READ), "function": PUBLISH}


@pytest.fixture(params=["custom", "function"])
def raised(stage: Stage, request: pytest.FixtureRequest) -> ActionRolledBack:
    """An action whose limit a run of ours has raised a moment ago."""
    return stage_action_roll_back(stage, Switches(), kind=request.param, may_delete=True)


def lag(scene: ActionRolledBack, nth: int = 1, lasts_ms: int = 20_000) -> None:
    """Show for so long, from the nth read on, what was live before the raise."""
    scene.org.add_fault(Fault(kind="stale", match=Match(method="GET", path=READ, nth=nth), lasts_ms=lasts_ms))


def limit_of(scene: ActionRolledBack) -> int:
    state = scene.action()
    return int((state["function"] or state["config"])["timeoutSeconds"])


def test_a_look_that_lags_behind_is_not_taken_for_a_limit_that_is_there_already(raised: ActionRolledBack) -> None:
    lag(raised)

    outcome = raised.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, limit_of(raised)) == ("published", "6", BEFORE[raised.kind])


def test_what_came_of_a_lost_write_is_not_told_by_reads_from_before_the_raise(raised: ActionRolledBack) -> None:
    raised.org.add_fault(Fault(kind="status", status=504, takes_effect=True, match=WRITES[raised.kind]))
    reads = READS_OF_A_LOOK + (raised.kind == "function")  # the last look before the publish
    lag(raised, nth=reads + 1)

    outcome = raised.publish_and_verify()

    assert (outcome.outcome, outcome.version_after, limit_of(raised)) == ("published", "6", BEFORE[raised.kind])


def test_what_lags_behind_for_longer_than_replicas_do_is_never_told_as_live(raised: ActionRolledBack) -> None:
    lag(raised, lasts_ms=10**9)
    clock = FakeClock(passes=raised.org.advance_ms)

    outcome = raised.publish_and_verify(pace=clock.pace())

    told = "stale: version 4 is shown, and the plan knows 5: plan anew"
    assert (outcome.outcome, outcome.reason, raised.writes()) == ("skipped", told, [])
    assert 25_000 <= clock.ms <= 40_000


def test_a_lost_write_after_which_only_the_time_before_the_raise_is_shown_is_unknown(raised: ActionRolledBack) -> None:
    raised.org.add_fault(Fault(kind="status", status=504, takes_effect=True, match=WRITES[raised.kind]))
    reads = READS_OF_A_LOOK + (raised.kind == "function")
    lag(raised, nth=reads + 1, lasts_ms=10**9)

    assert raised.publish_and_verify().outcome == "unknown"
