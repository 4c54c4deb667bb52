"""A run whose plan two people have approved: what comes of it where it cannot be published at once."""

import dataclasses
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from prefect import get_client
from prefect.client.schemas.objects import FlowRun, State
from prefect.exceptions import Pause, TerminationSignal
from prefect.flow_engine import run_flow
from prefect.states import AwaitingRetry

from flows.approval.approvers import VARIABLE
from flows.approval.history import read_history
from flows.raise_approved import raise_approved
from flows.raise_timeouts import raise_timeouts
from flows.run.progress import listening
from simulator.server import Running
from tasks.storage import default_storage
from tasks.storage.approvals import stored_approval
from tests.approvers import ANA, BO, as_variable, fingerprint, signed
from tests.flows.artifacts import artifacts_of, told
from tests.flows.clocks import MachineClock
from tests.flows.conftest import plan_of
from tests.flows.suspending import suspend
from tests.flows.waiting import another_run_in
from tests.publishing.scenes import org_seed
from timeouts.planning.approval.history import Happened, HistoryEntry
from timeouts.planning.approval.register import Approver
from timeouts.planning.approval.request import Decision
from timeouts.planning.approval.ruling import Answer, ApprovalRecord, Proposal, Ruling
from timeouts.planning.saved_plan import LIFETIME_MS
from timeouts.policy.policy import Policy

HOUR_MS = 3_600_000
ALL = {"rules": [{"name": "at least 10s", "at_least": "10s"}], "limits": {"share": "100%"}}


@pytest.fixture
def org(small_org: Running, monkeypatch: pytest.MonkeyPatch) -> Running:
    """The small org under an id that no other test writes the history of, and a worker that knows its approvers."""
    small_org.org.reseed(dataclasses.replace(org_seed(), id=str(uuid4())))
    monkeypatch.setenv(VARIABLE, as_variable())
    return small_org


def approved(policy: Policy) -> FlowRun:
    """A run of raise-approved that Bo has asked for and Ana has approved, and that has to go on."""
    plan = plan_of(raise_timeouts(policy=policy, return_state=True))
    with get_client(sync_client=True) as client:
        run: FlowRun = client.create_flow_run(raise_approved)
    now_ms = time.time_ns() // 1_000_000
    proposal = Proposal(
        run_id=str(run.id),
        organization=plan.organization,
        asked_by=BO,
        asked_ms=now_ms,
        expires_ms=now_ms + LIFETIME_MS,
        checksum=plan.checksum,
        policy=policy,
    )
    record = ApprovalRecord(proposal=proposal)
    given: list[tuple[str, Decision]] = [(BO, "ask"), (ANA, "approve")]
    for name, decision in given:
        answer = Answer(decision=decision, signature=signed(name, proposal.request, decision))
        by = Approver(name=name, fingerprint=fingerprint(name))
        record = record.with_answer(answer, Ruling(verdict="signed", by=by), now_ms)
    stored_approval(default_storage(), str(run.id)).put(record)
    return run


def go_on(run: FlowRun, policy: Policy) -> State[Any]:
    """Run it, for the first time or again, as a worker does."""
    parameters = {"asked_by": BO, "policy": policy}
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run.id, AwaitingRetry(), force=True)
        again = client.read_flow_run(run.id)
    ended = run_flow(raise_approved, flow_run=again, parameters=parameters, return_type="state")
    return cast("State[Any]", ended)


def history(org: Running) -> list[Happened]:
    entries = read_history(default_storage(), org.org.seed.id).entries
    return [each.happened for each in entries if isinstance(each, HistoryEntry)]


def test_a_plan_that_a_dry_run_made_once_more_meanwhile_is_published_all_the_same(
    org: Running, clock: MachineClock
) -> None:
    """Plans are stored by their checksum: the second one lives for longer than the first one that was approved."""
    policy = Policy.model_validate(ALL)
    first = plan_of(raise_timeouts(policy=policy, return_state=True))
    run = approved(policy)

    clock.move(HOUR_MS)
    again = plan_of(raise_timeouts(policy=policy, return_state=True))
    ended = go_on(run, policy)

    assert again.checksum == first.checksum
    assert ended.is_completed(), ended.message
    assert {each["published"] for each in org.org.state()["architectFlows"].values()} == {"5.0"}


def test_a_plan_whose_turn_comes_after_the_deadline_that_was_signed_is_not_published(
    org: Running, clock: MachineClock
) -> None:
    """Checked was only until when the plan is kept, which another dry run of the same plan puts off."""
    policy = Policy.model_validate(ALL)
    run = approved(policy)
    clock.move(HOUR_MS)
    raise_timeouts(policy=policy, return_state=True)
    clock.move(22 * HOUR_MS)

    with another_run_in(org.org.seed.id, lambda: clock.move(HOUR_MS * 3 // 2)):
        ended = go_on(run, policy)

    assert "when this run's turn came, the plan had expired" in (ended.message or "")
    assert {each["published"] for each in org.org.state()["architectFlows"].values()} == {"4.0"}


def test_a_run_that_nobody_answered_and_that_is_retried_after_its_plan_expired_asks_nobody_any_more(
    org: Running, clock: MachineClock
) -> None:
    """It asked once more, with a deadline that had passed, for an answer that no key could give."""
    policy = Policy.model_validate(ALL)
    run = approved(policy)
    stored = stored_approval(default_storage(), str(run.id))
    stored.put(stored.read().model_copy(update={"answers": ()}))

    clock.move(25 * HOUR_MS)
    ends = [go_on(run, policy) for _ in range(2)]

    said = "the approval was refused: the plan has expired: start a new run, and have its plan approved."
    assert [(each.name, each.message) for each in ends] == [("Refused", f"{said} Nothing was published.")] * 2
    assert [(each.what, each.name) for each in history(org)] == [("expired", "")]
    assert stored.read().answers[-1].ruling.verdict == "expired"


def test_a_plan_that_was_approved_outside_its_window_is_published_by_a_retry_within_it(
    org: Running, clock: MachineClock
) -> None:
    hours = {
        name: time.strftime("%H:%M", time.gmtime(time.time() + seconds))
        for name, seconds in (("opens", -3_600), ("closes", 1_800))
    }
    policy = Policy.model_validate({**ALL, "window": {**hours, "time_zone": "UTC"}})
    run = approved(policy)

    clock.move(HOUR_MS)
    closed = go_on(run, policy)
    untouched = {each["published"] for each in org.org.state()["architectFlows"].values()}
    clock.move(-HOUR_MS)
    opened = go_on(run, policy)

    assert (closed.type.value, untouched) == ("FAILED", {"4.0"})
    assert "nothing was published: it is " in str(closed.message)
    assert opened.is_completed(), opened.message
    assert {each["published"] for each in org.org.state()["architectFlows"].values()} == {"5.0"}
    assert [each.what for each in history(org)] == ["publishes", "ended"] * 2


@pytest.fixture
def _prefects_own_signals() -> Iterator[None]:
    """Once its run has ended, Prefect sends a SIGTERM on to whoever handled it before."""
    before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("_prefects_own_signals")
def test_an_approved_run_that_is_cancelled_while_it_publishes_says_in_its_history_how_it_ended(org: Running) -> None:
    org.org.reseed(dataclasses.replace(org_seed(3), id=org.org.seed.id))
    policy = Policy.model_validate({**ALL, "at_a_time": 1})
    run = approved(policy)

    def cancel_after_the_first(stage: str, done: int, _total: int) -> None:
        if stage == "Publishing Architect flows" and done == 1:
            signal.raise_signal(signal.SIGTERM)

    with listening(cancel_after_the_first), pytest.raises(TerminationSignal):
        go_on(run, policy)

    assert [each.what for each in history(org)] == ["publishes", "ended"]
    assert history(org)[-1].why == "Interrupted: 1 Architect flows published, 2 Architect flows skipped"


def test_an_approved_run_that_is_suspended_while_it_publishes_says_so_in_its_history_and_needs_no_second_approval(
    org: Running,
) -> None:
    org.org.reseed(dataclasses.replace(org_seed(3), id=org.org.seed.id))
    policy = Policy.model_validate({**ALL, "at_a_time": 1})
    run = approved(policy)

    def suspend_after_the_first(stage: str, done: int, _total: int) -> None:
        if stage == "Publishing Architect flows" and done == 1:
            suspend(run.id)

    with listening(suspend_after_the_first), pytest.raises(Pause):
        go_on(run, policy)
    first = history(org)
    resumed = go_on(run, policy)

    assert [each.what for each in first] == ["publishes", "ended"]
    assert resumed.is_completed(), resumed.message
    assert {each["published"] for each in org.org.state()["architectFlows"].values()} == {"5.0"}
    assert [each.what for each in history(org)] == ["publishes", "ended"] * 2


def suspended(*, wait: str) -> tuple[UUID, datetime]:
    """A run of a deployment that waits so long for an answer: its id, and when Prefect ends it."""
    parameters = {"asked_by": BO, "policy": Policy.model_validate(ALL), "approval": {"wait": wait}}
    with get_client(sync_client=True) as client:
        deployment = client.create_deployment(client.create_flow(raise_approved), "approved")
        run = client.create_flow_run_from_deployment(deployment)

        with pytest.raises(Pause):
            run_flow(raise_approved, flow_run=run, parameters=parameters, return_type="state")

        state = client.read_flow_run(run.id).state
    assert state is not None
    assert state.state_details.pause_timeout is not None
    return run.id, state.state_details.pause_timeout


@pytest.mark.usefixtures("org")
def test_page_and_event_say_until_when_the_run_waits_and_not_until_when_its_plan_holds() -> None:
    """A run that waits for an hour had its page say that keys might sign for a day: whoever did found it dead."""
    with told() as events:
        run_id, pause_timeout = suspended(wait="1h")
    (asked,) = (event.payload for event in events if event.event == "genesys-timeouts.approval-asked")
    waits_until = datetime.strptime(asked["answer_by"], "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
    (page,) = (str(each.data) for each in artifacts_of(run_id) if str(each.key).startswith("timeouts-approval"))

    assert abs(pause_timeout - waits_until) < timedelta(minutes=2)
    assert f"The next answer has to come by {asked['answer_by']}; the plan itself holds until" in page


@pytest.mark.usefixtures("org")
def test_a_run_waits_for_an_answer_no_longer_than_its_plan_may_be_applied() -> None:
    """Each new wait began anew, so that a plan could be signed that had expired."""
    run_id, pause_timeout = suspended(wait="24h")
    expires_ms = stored_approval(default_storage(), str(run_id)).read().proposal.expires_ms
    assert pause_timeout.timestamp() * 1000 <= expires_ms
