"""What a run published in all its attempts, as the plan that it had and the ids of what may be live of it.

A run is undone only by what it published itself, as its own outcomes say. One that wrote nothing is refused, and where
another run published its plan, that one is named.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from flows.record.listed import ServerNotAskedError, state_going_on
from flows.record.places import known_places
from flows.record.records import Names, NoRecordError, kept_attempts, targets_of
from reports.report import Report
from tasks.storage import ResultStorage
from tasks.storage.our_versions import OurVersion, OurVersions
from timeouts.model.steps import is_place
from timeouts.planning.changes import ActionChange, Change, Pin
from timeouts.planning.copies import LaggingCopy
from timeouts.planning.later.places import KnownPlaces, StepName, name_then
from timeouts.planning.plan import Plan
from timeouts.planning.saved_plan import RollBackOf
from timeouts.text.labels import is_before


class NothingToUndoError(ValueError):
    """The run changed nothing; the text says why, and which run to name instead."""


class WentOnError(Exception):
    """The run that was to be put back published more after its roll back was planned. Nothing was changed."""


class Aim(NamedTuple):
    """What a run is named for, in the words of a refusal: what there is nothing of, and what to do with another run.

    `with_its_own`: what to do with the run itself once it has ended.
    """

    nothing: str
    with_the_one: str
    with_what_was_since: str
    with_those: str
    with_its_own: str


ROLL_BACK = Aim(
    "there is nothing to put back",
    "roll that one back",
    "roll that back",
    "roll those back, the latest first",
    "roll back what it has done until then",
)
COMPARE = Aim("there is nothing to compare", "name that one", "name that one", "name one of them", "name it again")


class UndoneRun(NamedTuple):
    """The name of a run, its plan, and the ids of the Architect flows and actions that it published, or may have.

    `made`: by these ids, the versions that it made, where it knows them. `in_doubt`: those of these ids of which it is
    not known what came of them. `files_options`: how a command line names the folders that it was of, none for an org.
    `as_known`: the run as its record knew it. `places`: where it knew the steps of files that have no ids.
    """

    name: str
    plan: Plan
    may_be_live: frozenset[str]
    files_options: tuple[str, ...] = ()
    made: Mapping[str, str] = {}
    in_doubt: frozenset[str] = frozenset()
    as_known: RollBackOf | None = None
    places: KnownPlaces = KnownPlaces()

    @property
    def pins(self) -> tuple[Pin, ...]:
        """The Architect flows that the run published, or may have."""
        return tuple(pin for pin in self.plan.pins if pin.architect_flow_id in self.may_be_live)


def undone_run(storage: ResultStorage, attempts: Sequence[Report], aim: Aim = ROLL_BACK) -> UndoneRun:
    """Return what a run did, from its own outcomes; `attempts`: all that it left.

    A run that was retried has a plan for each attempt. A step or an action that several attempts may have published
    counts with the last of them, which knows what stood there right before. Whatever a later attempt met there, what an
    earlier one may have published may be live.

    Raises NothingToUndoError where it published nothing.
    """
    may_be_live = _may_be_live(attempts)
    if not may_be_live:
        raise NothingToUndoError(_nothing_to_undo(storage, attempts, aim))
    run = attempts[-1].run
    return UndoneRun(
        name=run.name,
        plan=_plan_of(attempts),
        may_be_live=may_be_live,
        files_options=run.files_options,
        made=_made_by(attempts),
        in_doubt=_in_doubt(attempts),
        as_known=_as_known(attempts),
        places=known_places(attempts),
    )


def check_still(storage: ResultStorage, known: RollBackOf) -> None:
    """Raise WentOnError where a run may have published more than was known when its roll back was planned.

    To be called while no other run writes to the org. Raises NoRecordError where its record cannot be read any more.
    """
    attempts = kept_attempts(storage, known.run_id)
    if _as_known(attempts) != known:
        raise WentOnError(
            f"the run {attempts[-1].run.name} ({known.run_id}) went on publishing after this roll back was planned, or "
            "its record could not be read as then: roll it back again, which takes in all of it. Nothing was changed"
        )


def _as_known(attempts: Sequence[Report]) -> RollBackOf:
    live = (outcome.to_json() for attempt in attempts for outcome in attempt.outcomes if outcome.may_be_live)
    return RollBackOf(run_id=attempts[-1].run.id, published=hashlib.sha256(b"\n".join(live)).hexdigest())


def _may_be_live(attempts: Iterable[Report]) -> frozenset[str]:
    return frozenset(outcome.target.id for attempt in attempts for outcome in attempt.outcomes if outcome.may_be_live)


def _made_by(attempts: Iterable[Report]) -> Mapping[str, str]:
    outcomes = [outcome for attempt in attempts for outcome in attempt.outcomes if outcome.may_be_live]
    return {each.target.id: each.version_after for each in outcomes if each.version_after is not None}


def _in_doubt(attempts: Iterable[Report]) -> frozenset[str]:
    """Return what is unknown of an attempt and was not found live by a later one."""
    found: set[str] = set()
    for outcome in (each for attempt in attempts for each in attempt.outcomes):
        if outcome.outcome == "unknown":
            found.add(outcome.target.id)
        elif outcome.is_done:
            found.discard(outcome.target.id)
    return frozenset(found)


def _plan_of(attempts: Sequence[Report]) -> Plan:
    wrote = [(each.plan, live) for each in attempts if each.plan is not None and (live := _may_be_live([each]))]
    if len(wrote) == 1:
        return wrote[0][0]
    changes: dict[tuple[str, str, StepName | None], Change] = {}
    limits: dict[str, ActionChange] = {}
    pins: dict[str, Pin] = {}
    copies: dict[tuple[str, str, str], LaggingCopy] = {}
    for plan, live in wrote:
        taken_in = [one for one in plan.copies if one.architect_flow_id in live]
        copies |= {(one.architect_flow_id, one.module_id, one.step_id): one for one in taken_in}
        changes |= {_step_of(one): one for one in plan.changes if one.architect_flow_id in live}
        limits |= {one.action_id: one for one in plan.action_changes if one.action_id in live}
        pins |= {one.architect_flow_id: one for one in plan.pins if one.architect_flow_id in live}
    merged: Mapping[str, Mapping[Any, Any]] = {
        "changes": changes,
        "action_changes": limits,
        "pins": pins,
        "copies": copies,
    }
    whole = {name: tuple(found.values()) for name, found in merged.items()}
    return wrote[-1][0].model_copy(update=whole)


def _step_of(change: Change) -> tuple[str, str, StepName | None]:
    """Return which step it is: an id that is a place may have been another step's when an earlier attempt wrote."""
    name = name_then(change) if is_place(change.step_id) else None
    return change.architect_flow_id, change.step_id, name


def _nothing_to_undo(storage: ResultStorage, attempts: Sequence[Report], aim: Aim) -> str:
    """Say why there is nothing, and what to do instead; of a run that has left no end, whether it goes on."""
    last = attempts[-1]
    instead, who = _instead(storage, attempts, aim), f"the run {last.run.name} ({last.run.id})"
    # Without work it leaves no end.
    may_go_on = last.may_have_written and last.has_work and not storage.has(Names(last.run.id, len(attempts)).end)
    try:
        state = state_going_on(last.run.id) if may_go_on else ""
    except ServerNotAskedError as problem:
        what = _why_nothing(last) if last.outcomes else "has published nothing by now"
        return f"{who} {what}, so {aim.nothing}.{instead} Whether it still goes on is not known: {problem}"
    if state:
        by_now = f"has published nothing by now, and goes on unless it was killed ({state})"
        return f"{who} {by_now}: end it first, then {aim.with_its_own}.{instead}"
    return f"{who} {_why_nothing(last)}, so {aim.nothing}.{instead}"


def _why_nothing(last: Report) -> str:
    if last.plan is None:
        what = "was an audit"
    elif last.run.mode != "apply":
        what = "was a dry run"
    elif last.refusals:
        what = f"was refused ({', '.join(refusal.limit for refusal in last.refusals)})"
    elif last.plan.changes_nothing:
        what = "found nothing to do"
    elif any(outcome.outcome == "unchanged" for outcome in last.outcomes):
        what = "found live already what it was to publish"
    elif last.outcomes:
        what = "published nothing of its plan"
    else:
        what = "ended before its first write"
    return f"{what}: it changed nothing"


def _instead(storage: ResultStorage, attempts: Sequence[Report], aim: Aim) -> str:
    """Say which run published the plan, or what the plan is about; '' where none is known."""
    plans = [attempt.plan for attempt in attempts if attempt.plan is not None]
    if not plans:
        return ""
    own_id, ours = attempts[-1].run.id, OurVersions(storage, attempts[-1].org.key)
    for run in ours.of_plan(plans[-1].checksum):
        if run.id != own_id and _wrote(storage, run.id):
            return f" The run {run.name} ({run.id}) published its plan: {aim.with_the_one}"
    latest = ours.latest()
    later = [
        found
        for planned in targets_of(plans[-1])
        if (found := latest.get(planned.target.id)) is not None
        and found.run_id != own_id
        and _is_later(found, planned)
        and _wrote(storage, found.run_id)
    ]
    if not later:
        return ""
    began = {run.id: run.began_ms for run in ours.since(0)}
    latest_first = sorted(later, key=lambda found: -began.get(found.run_id, 0))
    names = list(dict.fromkeys(f"{found.run_name} ({found.run_id})" for found in latest_first))
    what_to_do = aim.with_those if len(names) > 1 else aim.with_what_was_since
    return f" What it planned to change was published since by {', '.join(names)}: {what_to_do}"


def _is_later(found: OurVersion, planned: ActionChange | Pin) -> bool:
    """Tell whether our version was published after the plan was made; versions are counted up, such as 4.0 and 5.0."""
    return is_before(None if planned.version is None else str(planned.version), found.version)


def _wrote(storage: ResultStorage, run_id: str) -> bool:
    try:
        return bool(_may_be_live(kept_attempts(storage, run_id)))
    except NoRecordError:
        return False
