"""The command `genesys-timeouts`. Imports nothing heavy until a command runs: `--help` has to be there at once."""

from typing import Annotated

import typer

from cli import approver, exits
from cli.options import (
    All,
    Apply,
    Commands,
    CsvFile,
    Evidence,
    HtmlFile,
    JsonFile,
    Org,
    PolicyFile,
    Quiet,
    Sort,
    Verbose,
    Waive,
    Where,
    XlsxFile,
)
from cli.showing.streams import stand_any_stream
from flows.run.interruption import ending_this_process

app = typer.Typer(
    name="genesys-timeouts",
    cls=Commands,
    help="Find, raise, publish and prove the timeouts of Call Data Action steps in all Architect flows of an org.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

app.add_typer(approver.app, name="approver")


@app.command()
def audit(
    org: Org = None,
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
    """List every Call Data Action step and how long it really waits. Reads only.

    With --policy, also shows what that policy would change; with --evidence, ranks the actions by the calls lost.
    Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 the audit is incomplete.
    """
    from cli import outputs, runs

    shown = outputs.Shown(all=whole, where=tuple(where or ()), sort=tuple(sort or ()), quiet=quiet)
    files = outputs.Files(json, html, csv, xlsx, shown)
    exits.leave(runs.audit(org, policy, evidence, files, verbose=verbose))


@app.command(name="raise")
def raise_(
    to: Annotated[
        str | None, typer.Option("--to", metavar="DURATION", help="The least a step should wait: 10s, 1m30s, 2500ms.")
    ] = None,
    action: Annotated[
        str | None,
        typer.Option("--action", metavar="PATTERN", help="Only steps that call these: name or id, * allowed."),
    ] = None,
    architect_flow: Annotated[
        str | None, typer.Option("--architect-flow", metavar="PATTERN", help="Only these: name or id, * allowed.")
    ] = None,
    levers: Annotated[
        str | None,
        typer.Option(
            "--levers",
            metavar="step|step,action",
            help="What may be changed. A changed action affects all its callers, scripts and agents included.",
        ),
    ] = None,
    republish_callers: Annotated[
        bool,
        typer.Option(
            "--republish-callers",
            help="Also republish Architect flows that embed a changed common module, so that their callers get it.",
        ),
    ] = False,
    policy: PolicyFile = None,
    evidence: Evidence = None,
    apply: Apply = False,
    waive: Waive = None,
    protected: Annotated[
        list[str] | None,
        typer.Option("--protected", metavar="NAME", help="Also change this protected one: whole name or id."),
    ] = None,
    org: Org = None,
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
    """Raise the timeouts of Call Data Action steps: plan, and with --apply publish and verify.

    What to raise comes from --to (and --action, --architect-flow, --levers) or from a --policy file. Exit codes: 0 done
    or nothing to do, 1 something failed or is unknown, 2 wrong usage or configuration, 3 the audit is incomplete.
    """
    from cli import outputs, runs
    from cli.raise_options import RaiseOptions

    options = RaiseOptions(
        to=to,
        action=action,
        architect_flow=architect_flow,
        levers=levers,
        republish_callers=republish_callers,
        policy_file=policy,
        waive=tuple(waive or ()),
        protected=tuple(protected or ()),
        evidence=evidence,
    )
    shown = outputs.Shown(all=whole, where=tuple(where or ()), sort=tuple(sort or ()), quiet=quiet)
    files = outputs.Files(json, html, csv, xlsx, shown)
    exits.leave(runs.raise_timeouts(org, options, files, apply=apply, verbose=verbose))


@app.command(name="apply")
def apply_(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="Id of the dry run, or the checksum that it showed.")],
    waive: Waive = None,
    org: Org = None,
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
    """Publish and verify exactly the plan that a dry run saved; what moved since is skipped as stale.

    Exit codes: those of raise.
    """
    from cli import outputs, runs

    shown = outputs.Shown(all=whole, where=tuple(where or ()), sort=tuple(sort or ()), quiet=quiet)
    files = outputs.Files(json, html, csv, xlsx, shown)
    exits.leave(runs.apply_plan(org, plan, tuple(waive or ()), files, verbose=verbose))


@app.command(name="roll-back")
def roll_back(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of the Prefect flow run to undo.")],
    apply: Apply = False,
    org: Org = None,
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

    Exit codes: those of raise.
    """
    from cli import outputs, runs

    shown = outputs.Shown(all=whole, where=tuple(where or ()), sort=tuple(sort or ()), quiet=quiet)
    files = outputs.Files(json, html, csv, xlsx, shown)
    exits.leave(runs.roll_back(org, run, files, apply=apply, verbose=verbose))


@app.command()
def effect(
    run: Annotated[str, typer.Argument(metavar="RUN", help="Id of the Prefect flow run to judge.")],
    days: Annotated[
        str | None, typer.Option("--days", metavar="DAYS", help="Compare so many days at most on either side: 7d.")
    ] = None,
    org: Org = None,
    json: JsonFile = None,
    whole: All = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Say whether what a run published helped: the calls of each action before and after it. Reads only.

    Exit codes: those of audit.
    """
    from cli import outputs, runs

    files = outputs.Files(json, shown=outputs.Shown(all=whole, quiet=quiet))
    exits.leave(runs.effect(org, run, days, files, verbose=verbose))


@app.command()
def doctor(
    org: Org = None,
    json: JsonFile = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Show the questions about the platform that stay open, too.")
    ] = False,
) -> None:
    """Check the way to your org, what its client may do, and Prefect: what is missing, and what to do. Reads only.

    Asks the org at most 40 times, takes two minutes at most, and writes nothing anywhere. Exit
    codes: 0 all is there, 1 something is missing that stops work, 2 wrong usage or configuration, 3 something could
    not be told.
    """
    from cli import doctor as checks
    from cli import outputs

    files = outputs.Files(json, shown=outputs.Shown(quiet=quiet))
    exits.leave(checks.examine(org, files, verbose=verbose))


@app.command()
def demo(whole: All = False) -> None:
    """Tour the demo org: raise to 10s, find nothing left to do, roll back, and prove that nothing else moved."""
    from cli import tour

    exits.leave(tour.tour(whole=whole))


@app.command(name="set")
def set_(
    architect_flow: Annotated[
        str, typer.Option("--architect-flow", envvar="TARGET_FLOW_ID", metavar="ID", help="Id of the Architect flow.")
    ] = "",
    step: Annotated[
        str,
        typer.Option("--step", envvar="TARGET_ACTION_NAME", metavar="NAME", help="Name of the step or of its action."),
    ] = "",
    timeout: Annotated[
        str,
        typer.Option(
            "--timeout", envvar="NEW_TIMEOUT_MS", metavar="DURATION", help="10s, or a number of milliseconds."
        ),
    ] = "10000",
    allow_lowering: Annotated[
        bool, typer.Option("--allow-lowering", help="Also set a timeout that is shorter than the one now.")
    ] = False,
    org: Org = None,
) -> None:
    """Set the timeout of one step, publish, and confirm it from a fresh read.

    Changes the org at once: there is no dry run. Exit codes: 0 done or already so, 1 not done, 2 wrong usage or
    configuration.
    """
    from cli import one_step

    exits.leave(one_step.set_timeout(org, architect_flow, step, timeout, allow_lowering=allow_lowering))


@app.command()
def locks(
    org: Org = None,
    release: Annotated[
        bool,
        typer.Option(
            "--release", help="Let go of what dead runs have left: locks under which nothing moves, drafts of ours."
        ),
    ] = False,
    grace: Annotated[
        str,
        typer.Option(
            "--grace",
            metavar="DURATION",
            help="With --release: let a lock go once nothing has moved under it for this long, 10s or more. Shorten it "
            "only where you know that the run is dead.",
        ),
    ] = "2m",
) -> None:
    """List what runs of ours hold in an org: locked Architect flows, drafts on actions, the place of the writing run.

    Reads only, unless --release. A lock of a person, and a draft that this tool did not make, always stay. Exit codes:
    0 done, 1 something of ours stays, 2 wrong usage or configuration.
    """
    from cli import locks as locks_of

    exits.leave(locks_of.release(org, grace) if release else locks_of.show(org))


@app.command()
def history(
    org: Org = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Also say whether every entry is there, unchanged, and signed.")
    ] = False,
) -> None:
    """List the decisions on plans in an org: who asked, approved and rejected what, and what came of it. Reads only.

    Exit codes: 0 done, 1 with --verify: something is missing, changed or not signed, 2 wrong usage or configuration,
    3 it could not be told.
    """
    from cli import history as history_of

    exits.leave(history_of.show(org, verify=verify))


@app.command(
    name="approval-code",
    hidden=True,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def approval_code() -> None:
    """Gone: approvals are given by signature, see `approver`."""
    approver.refuse_code()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False)
def simulate(context: typer.Context) -> None:
    """Serve a simulated Genesys Cloud org on loopback; `simulate --help` lists its options."""
    from cli.servers import demo_org

    demo_org.serve(context.args)


def main() -> None:
    """Enter here from the console script."""
    stand_any_stream()
    with ending_this_process():
        app()
