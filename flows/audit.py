"""The Prefect flow audit: what every Call Data Action step of an org waits. It cannot write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from files.folders import Folders
from files.reader import FilesReader
from flows.comparison.beside_files import compared, read_files
from flows.comparison.comparing import compare
from flows.record.changes import changes_since
from flows.record.recording import keep_report
from flows.run.current_run import say_figures, this_run
from flows.run.endings import ending
from flows.run.events import emit
from flows.run.our_flow import OURS, our_flow
from flows.run.reading import take_inventory
from flows.sources.sources import Source, check_figures, source_of
from genesys import ReadClient, RequestCounts
from genesys.block import GenesysCloudCredentials
from reports.report import Report, Run, first_report
from reports.words import utc
from tasks.compare_with_last_audit import compare_with_last_audit
from tasks.compute_changes import compute_changes
from tasks.publish_artifacts import publish_artifacts
from tasks.running.clock import now_ms
from tasks.running.opaque_to_prefect import opaque_to_prefect
from tasks.running.reader import Reader
from tasks.storage import storage_of_run, storage_of_writers
from timeouts.as_code.as_code import AsCode
from timeouts.drift.drift import Drift
from timeouts.drift.snapshot import AuditStamp
from timeouts.effect.effect import RunEffect
from timeouts.effect.stretches import LONGEST_DAYS, has_passed_an_hour
from timeouts.inventory import Inventory
from timeouts.model.durations import DAY_MS
from timeouts.model.org import Organization
from timeouts.model.periods import NO_DAYS, DaysOrNone
from timeouts.policy.policy import Policy

_LATELY_DAYS = 14
"""Two weeks: so long, a summary says whether what our runs published helped."""


@flow(name="audit", **OURS)
@our_flow
def audit(
    org: GenesysCloudCredentials | None = None,
    policy: Policy | None = None,
    evidence: DaysOrNone = NO_DAYS,
    files: Folders | None = None,
    compare_with: Folders | None = None,
) -> State[Any]:
    """List every Call Data Action step of an org with its timeout, its action's limit and what callers really wait.

    Args:
        org: The org, by its credentials. None: the worker's environment decides.
        policy: What steps should wait. Given, the run also shows what it would change; it changes nothing.
        evidence: Also rank the actions by the calls lost in so many days, such as 14d.
        files: Folders of files instead of an org.
        compare_with: Folders of files to compare the org with: which way they differ from what is live.
    """
    source = source_of(org, files, compare_with)
    check_figures(source, policy, evidence)
    in_files = read_files(source.compared_with)
    with source.reader() as reader:
        reading = read_source(reader, policy, evidence, source)
    reading = replace(reading, as_code=compared(reading.inventory, in_files))
    return finish_audit(reading, policy, source)


@dataclass(frozen=True, slots=True)
class AuditReading:
    """A source as an audit read it.

    `since`: when it began to read; `requests`: how often it asked the platform. `effects`: whether what our runs
    published lately helped. `as_code`: what files say beside the org, None where it was given none.
    """

    run: Run
    since: AuditStamp
    inventory: Inventory
    requests: RequestCounts
    effects: Sequence[RunEffect] = ()
    as_code: AsCode | None = None


def read_source(reader: Reader, policy: Policy | None, evidence: int | None, source: Source) -> AuditReading:
    """Read an org, or files. Call it in the body of a Prefect flow.

    `evidence`: the days whose figures are read, too.
    """
    run = this_run("audit", "read only", source)
    since = _stamp_of(run)
    inventory = take_inventory(reader, policy, evidence_days=evidence)
    effects = [] if isinstance(reader, FilesReader) else _effects(reader, inventory.organization)
    return AuditReading(run, since, inventory, reader.request_counts(), effects)


def _effects(client: ReadClient, organization: Organization) -> list[RunEffect]:
    """Say whether what our runs published lately helped; where there was none, nothing is asked for."""
    from_ms = now_ms() - _LATELY_DAYS * DAY_MS
    runs = changes_since(storage_of_writers(), organization, from_ms - LONGEST_DAYS * DAY_MS)
    recent = [run for run in runs if run.is_known and run.ended_ms >= from_ms and has_passed_an_hour(run, now_ms())]
    return compare(client, organization, recent, runs) if recent else []


def finish_audit(reading: AuditReading, policy: Policy | None, source: Source) -> State[Any]:
    """Publish what was read: in artifacts, in the record and as events. Returns the state in which the run ends."""
    run, inventory, requests = reading.run, reading.inventory, reading.requests
    plan = compute_changes(opaque_to_prefect(inventory), policy) if policy else None
    drift = _drift(reading, source)
    report = first_report(run, inventory, plan, requests, drift=drift, effects=reading.effects, as_code=reading.as_code)
    keep_report(storage_of_run(), report)
    publish_artifacts(report, source.addresses_of(inventory))
    say_figures(report)
    _tell(report, drift)
    return ending(report)


def _stamp_of(run: Run) -> AuditStamp:
    began_ms = now_ms()
    return AuditStamp(run_id=run.id, run_name=run.name, began_ms=began_ms, began=utc(began_ms))


def _drift(reading: AuditReading, source: Source) -> Drift:
    """Compare with the last audit; where that is not possible, the audit goes on and says so."""
    given = opaque_to_prefect(reading.inventory), reading.since, source.client_id, source.seen_by
    found = compare_with_last_audit(*given, return_state=True).result(raise_on_failure=False)
    if isinstance(found, Drift):
        return found
    return Drift(note=f"What moved since the last audit could not be found out: {found}")


def _tell(report: Report, drift: Drift) -> None:
    """Tell automations of gaps and of drift."""
    coverage = report.coverage
    if not coverage.complete:
        emit(
            "audit-incomplete",
            report.org,
            {
                "listed": coverage.listed,
                "not_read": coverage.not_read,
                "unreadable": coverage.unreadable,
                "notes": list(report.notes),
            },
        )
    if drift.since is not None and drift.is_found:
        since = {"since_run": drift.since.run_id, "since": drift.since.began}
        emit("drift-found", report.org, {"counts": drift.counts, "by": drift.by_whom, **since})
