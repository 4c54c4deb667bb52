"""Reading what runs have left in Prefect's result storage: their records, by run and attempt, and their plans.

A record is what stood there before the first write, stored once, and a small entry for each Architect flow and action
of the plan: stored when its publish is about to be started, and again with its outcome (flows/record/recording.py).
"""

import re
from typing import NamedTuple

from pydantic import BaseModel

from genesys import RequestCounts
from reports.report import READ_VERSIONS, SCHEMA_VERSION, Report
from tasks.running.warning import warn
from tasks.storage import ResultStorage
from tasks.storage.seals import RefusedFile
from timeouts.model.org import Organization
from timeouts.model.values import Value
from timeouts.planning.changes import ActionChange, Pin
from timeouts.planning.outcomes import Outcome
from timeouts.planning.plan import Plan

CHECKSUM = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_RUN = re.compile(r"[0-9A-Za-z-]{1,64}")
_BEGUN = "its publish was begun, and the run ended before it was known what came of it; run again to resolve it"


class NoRecordError(ValueError):
    """There is no record under that name in this machine's result storage, or none that can be read."""


class RefusedRecordError(NoRecordError):
    """There is a record under that name, and it is not as one of our runs sealed it."""


def check_org(run_id: str, ran_in: Organization, connected: Organization) -> None:
    """Raise NoRecordError where a run was in another org than the one that is connected."""
    if ran_in.is_files and ran_in.key != connected.key:
        raise NoRecordError(
            f"the run {run_id} was of the files of {ran_in.name} ({ran_in.key}), these are those of {connected.name} "
            f"({connected.key}): name the same folders"
        )
    if ran_in.key != connected.key:
        raise NoRecordError(
            f"the run {run_id} was in the org {ran_in.name} ({ran_in.key}), this one is {connected.name} "
            f"({connected.key}): name the credentials of that org"
        )


class Entry(Value):
    """What is known of one Architect flow or action of a plan; without an outcome, its publish was begun.

    `began_ms`, `ended_ms`: when its publish was begun, and when its outcome was known (milliseconds since 1970).
    """

    target: str
    outcome: Outcome | None = None
    began_ms: int | None = None
    ended_ms: int | None = None


class Ended(Value):
    """What a run that wrote had asked of the platform when it ended, and the ids of all whose publish was begun.

    An entry that is gone by then was deleted: what it was about counts as begun.
    """

    requests: RequestCounts
    begun: frozenset[str] = frozenset()


class Names(NamedTuple):
    """The names of what one attempt of a run leaves."""

    run_id: str
    attempt: int

    @property
    def before(self) -> str:
        """What was found and planned: all that there is of a run that wrote nothing."""
        return self._name("before")

    @property
    def end(self) -> str:
        """What is only known when it is over."""
        return self._name("end")

    def entry(self, position: int) -> str:
        """Name what became of one target of the plan (`targets_of`)."""
        return self._name(f"entry-{position}")

    def _name(self, what: str) -> str:
        return f"genesys-timeouts-run-{self.run_id}-{self.attempt}-{what}"


def targets_of(plan: Plan | None) -> tuple[ActionChange | Pin, ...]:
    """Return all that may get an outcome, in the order of the entries: actions, what a person holds, and the rest."""
    return () if plan is None else (*plan.action_changes, *plan.held, *plan.pins)


def plan_name(checksum: str) -> str:
    """Return the name of a saved plan."""
    return f"genesys-timeouts-plan-{checksum.removeprefix('sha256:')}"


def is_run_id(text: str) -> bool:
    """Tell whether a text can be the id of a run that names files."""
    return _RUN.fullmatch(text) is not None


def kept_attempts(storage: ResultStorage, run_id: str) -> list[Report]:
    """Return the reports of all attempts of a run, the first one first.

    What an attempt had begun when it was killed is unknown. Raises NoRecordError when there is none, or where one of
    them cannot be read: what it wrote would not be known.
    """
    attempts: list[Report] = []
    if is_run_id(run_id):
        while (report := _kept(storage, Names(run_id, len(attempts) + 1))) is not None:
            attempts.append(report)
        check_that_none_is_gone(storage, Names(run_id, len(attempts) + 1))
    if not attempts:
        raise NoRecordError(
            f"there is no record of a run {run_id} here: name, by its name or id, a Prefect flow run whose "
            "results are in this machine's result storage: an audit, a raise, an apply or a roll back "
            "(`genesys-timeouts runs` lists them). A fleet leaves none: name a run of its table. In a terminal, "
            "GENESYS_TIMEOUTS_STORAGE=writes finds what deployments have left"
        )
    return attempts


def check_attempts_before(storage: ResultStorage, names: Names) -> None:
    """Raise NoRecordError where what an earlier attempt found cannot be read: a roll back would refuse the run."""
    for attempt in range(1, names.attempt):
        _found_before(storage, names._replace(attempt=attempt))


def check_that_none_is_gone(storage: ResultStorage, next_attempt: Names) -> None:
    """Raise NoRecordError where an attempt has left something, and what it found before is gone: somebody deleted it.

    `next_attempt`: the first one of which nothing was found.
    """
    later = next_attempt._replace(attempt=next_attempt.attempt + 1)
    for left in (next_attempt.entry(0), next_attempt.end, later.before):
        if storage.has(left):
            raise NoRecordError(
                f"the record of the run {next_attempt.run_id} is not whole, so what it changed is not known: {left} is "
                f"there, and {next_attempt.before} is gone. Restore it from a backup, or put back by hand what its "
                "tables in the Prefect UI show"
            )


def kept_report(storage: ResultStorage, run_id: str) -> Report:
    """Return the report of the last attempt of a run. Raises NoRecordError as `kept_attempts` does."""
    return kept_attempts(storage, run_id)[-1]


def saved_plan_text(storage: ResultStorage, plan: str) -> bytes:
    """Return the stored document of a plan, by the id of the run that made it or by the plan's checksum, unchecked.

    Raises NoRecordError when there is none, and where it is refused or cannot be read.
    """
    checksum = CHECKSUM.fullmatch(plan.strip())
    name = checksum[1] if checksum else _checksum_of(kept_report(storage, plan.strip()).plan, plan)
    try:
        return storage.read(plan_name(name))
    except FileNotFoundError:
        raise NoRecordError(
            f"there is no saved plan {plan} here: make a dry run, it says which plan it saved"
        ) from None
    except RefusedFile as problem:
        raise RefusedRecordError(f"the saved plan {plan} is refused: {problem}. Then make a new dry run") from None
    except (ValueError, OSError) as problem:
        raise NoRecordError(f"the saved plan {plan} could not be read: {problem}") from None


def _checksum_of(plan: Plan | None, run_id: str) -> str:
    if plan is None:
        raise NoRecordError(f"the run {run_id} was an audit and made no plan: make a dry run of raise")
    return plan.checksum


def _kept(storage: ResultStorage, names: Names) -> Report | None:
    """Return the report of one attempt with what came of it, None where nothing was found. Raises NoRecordError."""
    report = _found_before(storage, names)
    return _with_entries(storage, names, report) if report is not None and report.may_have_written else report


def _found_before(storage: ResultStorage, names: Names) -> Report | None:
    """Return what an attempt found before it changed anything, None where nothing is kept. Raises NoRecordError."""
    stored = b""
    try:
        stored = storage.read(names.before)
        report = Report.model_validate_json(stored)
    except FileNotFoundError:
        return None
    except RefusedFile as problem:
        raise RefusedRecordError(
            f"the record of the run {names.run_id} is refused, so what it changed is not known: {problem}. What its "
            "tables in the Prefect UI show can be put back by hand"
        ) from None
    except OSError as problem:
        raise NoRecordError(f"the record of the run {names.run_id} could not be read: {problem}") from None
    except ValueError:
        raise _unreadable(storage, names, stored) from None
    if report.run.id != names.run_id:
        raise _unreadable(storage, names, b"")
    return report


def _unreadable(storage: ResultStorage, names: Names, stored: bytes) -> NoRecordError:
    """Say whether a record is damaged or whole and of another version: neither must look like none at all."""

    class AnySchema(BaseModel):
        schema_version: int

    try:
        schema = AnySchema.model_validate_json(stored).schema_version
    except ValueError:
        schema = SCHEMA_VERSION
    if schema not in READ_VERSIONS:
        return NoRecordError(
            f"the record of the run {names.run_id} has schema {schema}, this version reads {SCHEMA_VERSION}: use the "
            "version that made it"
        )
    return NoRecordError(
        f"the record of the run {names.run_id} is damaged ({storage.where(names.before)}), so what it changed is not "
        "known: restore that file, or put back by hand what its tables in the Prefect UI show"
    )


def _with_entries(storage: ResultStorage, names: Names, report: Report) -> Report:
    ended = _ended(storage, names)
    outcomes = []
    for position, planned in enumerate(targets_of(report.plan)):
        name, target = names.entry(position), planned.target.id
        entry = entry_of(storage, name, target)
        if entry is None and ended is not None and target in ended.begun:
            warn("%s counts as begun, for its run had begun it and the file is gone", name)
            entry = Entry(target=target)
        outcomes.append(_outcome_in(entry, planned))
    return report.with_outcomes(list(filter(None, outcomes)), ended.requests if ended else report.requests)


def entry_of(storage: ResultStorage, name: str, target: str) -> Entry | None:
    """Read one entry, None where there is none.

    One that is there and cannot be read, or is refused, was begun, whatever else it said.
    """
    begun = Entry(target=target)
    try:
        entry = Entry.model_validate_json(storage.read(name))
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as problem:
        why = problem if isinstance(problem, RefusedFile | OSError) else "it is damaged"
        warn("%s counts as begun, for it is not known what came of it: %s", name, why)
        return begun
    return entry if entry.outcome is None or entry.outcome.target.id == target else begun


def _outcome_in(entry: Entry | None, planned: ActionChange | Pin) -> Outcome | None:
    """Return what became of a target; nothing where no publish of it was begun."""
    if entry is None:
        return None
    if entry.outcome is not None:
        return entry.outcome
    return Outcome(
        target=planned.target,
        outcome="unknown",
        reason=_BEGUN,
        version_before=None if planned.version is None else str(planned.version),
        limit_before_ms=planned.before_ms if isinstance(planned, ActionChange) else None,
        limit_after_ms=planned.after_ms if isinstance(planned, ActionChange) else None,
    )


def _ended(storage: ResultStorage, names: Names) -> Ended | None:
    """Return what a run left at its end, None where it was killed before, or that cannot be read."""
    try:
        return Ended.model_validate_json(storage.read(names.end))
    except RefusedFile as problem:
        warn("what the run %s asked of the platform is not known to its end: %s", names.run_id, problem)
    except (ValueError, OSError):
        pass
    return None
