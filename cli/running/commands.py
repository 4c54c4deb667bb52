"""The commands that make a run: `audit`, `raise`, `apply`, `roll-back` and `effect`."""

from typing import Annotated

import typer

from cli import exits
from cli.kept.commands import NAMED
from cli.kept.names import complete
from cli.options import (
    All,
    Apply,
    CsvFile,
    Evidence,
    ExcludeFiles,
    FromFiles,
    HtmlFile,
    Include,
    JsonFile,
    Org,
    PatchFile,
    PolicyFile,
    Protected,
    Quiet,
    RefusedWhere,
    Sort,
    Verbose,
    Waive,
    Where,
    XlsxFile,
    Yes,
)

app = typer.Typer()

To = Annotated[
    str | None, typer.Option("--to", metavar="DURATION", help="The least a step should wait: 10s, 1m30s, 2500ms.")
]
Actions = Annotated[
    list[str] | None,
    typer.Option(
        "--action", metavar="PATTERN", help="Only steps that call this action: name or id, * allowed. Repeatable."
    ),
]
ArchitectFlows = Annotated[
    list[str] | None,
    typer.Option(
        "--architect-flow",
        metavar="PATTERN",
        help="Only steps of this Architect flow: name or id, * allowed. Repeatable.",
    ),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="PATTERN",
        help="Not this Architect flow, or not steps that call this action: name or id, * allowed. With --files "
        "also not the files and folders that it fits. Repeatable.",
    ),
]
Levers = Annotated[
    str | None,
    typer.Option(
        "--levers",
        metavar="step|step,action",
        autocompletion=lambda: ["step", "action", "step,action"],
        help="What may be changed. A changed action affects all its callers, scripts and agents included.",
    ),
]
RepublishCallers = Annotated[
    bool,
    typer.Option(
        "--republish-callers",
        help="Also republish Architect flows that embed a changed common module, so that their callers get it.",
    ),
]
Plan = Annotated[
    str,
    typer.Argument(
        metavar="PLAN",
        help="The dry run, by its name or id, or the checksum that it showed; a unique prefix will do.",
        autocompletion=complete,
    ),
]
Days = Annotated[
    str | None,
    typer.Option(
        "--days",
        metavar="DAYS",
        help="Compare the calls of so many days before the change with those of as many days after it: 7d. Fewer, "
        "where fewer have passed since. Without it, 7d.",
    ),
]


@app.command()
def audit(
    org: Org = None,
    from_files: FromFiles = None,
    include: Include = None,
    exclude: ExcludeFiles = None,
    policy: PolicyFile = None,
    evidence: Evidence = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    xlsx: XlsxFile = None,
    html: HtmlFile = None,
    whole: All = False,
    where: Where = None,
    sort: Sort = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """List every Call Data Action step and how long it really waits, of an org or of --files. Reads only.

    With --policy, also shows what that policy would change; with --evidence, ranks the actions by the calls lost.
    Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, or no rule of the policy matches anything, 3 not
    everything could be read, or the figures that --evidence asks for could not.
    """
    from cli import outputs, sources
    from cli.running import runs

    files = outputs.asked_for(json, html, csv, xlsx, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, exclude)
    exits.leave(runs.audit(source, policy, evidence, files, verbose=verbose))


@app.command(name="raise")
def raise_(
    to: To = None,
    action: Actions = None,
    architect_flow: ArchitectFlows = None,
    exclude: Exclude = None,
    levers: Levers = None,
    republish_callers: RepublishCallers = False,
    policy: PolicyFile = None,
    evidence: Evidence = None,
    apply: Apply = False,
    yes: Yes = False,
    waive: Waive = None,
    protected: Protected = None,
    org: Org = None,
    from_files: FromFiles = None,
    include: Include = None,
    patch: PatchFile = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    xlsx: XlsxFile = None,
    html: HtmlFile = None,
    whole: All = False,
    where: Where = None,
    sort: Sort = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Raise the timeouts of Call Data Action steps: plan, and with --apply publish and verify, after a question.

    What to raise comes from --to (and --action, --architect-flow, --exclude, --levers) or from a --policy file. Of
    several patterns for one option any will do. Exit codes: 0 done or nothing to do, 1 something failed or is unknown,
    2 wrong usage or configuration, or nothing of what was asked for matches anything, 3 not everything could be read.
    """
    from cli import outputs, sources
    from cli.running import runs
    from cli.running.raise_options import RaiseOptions

    excluded = sources.excluded(exclude or (), from_files, policy=policy)
    options = RaiseOptions(
        to=to,
        action=tuple(action or ()),
        architect_flow=tuple(architect_flow or ()),
        exclude=excluded.named,
        levers=levers,
        republish_callers=republish_callers,
        policy_file=policy,
        waive=tuple(waive or ()),
        protected=tuple(protected or ()),
        evidence=evidence,
    )
    files = outputs.asked_for(json, html, csv, xlsx, patch, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, excluded.files)
    exits.leave(runs.raise_timeouts(source, options, files, apply=apply, verbose=verbose, yes=yes))


@app.command(name="apply")
def apply_(
    plan: Plan,
    yes: Yes = False,
    waive: Waive = None,
    org: Org = None,
    from_files: FromFiles = None,
    include: Include = None,
    exclude: ExcludeFiles = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    xlsx: XlsxFile = None,
    html: HtmlFile = None,
    whole: All = False,
    where: RefusedWhere = None,
    sort: Sort = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Publish and verify exactly the plan that a dry run saved; what moved since is skipped as stale.

    Exit codes: 0 done or nothing to do, 1 something failed or is unknown, 2 wrong usage or configuration, or no such
    plan, 3 not everything could be read.
    """
    from cli import outputs, sources
    from cli.running import runs

    files = outputs.asked_for(json, html, csv, xlsx, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, exclude)
    exits.leave(runs.apply_plan(source, plan, tuple(waive or ()), files, verbose=verbose, yes=yes))


@app.command(name="roll-back")
def roll_back(
    run: Annotated[str, typer.Argument(metavar="RUN", help=f"The run to undo, {NAMED}.", autocompletion=complete)],
    apply: Apply = False,
    yes: Yes = False,
    org: Org = None,
    from_files: FromFiles = None,
    include: Include = None,
    exclude: ExcludeFiles = None,
    patch: PatchFile = None,
    json: JsonFile = None,
    csv: CsvFile = None,
    xlsx: XlsxFile = None,
    html: HtmlFile = None,
    whole: All = False,
    where: Where = None,
    sort: Sort = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Put back what a run changed, where nobody has changed it since; shows it, and with --apply publishes it.

    Exit codes: 0 done or nothing to put back, 1 something failed or is unknown, 2 wrong usage or configuration, or no
    such run, 3 not everything could be read.
    """
    from cli import outputs, sources
    from cli.running import runs

    files = outputs.asked_for(json, html, csv, xlsx, patch, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, exclude)
    exits.leave(runs.roll_back(source, run, files, apply=apply, verbose=verbose, yes=yes))


@app.command()
def effect(
    run: Annotated[str, typer.Argument(metavar="RUN", help=f"The run to judge, {NAMED}.", autocompletion=complete)],
    days: Days = None,
    org: Org = None,
    json: JsonFile = None,
    whole: All = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Say whether what a run published helped: the calls of each action before and after it. Reads only.

    Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, or no such run, 3 the figures could not be read.
    """
    from cli import outputs
    from cli.running import runs

    files = outputs.Files(json, shown=outputs.Shown(all=whole, quiet=quiet))
    exits.leave(runs.effect(org, run, days, files, verbose=verbose))
