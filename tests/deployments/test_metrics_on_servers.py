"""The metrics of the job on servers: workers, deployments, an approval and a failure, and the reports beside them."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from deployments.register import POOL
from flows.record.records import kept_report
from reports.report import Report
from tasks.storage.results import AUDITS, WRITES
from tests.deployments.metrics.scraping import Exporting, exporting
from tests.deployments.served import Served
from timeouts.planning.outcomes import counts_of, of_kind

pytestmark = pytest.mark.timeout(400)


@pytest.fixture(scope="module")
def exporter(_on_postgres: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exporting]:
    log = tmp_path_factory.mktemp("exporter") / "exporter.log"
    with exporting(log, _on_postgres.environment) as found:
        yield found


def report(served: Served, run_id: str, area: str) -> Report:
    return kept_report(served.storage(area), run_id)


def test_figures_are_those_of_the_runs_reports_and_a_plan_that_waits_is_seen(
    on_postgres: Served, exporter: Exporting
) -> None:
    before = exporter.read_after(time.time())

    audit = on_postgres.ended("audit/audit-nightly")
    failed = on_postgres.ended("roll-back/roll-back", run="no-such-run", mode="apply")
    asked = on_postgres.start("raise-approved/raise-approved", asked_by="Bo Lindqvist")
    on_postgres.wait(asked, "PAUSED")
    waiting = exporter.read_after(time.time())
    on_postgres.asked(asked)
    approved = on_postgres.answer(asked, **on_postgres.approval(asked))
    after = exporter.read_after(time.time())

    assert (audit["state"]["name"], approved["name"], failed["state"]["type"]) == ("Completed", "Completed", "FAILED")
    reports = [report(on_postgres, audit["id"], AUDITS), report(on_postgres, asked, WRITES)]
    org = {"org_id": reports[0].org.id, "org": reports[0].org.name}
    published = counts_of(of_kind(reports[1].outcomes, "architect_flow"))["published"]
    assert published == 17
    for name, figure in {
        "architect_flows_read_total": sum(each.coverage.read for each in reports),
        "architect_flows_published_total": published,
        "action_limits_published_total": 0,
        "targets_not_done_total": 0,
        "platform_requests_total": sum(each.requests.total for each in reports),
        "platform_rate_limited_total": sum(each.requests.rate_limited for each in reports),
        "platform_waiting_seconds_total": sum(each.requests.waiting_ms for each in reports) / 1000,
    }.items():
        assert after.get(name, **org) - before.get(name, **org) == pytest.approx(figure), name
    for kind, end in (("audit", "Completed"), ("raise, approved", "Completed"), ("roll back", "Failed")):
        sort = {"kind": kind, "end": end}
        assert after.get("runs_ended_total", **sort) - before.get("runs_ended_total", **sort) == 1, sort
    ended = datetime.fromisoformat(audit["end_time"]).timestamp()
    assert after.get("last_good_audit_timestamp_seconds", **org) == pytest.approx(ended)
    began = datetime.fromisoformat(on_postgres.run(asked)["start_time"]).timestamp()
    assert waiting.get("plans_waiting", **org) - before.get("plans_waiting", **org) == 1
    assert waiting.get("plan_waiting_since_timestamp_seconds", **org) <= began
    assert after.get("plans_waiting", **org) == before.get("plans_waiting", **org)
    assert (after.get("up"), after.get("workers", status="online")) == (1, 2)
    told = after.text + exporter.log.read_text()
    for secret in (on_postgres.password, (on_postgres.home / "seal.key").read_text(), "demo-writer-secret"):
        assert secret.strip() not in told


def test_a_run_that_nobody_begins_is_late_and_the_pool_that_is_paused_says_so(
    on_postgres: Served, exporter: Exporting
) -> None:
    due = time.time() - 300
    deployment = on_postgres.deployment("audit/audit")["id"]
    state = {
        "type": "SCHEDULED",
        "state_details": {"scheduled_time": datetime.fromtimestamp(due, UTC).isoformat()},
    }
    pool = f"/work_pools/{POOL}"
    assert on_postgres.api.patch(pool, json={"is_paused": True}).is_success
    run = on_postgres.post(f"/deployments/{deployment}/create_flow_run", {"state": state})["id"]
    try:
        late = exporter.read_after(time.time())
    finally:
        assert on_postgres.api.delete(f"/flow_runs/{run}").is_success
        assert on_postgres.api.patch(pool, json={"is_paused": False}).is_success
    gone = exporter.read_after(time.time())

    assert (late.get("runs", state="late"), late.get("work_pool_paused")) == (1, 1)
    assert late.get("late_since_timestamp_seconds") == pytest.approx(due, abs=1)
    assert (gone.get("runs", state="late"), gone.get("work_pool_paused")) == (0, 0)
    assert "genesys_timeouts_late_since_timestamp_seconds" not in gone.samples
