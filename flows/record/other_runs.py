"""Which other runs published parts of a plan: to roll one run back leaves what the others published."""

from collections.abc import Sequence
from itertools import islice

from flows.record.records import NoRecordError, kept_attempts, targets_of
from reports.report import OtherRun, Report
from tasks.storage import ResultStorage
from tasks.storage.our_versions import OurRun, OurVersions
from timeouts.planning.outcomes import TargetKind

_MOST_LOOKED_AT = 20
"""A nightly run that fails makes the same plan each time, and each record is a read for each of its targets."""


def with_other_runs(storage: ResultStorage, report: Report) -> Report:
    """Return the report with the other runs that published parts of its plan, as far as is known now."""
    return report.model_copy(update={"other_runs": other_runs_of(storage, report)})


def other_runs_of(storage: ResultStorage, report: Report) -> tuple[OtherRun, ...]:
    """Return the other runs that published parts of a plan which may be live, the latest first.

    It is the plan that the run published or, for a roll back, that of the run which it undoes. What a later run of ours
    has published since, such as a roll back, is no other run's any more. A run whose record cannot be read is named
    without figures. The latest twenty are looked at.
    """
    plan = report.plan
    if plan is None or not (report.may_have_written or plan.undoes):
        return ()
    ours = OurVersions(storage, report.org.key)
    runs = ours.since(0)
    own, checksum = (report.run.id, plan.checksum) if not plan.undoes else _undone(report, plan.undoes, runs)
    here = {each.target.id for each in report.outcomes if each.may_be_live}
    if plan.undoes:
        here |= {each.target.id for each in targets_of(plan)}
    latest, found = ours.latest(), []
    others = (run for run in ours.of_plan(checksum) if run.id != own)
    for run in islice(others, _MOST_LOOKED_AT):
        later = {each.id for each in runs if each.began_ms >= run.began_ms} - {run.id}
        gone = here | {target for target, version in latest.items() if version.run_id in later}
        try:
            kinds = [kind for target, kind in _published(storage, run.id).items() if target not in gone]
        except NoRecordError:
            found.append(OtherRun(id=run.id, name=run.name))
            continue
        if kinds:
            limits, architect_flows = kinds.count("action"), kinds.count("architect_flow")
            found.append(OtherRun(id=run.id, name=run.name, action_limits=limits, architect_flows=architect_flows))
    return tuple(found)


def _undone(report: Report, checksum: str, runs: Sequence[OurRun]) -> tuple[str, str]:
    """Return the id of the run that a roll back undoes, and the checksum of its plan.

    `checksum`: of what was undone, which is a plan of its own where several attempts of the run published.
    """
    undone = [run for run in runs if report.run.undoes in {run.id, run.name}]
    return (undone[-1].id, undone[-1].plan) if undone else ("", checksum)


def _published(storage: ResultStorage, run_id: str) -> dict[str, TargetKind]:
    """Return the kinds of all that a run published, or may have, by their ids. Raises NoRecordError."""
    outcomes = (outcome for attempt in kept_attempts(storage, run_id) for outcome in attempt.outcomes)
    return {outcome.target.id: outcome.target.kind for outcome in outcomes if outcome.may_be_live}
