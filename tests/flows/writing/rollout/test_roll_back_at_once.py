"""A roll back right after its raise, and a listing of a replica that lags behind: it shows the org before the raise."""

import dataclasses
import threading

import pytest

from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from flows.run.pace import pace_until
from publishing.order import Timing
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.server import Running
from tests.flows.conftest import plan_of, run_id_of
from tests.publishing.scenes import FLOW, configuration
from timeouts.policy.policy import Policy

TEN_SECONDS = Policy.raise_to(10_000)
LISTING = "/api/v2/flows"


@pytest.fixture
def raised(small_org: Running) -> str:
    """The run that has raised the org, whose replicas remember how it was listed before."""
    small_org.org.add_fault(Fault(kind="stale", match=Match(method="GET", path=LISTING, times=0)))
    return run_id_of(raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True))


def lag(small_org: Running, times: int | None) -> None:
    """Show the listing from before the raise so many times."""
    small_org.org.add_fault(Fault(kind="stale", match=Match(method="GET", path=LISTING, times=times)))


def test_a_listing_that_lags_behind_the_raise_is_read_again(small_org: Running, raised: str) -> None:
    lag(small_org, times=1)

    back = roll_back(raised, mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_listing_that_goes_on_to_lag_behind_is_never_green(
    small_org: Running, raised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_lag(stop: threading.Event) -> Timing:
        return dataclasses.replace(pace_until(stop), lag_ms=0)

    monkeypatch.setattr("flows.roll_back.pace_until", without_lag)
    lag(small_org, times=None)

    back = roll_back(raised, mode="apply", return_state=True)

    (left,) = plan_of(back).left_alone
    assert (back.name, left.why) == ("Incomplete", "not_read")
    assert "version 4.0 is shown, and the run made 5.0" in left.reason
    assert small_org.org.configuration(FLOW) == configuration(10)


def test_a_roll_back_that_nothing_lags_behind_lists_the_org_once(small_org: Running, raised: str) -> None:
    small_org.org.clear_log()

    roll_back(raised, return_state=True)

    assert [call.path for call in small_org.org.log].count(LISTING) == 1
