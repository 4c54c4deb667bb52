"""Audits that come after audits: what moved in between, who did it, and who is told."""

import dataclasses
from typing import Any

import pytest
from prefect import get_client
from prefect.flow_engine import run_flow
from prefect.states import AwaitingRetry

from flows.audit import audit
from flows.raise_timeouts import raise_timeouts
from reports.report import Report
from simulator.clients import READING, OAuthClient
from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.people import PersonAction
from simulator.org.seeds import DivisionSeed
from simulator.org.versions import Actor
from simulator.server import Running
from tasks.running.clock import now_ms
from tasks.storage import default_storage
from tasks.storage.known_readings import EXTRACTOR_VERSION
from tasks.storage.last_audit import DAMAGED, FIRST, OVERTAKEN, STILL_TO_COME, Earlier, LastAudit
from tests.environment import WRITER
from tests.flows.artifacts import summary_of, tables_of, told
from tests.flows.conftest import report_of
from tests.publishing.scenes import COLLEAGUE, FLOW, configuration, org_seed
from tests.timeouts.conftest import listed, reading, step
from tests.timeouts.drift.two_audits import S3, seen
from timeouts.drift.drift import Drift
from timeouts.drift.snapshot import AuditStamp, Snapshot
from timeouts.policy.policy import Policy

ADA = Actor("person", COLLEAGUE.id, COLLEAGUE.name)


def run_audit() -> Report:
    return report_of(audit(return_state=True))


def drift_of(report: Report) -> Drift:
    assert report.drift is not None
    return report.drift


def publish_as_ada(simulator: Running, seconds: int) -> None:
    done = simulator.org.play(
        PersonAction(kind="publish", architect_flow_id=FLOW, person=ADA, body=configuration(seconds, "Ada's"))
    )
    assert not done.refused


@pytest.mark.usefixtures("small_org")
def test_a_first_audit_says_that_there_is_nothing_to_compare_with() -> None:
    with told() as events:
        report = run_audit()

    assert drift_of(report) == Drift(note=FIRST)
    assert events == []


@pytest.mark.usefixtures("small_org")
def test_a_second_audit_of_an_org_that_stood_still_finds_nothing() -> None:
    first = run_audit()
    with told() as events:
        drift = drift_of(run_audit())

    assert drift.since is not None
    assert (drift.since.run_id, drift.is_found, events) == (first.run.id, False, [])


def test_what_a_colleague_published_is_told_by_name_and_by_an_event(small_org: Running) -> None:
    first = run_audit()
    publish_as_ada(small_org, 2)
    with told() as events:
        state: Any = audit(return_state=True)
    drift = drift_of(report_of(state))

    assert [(line.move, line.before_effective_ms, line.after_effective_ms) for line in drift.steps] == [
        ("lowered", 3_000, 2_000)
    ]
    assert [(line.version_before, line.version_after, line.published_by) for line in drift.architect_flows] == [
        ("4.0", "5.0", "Ada Colleague")
    ]
    (event,) = events
    assert event.event == "genesys-timeouts.drift-found"
    assert event.payload["counts"]["lowered"] == 1
    assert event.payload["by"] == {"Ada Colleague": 1}
    assert event.payload["since_run"] == first.run.id
    tables = tables_of(state.state_details.flow_run_id)
    (row,) = (row for row in tables["timeouts-drift-small-org-66666666"] if row["what"] == "lowered")
    assert (row["effective before"], row["effective after"], row["published by"]) == ("3s", "2s", "Ada Colleague")
    assert row["in Architect"].endswith(f"/architect/#/inboundcall/flows/{FLOW}/latest")


def test_drift_stands_first_in_the_summary(small_org: Running) -> None:
    run_audit()
    publish_as_ada(small_org, 2)
    state: Any = audit(return_state=True)
    summary = summary_of(state.state_details.flow_run_id)

    assert summary.index("## Since the last audit") < summary.index("## Shortest waits")
    assert summary.count("## ", 0, summary.index("## Since the last audit")) == 0


@pytest.mark.usefixtures("small_org")
def test_what_a_run_of_ours_published_is_told_as_ours() -> None:
    run_audit()
    raised = raise_timeouts(policy=Policy.raise_to(10_000), mode="apply", return_state=True)
    drift = drift_of(run_audit())

    assert [(line.ours, line.published_by) for line in drift.architect_flows] == [
        (True, f"our run {report_of(raised).run.name}")
    ]
    assert [line.move for line in drift.steps] == ["raised"]


def test_an_incomplete_audit_forgets_nothing_and_tells_that_it_is_incomplete(small_org: Running) -> None:
    run_audit()
    publish_as_ada(small_org, 2)
    small_org.org.add_fault(
        Fault(kind="html", match=Match(path="/api/v2/flows/*/versions/*/configuration", times=None))
    )
    with told() as events:
        incomplete = drift_of(run_audit())
    small_org.org.clear_faults()
    whole = drift_of(run_audit())

    assert (incomplete.is_found, [each.name for each in incomplete.unknown]) == (False, ["Main line"])
    assert [(event.event, event.payload["not_read"]) for event in events] == [("genesys-timeouts.audit-incomplete", 1)]
    assert [line.move for line in whole.steps] == ["lowered"]


def test_a_retried_audit_compares_with_the_same_audit_again(small_org: Running) -> None:
    first = run_audit()
    publish_as_ada(small_org, 2)
    state: Any = audit(return_state=True)
    run_id = state.state_details.flow_run_id
    with get_client(sync_client=True) as client:
        client.set_flow_run_state(run_id, AwaitingRetry(), force=True)
        again = client.read_flow_run(run_id)
    second: Any = run_flow(audit, flow_run=again, parameters={}, return_type="state")
    drift = drift_of(report_of(second))

    assert drift.since is not None
    assert (drift.since.run_id, [line.move for line in drift.steps]) == (first.run.id, ["lowered"])


@pytest.mark.usefixtures("small_org")
def test_a_damaged_file_counts_as_none_and_is_said() -> None:
    report = run_audit()
    kept = LastAudit(default_storage(), report.org.id, EXTRACTOR_VERSION, WRITER["GENESYS_CLIENT_ID"])
    default_storage().write(kept.last.name, b"\x1f\x8b not really")

    assert drift_of(run_audit()) == Drift(note=DAMAGED)
    assert drift_of(run_audit()).since is not None


def stamp(number: int) -> AuditStamp:
    return AuditStamp(run_id=f"run-{number}", run_name=f"name-{number}", began_ms=number, began=f"day {number}")


def test_another_reading_of_definitions_counts_as_none_and_is_said() -> None:
    snapshot = seen([listed()], [reading(step(1, S3))], stamp=stamp(1))
    LastAudit(default_storage(), "org-1", reader=1).keep(snapshot)

    assert LastAudit(default_storage(), "org-1", reader=2).before(snapshot).note == DAMAGED


def test_an_audit_that_began_earlier_replaces_nothing_and_says_so() -> None:
    kept = LastAudit(default_storage(), "org-1", reader=1)
    early, late = (seen([listed()], [reading(step(1, S3))], stamp=stamp(number)) for number in (1, 2))
    kept.keep(late)

    assert kept.before(early).note == OVERTAKEN
    kept.keep(early)
    assert kept.before(seen([], [], stamp=stamp(3))).snapshot == Snapshot.model_validate_json(late.to_json())


def test_an_audit_from_a_clock_that_is_ahead_is_said_once_and_the_next_one_takes_its_place() -> None:
    """Until that date nothing was compared and nothing kept, and every audit stayed green."""
    kept = LastAudit(default_storage(), "org-1", reader=1)
    ahead, first, second = (
        seen([listed()], [reading(step(1, S3))], stamp=stamp(number)) for number in (now_ms() + 86_400_000, 1, 2)
    )
    kept.keep(ahead)

    assert kept.before(first) == Earlier(None, STILL_TO_COME.format(when=ahead.stamp.began))
    kept.keep(first)
    assert kept.before(second).snapshot == Snapshot.model_validate_json(first.to_json())


def test_a_retried_audit_after_one_from_a_clock_that_is_ahead_is_told_the_same_again() -> None:
    kept = LastAudit(default_storage(), "org-1", reader=1)
    ahead, later = (seen([listed()], [reading(step(1, S3))], stamp=stamp(each)) for each in (now_ms() + 86_400_000, 1))
    kept.keep(ahead)
    told = kept.before(later)
    kept.keep(later)

    assert kept.before(later) == told


def test_two_orgs_are_kept_apart(small_org: Running) -> None:
    run_audit()
    seed = org_seed()
    theirs = [dataclasses.replace(each, id=f"7{each.id[1:]}") for each in seed.architect_flows]
    small_org.org.reseed(dataclasses.replace(seed, id="77777777-7777-4777-8777-777777777777", architect_flows=theirs))

    assert drift_of(run_audit()) == Drift(note=FIRST)


def test_two_clients_that_see_other_divisions_do_not_call_gone_what_only_one_of_them_sees(
    small_org: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside a second client, every audit told the Architect flows of the other one as gone, then as new."""
    seed = org_seed(2)
    home, sales = seed.architect_flows
    divisions = (DivisionSeed("home", "Home"), DivisionSeed("sales", "Sales"))
    of_sales = dataclasses.replace(sales, division_id="sales")
    small_org.org.reseed(dataclasses.replace(seed, divisions=divisions, architect_flows=(home, of_sales)))
    small_org.org.add_client(OAuthClient("sales", "secret", "Sales", READING, frozenset({"sales"})))
    everything = run_audit()
    with monkeypatch.context() as patch:
        patch.setenv("GENESYS_CLIENT_ID", "sales")
        patch.setenv("GENESYS_CLIENT_SECRET", "secret")
        first_of_sales, second_of_sales = run_audit(), run_audit()
    again = run_audit()

    assert drift_of(first_of_sales) == Drift(note=FIRST)
    for earlier, later in ((first_of_sales, second_of_sales), (everything, again)):
        drift = drift_of(later)
        assert drift.since is not None
        assert (drift.since.run_id, drift.architect_flows, drift.steps) == (earlier.run.id, (), ())
