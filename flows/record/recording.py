"""Writing the record of a run that may write: what was there before, then one small entry for each target of its plan.

What is written grows with the outcomes. Nothing is started whose beginning is not stored and read back; what cannot be
stored later costs no outcome: the record of the process itself is whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from prefect import get_run_logger

from flows.record.about import keep_about
from flows.record.other_runs import other_runs_of
from flows.record.records import (
    Ended,
    Entry,
    Names,
    NoRecordError,
    check_attempts_before,
    check_that_none_is_gone,
    plan_name,
    targets_of,
)
from genesys import RequestCounts
from reports.report import Report
from tasks.running.clock import now_ms
from tasks.storage import ResultStorage
from tasks.storage.seals import RefusedFile
from timeouts.planning.outcomes import Outcome
from timeouts.planning.saved_plan import RollBackOf, SavedPlan, save_plan, stored_plan

_handed_over: ContextVar["list[Record] | None"] = ContextVar("handed_over", default=None)


class RecordError(Exception):
    """What was there before could not be stored, or the run could not be rolled back; nothing was published."""


class Record:
    """The record of one attempt of a run, from before its first write on. One thread at a time uses it."""

    def __init__(self, storage: ResultStorage, before: Report) -> None:
        self._storage = storage
        self._before = before
        self._names = Names(before.run.id, 1)
        self._positions = {planned.target.id: position for position, planned in enumerate(targets_of(before.plan))}
        self._outcomes: list[Outcome] = []
        self._began_ms: dict[str, int] = {}
        self._requests = before.requests
        self._is_whole = True
        self._is_own_attempt = False

    @property
    def report(self) -> Report:
        """What is known of the run by now."""
        return self._before.with_outcomes(self._outcomes, self._requests)

    def open(self, *, with_plan: bool = True, roll_back_of: RollBackOf | None = None) -> None:
        """Store what was there before, for the way back, and the plan for a later apply, and read both back.

        `with_plan`: not where the plan was saved already, for its day has begun when somebody looked at it.
        `roll_back_of`: the run that the plan puts back.

        Never written again: a run that is retried keeps one for each attempt, numbered without a gap. Raises
        RecordError.
        """
        _hand_over(self)
        saved = self._plan_to_save(roll_back_of) if with_plan else None
        if saved is not None:
            self._before = self._before.model_copy(update={"plan_until_ms": saved.expires_ms})
        try:
            self._take_the_next_attempt()
            if self._before.may_have_written:
                check_that_none_is_gone(self._storage, self._names)
            self._check_earlier_attempts()
            self._store_what_was_before()
            if saved is not None:
                self._store_plan(saved)
        except OSError as problem:
            raise RecordError(
                f"nothing was changed: what was there before has to be stored first, and could not be: {problem}. "
                f"See that {self._storage.where(self._names.before)} can be read and written. Then run again"
            ) from None
        except NoRecordError as problem:
            raise RecordError(
                f"nothing was changed: this run is retried, and could not be rolled back: {problem}. Mend that and "
                "retry it, or start a new run, which has a record of its own"
            ) from None
        self.describe()

    def _plan_to_save(self, roll_back_of: RollBackOf | None) -> SavedPlan | None:
        plan, run = self._before.plan, self._before.run
        if plan is None:
            return None
        return save_plan(
            plan,
            now_ms=now_ms(),
            files_options=run.files_options,
            undoes=run.undoes,
            roll_back_of=roll_back_of,
            unmatched=self._before.unmatched,
            protected=run.protected,
        )

    def _store_plan(self, saved: SavedPlan) -> None:
        """Store a plan under its checksum, where a run that makes the same one at the same time stores its own."""
        self._storage.write_and_check(
            plan_name(saved.checksum),
            saved.model_dump_json().encode(),
            is_as_good=lambda found: stored_plan(found).checksum == saved.checksum,
        )

    def describe(self) -> None:
        """Keep what lists of runs tell of it by now."""
        keep_about(self._storage, self.report)

    def find_other_runs(self) -> None:
        """Find out which other runs published parts of the plan: to roll this one back leaves those."""
        others = other_runs_of(self._storage, self.report)
        self._before = self._before.model_copy(update={"other_runs": others})

    def store_before(self) -> None:
        """Store the report as it is before the first write, as the next attempt of the run.

        Raises OSError unless it is there as it was written, and where it is not known which attempt is the next.
        """
        self._take_the_next_attempt()
        self._store_what_was_before()

    def _take_the_next_attempt(self) -> None:
        while self._is_taken():
            self._names = Names(self._names.run_id, self._names.attempt + 1)

    def _store_what_was_before(self) -> None:
        self._storage.write_and_check(self._names.before, self._before.to_json())

    def _check_earlier_attempts(self) -> None:
        """Raise NoRecordError where one of them cannot be read: a roll back refuses the run then, all that it does."""
        if self._names.attempt > 1 and self._before.may_have_written:
            check_attempts_before(self._storage, self._names)

    def _is_taken(self) -> bool:
        """Tell whether an earlier attempt has left its record, be it refused. Raises OSError where that is not known.

        Of a run whose attempts have a gap it is not known what it wrote: it could not be rolled back.
        """
        try:
            with suppress(RefusedFile):
                self._storage.read(self._names.before)
        except FileNotFoundError:
            return False
        return True

    def begin(self, target: str) -> str:
        """Store that a publish is about to be started; returns why it must not be, '' where it may."""
        self._began_ms[target] = began_ms = now_ms()
        try:
            self._make_sure_of_the_attempt()
            self._storage.write_and_check(self._entry(target), Entry(target=target, began_ms=began_ms).to_json())
            self._storage.check_that_it_stayed(self._names.before)  # after that write: it lies beside it
        except OSError as problem:
            self._complain(problem)
            return f"what was there before could not be recorded: {problem}"
        except NoRecordError as problem:
            return f"the run could not be rolled back: {problem}"
        return ""

    def _make_sure_of_the_attempt(self) -> None:
        """Take the next attempt where another process of the run has opened this one at the same moment.

        Whoever stored it last has it. Call it before the first publish, while no other run writes to the org. Raises
        OSError as `store_before` does, and where what was there before is gone; NoRecordError where an earlier attempt
        cannot be read.
        """
        if self._is_own_attempt:
            return
        try:
            is_own = self._storage.read(self._names.before) == self._before.to_json()
        except ValueError:  # refused, or damaged
            is_own = False
        if not is_own:
            self.store_before()
            for left in self._outcomes:  # nothing was sent for it
                self._store(self._entry(left.target.id), Entry(target=left.target.id, outcome=left).to_json())
        self._check_earlier_attempts()
        self._is_own_attempt = True

    def add(self, outcome: Outcome) -> None:
        """Take an outcome down; it is in the report whether or not it could be stored."""
        self._outcomes.append(outcome)
        target = outcome.target.id
        times = {"began_ms": self._began_ms.get(target), "ended_ms": now_ms()}
        self._store(self._entry(target), Entry(target=target, outcome=outcome, **times).to_json())

    def close(self, requests: RequestCounts) -> None:
        """Take down what the whole run has asked of the platform."""
        self._requests = requests
        ended = Ended(requests=requests, begun=frozenset(self._began_ms))
        self._store(self._names.end, ended.to_json())

    def _store(self, name: str, content: bytes) -> None:
        try:
            self._storage.write(name, content)
        except OSError as problem:
            self._complain(problem)

    def _complain(self, problem: OSError) -> None:
        """Say it once: on a full disk it is the same for all that follows."""
        if self._is_whole:
            self._is_whole = False
            get_run_logger().error(
                "the record of this run is not whole, for it could not be stored: %s. What was begun is stored, and a "
                "roll back looks at all of it; nothing more is started. The run's tables say what became of it.",
                problem,
            )

    def _entry(self, target: str) -> str:
        return self._names.entry(self._positions[target])


@contextmanager
def handing_over() -> Iterator[list[Record]]:
    """Collect the records of the runs in this context: a terminal shows them also where none could be stored."""
    records: list[Record] = []
    token = _handed_over.set(records)
    try:
        yield records
    finally:
        _handed_over.reset(token)


def keep_report(storage: ResultStorage, report: Report) -> None:
    """Store the report of a run that writes nothing; where that fails, it is logged and the run goes on."""
    record = Record(storage, report)
    _hand_over(record)
    try:
        record.store_before()
        record.describe()
    except OSError as problem:
        get_run_logger().error("the report of this run could not be stored: %s", problem)


def _hand_over(record: Record) -> None:
    records = _handed_over.get()
    if records is not None:
        records.append(record)
