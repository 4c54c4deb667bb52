"""Runs and plans as people name them on a command line."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cli import environment

if TYPE_CHECKING:
    from cli.sources import NamedSource
    from flows.record.naming import ResolvedName
    from reports.report import Report
    from tasks.storage import ResultStorage

_RECENT = "recent-runs"
_MOST_RECENT = 100


def complete(incomplete: str) -> list[str]:
    """Return the names of recent runs that begin so, for a shell: those that commands here have made or listed.

    They are read from a small file; Prefect's server is not asked, for to start one takes seconds. No problem is told.
    """
    path = environment.home_as_named() / _RECENT
    try:
        is_there = path.is_absolute() and path.is_file()  # a pipe would be waited for
        names = path.read_text(encoding="utf-8").splitlines() if is_there else []
    except (OSError, ValueError):
        return []
    return [name for name in names[:_MOST_RECENT] if name.startswith(incomplete)]


def remember(names: Iterable[str]) -> None:
    """Keep the names of runs for `complete`, the latest first; where that fails, a shell completes less."""
    from cli.outputs import write_whole
    from reports.commands.next_steps import is_plain_name

    new = [name for name in names if is_plain_name(name)]
    if not new:
        return
    path = environment.home_as_named() / _RECENT
    kept = list(dict.fromkeys([*new, *complete("")]))[:_MOST_RECENT]
    with suppress(OSError):  # of a file system that is read only, or a folder that is none
        if not path.is_absolute() or (path.exists() and not path.is_file()):
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, ("\n".join(kept) + "\n").encode())


def resolve(kind: str, parameters: dict[str, Any]) -> None:
    """Put what a run or plan is named by into the parameters of a Prefect flow, whole, and say which one it is.

    A Prefect server has to be there. Raises UsageError.
    """
    from tasks.storage import default_storage, storage_of_writers

    if kind == "apply":
        parameters["plan"] = plan_of(parameters["plan"], [default_storage()]).reference
    elif kind == "roll back":
        parameters["run"] = run_of(parameters["run"], [default_storage()], that_published=True).reference
    elif kind == "effect":
        parameters["run"] = run_of(parameters["run"], [storage_of_writers()], that_published=True).reference


def check_kind(kind: str, parameters: dict[str, Any], source: "NamedSource") -> None:
    """Raise UsageError where no org is named and none is in reach, and what is to be applied or undone is of files.

    Its run would say so itself, but credentials, which files do not need, would be asked for before. This starts a
    Prefect server for what would end with an error in any case: only a server says where results are stored, and which
    run has a name. Asked for the storage without one, Prefect starts its own, which took twice as long.
    """
    from cli.sources import has_credentials

    if kind not in {"apply", "roll back"} or source.files or source.org is not None or has_credentials():
        return
    from cli.exits import UsageError
    from cli.servers.prefect_server import prefect_server
    from flows.record.records import NoRecordError, kept_report, saved_plan_text
    from flows.sources.sources import check_kind as check_kind_of
    from tasks.storage import default_storage
    from timeouts.planning.saved_plan import SavedPlanError, stored_plan

    with prefect_server():
        resolve(kind, parameters)
        try:
            if kind == "apply":
                saved = stored_plan(saved_plan_text(default_storage(), parameters["plan"]))
                check_kind_of("the plan", saved.organization, saved.files_options, None)
            else:
                kept = kept_report(default_storage(), parameters["run"])
                check_kind_of(f"the run {kept.run.name}", kept.org, kept.run.files_options, None)
        except NoRecordError as problem:
            raise UsageError(str(problem)) from None
        except SavedPlanError:
            return  # its run says what is wrong with it


def run_of(text: str, storages: "Sequence[ResultStorage]", *, that_published: bool = False) -> "ResolvedName":
    """Return the run that is meant, and say which one it is where it was not named whole. Raises UsageError."""
    from flows.record.naming import find_run

    return _said(lambda: find_run(text, storages, that_published=that_published))


def plan_of(text: str, storages: "Sequence[ResultStorage]") -> "ResolvedName":
    """Return the plan that is meant, and say which one it is where it was not named whole. Raises UsageError."""
    from flows.record.naming import find_plan

    return _said(lambda: find_plan(text, storages))


def report_of(run_id: str, storages: "Sequence[ResultStorage]") -> "Report":
    """Return the report that a run has kept, in whichever area of the storage. Raises UsageError."""
    from cli.kept.reading import from_any_area
    from flows.record.other_runs import with_other_runs
    from flows.record.records import kept_report

    return from_any_area(storages, lambda storage: with_other_runs(storage, kept_report(storage, run_id)))


def _said(find: Any) -> "ResolvedName":
    from cli.exits import UsageError
    from cli.showing.screens import problems
    from flows.record.records import NoRecordError
    from reports.terminal.plain import plain

    try:
        found: ResolvedName = find()
    except NoRecordError as problem:
        raise UsageError(str(problem)) from None
    if found.sentence:
        problems.print(plain(found.sentence))
    return found
