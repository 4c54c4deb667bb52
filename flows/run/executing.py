"""From a plan to its end, for every run that may write: store what was before, publish when asked, show, end."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

from prefect import get_client, get_run_logger
from prefect.client.schemas.objects import State

from flows.guards.apply_lock import StoppedWaitingError, apply_lock
from flows.record.merged_attempts import WentOnError, check_still
from flows.record.recording import Record
from flows.run.current_run import say_figures, this_run
from flows.run.endings import ending, interrupted
from flows.run.events import emit_changes
from flows.run.interruption import Interruption, in_order, pass_on
from flows.run.pace import pace_until
from flows.run.reading import list_again
from flows.run.rollout import Rollout, none_started, outcomes_of_held
from flows.run.suspension import finishing_first
from flows.sources.sources import Source
from genesys import RequestCounts, Stopped, WriteClient, about, of_org
from publishing.publish import Writer
from reports.commands.next_steps import command_of
from reports.frames.planned.windows import moment_in
from reports.report import Kind, Report, first_report
from tasks.list_flows import list_flows
from tasks.publish_artifacts import publish_artifacts
from tasks.running.clock import now_ms
from tasks.running.states import cancelled
from tasks.storage import storage_of_run
from tasks.storage.ids import our_clients, our_drafts
from tasks.storage.our_versions import OurRun, OurVersions
from timeouts.as_code.as_code import AsCode
from timeouts.inventory import Inventory
from timeouts.planning.changes import Violation
from timeouts.planning.later.under_way import moved_meanwhile
from timeouts.planning.limits import unwaived
from timeouts.planning.plan import Plan
from timeouts.planning.saved_plan import RollBackOf, refuse_expired
from timeouts.policy.window import window_violations
from timeouts.text.phrases import first_few

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A source as a run read it, and the plan to execute.

    `is_saved`: an earlier run made it, and it is stored; `until_ms`: until when it may be applied. `undoes`: how the
    run is called that a roll back puts back; `roll_back_of`: that run as it was known then; `in_doubt`: the ids of
    what may still come of it and the plan leaves as it was read. `released`: the protected Architect flows that
    the run may change, as they were named. `as_code`: what files say beside the org, None where the run was given none.
    """

    source: Source
    inventory: Inventory
    plan: Plan
    requests: RequestCounts
    is_saved: bool = False
    until_ms: int | None = None
    undoes: str = ""
    roll_back_of: RollBackOf | None = None
    in_doubt: Collection[str] = ()
    released: Sequence[str] = ()
    as_code: AsCode | None = None


def execute_plan(planned: PlannedRun, kind: Kind, *, apply: bool, waive: Sequence[str] = ()) -> State[Any]:
    """Apply the plan or, in a dry run, only show it; returns the state that the run ends in.

    The values from before are stored before the first write; raises RecordError where they cannot be, and nothing is
    written. So it is with SavedPlanError, where the plan is too old once it is this run's turn, and with WentOnError,
    where the run that it puts back has published more by then. An interruption ends the publishing in order, leaves a
    true record, and is then passed on; so do a suspension, and a window that closes meanwhile.
    """
    before = first_report(
        this_run(
            kind,
            "apply" if apply else "dry run",
            planned.source,
            undoes=planned.undoes,
            protected=planned.released,
            waived=waive,
        ),
        planned.inventory,
        planned.plan,
        planned.requests,
        released=planned.released,
        refusals=refusals_of(planned.plan, waive),
        plan_until_ms=planned.until_ms,
        as_code=planned.as_code,
    )
    record = Record(storage_of_run(), before)
    record.open(with_plan=not planned.is_saved, roll_back_of=planned.roll_back_of)
    interruption = Interruption()
    with finishing_first(interruption.stop):
        if before.may_have_written:
            tell = partial(copy_context().run, _ended_at_once, before.run.id)
            with in_order(last_words(before), interruption.stop, tell) as interruption:
                _publish(planned, record, interruption, lambda: closed_now(planned.plan, waive))
            record.describe()
        record.find_other_runs()
        report = record.report
        publish_artifacts(report, planned.source.addresses_of(planned.inventory))
        say_figures(report)
        emit_changes(report)
    pass_on(interruption)
    is_cut_short = interruption.signal is not None or any(each.is_cut_short for each in report.outcomes)
    return interrupted(report) if is_cut_short else ending(report)


def _ended_at_once(run_id: str) -> None:
    """Let the Prefect server know, or the run would stay Running there; where it does not answer, it does."""
    with suppress(Exception), get_client(sync_client=True) as client:
        state = client.read_flow_run(UUID(run_id)).state
        if state is None or not state.is_final():
            ended = cancelled("ended at once: the next run reads first what came of it", name="Interrupted")
            client.set_flow_run_state(UUID(run_id), ended, force=True)


def last_words(report: Report) -> str:
    """Say what a person has to know whose run was ended at once, while it published or later."""
    back = command_of(report.run, "roll-back", report.run.id)
    if report.org.is_files:
        return (
            f"Ended at once. The outcomes so far are kept with the run {report.run.id}; each file is as it was or as "
            f"planned. Run the same command again: it takes up what was left. `{back}` shows what would be put back."
        )
    return (
        f"Ended at once. The outcomes so far are kept with the run {report.run.id}; what was in flight may be live, or "
        "hold a lock of ours. Run the same command again: it reads first what is true there and takes up what was "
        f"left. `{back}` shows what would be put back."
    )


def refusals_of(plan: Plan, waive: Sequence[str]) -> tuple[Violation, ...]:
    """Return the limits, and the closed window, that stand against the plan and are not waived by name.

    No window stands against a roll back, which ends harm and cannot be waived anything.
    """
    window = None if plan.undoes else plan.policy.window
    closed = () if window is None else window_violations(window, moment_in(window, now_ms()))
    return unwaived((*plan.violations, *closed), waive)


def closed_now(plan: Plan, waive: Sequence[str]) -> str:
    """Say that the window of a plan that was not refused has closed since, '' where it has not."""
    return "; ".join(refusal.text for refusal in refusals_of(plan, waive))


def _publish(planned: PlannedRun, record: Record, interruption: Interruption, closed: Callable[[], str]) -> None:
    """Roll the plan out; each outcome is taken down as soon as it is known."""
    for held in outcomes_of_held(planned.plan):
        record.add(held)
    if planned.plan.changes_nothing and planned.roll_back_of is None:  # of a roll back its run may still go on
        return
    organization = planned.inventory.organization
    try:
        with about(of_org(organization)), apply_lock(organization, interruption.stop) as has_waited:
            _check_at_its_turn(planned)
            if has_waited and planned.in_doubt:
                planned = replace(planned, requests=planned.requests + _check_in_doubt(planned))
            if planned.plan.changes_nothing:
                return
            with planned.source.writer(interruption.stop, planned.plan) as writer:
                # What is put back is what was written, whatever has moved.
                if not planned.plan.undoes and (has_waited or _another_wrote(planned.inventory)):
                    planned = replace(planned, inventory=list_again(writer, planned.inventory, planned.plan))
                _roll_out(planned, record, writer, interruption.stop, closed)
    except (StoppedWaitingError, Stopped):
        for outcome in none_started(planned.plan, planned.inventory.readings):
            record.add(outcome)


def _another_wrote(inventory: Inventory) -> bool:
    """Tell whether another run of ours has written there since it was read: it may have begun and ended meanwhile."""
    return OurVersions(storage_of_run(), inventory.organization.key).mark() != inventory.our_writes


def _check_at_its_turn(planned: PlannedRun) -> None:
    """Raise where a plan must not be published any more, now that no other run does: the wait may have been long."""
    if planned.roll_back_of is not None:
        check_still(storage_of_run(), planned.roll_back_of)
    if planned.until_ms is not None:
        turn = "when this run's turn came, the plan had"
        refuse_expired(planned.until_ms, now_ms=now_ms(), the_plan=turn)


def _check_in_doubt(planned: PlannedRun) -> RequestCounts:
    """Raise WentOnError where what a roll back leaves went live meanwhile: a publish outlives the run that began it.

    Returns what it asked of the platform.
    """
    with planned.source.reader() as reader:
        listed = list_flows(reader)
        requests = reader.request_counts()
    if moved := moved_meanwhile(planned.inventory, listed, planned.in_doubt):
        it_was = "it, so it was" if len(moved) == 1 else "them, so they were"
        raise WentOnError(
            f"{first_few(moved, _MOST_NAMED)}: published after this roll back had read {it_was} not put back: roll the "
            "run back again, which takes that in. Nothing was changed"
        )
    return requests


def _roll_out(
    planned: PlannedRun, record: Record, writer: Writer, stop: threading.Event, closed: Callable[[], str]
) -> None:
    storage, run = storage_of_run(), record.report.run
    org_key = planned.inventory.organization.key
    ours = OurVersions(storage, org_key)
    our_run = OurRun(id=run.id, name=run.name, kind=run.kind, plan=planned.plan.checksum, began_ms=now_ms())
    with _remembering("that this run writes"):
        ours.begin(our_run)
    if isinstance(writer, WriteClient):
        with _remembering("the OAuth client of this run"):
            our_clients(storage, org_key).put(writer.identity)
    marks = our_drafts(storage, org_key)
    pace = pace_until(stop)
    rollout = Rollout(writer, planned.plan, planned.inventory, pace, marks, begin=record.begin, closed=closed)
    try:
        for outcome in rollout.publish():
            record.add(outcome)
    finally:
        record.close(planned.requests + writer.request_counts())
        with _remembering("which versions this run published"):
            ours.add(our_run, record.report.outcomes)


@contextmanager
def _remembering(what: str) -> Iterator[None]:
    """Log what cannot be remembered in the org's list of our runs: audits then go by the platform's names."""
    try:
        yield
    except OSError as problem:
        get_run_logger().error("%s could not be remembered for later audits and roll backs: %s", what, problem)
