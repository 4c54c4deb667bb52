"""The way back, saved plans and limits, as Prefect flows against the small org and the demo org."""

import json
import time
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from flows.apply_plan import apply_plan
from flows.raise_timeouts import raise_timeouts
from flows.roll_back import roll_back
from simulator.demo.org import build_demo_org
from simulator.org.people import PersonAction
from simulator.server import Running, running
from tasks.storage import default_storage
from tests.environment import point_at
from tests.flows.conftest import plan_of, report_of, run_id_of
from tests.publishing.scenes import FLOW, configuration
from timeouts.policy.policy import Policy

TEN_SECONDS = Policy.raise_to(10_000)


def plan_file(checksum: str) -> str:
    return f"genesys-timeouts-plan-{checksum.removeprefix('sha256:')}"


def test_a_roll_back_makes_the_live_configuration_byte_identical_to_before(small_org: Running) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    assert small_org.org.configuration(FLOW) == configuration(10)

    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    assert back.is_completed(), back.message
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_roll_back_is_shown_first_and_changes_nothing(small_org: Running) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    shown = roll_back(run_id_of(done), return_state=True)

    plan = plan_of(shown)
    assert len(plan.changes) == 1
    assert small_org.org.configuration(FLOW) == configuration(10)


def test_rolling_back_a_roll_back_works(small_org: Running) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    forth = roll_back(run_id_of(back), mode="apply", return_state=True)

    assert forth.is_completed(), forth.message
    assert small_org.org.configuration(FLOW) == configuration(10)


def test_a_step_that_somebody_changed_since_is_left_and_named(small_org: Running) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    ada = small_org.org.person("Ada Colleague")
    small_org.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ada, body=configuration(20)))

    back = roll_back(run_id_of(done), mode="apply", return_state=True)

    plan = plan_of(back)
    assert [line.why for line in plan.left_alone] == ["changed_since"]
    assert small_org.org.configuration(FLOW) == configuration(20)


def test_other_peoples_later_edits_survive_a_roll_back(small_org: Running) -> None:
    done = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)
    ada = small_org.org.person("Ada Colleague")
    edited = configuration(10, "edited by Ada since")
    small_org.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ada, body=edited))

    roll_back(run_id_of(done), mode="apply", return_state=True)

    assert small_org.org.configuration(FLOW) == configuration(3, "edited by Ada since")


def test_a_run_that_nobody_knows_is_refused_by_name(small_org: Running) -> None:
    state = roll_back("no-such-run", mode="apply", return_state=True)

    assert state.is_failed()
    assert "there is no run and no plan called no-such-run here" in (state.message or "")
    assert not small_org.org.log


@pytest.mark.parametrize("by", ["run", "checksum"])
def test_a_saved_plan_is_applied_by_the_id_of_its_run_or_by_its_checksum(
    small_org: Running, dry_run: State[Any], by: str
) -> None:
    plan = plan_of(dry_run)

    state = apply_plan(run_id_of(dry_run) if by == "run" else plan.checksum, return_state=True)

    assert state.is_completed(), state.message
    assert small_org.org.configuration(FLOW) == configuration(10)
    applied = plan_of(state)
    assert applied.checksum == plan.checksum


def test_an_architect_flow_that_moved_since_the_plan_is_stale_and_skipped(
    small_org: Running, dry_run: State[Any]
) -> None:
    ada = small_org.org.person("Ada Colleague")
    small_org.org.play(PersonAction(kind="publish", architect_flow_id=FLOW, person=ada))

    state = apply_plan(run_id_of(dry_run), return_state=True)

    assert [outcome.outcome for outcome in report_of(state).outcomes] == ["skipped"]
    assert "stale" in report_of(state).outcomes[0].reason


def spoil(state: State[Any], **values: Any) -> str:
    """Change the stored document of a run's plan; gives the plan's checksum."""
    plan = plan_of(state)
    document = json.loads(default_storage().read(plan_file(plan.checksum)))
    document.update(values)
    default_storage().write(plan_file(plan.checksum), json.dumps(document).encode())
    return plan.checksum


def test_a_plan_that_was_tampered_with_is_refused(small_org: Running, dry_run: State[Any]) -> None:
    plan = plan_of(dry_run)
    stored = default_storage().read(plan_file(plan.checksum))
    default_storage().write(plan_file(plan.checksum), stored.replace(b'"timeout_ms":10000', b'"timeout_ms":25000'))

    state = apply_plan(plan.checksum, return_state=True)

    assert state.is_failed()
    assert "checksum" in (state.message or "")
    assert small_org.org.configuration(FLOW) == configuration()


def test_an_expired_plan_is_refused(small_org: Running, dry_run: State[Any]) -> None:
    checksum = spoil(dry_run, expires_ms=int(time.time() * 1000) - 1)

    state = apply_plan(checksum, return_state=True)

    assert state.is_failed()
    assert "ago: make a new dry run" in (state.message or "")
    assert small_org.org.configuration(FLOW) == configuration()


def test_a_plan_grows_no_younger_by_being_applied(small_org: Running, dry_run: State[Any]) -> None:
    checksum = plan_of(dry_run).checksum
    stored = default_storage().read(plan_file(checksum))

    applied = apply_plan(checksum, return_state=True)

    assert report_of(applied).outcomes[0].outcome == "published"
    assert small_org.org.configuration(FLOW) == configuration(10)
    assert default_storage().read(plan_file(checksum)) == stored


def test_a_plan_of_another_org_is_refused(small_org: Running, dry_run: State[Any]) -> None:
    checksum = spoil(dry_run, organization={"id": "another-org", "name": "Another org"})

    state = apply_plan(checksum, return_state=True)

    assert state.is_failed()
    assert small_org.org.configuration(FLOW) == configuration()


@pytest.mark.timeout(60)  # and not for as long as a listing may lag behind, for each of them
@pytest.mark.usefixtures("small_org")
def test_a_run_of_another_org_is_refused_before_anything_of_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    published = raise_timeouts(policy=TEN_SECONDS, mode="apply", return_state=True)

    with running(build_demo_org(8, 2)) as other:
        point_at(other.url, monkeypatch)
        state = roll_back(run_id_of(published), return_state=True)
        asked = [request.path for request in other.org.log]

    assert state.is_failed()
    assert "name the credentials of that org" in (state.message or "")
    assert not [path for path in asked if "/flows" in path]


def test_a_closed_window_is_told_in_the_dry_run_and_refused_in_the_apply(small_org: Running) -> None:
    now = time.gmtime()
    closed_day = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(now.tm_wday + 3) % 7]
    window = {"opens": "01:00", "closes": "02:00", "time_zone": "UTC", "days": [closed_day]}
    policy = Policy.model_validate({**TEN_SECONDS.model_dump(mode="json"), "window": window})

    dry = raise_timeouts(policy=policy, return_state=True)
    applied = raise_timeouts(policy=policy, mode="apply", return_state=True)
    waived = raise_timeouts(policy=policy, mode="apply", waive=("window",), return_state=True)

    assert [refusal.limit for refusal in report_of(dry).refusals] == ["window"]
    assert applied.is_failed()
    assert report_of(applied).outcomes == ()
    assert waived.is_completed()
    assert report_of(waived).run.waived == ("window",)  # for what it offers next
    assert small_org.org.configuration(FLOW) == configuration(10)


def test_a_protected_architect_flow_needs_naming(small_org: Running) -> None:
    policy = TEN_SECONDS.model_copy(update={"protected": ("Main*",)})

    kept = raise_timeouts(policy=policy, mode="apply", return_state=True)
    named = raise_timeouts(policy=policy, mode="apply", protected=("Main line",), return_state=True)

    assert report_of(kept).outcomes == ()
    assert [outcome.outcome for outcome in report_of(named).outcomes] == ["published"]
    assert small_org.org.configuration(FLOW) == configuration(10)
