"""A roll back of a run of which it is not known what came of it: what comes late is never missed in silence."""

import dataclasses
import threading
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from flows.raise_timeouts import raise_timeouts
from flows.record.changes import changes_of
from flows.record.recording import Record
from flows.roll_back import roll_back
from flows.run.pace import pace_until
from publishing.order import Timing
from reports.report import Run
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.seeds import ActionSeed
from simulator.server import Running
from tasks.storage import default_storage
from tests.flows.conftest import plan_of, report_of, run_id_of
from tests.flows.waiting import another_run_in
from tests.flows.writing.rollout.test_rollout_of_actions import BY_BOTH
from tests.flows.writing.undoing.test_undoing_the_right_run import publish_as_ada
from tests.publishing.scenes import ACTION, FLOW, client_of, configuration, org_seed

THREE_SECONDS = {"timeoutSeconds": 3, "request": {"requestUrlTemplate": "https://x/", "requestType": "POST"}}
CRM = ActionSeed(ACTION, "CRM lookup", "CRM", "crm", version=4, config={**THREE_SECONDS, "response": {}})


def impatient(stop: threading.Event) -> Timing:
    """Ask once what came of a lost answer."""
    return dataclasses.replace(pace_until(stop), settle_ms=0)


@pytest.fixture
def killed(small_org: Running, dry_run: State[Any]) -> str:
    """A run that was killed after it had begun to publish its one Architect flow."""
    assert small_org.url
    run = Run(id="killed-run", name="brave-otter", kind="raise", mode="apply")
    record = Record(default_storage(), report_of(dry_run).model_copy(update={"run": run}))
    record.open()
    assert record.begin(FLOW) == ""
    return run.id


@pytest.mark.parametrize("mode", ["dry run", "apply"])
def test_a_roll_back_is_not_green_where_the_killed_run_has_left_its_lock(
    small_org: Running, killed: str, mode: Any
) -> None:
    """Its publish may be under way: all looked as before the run, and the raised version went live later."""
    client_of(small_org.url).checkout(FLOW)

    back = roll_back(killed, mode=mode, return_state=True)

    (left,) = plan_of(back).left_alone
    assert (back.name, left.why) == ("Incomplete", "not_read")
    assert "its publish may still be under way there" in left.reason


def test_a_roll_back_that_waited_says_what_went_live_meanwhile(small_org: Running, killed: str) -> None:
    """It waits for the place of the dead run, and that one's publish landed in between."""
    with another_run_in(small_org.org.seed.id, lambda: publish_as_ada(small_org, 10)):
        waited = roll_back(killed, mode="apply", return_state=True)

    assert waited.is_failed()
    assert "Main line: published after this roll back had read it, so it was not put back" in (waited.message or "")
    assert small_org.org.configuration(FLOW) == configuration(10)
    assert roll_back(killed, mode="apply", return_state=True).is_completed()
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_roll_back_that_waited_and_finds_all_as_it_was_is_done(small_org: Running, killed: str) -> None:
    with another_run_in(small_org.org.seed.id, lambda: None):
        waited = roll_back(killed, mode="apply", return_state=True)

    assert waited.is_completed(), waited.message


@pytest.mark.usefixtures("small_org")
def test_what_a_killed_run_is_said_to_have_touched_may_not_have_gone_live(killed: str) -> None:
    """Its effect was judged as though all of it were live."""
    (touched,) = changes_of(default_storage(), killed).actions

    assert not touched.is_known


def test_the_limit_from_before_is_not_certain_where_the_answer_to_its_change_was_lost(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform may still be at work on it: the limit showed as before, and was said to be fine."""
    small_org.org.reseed(dataclasses.replace(org_seed(), actions=[CRM]))
    small_org.org.add_fault(Fault(kind="status", status=504, lands_after_ms=600_000, match=Match(method="PATCH")))
    monkeypatch.setattr("flows.run.executing.pace_until", impatient)
    done = raise_timeouts(policy=BY_BOTH, mode="apply", return_state=True)
    assert {each.outcome for each in report_of(done).outcomes} == {"unknown", "skipped"}

    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    (left,) = plan_of(back).actions_left
    assert (back.name, left.why, "its change may still come" in left.reason) == ("Incomplete", "not_read", True)
    assert "nor the steps that call them" not in (back.message or "")
