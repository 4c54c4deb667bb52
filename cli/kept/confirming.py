"""The question before a publish: in a terminal `--apply` shows what would change and asks; elsewhere nothing is asked.

What is asked about is a plan that is saved, and what is published after a yes is that plan, by its checksum. So the
apply lock is not held while somebody thinks, and what has moved meanwhile is skipped as stale. `set` saves none: its
run reads the step anew, and is held against the same conditions.
"""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cli.exits import Exit
from cli.outputs import Files
from cli.running.executing import Ran, execute, present
from cli.showing.screens import complain, screen_of
from reports.terminal.plain import plain

if TYPE_CHECKING:
    from rich.console import Console

    from reports.report import Report
    from timeouts.planning.plan import Plan

_YES = frozenset({"y", "yes"})


def is_asked(*, apply: bool, yes: bool) -> bool:
    """Tell whether somebody is there to be asked: both ends are a terminal, and `--yes` was not given."""
    return apply and not yes and sys.stdin.isatty() and sys.stdout.isatty()


def confirmed(plan: "Plan", out: "Console", otherwise: str = "The plan is kept.", warnings: Iterable[str] = ()) -> bool:
    """Ask whether a plan is to be published; anything but a yes, the end of the input included, is a no.

    `otherwise`: what is said of how all stays after a no. `warnings`: what somebody should have read before a yes, and
    what may stand far above.
    """
    from reports.frames.short import planned_in_short
    from reports.words import published_in

    counts, org = planned_in_short(plan), plan.organization.name
    what = f"{counts}; live at once for callers in {org}.{_reach(plan)}"
    done, question = published_in(plan.organization), "Publish?"
    if plan.organization.is_files:
        what, question = f"{counts}, in the files of {org}.", "Write them?"
    if plan.undoes:
        done, question = "put back", "Put back?"
    out.print()
    for warning in warnings:
        out.print(plain(warning, "yellow"), soft_wrap=True)
    out.print(plain(what, "bold"), soft_wrap=True)
    out.print(plain(f"{question} [y/N] "), end="", soft_wrap=True)
    out.file.flush()
    try:
        answer = sys.stdin.readline()
    except OSError:  # of a terminal that is gone
        answer = ""
    if not answer.endswith("\n"):
        out.print()
    if answer.strip().casefold() in _YES:
        return True
    out.print(plain(f"Not {done}. {otherwise}"), soft_wrap=True)
    return False


def _reach(plan: "Plan") -> str:
    """Say what the limits of actions mean for all who call these actions; '' where none changes.

    On the way back they mostly wait less than now: who is asked must not read the opposite.
    """
    if not plan.action_changes:
        return ""
    who = " Scripts, agents and all other callers of these actions wait"
    moves = [_is_longer(change.before_ms, change.after_ms) for change in plan.action_changes]
    if plan.undoes:
        how = "which is longer" if all(moves) else "some shorter and some longer" if any(moves) else "which is shorter"
        return f"{who} as before that run again, {how} than now."
    how = "longer" if all(moves) else "longer or shorter" if any(moves) else "shorter"
    return f"{who} {how}, too."


def _is_longer(before_ms: int | None, after_ms: int | None) -> bool:
    """Tell whether a limit lets callers wait longer than the one before; None is no limit."""
    return before_ms is not None and (after_ms is None or after_ms > before_ms)


def after_a_dry_run(kind: str, parameters: dict[str, Any], files: Files, *, temporary: bool) -> tuple[Ran, Exit]:
    """Plan, show, ask, and publish exactly that plan after a yes; returns the run that was the last, and its code.

    After a no all is as after a dry run, whose code it is: nothing was asked of the org but to be read.
    """
    shown = execute(kind, {**parameters, "mode": "dry run"}, is_quiet=files.shown.quiet)
    code = present(shown, files, temporary=temporary)
    from reports.report import Report
    from reports.words import published_in

    plan = shown.plan
    if code not in {Exit.DONE, Exit.INCOMPLETE} or plan is None or plan.changes_nothing:
        return shown, code
    if shown.is_refused:
        complain(f"nothing was {published_in(plan.organization)}: the plan is refused, see above")
        return shown, Exit.FAILED
    warnings = warnings_of(shown.report) if isinstance(shown.report, Report) else []
    if not confirmed(plan, screen_of(files), warnings=warnings):
        return shown, code
    asked = {name: value for name, value in parameters.items() if name in {"org", "files", "waive"}}
    ran = execute("apply", {**asked, "plan": plan.checksum}, is_quiet=files.shown.quiet).beside_files_as(shown)
    return ran, present(ran, files, temporary=temporary) or code  # what the plan could not read, it could not raise


def warnings_of(report: "Report") -> list[str]:
    """Return what somebody should have read before a yes: what spares nothing, and what stays of the plan undone."""
    from reports.frames.planned.other_runs import other_runs_sentences
    from reports.frames.planned.unmatched import spares_nothing

    return [*spares_nothing(report.unmatched, report.org), *other_runs_sentences(report)]


def for_a_saved_plan(reference: str, waive: Sequence[str], files: Files) -> bool:
    """Ask about a plan that is saved; one that would be refused is not asked about: its run says why."""
    from flows.record.records import NoRecordError, saved_plan_text
    from flows.run.executing import refusals_of
    from reports.frames.planned.unmatched import spares_nothing
    from tasks.running.clock import now_ms
    from tasks.storage import default_storage
    from timeouts.planning.saved_plan import SavedPlanError, stored_plan

    try:
        saved = stored_plan(saved_plan_text(default_storage(), reference))
    except (NoRecordError, SavedPlanError):
        return True
    plan = saved.plan
    if now_ms() >= saved.expires_ms or plan.changes_nothing or refusals_of(plan, waive):
        return True
    return confirmed(plan, screen_of(files), warnings=spares_nothing(saved.unmatched, plan.organization))
