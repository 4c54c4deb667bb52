"""The hours in which changes may be published: they count at each start, and not only when a run is planned."""

import threading
import time

import pytest
from prefect import get_client

from flows.guards.places import Holder, give_back, place_of, taken
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from flows.run.progress import listening
from simulator.org.seeds import OrgSeed
from simulator.server import Running
from tests.contents import published
from tests.flows.clocks import MachineClock
from tests.flows.conftest import report_of, run_id_of
from tests.publishing.scenes import flow_ids, org_seed
from timeouts.policy.policy import Policy

LINES = flow_ids(4)
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def seed() -> OrgSeed:
    return org_seed(len(LINES))


def ten_seconds_until_soon(time_zone: str = "UTC") -> Policy:
    """Raise all steps, within the hour before now and the half hour after it."""
    now_s = time.time()
    hours = {name: time.strftime("%H:%M", time.gmtime(now_s + s)) for name, s in (("opens", -3600), ("closes", 1800))}
    rules = [{"name": "at least 10s", "at_least": "10s"}]
    window = {**hours, "time_zone": time_zone}
    return Policy.model_validate({"rules": rules, "limits": {"share": "100%"}, "window": window, "at_a_time": 1})


def test_nothing_is_started_once_the_window_has_closed_and_what_is_in_flight_is_finished(
    served: Running, clock: MachineClock
) -> None:
    """A night's rollout went on into the morning: only its beginning was held against the window."""

    def close_after_the_second(stage: str, done: int, _total: int) -> None:
        if stage == "Publishing Architect flows" and done == 2:
            clock.move(HOUR_MS)

    with listening(close_after_the_second):
        state = raise_timeouts(policy=ten_seconds_until_soon(), mode="apply", return_state=True)

    outcomes = report_of(state).outcomes
    assert [each.outcome for each in outcomes] == ["published", "published", "skipped", "skipped"]
    assert outcomes[2].reason.startswith("not started: the run was interrupted, for it is ")
    assert outcomes[2].is_cut_short
    assert sorted(map(str, published(served).values())) == ["4.0", "4.0", "5.0", "5.0"]
    assert state.name == "Interrupted"
    said = "its window ended: 2 Architect flows are published, 2 Architect flows are not done"
    assert said in str(state.message)


def test_a_run_whose_window_closes_while_it_waits_for_another_one_publishes_nothing(
    served: Running, clock: MachineClock
) -> None:
    """It had been held against the window half an hour before its first write."""
    before = published(served)
    place = place_of(org_seed().id)
    holder = Holder(run_id="a-run", run_name="the-other", org_name="an org", since_ms=0)
    with get_client(sync_client=True) as client:
        record = taken(client, place, holder)
    assert record

    def close_and_let_it_in() -> None:
        clock.move(HOUR_MS)
        with get_client(sync_client=True) as client:
            give_back(client, record)

    def once_it_waits(stage: str, _done: int, total: int) -> None:
        if stage.startswith("Waiting for") and total == 0:
            threading.Thread(target=close_and_let_it_in).start()

    with listening(once_it_waits):
        state = raise_timeouts(policy=ten_seconds_until_soon(), mode="apply", return_state=True)

    assert published(served) == before
    assert {each.outcome for each in report_of(state).outcomes} == {"skipped"}
    assert state.name == "Interrupted"
    assert "its window ended before anything was published: nothing was changed" in str(state.message)


def test_a_waived_window_does_not_end_a_run_that_it_closes_on(served: Running, clock: MachineClock) -> None:
    def close(_stage: str, _done: int, _total: int) -> None:
        clock.move(HOUR_MS)

    with listening(close):
        asked = {"policy": ten_seconds_until_soon(), "mode": "apply", "waive": ("window",)}
        state = raise_timeouts(**asked, return_state=True)

    assert state.is_completed(), state.message
    assert set(published(served).values()) == {"5.0"}


@pytest.mark.usefixtures("served")
def test_a_policy_of_a_form_whose_time_zone_means_the_opposite_of_what_it_says_is_refused() -> None:
    state = raise_timeouts(policy=ten_seconds_until_soon("Etc/GMT+2"), return_state=True)

    assert state.is_failed()
    assert "'Etc/GMT+2' is UTC-2, as signs mean the opposite in such names" in str(state.message)


@pytest.mark.parametrize("by_day", [True, False], ids=["before it", "in the middle"])
def test_no_window_closes_a_roll_back(served: Running, clock: MachineClock, *, by_day: bool) -> None:
    """By day, when its harm is seen, a raise of the night could not be put back, and `roll-back` has no waiver."""
    raised = raise_timeouts(policy=ten_seconds_until_soon(), mode="apply", return_state=True)
    assert raised.is_completed(), raised.message
    if by_day:
        clock.move(HOUR_MS)

    def close(stage: str, done: int, _total: int) -> None:
        if stage == "Publishing Architect flows" and done == 1:
            clock.move(HOUR_MS)

    with listening(close):
        back = roll_back(run_id_of(raised), mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert {each.outcome for each in report_of(back).outcomes} == {"published"}
    assert set(published(served).values()) == {"6.0"}
