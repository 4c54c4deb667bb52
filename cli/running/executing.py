"""A Prefect flow run in this process, what it came to, and how that is shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli import environment
from cli.exits import Exit, NotDoneError, UsageError
from cli.outputs import Files
from cli.showing.bars import bars
from cli.showing.screens import complain, problems, screen_of
from reports.terminal.plain import plain

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from reports.effect_report import EffectReport
    from reports.report import Report
    from timeouts.planning.plan import Plan

_UNTOUCHED = "Nothing was changed."


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that has ended: its Prefect state, and its report unless it ended before there was any.

    `untold`: why the Prefect server does not know how it ended, '' where it does.
    """

    state: "State[Any]"
    report: "Report | EffectReport | None"
    untold: str = ""

    @property
    def plan(self) -> "Plan | None":
        """The plan that it made."""
        return getattr(self.report, "plan", None)

    @property
    def what_is_untold(self) -> str:
        """What people are told where the Prefect server does not know how it ended, '' where it does."""
        return f"The Prefect server could not be told how the run ended: {self.untold}" if self.untold else ""

    def beside_files_as(self, planned: "Ran") -> "Ran":
        """Return it with what a deploy would undo, which the run that made its plan has found out."""
        from reports.report import Report

        was, now = planned.report, self.report
        if not isinstance(was, Report) or not isinstance(now, Report) or not was.undone:
            return self
        run = now.run.model_copy(update={"compared_options": was.run.compared_options})
        return _ran(self.state, now.model_copy(update={"run": run, "undone": was.undone}), self.untold)

    @property
    def is_refused(self) -> bool:
        """Whether something stands against publishing its plan."""
        return bool(getattr(self.report, "refusals", ()))


def execute(kind: str, parameters: dict[str, Any], *, is_quiet: bool = False) -> Ran:
    """Run one of the Prefect flows in this process, with progress bars unless it `is_quiet`.

    Where Prefect's server cannot be told how it ended, it has ended all the same. Raises NotDoneError where that server
    did not let it begin.
    """
    from prefect.exceptions import Abort

    from flows.apply_plan import apply_plan as apply_flow
    from flows.audit import audit as audit_flow
    from flows.effect import effect as effect_flow
    from flows.raise_timeouts import raise_timeouts as raise_flow
    from flows.record.recording import handing_over
    from flows.roll_back import roll_back as roll_back_flow
    from flows.run.our_flow import hearing_endings
    from flows.run.progress import listening
    from flows.set_timeout import set_timeout as set_flow
    from reports.effect_report import EffectReport

    prefect_flows: dict[str, Any] = {
        "audit": audit_flow,
        "raise": raise_flow,
        "apply": apply_flow,
        "roll back": roll_back_flow,
        "effect": effect_flow,
        "set": set_flow,
    }
    untold = ""
    with (
        bars(problems, is_quiet=is_quiet) as listener,
        listening(listener),
        handing_over() as records,
        hearing_endings() as endings,
    ):
        try:
            state: State[Any] = prefect_flows[kind](**parameters, return_state=True)
        except (Exception, Abort) as problem:  # whatever Prefect raises for its server: our_flow lets none of ours out
            if not endings and not records:  # each run is recorded before its first write
                raise NotDoneError(f"the Prefect server did not take the run: {_said(problem)}. {_UNTOUCHED}") from None
            if not endings:
                raise
            state, untold = endings[-1], _said(problem)
    if not state.is_final() and endings:
        state, untold = endings[-1], f"there it is {state.name}"
    if records:
        return _ran(state, records[-1].report, untold)
    held = state.result(raise_on_failure=False)
    return _ran(state, held if isinstance(held, EffectReport) else None, untold)


def _ran(state: "State[Any]", report: "Report | EffectReport | None", untold: str) -> Ran:
    """Return a run with what can be typed next; a server that may have lost it would not find it by its name."""
    from reports.commands.next_steps import next_steps

    if report is None:
        return Ran(state, None, untold)
    run = report.run.model_copy(update={"name": report.run.id}) if untold else report.run
    steps = next_steps(report.model_copy(update={"run": run}))
    return Ran(state, report.model_copy(update={"next": steps}), untold)


def _said(problem: BaseException) -> str:
    """Say why Prefect's server did not take what it was told."""
    from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError

    if isinstance(problem, ObjectNotFound):  # which has no words
        return "it does not know the run"
    if isinstance(problem, PrefectHTTPStatusError):
        return f"it answered {problem.response.status_code}"
    return str(problem) or type(problem).__name__


def present(ran: Ran, files: Files, *, temporary: bool, says_where: bool = True) -> Exit:
    """Show what a run found and did; returns its exit code. `temporary`: its Prefect server ends with the command.

    `says_where`: whether it says where to open the run's artifacts.
    """
    from reports.report import Report
    from reports.terminal.effect import show_effect, show_effect_briefly
    from reports.terminal.show import show, show_briefly

    if ran.report is None:
        return without_report(ran.state)
    screen = screen_of(files)
    where = environment.where_to_look(ran.report.run.id, temporary=temporary) if says_where else ""
    if isinstance(ran.report, Report):
        if files.shows_tables:
            show(screen, ran.report, where, files.shown.view)
        else:
            show_briefly(screen, ran.report, where, files.shown.view)
    elif files.shows_tables:
        show_effect(screen, ran.report, where, files.shown.view)
    else:
        show_effect_briefly(screen, ran.report, where)
    if not ran.state.is_completed() and ran.state.message:
        screen.print(plain(f"{ran.state.name}: {ran.state.message}", "red"), soft_wrap=True)
    if ran.untold:
        problems.print(plain(ran.what_is_untold, "yellow"))
    return exit_of(ran.state)


def exit_of(state: "State[Any]") -> Exit:
    """Return the exit code that a run's final state stands for."""
    if state.is_completed():
        return Exit.DONE
    return _RED.get(state.name or "", Exit.FAILED)


_RED = {"Incomplete": Exit.INCOMPLETE, "NothingMatched": Exit.USAGE}
"""States of type FAILED that are no failure of the run's own; the others are one."""


def without_report(state: "State[Any]") -> Exit:
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
