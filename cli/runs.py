"""Runs a Prefect flow from the terminal: asks for what it needs, shows what came of it, returns the exit code."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console

from cli import environment
from cli.exits import Exit, UsageError
from cli.outputs import Files
from cli.raise_options import RaiseOptions
from cli.servers.prefect_server import prefect_server
from cli.showing.bars import bars
from cli.sources import NamedSource, Reached, reached
from reports.command_line import COMPARING
from reports.terminal.plain import plain
from timeouts.model.durations import DurationError
from timeouts.model.periods import PeriodError, parse_days
from timeouts.planning.limits import UnknownLimitError, unwaived
from timeouts.policy.policy_file import PolicyError, read_policy_file

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from files.folders import Folders
    from reports.effect_report import EffectReport
    from reports.report import Report, WriteMode
    from timeouts.model.values import Value as Document
    from timeouts.planning.plan import Plan

out = Console(highlight=False, markup=False, emoji=False)
problems = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def audit(source: NamedSource, policy_file: Path | None, evidence: str | None, files: Files, *, verbose: bool) -> Exit:
    """Run the Prefect flow audit."""

    def prepare() -> dict[str, Any]:
        source.check_figures(evidence)
        return {"policy": read_policy_file(policy_file) if policy_file else None, "evidence": _period(evidence)}

    return _run("audit", source, prepare, files, verbose=verbose, policy_file=policy_file)


def raise_timeouts(
    source: NamedSource, options: RaiseOptions, files: Files, *, apply: bool, verbose: bool, yes: bool = False
) -> Exit:
    """Run the Prefect flow raise-timeouts. `yes`: publish without asking in a terminal."""

    def prepare() -> dict[str, Any]:
        source.check_patch(files.patch, apply=apply)
        source.check_figures(options.evidence)
        _check_waivers(options.waive)
        return {
            "policy": options.policy(),
            "mode": _mode(apply),
            "waive": options.waive,
            "protected": options.protected,
            "evidence": _period(options.evidence),
        }

    given = options.policy_file
    return _run("raise", source, prepare, files, verbose=verbose, publishes=apply, yes=yes, policy_file=given)


def apply_plan(
    source: NamedSource, plan: str, waive: tuple[str, ...], files: Files, *, verbose: bool, yes: bool = False
) -> Exit:
    """Run the Prefect flow apply-plan. `yes`: as for a raise."""

    def prepare() -> dict[str, Any]:
        _check_waivers(waive)
        return {"plan": plan, "waive": waive}

    return _run("apply", source, prepare, files, verbose=verbose, publishes=True, yes=yes)


def roll_back(source: NamedSource, run: str, files: Files, *, apply: bool, verbose: bool, yes: bool = False) -> Exit:
    """Run the Prefect flow roll-back. `yes`: as for a raise."""

    def prepare() -> dict[str, Any]:
        source.check_patch(files.patch, apply=apply)
        return {"run": run, "mode": _mode(apply)}

    return _run("roll back", source, prepare, files, verbose=verbose, publishes=apply, yes=yes)


def effect(org: str | None, run: str, days: str | None, files: Files, *, verbose: bool) -> Exit:
    """Run the Prefect flow effect."""

    def prepare() -> dict[str, Any]:
        return {"run": run, "days": _period(days, "--days")}

    return _run("effect", NamedSource(org), prepare, files, verbose=verbose)


def _mode(apply: bool) -> "WriteMode":
    return "apply" if apply else "dry run"


def _period(days: str | None, option: str = "--evidence") -> str | None:
    """Check a period before a Prefect server is started; Prefect keeps it as it was typed."""
    if days is None:
        return None
    try:
        parse_days(days)
    except PeriodError as problem:
        raise UsageError(f"{option}: {problem}") from None
    return days


def _check_waivers(waive: tuple[str, ...]) -> None:
    try:
        unwaived((), waive)
    except UnknownLimitError as problem:
        raise UsageError(f"--waive: {problem}") from None


def check_files(files: Files) -> None:
    """Fail before a run that could not be written down."""
    if files.problem:
        raise UsageError(files.problem)


def _run(
    kind: str,
    source: NamedSource,
    prepare: Callable[[], dict[str, Any]],
    files: Files,
    *,
    verbose: bool,
    publishes: bool = False,
    yes: bool = False,
    policy_file: Path | None = None,
) -> Exit:
    """Run a Prefect flow. `publishes`: it may change the org, which somebody at a terminal is asked unless `yes`.

    `policy_file`: what its policy was read from.
    """
    from cli.kept import confirming, names
    from genesys import AuthenticationFailed, ConfigurationProblem

    try:
        environment.prepare(verbose=verbose)
        source.check(compares=kind in COMPARING)
        parameters = prepare()
        check_files(files)
        names.check_kind(kind, parameters, source)
        with reached(source) as found, prefect_server() as temporary:
            from flows.run.current_run import as_typed

            parameters |= found.parameters()
            names.resolve(kind, parameters)
            with as_typed(source.org, policy_file):
                is_asked = confirming.is_asked(apply=publishes, yes=yes)
                if is_asked and kind != "apply":
                    ran, code = confirming.after_a_dry_run(kind, parameters, files, temporary=temporary)
                elif is_asked and not confirming.for_a_saved_plan(parameters["plan"], parameters["waive"], files):
                    return Exit.DONE
                else:
                    ran = execute(kind, parameters, is_quiet=files.shown.quiet)
                    code = present(ran, files, temporary=temporary)
                patch, code = _patch_of(ran, found, files, code)
                return _finish(ran, code, files, patch)
    except (UsageError, PolicyError, DurationError, ConfigurationProblem, AuthenticationFailed) as problem:
        complain(str(problem))
        return Exit.USAGE


def say(text: str, style: str = "") -> None:
    """Print a line that stays whole where output is piped."""
    out.print(plain(text, style), soft_wrap=True)


def complain(problem: str) -> None:
    """Tell a person on standard error what is wrong; only its first line begins at the edge: names may hold lines."""
    first, *others = f"Error: {problem}".split("\n")
    problems.print(plain(first, "red"))
    for line in others:
        problems.print(plain(f"  {line}", "red"))


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that has ended: its Prefect state, and its report unless it ended before there was any."""

    state: "State[Any]"
    report: "Report | EffectReport | None"

    @property
    def plan(self) -> "Plan | None":
        """The plan that it made."""
        return getattr(self.report, "plan", None)

    def beside_files_as(self, planned: "Ran") -> "Ran":
        """Return it with what a deploy would undo, which the run that made its plan has found out."""
        from reports.next_steps import with_next_steps
        from reports.report import Report

        was, now = planned.report, self.report
        if not isinstance(was, Report) or not isinstance(now, Report) or not was.undone:
            return self
        run = now.run.model_copy(update={"compared_options": was.run.compared_options})
        return Ran(self.state, with_next_steps(now.model_copy(update={"run": run, "undone": was.undone})))

    @property
    def is_refused(self) -> bool:
        """Whether something stands against publishing its plan."""
        return bool(getattr(self.report, "refusals", ()))


def execute(kind: str, parameters: dict[str, Any], *, is_quiet: bool = False) -> Ran:
    """Run one of the Prefect flows in this process, with progress bars unless it `is_quiet`."""
    from flows.apply_plan import apply_plan as apply_flow
    from flows.audit import audit as audit_flow
    from flows.effect import effect as effect_flow
    from flows.raise_timeouts import raise_timeouts as raise_flow
    from flows.record.recording import handing_over
    from flows.record.records import NoRecordError, kept_report
    from flows.roll_back import roll_back as roll_back_flow
    from flows.run.progress import listening
    from flows.set_timeout import set_timeout as set_flow
    from reports.effect_report import EffectReport
    from reports.next_steps import with_next_steps
    from tasks.storage import default_storage

    prefect_flows: dict[str, Any] = {
        "audit": audit_flow,
        "raise": raise_flow,
        "apply": apply_flow,
        "roll back": roll_back_flow,
        "effect": effect_flow,
        "set": set_flow,
    }
    with bars(problems, is_quiet=is_quiet) as listener, listening(listener), handing_over() as records:
        state: State[Any] = prefect_flows[kind](**parameters, return_state=True)
    if records:
        return Ran(state, with_next_steps(records[-1].report))
    if isinstance(held := state.result(raise_on_failure=False), EffectReport):
        return Ran(state, with_next_steps(held))
    try:
        return Ran(state, with_next_steps(kept_report(default_storage(), str(state.state_details.flow_run_id))))
    except NoRecordError:
        return Ran(state, None)


def present(ran: Ran, files: Files, *, temporary: bool, says_where: bool = True) -> Exit:
    """Show what a run found and did; returns its exit code. `temporary`: its Prefect server ends with the command.

    `says_where`: whether it says where to open the run's artifacts.
    """
    from reports.report import Report
    from reports.terminal.effect import show_effect, show_effect_briefly
    from reports.terminal.show import show, show_briefly

    if ran.report is None:
        return _without_report(ran.state)
    screen = screen_of(files)
    where = environment.where_to_look(ran.report.run.id, temporary=temporary) if says_where else ""
    if isinstance(ran.report, Report):
        if files.shows_tables:
            show(screen, ran.report, where, files.shown.view)
        else:
            show_briefly(screen, ran.report, where)
    elif files.shows_tables:
        show_effect(screen, ran.report, where, files.shown.view)
    else:
        show_effect_briefly(screen, ran.report, where)
    if not ran.state.is_completed() and ran.state.message:
        screen.print(plain(f"{ran.state.name}: {ran.state.message}", "red"), soft_wrap=True)
    return exit_of(ran.state)


def screen_of(files: Files) -> Console:
    """Return where sentences go: to standard error where a document has standard output for itself."""
    return problems if files.is_printed else out


def _patch_of(ran: Ran, source: Reached, files: Files, code: Exit) -> tuple[bytes, Exit]:
    """Return the plan of a run as a diff of files, where that is asked for; what is not in it is told."""
    if files.patch is None or ran.plan is None:
        return b"", code
    if source.compared_with is not None:
        return _patch_beside(source.compared_with, ran, code)
    if source.folders is None:
        return b"", code
    from flows.sources.drafting import drafted

    if files.is_printed:  # then no tables are shown, which would say them
        for remark in getattr(ran.report, "remarks", ()):
            problems.print(plain(remark, "yellow"))
    made = drafted(source.folders, ran.plan)
    for outcome in made.left:
        complain(f"not in the patch: {outcome.target.name}: {outcome.outcome}: {outcome.reason}")
    return made.patch, code or Exit.FAILED if made.left else code


def _patch_beside(folders: "Folders", ran: Ran, code: Exit) -> tuple[bytes, Exit]:
    """Return what makes files say what the plan of a run sets in the org."""
    from flows.comparison.beside_files import patch_of

    made = patch_of(folders, getattr(ran.report, "undone", ()))
    for each in made.left:
        complain(f"not in the patch: {each.path}: {each.reason}")
    return made.patch, code or Exit.FAILED if made.left else code


def _finish(ran: Ran, code: Exit, files: Files, patch: bytes = b"") -> Exit:
    """Write a run down where that is wanted, and say last what can be typed next."""
    from cli.kept.names import remember
    from reports.terminal.next_steps import show_next

    if ran.report is None:
        return code
    code = write_down(ran.report, files, code, patch)
    remember([ran.report.run.name])
    show_next(screen_of(files), ran.report.next)
    return code


def write_down(document: "Document", files: Files, code: Exit = Exit.DONE, patch: bytes = b"") -> Exit:
    """Write what was asked for. Where that fails, which is said, a command that has not failed otherwise has now."""
    unwritten = files.write(document, screen_of(files), patch)
    for problem in unwritten:
        complain(problem)
    return code or Exit.FAILED if unwritten else code


def audited(source: NamedSource, *, verbose: bool) -> "Report | None":
    """Audit an org, or files, for a command that makes something else of it; None where the run failed, which is told.

    Raises UsageError for what was wrong before.
    """
    from genesys import AuthenticationFailed, ConfigurationProblem
    from reports.report import Report

    try:
        environment.prepare(verbose=verbose)
        source.check()
        with reached(source) as found, prefect_server():
            from flows.run.current_run import as_typed

            with as_typed(source.org):
                ran = execute("audit", found.parameters())
            if isinstance(ran.report, Report):
                return ran.report
            _without_report(ran.state)
            return None
    except (ConfigurationProblem, AuthenticationFailed) as problem:
        raise UsageError(str(problem)) from None


def exit_of(state: "State[Any]") -> Exit:
    """Return the exit code that a run's final state stands for."""
    if state.is_completed():
        return Exit.DONE
    return _RED.get(state.name or "", Exit.FAILED)


_RED = {"Incomplete": Exit.INCOMPLETE, "NothingMatched": Exit.USAGE}
"""States of type FAILED that are no failure of the run's own; the others are one."""


def _without_report(state: "State[Any]") -> Exit:
    """Raise what stopped a run before there was anything to report, or show it."""
    from files.errors import FilesError
    from flows.record.merged_attempts import NothingToUndoError
    from flows.record.records import NoRecordError
    from genesys import AuthenticationFailed, ConfigurationProblem
    from timeouts.planning.saved_plan import SavedPlanError

    found = state.result(raise_on_failure=False)
    if isinstance(found, (ConfigurationProblem, AuthenticationFailed)):
        raise found
    if isinstance(found, FilesError | NoRecordError | NothingToUndoError | SavedPlanError):
        raise UsageError(str(found))
    complain(f"the run did not get anywhere: {found or state.message}")
    return Exit.FAILED
