"""Evidence on the demo org: recommendations recomputed by hand, and what a run does without."""

import math
import re
import time
from dataclasses import dataclass
from typing import Any

import pytest

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from reports.report import Report
from simulator.clients import READING, OAuthClient
from simulator.demo.org import build_demo_org
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.org import Org
from simulator.server import Running
from simulator.switches import Switches
from simulator.traffic.periods import Period
from simulator.traffic.traffic import ActionTraffic, quantile_ms, share_at_least
from tasks.storage.function_limits import CONFIRMED_AFTER_MS
from tests.flows.clocks import MachineClock
from tests.flows.conftest import org_of_a_module, report_of
from timeouts.model.evidence import ActionEvidence
from timeouts.planning.concurrency import Load
from timeouts.policy.policy import Policy

_HOUR_MS = 3_600_000
SLOW = (
    "CRM open cases",
    "CRM customer value",
    "Payment account balance",
    "Booking next appointment",
    "Order track parcel",
)
NOT_ENOUGH = "Booking move appointment"
ASKED: dict[str, Any] = {
    "rules": [
        {"name": "by figures", "at_least": "evidence", "evidence": {"percentile": 95, "factor": 1.6, "floor": "2s"}}
    ],
    "levers": ["step", "action"],
    "limits": {"actions": 30, "share": "100%", "reach": "100%"},
}


def audited(days: str = "14d") -> Report:
    state = audit(evidence=days, return_state=True)
    assert state.is_completed(), state.message
    return report_of(state)


def audited_without_figures(days: str = "14d") -> Report:
    """An audit that was asked for figures and has none goes on, and does not end green."""
    state = audit(evidence=days, return_state=True)
    assert (state.is_failed(), state.name) == (True, "Incomplete"), state.message
    report = report_of(state)
    assert f"The figures of the last {days.rstrip('d')} days could not be read" in str(state.message)
    assert report.evidence is not None
    assert report.evidence.problem in "".join(report.notes)
    assert not report.coverage.complete
    return report


@dataclass(frozen=True)
class Audited:
    """The org as it was seeded, an audit with its figures, and the paths that the audit asked for."""

    org: Org
    report: Report
    asked: list[str]


@pytest.fixture(scope="module")
def whole(_prefect: None, tmp_path_factory: pytest.TempPathFactory) -> Audited:
    with org_of_a_module(build_demo_org(), tmp_path_factory.mktemp("results")) as simulator:
        report = audited()
        return Audited(simulator.org, report, [call.path for call in simulator.org.log])


def figures_of(report: Report, name: str) -> ActionEvidence:
    assert report.evidence is not None
    action_id = next(use.action_id for use in report.actions if use.name == name)
    found = report.evidence.of(action_id)
    assert found is not None
    return found


def traffic(org: Org, name: str) -> ActionTraffic:
    found = next(seed.traffic for seed in org.seed.actions if seed.name == name)
    assert found is not None
    return found


@pytest.mark.parametrize("name", [*SLOW, "CRM lookup by phone", "Address check"])
def test_the_figures_are_those_of_the_distribution_that_the_org_was_seeded_with(whole: Audited, name: str) -> None:
    found, seeded = figures_of(whole.report, name), traffic(whole.org, name)

    assert found.calls == pytest.approx(seeded.calls_a_week * 2, rel=0.001)
    for slower in found.slower:
        assert slower.calls / found.calls == pytest.approx(share_at_least(seeded, slower.from_ms), abs=0.002)
    if seeded.limit_ms < 60_000:
        at_limit = found.calls_from(seeded.limit_ms)
        assert at_limit is not None
        assert at_limit / found.calls == pytest.approx(share_at_least(seeded, seeded.limit_ms), abs=0.002)


def by_hand(seeded: ActionTraffic, limit_ms: int, *, percentiles: bool) -> int:
    """The timeout for p95 x 1.6 from the seeded distribution: whole seconds, floor 2 s, ceiling 30 s."""
    if share_at_least(seeded, limit_ms) > 0.05:
        base_ms = limit_ms
    elif percentiles:
        base_ms = quantile_ms(seeded, 0.95)
    else:
        grid = (250, 500, 750, 1_000, 1_500, 2_000, 2_500, *range(3_000, 10_001, 1_000), 12_000, 15_000, 20_000)
        base_ms = min(bound for bound in grid if share_at_least(seeded, bound) <= 0.05)
    return min(max(math.ceil(base_ms * 1.6 / 1_000), 2), 30) * 1_000


@pytest.mark.parametrize("percentiles", [False, True])
def test_every_recommendation_is_the_one_that_is_worked_out_by_hand(demo: Running, percentiles: bool) -> None:
    demo.org.set_switches(Switches(analytics_percentiles=percentiles))
    report = report_of(raise_timeouts(policy=Policy.model_validate(ASKED), evidence="14d", return_state=True))

    assert report.plan is not None
    raised = {change.name: (change.before_ms, change.after_ms, change.reason) for change in report.plan.action_changes}
    expected = {}
    for seed in demo.org.seed.actions:
        seconds = seed.config.get("timeoutSeconds") or seed.function_timeout_seconds
        if (
            seed.traffic is not None
            and seconds is not None
            and any(use.steps for use in report.actions if use.name == seed.name)
        ):
            wanted_ms = by_hand(seed.traffic, seconds * 1_000, percentiles=percentiles)
            if seconds * 1_000 < wanted_ms and seed.name != NOT_ENOUGH:
                expected[seed.name] = (seconds * 1_000, wanted_ms)
    assert {name: (before, after) for name, (before, after, _) in raised.items()} == expected
    assert set(expected) >= {"CRM open cases", "CRM customer value", "Booking next appointment"}
    for before, after, reason in raised.values():
        assert re.search(r"of [0-9,]+ calls in 14 days, .*(p95|ended at the limit)", reason), (before, after, reason)


@pytest.mark.usefixtures("demo")
def test_an_action_with_too_few_calls_is_left_with_the_words_for_it() -> None:
    report = report_of(raise_timeouts(policy=Policy.model_validate(ASKED), return_state=True))

    assert report.plan is not None
    reasons = {line.reason for line in report.plan.left_alone if line.action_name == NOT_ENOUGH}
    assert reasons == {"not enough calls: 12 in 14 days, 100 are needed"}


def test_the_actions_are_ranked_by_the_calls_lost(whole: Audited) -> None:
    report = whole.report

    assert report.evidence is not None
    names = {use.action_id: use.name for use in report.actions}
    ranked = sorted(report.evidence.actions, key=lambda found: -found.lost)
    assert "CRM open cases" in [names[found.action_id] for found in ranked[:3]]
    errors = {(each.error_type, each.response_status) for each in figures_of(report, "CRM open cases").failures}
    assert errors >= {("TIMEOUT", "408"), ("SERVER_ERROR", "500")}


def test_evidence_costs_three_requests(whole: Audited) -> None:
    assert whole.report.requests.requests["POST /api/v2/analytics/actions/aggregates/query"] == 3
    assert sum("analytics" in path for path in whole.asked) == 3


def test_an_unchanged_org_is_audited_with_pages_actions_and_analytics_alone(demo: Running, clock: MachineClock) -> None:
    audited()
    clock.move(CONFIRMED_AFTER_MS)
    audited()  # which confirms the limits of functions
    demo.org.clear_log()
    report = audited()

    assert dict(report.requests.requests) == {
        "GET /api/v2/flows": 1,
        "GET /api/v2/integrations/actions": 1,
        "POST /api/v2/analytics/actions/aggregates/query": 3,
        "POST /oauth/token": 1,
    }


def test_without_the_permission_the_rest_goes_on_with_a_clear_note(demo: Running) -> None:
    refuse_figures(demo, kind="status", status=403)
    report = audited_without_figures()

    assert report.evidence is not None
    assert "integrations:action:view" in report.evidence.problem
    assert len(report.steps) > 200


def refuse_figures(org: Running, **fault: Any) -> None:
    org.org.add_fault(Fault(match=Match(path="/api/v2/analytics/**", times=None), **fault))


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 400},
        {"kind": "status", "status": 501},
        {"kind": "html"},
        {"kind": "empty"},
        {"kind": "truncated"},
    ],
    ids=lambda fault: f"{fault['kind']} {fault.get('status', '')}",
)
def test_whatever_analytics_answers_the_audit_goes_on(small_org: Running, fault: dict[str, Any]) -> None:
    refuse_figures(small_org, **fault)
    report = audited_without_figures()

    assert report.evidence is not None
    assert report.evidence.problem
    assert report.coverage.problems == ()


def test_a_period_that_the_platform_refuses_is_told(small_org: Running) -> None:
    small_org.org.set_switches(Switches(analytics_longest_days=7))

    report = audited_without_figures("30d")

    assert report.evidence is not None
    assert "400" in report.evidence.problem


def test_an_org_that_nobody_called_has_figures_of_nothing(demo: Running) -> None:
    demo.org.know_calls(Period(from_ms=0, until_ms=1))
    report = audited()

    assert report.evidence is not None
    assert (report.evidence.problem, report.evidence.actions, report.evidence.covered_days) == ("", (), 0)


def test_days_without_any_call_are_told_as_not_covered(demo: Running, whole: Audited) -> None:
    hour_ms = time.time_ns() // 1_000_000 // _HOUR_MS * _HOUR_MS
    demo.org.know_calls(Period(from_ms=hour_ms - 9 * 24 * _HOUR_MS))
    part = audited()

    assert whole.report.evidence is not None
    assert part.evidence is not None
    assert (whole.report.evidence.period, part.evidence.period) == ("14 days", "9 of 14 days")
    assert figures_of(part, "CRM open cases").calls < figures_of(whole.report, "CRM open cases").calls


def test_a_reader_may_see_the_figures(demo: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    demo.org.add_client(OAuthClient("watcher", "watcher-secret", "Watcher", READING))
    monkeypatch.setenv("GENESYS_CLIENT_ID", "watcher")
    monkeypatch.setenv("GENESYS_CLIENT_SECRET", "watcher-secret")

    report = audited()

    assert report.evidence is not None
    assert report.evidence.problem == ""


LIMITS = "/api/v2/organizations/limits/**"


def planned_load(**asked: Any) -> Load:
    policy = Policy.model_validate({**ASKED, **asked})
    report = report_of(raise_timeouts(policy=policy, evidence="14d", return_state=True))
    assert report.plan is not None
    assert report.plan.load is not None
    return report.plan.load


def test_what_waiting_costs_stands_next_to_the_orgs_own_limits(demo: Running) -> None:
    demo.org.grant_limit("dataactions", "actions.concurrent.executions.max", 12)
    demo.org.grant_limit("dataactions", "requests.volume.max", 7)
    found = planned_load()

    assert [(total.limit, total.source) for total in found.totals] == [(12, "org")]
    assert found.volume is not None
    assert (found.volume.limit, found.volume.source) == (7, "org")
    assert found.volume.a_minute > 0


@pytest.mark.parametrize("status", [403, 404, 500])
def test_limits_that_cannot_be_read_stop_nothing_and_the_documented_ones_count(demo: Running, status: int) -> None:
    demo.org.add_fault(Fault(match=Match(path=LIMITS, times=None), kind="status", status=status))
    found = planned_load()

    assert [(total.limit, total.source) for total in found.totals] == [(50, "documented")]
    assert found.problem


@pytest.mark.usefixtures("demo")
def test_limits_are_asked_for_where_a_plan_goes_by_figures_and_nowhere_else() -> None:
    asked = {route for route in audited().requests.requests if "limits" in route}
    planned = report_of(audit(policy=Policy.model_validate(ASKED), return_state=True)).requests.requests

    assert asked == set()
    assert planned["GET /api/v2/organizations/limits/namespaces/{namespaceName}"] == 1
