"""A Prefect flow run in this process, what it came to, and how that is shown."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cli import environment
from cli.exits import Exit, UsageError
from cli.outputs import Files
from cli.showing.bars import bars
from cli.showing.screens import complain, problems, screen_of
from reports.terminal.plain import plain

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State

    from reports.effect_report import EffectReport
    from reports.report import Report
    from timeouts.planning.plan import Plan


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
