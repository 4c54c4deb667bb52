"""`show RUN` and `plan PLAN`: what a run found and did, and what a plan changes, from what was kept. No org is reached.

A fact of long ago is shown as it was; what can be typed next is what can be typed now.
"""

from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, UsageError, saying_problems
from cli.kept import names
from cli.kept.reading import at_the_server, from_any_area, hand_out
from cli.outputs import Files
from cli.showing.screens import out, say

if TYPE_CHECKING:
    from reports.report import NextStep, Report, Run
    from tasks.storage import ResultStorage
    from tasks.storage.our_versions import OurRun
    from timeouts.planning.saved_plan import SavedPlan


@saying_problems
def show_run(run: str, files: Files) -> Exit:
    """Show a run as it showed itself at its end."""
    environment.prepare()
    from reports.commands.next_steps import with_next_steps
    from reports.terminal.next_steps import show_next
    from reports.terminal.show import show
    from tasks.running.clock import now_ms
    from tasks.storage import storages_of_all

    with at_the_server(files) as temporary:
        storages = storages_of_all()
        report = with_next_steps(names.report_of(names.run_of(run, storages).reference, storages), now_ms())

        def print_it() -> None:
            show(out, report, environment.where_to_look(report.run.id, temporary=temporary), files.shown.view)

        code = hand_out(report, files, print_it)
        if files.shows_tables:
            show_next(out, report.next)
        return code


@saying_problems
def show_plan(plan: str, files: Files) -> Exit:
    """Show a plan: what it changes, until when it may be applied, and by which runs it was."""
    environment.prepare()
    from reports.commands.next_steps import next_steps
    from reports.terminal.next_steps import show_next
    from reports.terminal.plan import show_plan_of
    from tasks.running.clock import now_ms
    from tasks.storage import storages_of_all

    with at_the_server(files):
        storages = storages_of_all()
        found = names.plan_of(plan, storages)
        saved = _saved(found.reference, storages)
        about = None if found.run is None else found.run.about
        report = _report_with(saved, None if about is None else about.run)
        published = _published_by(saved, storages)

        def print_it() -> None:
            show_plan_of(out, report, files.shown.view)
            for line in _fate_of(saved, published, now_ms()):
                say(line)
            show_next(out, [_look_at(run.name, run.id) for run in published] or next_steps(report, now_ms()))

        return hand_out(saved, files, print_it)


def _saved(reference: str, storages: "list[ResultStorage]") -> "SavedPlan":
    """Return a plan as it is stored, in whichever area of the storage. Raises UsageError."""
    from flows.record.records import saved_plan_text
    from timeouts.planning.saved_plan import SavedPlanError, stored_plan

    try:
        return from_any_area(storages, lambda storage: stored_plan(saved_plan_text(storage, reference)))
    except SavedPlanError as problem:
        raise UsageError(str(problem)) from None


def _report_with(saved: "SavedPlan", run: "Run | None") -> "Report":
    """Return a report that holds nothing but the plan: how it was found is told by the run that made it."""
    from reports.report import Kind, Report, Run
    from timeouts.inventory import Coverage
    from timeouts.model.request_figures import RequestCounts

    kind: Kind = "roll back" if saved.plan.undoes else "raise"
    made_by = run or Run(id="", name="", kind=kind, mode="dry run", files_options=saved.files_options)
    return Report(
        run=made_by.model_copy(update={"mode": "dry run"}),
        org=saved.organization,
        coverage=Coverage(listed=0, read=0, unreadable=0, not_published=0, not_read=0, complete=True, problems=()),
        steps=(),
        plan=saved.plan,
        refusals=saved.plan.violations,
        unmatched=saved.unmatched,
        plan_until_ms=saved.expires_ms,
        requests=RequestCounts(requests={}),
    )


def _published_by(saved: "SavedPlan", storages: "list[ResultStorage]") -> "list[OurRun]":
    from tasks.storage.our_versions import OurVersions

    key = saved.organization.key
    found = (run for storage in storages for run in OurVersions(storage, key).of_plan(saved.checksum))
    return list({run.id: run for run in found}.values())


def _fate_of(saved: "SavedPlan", published: "list[OurRun]", now_ms: int) -> list[str]:
    """Say until when a plan may be applied, and which runs were to publish it."""
    from reports.words import utc

    verb = "may be applied until" if now_ms < saved.expires_ms else "could be applied until"
    made = f"Made {utc(saved.created_ms)}; it {verb} {utc(saved.expires_ms)}."
    by = [f"Published, or begun to be, by {run.name} ({run.id}) of {utc(run.began_ms)}." for run in published]
    return [made, *(by or ["No run has begun to publish it, as far as is known here."])]


def _look_at(name: str, run_id: str) -> "NextStep":
    from reports.commands.command_line import PROGRAM
    from reports.commands.next_steps import name_for_commands
    from reports.report import NextStep

    return NextStep(text="See what came of it", command=f"{PROGRAM} show {name_for_commands(name, run_id)}")
