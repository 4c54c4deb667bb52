"""The question before a publish: in a terminal `--apply` shows what would change and asks; elsewhere nothing is asked.

What is asked about is a plan that is saved, and what is published after a yes is that plan, by its checksum. So the
apply lock is not held while somebody thinks, and what has moved meanwhile is skipped as stale. `set` saves none: its
run reads the step anew, and is held against the same conditions.
"""

import sys
from typing import TYPE_CHECKING, Any

from cli.exits import Exit
from cli.outputs import Files
from cli.runs import Ran, complain, execute, present, screen_of
from reports.terminal.plain import plain

if TYPE_CHECKING:
    from rich.console import Console

    from timeouts.planning.plan import Plan

_YES = frozenset({"y", "yes"})


def is_asked(*, apply: bool, yes: bool) -> bool:
    """Tell whether somebody is there to be asked: both ends are a terminal, and `--yes` was not given."""
    return apply and not yes and sys.stdin.isatty() and sys.stdout.isatty()


def confirmed(plan: "Plan", out: "Console", otherwise: str = "The plan is kept.") -> bool:
    """Ask whether a plan is to be published; anything but a yes, the end of the input included, is a no.

    `otherwise`: what is said of how all stays after a no.
    """
    from reports.frames.short import planned_in_short
    from reports.words import published_in

    counts, org = planned_in_short(plan), plan.organization.name
    reach = " Scripts, agents and all other callers of these actions wait longer, too." if plan.action_changes else ""
    what = f"{counts}; live at once for callers in {org}.{reach}"
    if plan.organization.is_files:
        what = f"{counts}, in the files of {org}."
    out.print()
    out.print(plain(what, "bold"), soft_wrap=True)
    out.print(plain("Write them? [y/N] " if plan.organization.is_files else "Publish? [y/N] "), end="", soft_wrap=True)
    out.file.flush()
    try:
        answer = sys.stdin.readline()
    except OSError:  # of a terminal that is gone
        answer = ""
    if not answer.endswith("\n"):
        out.print()
    if answer.strip().casefold() in _YES:
        return True
    out.print(plain(f"Not {published_in(plan.organization)}. {otherwise}"), soft_wrap=True)
    return False


def after_a_dry_run(kind: str, parameters: dict[str, Any], files: Files, *, temporary: bool) -> tuple[Ran, Exit]:
    """Plan, show, ask, and publish exactly that plan after a yes; returns the run that was the last, and its code.

    After a no all is as after a dry run, whose code it is: nothing was asked of the org but to be read.
    """
    shown = execute(kind, {**parameters, "mode": "dry run"}, is_quiet=files.shown.quiet)
    code = present(shown, files, temporary=temporary)
    plan = shown.plan
    if code not in {Exit.DONE, Exit.INCOMPLETE} or plan is None or plan.changes_nothing:
        return shown, code
    if shown.is_refused:
        from reports.words import published_in

        complain(f"nothing was {published_in(plan.organization)}: the plan is over its limits, see above")
        return shown, Exit.FAILED
    if not confirmed(plan, screen_of(files)):
        return shown, code
    asked = {name: value for name, value in parameters.items() if name in {"org", "files", "waive"}}
    ran = execute("apply", {**asked, "plan": plan.checksum}, is_quiet=files.shown.quiet)
    return ran, present(ran, files, temporary=temporary)


def for_a_saved_plan(reference: str, files: Files) -> bool:
    """Ask about a plan that is saved; one that would be refused is not asked about: its run says why."""
    from flows.record.records import NoRecordError, saved_plan_text
    from tasks.running.clock import now_ms
    from tasks.storage import default_storage
    from timeouts.planning.saved_plan import SavedPlanError, stored_plan

    try:
        saved = stored_plan(saved_plan_text(default_storage(), reference))
    except (NoRecordError, SavedPlanError):
        return True
    if now_ms() >= saved.expires_ms or saved.plan.changes_nothing:
        return True
    return confirmed(saved.plan, screen_of(files))
