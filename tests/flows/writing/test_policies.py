"""Policies beyond --to, and audits that keep what they read, on the demo org."""

import shutil
from pathlib import Path

import pytest

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from simulator.demo.org import build_demo_org, build_flow_data_org
from simulator.org.people import PersonAction
from simulator.server import Running, running
from tests.environment import point_at
from tests.flows.conftest import org_of_a_module, report_of
from tests.flows.orgs import literal_ms, live_steps
from timeouts.policy.policy import Policy


def configuration_requests(simulator: Running) -> int:
    return sum("configuration" in call.path for call in simulator.org.log)


def test_exactly_pins_suggested_steps(demo: Running) -> None:
    rule = {
        "name": "pin bookings",
        "match": {"action": "Booking free slots", "setting": ["suggested"]},
        "exactly": "12s",
    }
    policy = Policy.model_validate({"rules": [rule]})

    state = raise_timeouts(policy=policy, mode="apply", return_state=True)

    report = report_of(state)
    assert report.plan is not None
    assert report.plan.changes
    published = {outcome.target.id for outcome in report.outcomes if outcome.outcome == "published"}
    for change in report.plan.changes:
        assert change.architect_flow_id in published
        node = next(each for each in live_steps(demo.org, change.architect_flow_id) if each["id"] == change.step_id)
        assert (literal_ms(node), "outOfService" in node["timeout"]) == (12_000, False)


def test_a_dry_run_writes_nothing_and_shows_the_same_plan(demo: Running) -> None:
    before = demo.org.state()

    first = raise_timeouts(policy=Policy.raise_to(10_000), return_state=True)
    second = raise_timeouts(policy=Policy.raise_to(10_000), return_state=True)

    plans = [report_of(state).plan for state in (first, second)]
    assert plans[0] is not None
    assert plans[1] is not None
    assert plans[0].checksum == plans[1].checksum
    assert demo.org.state() == before
    assert not [call for call in demo.org.log if call.method != "GET" and "token" not in call.path]


def test_a_plan_over_its_limits_is_shown_and_not_applied(demo: Running) -> None:
    policy = Policy.raise_to(10_000).model_copy(
        update={"limits": Policy().limits.model_copy(update={"architect_flows": 3})}
    )
    before = demo.org.state()

    state = raise_timeouts(policy=policy, mode="apply", return_state=True)

    assert state.is_failed()
    assert "the limit is 3" in (state.message or "")
    assert demo.org.state() == before


@pytest.fixture(scope="module")
def _audited(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[int, Path]:
    kept = tmp_path_factory.mktemp("kept")
    with org_of_a_module(build_demo_org(), kept) as simulator:
        audit(return_state=True)
        return configuration_requests(simulator), kept


@pytest.fixture
def audited(_audited: tuple[int, Path], results: Path) -> int:
    """An audit of the demo org, once for all tests, with all that it has kept; gives how many definitions it read."""
    shutil.copytree(_audited[1], results)
    return _audited[0]


def test_a_second_audit_of_an_unchanged_org_reads_no_configuration(demo: Running, audited: int) -> None:
    demo.org.clear_log()

    audit(return_state=True)

    assert audited > 50
    assert configuration_requests(demo) == 0


@pytest.mark.usefixtures("audited")
def test_after_a_person_republishes_one_architect_flow_exactly_that_one_is_read(demo: Running) -> None:
    free = next(each for each in demo.org.seed.architect_flows if each.published_versions and each.draft == "none")
    demo.org.play(PersonAction(kind="publish", architect_flow_id=free.id, person=demo.org.person("Anna Müller")))
    demo.org.clear_log()

    audit(return_state=True)

    read = [call.path for call in demo.org.log if "configuration" in call.path]
    assert len(read) == 1
    assert free.id in read[0]


@pytest.mark.usefixtures("demo")
def test_an_audit_is_given_a_client_whose_login_cannot_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENESYS_CLIENT_ID", "demo-reader")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "demo-reader-secret")

    assert audit(return_state=True).is_completed()


def test_the_tutorials_kind_of_definition_goes_through_the_same_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(build_flow_data_org()) as simulator:
        point_at(simulator.url, monkeypatch)
        everything = Policy().limits.model_copy(update={"share": 100.0})  # it is a small org, and nearly all changes
        policy = Policy.raise_to(10_000).model_copy(update={"limits": everything})

        state = raise_timeouts(policy=policy, mode="apply", return_state=True)

        report = report_of(state)
        assert report.plan is not None
        assert {step.setting.kind for step in report.steps} >= {"suggested", "literal"}
        assert any(outcome.outcome == "published" for outcome in report.outcomes)
        assert all(outcome.outcome in ("published", "skipped") for outcome in report.outcomes)
