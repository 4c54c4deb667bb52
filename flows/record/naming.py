"""Which run or plan somebody means: by name, by id or its beginning, by a plan's checksum or its beginning.

The command line and the Prefect flows ask here, so that a form in Prefect's UI takes what a terminal takes. A whole id
and a whole checksum mean what they say, and no server is asked. Everything else is looked up among the runs that the
server knows, is never guessed where several fit, and is said before it is used. A name counts only where the run's own
sealed record says it, too: whoever may rename runs on the server must not choose what is published or put back.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from prefect import get_run_logger

from flows.record.listed import MAKE_PLANS, ListedRun, ServerNotAskedError, listed_runs, told
from flows.record.records import CHECKSUM, Names, NoRecordError, is_run_id, kept_report
from reports.words import utc
from tasks.storage import ResultStorage
from timeouts.text.nearest import did_you_mean, nearest
from timeouts.text.visible import one_line

_RUN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_BEGINS_AN_ID = re.compile(r"[0-9a-f][0-9a-f-]{3,35}")
_BEGINS_A_CHECKSUM = re.compile(r"(?:sha256:)?([0-9a-f]{6,64})")

_MOST_PLANS = 300
"""So many of the latest runs are searched for a beginning of a checksum: what is kept beside each has to be read."""

_MOST_NAMES = 500
_MOST_LISTED = 10
LIST = "`genesys-timeouts runs` lists them"


class ResolvedName(NamedTuple):
    """What somebody means. `reference`: the id of a run, or a whole checksum.

    `sentence`: which run that is, '' where it was named whole. `run`: as the server lists it, None where it was not
    asked.
    """

    reference: str
    sentence: str = ""
    run: ListedRun | None = None


def find_run(text: str, storages: Sequence[ResultStorage], *, that_published: bool = False) -> ResolvedName:
    """Return the run that somebody means; `reference` is its id.

    `that_published`: of the runs of one plan, those count that were to publish it. Raises NoRecordError.
    """
    asked = text.strip()
    if run_id := _whole_id(asked, storages):
        return ResolvedName(run_id)
    fitting = _fitting(asked, storages)
    if that_published and len(fitting) > 1 and _BEGINS_A_CHECKSUM.fullmatch(asked.lower()):
        fitting = [run for run in fitting if run.about is None or run.about.run.mode == "apply"] or fitting
    return _the_only(asked, fitting, lambda run: run.id)


def find_plan(text: str, storages: Sequence[ResultStorage]) -> ResolvedName:
    """Return the plan that somebody means; `reference` is its whole checksum, or the id of a run that made it.

    Several runs of the same plan are one plan. Raises NoRecordError.
    """
    asked = text.strip()
    lowered = asked.lower()
    if whole := CHECKSUM.fullmatch(lowered):
        return ResolvedName(f"sha256:{whole[1]}")
    if run_id := _whole_id(asked, storages):
        return ResolvedName(run_id)
    return _the_only(asked, _fitting(asked, storages), lambda run: run.checksum or run.id)


def run_named(text: str, storage: ResultStorage) -> str:
    """Return the id of the run that is to be undone or judged, and say in the log which one it is. Call it in a run."""
    return _said(find_run(text, [storage], that_published=True))


def plan_named(text: str, storage: ResultStorage) -> str:
    """Return the plan that is to be applied: its checksum, or a run's id. Call it in a run, whose log says it."""
    return _said(find_plan(text, [storage]))


def _said(found: ResolvedName) -> str:
    if found.sentence:
        get_run_logger().info("%s", found.sentence)
    return found.reference


def _whole_id(asked: str, storages: Sequence[ResultStorage]) -> str:
    """Return the id of a run that is named by it whole: as Prefect makes them, or of a record that is here; else ''."""
    if _RUN_ID.fullmatch(asked.lower()):
        return asked.lower()
    is_kept = is_run_id(asked) and any(storage.has(Names(asked, 1).before) for storage in storages)
    return asked if is_kept else ""


def _fitting(asked: str, storages: Sequence[ResultStorage]) -> list[ListedRun]:
    """Return all runs that may be meant, the latest first. Raises NoRecordError."""
    if not asked:
        raise NoRecordError(f"no run is named: name one by its name or id. {LIST}")
    try:
        named = [told(run, storages) for run in listed_runs(name=asked)]
        fitting = {run.id: run for run in _really_called(asked, named, storages)}
        for run in _beginning_with(asked.lower(), storages):
            fitting.setdefault(run.id, run)
        if not fitting:
            raise NoRecordError(_unknown(asked))
    except ServerNotAskedError as problem:
        raise NoRecordError(
            f"which run {one_line(asked)} is could not be asked of the Prefect server ({problem}): name it by its "
            "whole id"
        ) from None
    return sorted(fitting.values(), key=lambda run: -run.began_ms)


def _really_called(name: str, runs: Sequence[ListedRun], storages: Sequence[ResultStorage]) -> list[ListedRun]:
    """Return the runs whose own records say that name, too; what left nothing here has only the server's word for it.

    Raises NoRecordError where the server alone says it of all of them: somebody has renamed them there.
    """
    said = {run.id: _own_name(run, storages) for run in runs}
    found = [run for run in runs if said[run.id] in {None, name}]
    if runs and not found:
        renamed = "; ".join(f"{described(run)} was called {said[run.id]} when it ran" for run in runs)
        raise NoRecordError(f"the Prefect server alone says {one_line(name)}: {renamed}. Name it by its id")
    return found


def _own_name(run: ListedRun, storages: Sequence[ResultStorage]) -> str | None:
    if run.about is not None:
        return run.about.run.name
    kept = (kept_report(each, run.id) for each in storages if each.has(Names(run.id, 1).before))
    return next((report.run.name for report in kept), None)


def _beginning_with(lowered: str, storages: Sequence[ResultStorage]) -> Iterator[ListedRun]:
    """Return the runs whose id, or whose plan's checksum, begins so."""
    checksum = _BEGINS_A_CHECKSUM.fullmatch(lowered)
    is_id = _BEGINS_AN_ID.fullmatch(lowered) is not None
    if not is_id and checksum is None:
        return
    plans = 0
    for run in listed_runs():
        if is_id and run.id.startswith(lowered):
            yield told(run, storages)
        elif checksum is not None and run.prefect_flow in MAKE_PLANS and plans < _MOST_PLANS:
            plans += 1
            about = told(run, storages)
            if about.checksum.removeprefix("sha256:").startswith(checksum[1]):
                yield about


def _the_only(asked: str, fitting: Sequence[ListedRun], reference_of: Callable[[ListedRun], str]) -> ResolvedName:
    by_reference = {reference_of(run): run for run in fitting}
    if len(by_reference) > 1:
        raise NoRecordError(_ambiguous(asked, fitting))
    ((reference, run),) = by_reference.items()
    return ResolvedName(reference, f"{one_line(asked)} is {described(run)}", run)


def described(run: ListedRun) -> str:
    """Return which run it is in words."""
    org = "" if run.about is None else f" in {one_line(run.about.org.name)}"
    plan = f", plan {run.checksum[:19]}" if run.checksum else ""
    return f"the run {one_line(run.name)} ({run.id}) of {utc(run.began_ms)}: {run.what}{org}{plan}"


def _ambiguous(asked: str, fitting: Sequence[ListedRun]) -> str:
    lines = [f"{one_line(asked)} may be one of {len(fitting)} runs: name one of them by its id"]
    lines += [described(run) for run in fitting[:_MOST_LISTED]]
    if len(fitting) > _MOST_LISTED:
        lines.append(f"and {len(fitting) - _MOST_LISTED} more: {LIST}")
    return "\n".join(lines)


def _unknown(asked: str) -> str:
    names = dict.fromkeys(one_line(run.name) for run in listed_runs(most=_MOST_NAMES))
    hint = did_you_mean(nearest(asked, names)) or "."
    return (
        f"there is no run and no plan called {one_line(asked)} here: name one by its name, its id, its plan's "
        f"checksum, or a unique prefix of an id (4 characters or more) or of a checksum (6){hint} "
        f"{LIST}"
    )
