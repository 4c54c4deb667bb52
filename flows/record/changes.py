"""What a run changed and when, from its own record, and what other runs of ours changed around that time."""

from collections.abc import Iterator, Sequence

from flows.record.merged_attempts import COMPARE, NothingToUndoError, undone_run
from flows.record.records import Names, NoRecordError, entry_of, kept_attempts, targets_of
from reports.report import Report
from tasks.storage import ResultStorage
from tasks.storage.our_versions import OurRun, OurVersions
from timeouts.effect.changes import RunChanges, touched_actions
from timeouts.model.durations import DAY_MS
from timeouts.model.org import Organization


def changes_of(storage: ResultStorage, run_id: str) -> RunChanges:
    """Return what a run changed, in all its attempts.

    Raises NoRecordError where nothing is known of the run or of its times, and NothingToUndoError where it published
    nothing.
    """
    attempts = kept_attempts(storage, run_id)
    undone = undone_run(storage, attempts, COMPARE)
    times = list(_times_of(storage, attempts))
    if not times:
        raise NoRecordError(
            f"the record of the run {run_id} does not say when it published, for an earlier version made it"
        )
    return RunChanges(
        organization=undone.plan.organization,
        run_id=run_id,
        run_name=undone.name,
        began_ms=min(times),
        ended_ms=max(times),
        actions=touched_actions(undone.plan, undone.may_be_live, undone.in_doubt),
    )


def changes_since(storage: ResultStorage, organization: Organization, from_ms: int) -> list[RunChanges]:
    """Return what our runs published in an org since a moment, the first one first.

    A run whose record cannot be read may have changed anything, at the time at which it is known to have begun.
    """
    # The list of our runs knows when a run began: one may have gone on publishing for hours.
    runs = OurVersions(storage, organization.key).since(from_ms - DAY_MS)
    found = [changes for run in runs if (changes := _changes_in(storage, run, organization)) is not None]
    return [changes for changes in found if changes.ended_ms >= from_ms]


def _changes_in(storage: ResultStorage, run: OurRun, organization: Organization) -> RunChanges | None:
    try:
        return changes_of(storage, run.id)
    except NothingToUndoError:
        return None
    except NoRecordError:
        return RunChanges(
            organization=organization,
            run_id=run.id,
            run_name=run.name,
            began_ms=run.began_ms,
            ended_ms=run.began_ms,
            is_known=False,
        )


def _times_of(storage: ResultStorage, attempts: Sequence[Report]) -> Iterator[int]:
    """Yield when the publishes were begun and ended that are live, or may be."""
    for number, attempt in enumerate(attempts, start=1):
        live = {outcome.target.id for outcome in attempt.outcomes if outcome.may_be_live}
        names = Names(attempt.run.id, number)
        for position, planned in enumerate(targets_of(attempt.plan)):
            if planned.target.id in live:
                entry = entry_of(storage, names.entry(position), planned.target.id)
                times = (entry.began_ms, entry.ended_ms) if entry is not None else ()
                yield from (at_ms for at_ms in times if at_ms is not None)
