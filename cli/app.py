"""The command `genesys-timeouts`. Imports nothing heavy until a command runs: `--help` has to be there at once."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from cli import exits, policies
from cli.approvals import approver
from cli.kept import commands as kept
from cli.kept.names import complete
from cli.options import (
    All,
    Apply,
    Commands,
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
    Sort,
    Verbose,
    Waive,
    Where,
    XlsxFile,
    Yes,
)

app = typer.Typer(
    name="genesys-timeouts",
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},  # of the commands, too
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

app.add_typer(approver.app, name="approver")
app.add_typer(policies.app, name="policy")
app.add_typer(kept.app)


def _version(is_asked: bool) -> None:
    if is_asked:
        from importlib.metadata import version

        packages = ("genesys-timeouts", "prefect", "PureCloudPlatformClientV2")
        first, *others = (f"{name} {version(name)}" for name in packages)
        typer.echo(f"{first} ({', '.join(others)})")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Find, raise, publish and prove the timeouts of Call Data Action steps in all Architect flows of an org."""


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
    from cli import outputs, runs, sources

    files = outputs.asked_for(json, html, csv, xlsx, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, exclude)
    exits.leave(runs.audit(source, policy, evidence, files, verbose=verbose))


@app.command(name="raise")
def raise_(
    to: Annotated[
        str | None, typer.Option("--to", metavar="DURATION", help="The least a step should wait: 10s, 1m30s, 2500ms.")
    ] = None,
    action: Annotated[
        list[str] | None,
        typer.Option(
            "--action", metavar="PATTERN", help="Only steps that call this action: name or id, * allowed. Repeatable."
        ),
    ] = None,
    architect_flow: Annotated[
        list[str] | None,
        typer.Option(
            "--architect-flow",
            metavar="PATTERN",
            help="Only steps of this Architect flow: name or id, * allowed. Repeatable.",
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            metavar="PATTERN",
            help="Not this Architect flow, or not steps that call this action: name or id, * allowed. With --files, a "
            "pattern with a / or one that begins with *. is of files, which are not read. Repeatable.",
        ),
    ] = None,
    levers: Annotated[
        str | None,
        typer.Option(
            "--levers",
            metavar="step|step,action",
            autocompletion=lambda: ["step", "action", "step,action"],
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
    from cli import outputs, runs, sources
    from cli.raise_options import RaiseOptions

    of_files = sources.excluded_files(exclude or ()) if from_files else ()
    options = RaiseOptions(
        to=to,
        action=tuple(action or ()),
        architect_flow=tuple(architect_flow or ()),
        exclude=tuple(each for each in exclude or () if each not in of_files),
        levers=levers,
        republish_callers=republish_callers,
        policy_file=policy,
        waive=tuple(waive or ()),
        protected=tuple(protected or ()),
        evidence=evidence,
    )
    files = outputs.asked_for(json, html, csv, xlsx, patch, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, of_files)
    exits.leave(runs.raise_timeouts(source, options, files, apply=apply, verbose=verbose, yes=yes))


@app.command(name="apply")
def apply_(
    plan: Annotated[
        str,
        typer.Argument(
            metavar="PLAN",
            help="The dry run, by its name or id, or the checksum that it showed; a beginning that fits one alone.",
            autocompletion=complete,
        ),
    ],
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
    where: Where = None,
    sort: Sort = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Publish and verify exactly the plan that a dry run saved; what moved since is skipped as stale.

    Exit codes: 0 done or nothing to do, 1 something failed or is unknown, 2 wrong usage or configuration, or no such
    plan, 3 not everything could be read.
    """
    from cli import outputs, runs, sources

    files = outputs.asked_for(json, html, csv, xlsx, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, exclude)
    exits.leave(runs.apply_plan(source, plan, tuple(waive or ()), files, verbose=verbose, yes=yes))


@app.command(name="roll-back")
def roll_back(
    run: Annotated[str, typer.Argument(metavar="RUN", help=f"The run to undo, {kept.NAMED}.", autocompletion=complete)],
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
    from cli import outputs, runs, sources

    files = outputs.asked_for(json, html, csv, xlsx, patch, whole=whole, where=where, sort=sort, quiet=quiet)
    source = sources.named(org, from_files, include, exclude)
    exits.leave(runs.roll_back(source, run, files, apply=apply, verbose=verbose, yes=yes))


@app.command()
def effect(
    run: Annotated[
        str, typer.Argument(metavar="RUN", help=f"The run to judge, {kept.NAMED}.", autocompletion=complete)
    ],
    days: Annotated[
        str | None,
        typer.Option(
            "--days",
            metavar="DAYS",
            help="Compare the calls of so many days before the change with those of as many days after it: 7d. Fewer, "
            "where fewer have passed since. Without it, 7d.",
        ),
    ] = None,
    org: Org = None,
    json: JsonFile = None,
    whole: All = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Say whether what a run published helped: the calls of each action before and after it. Reads only.

    Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, or no such run, 3 the figures could not be read.
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
        typer.Option(
            "--step",
            envvar="TARGET_ACTION_NAME",
            metavar="NAME",
            help="Which step: its name as Architect shows it, its id, or the name of the data action that it calls. "
            "Where several fit, they are listed and none is changed.",
        ),
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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    yes: Yes = False,
    org: Org = None,
) -> None:
    """Set the timeout of one step, publish, and confirm it from a fresh read.

    Publishes unless --dry-run, in a terminal after a question; its last line says how to undo it. Exit codes: 0 done,
    already so, or not wanted when asked, 1 not done, or a dry run that finds something in the way, 2 wrong usage or
    configuration.
    """
    from cli.setting.command import set_timeout
    from cli.setting.wish import Wish

    wish = Wish(architect_flow.strip(), step, timeout, org, allow_lowering=allow_lowering)
    exits.leave(set_timeout(wish, dry_run=dry_run, yes=yes))


@app.command()
def locks(
    org: Org = None,
    release: Annotated[
        bool,
        typer.Option(
            "--release", help="Let go of what dead runs have left: locks under which nothing moves, with our drafts."
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

    Reads only, unless --release. A lock of a person, and a draft that this tool did not make, always stay; so does a
    draft of ours on an action, which the next run takes up. Exit codes: 0 done, 1 a lock of ours stays or not all could
    be told, 2 wrong usage or configuration.
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
    from cli.approvals import history as history_of

    exits.leave(history_of.show(org, verify=verify))


register_app = typer.Typer(help="Register all that runs without a terminal on the Prefect server at PREFECT_API_URL.")
app.add_typer(register_app, name="register")


@register_app.callback(invoke_without_command=True)
def register(
    context: typer.Context,
    *,
    dead_runs: Annotated[
        bool, typer.Option(help="Crash runs whose heartbeats have stopped. Not on SQLite, which loses heartbeats.")
    ] = True,
) -> None:
    """Register the work pool, the blocks that the environment names, deployments and automations; repeat it at will.

    Secrets come from the environment: GENESYS_AUDIT_CLIENT_ID, GENESYS_WRITER_CLIENT_ID and so on, NOTIFY_URL,
    AUDIT_FILES_TOKEN. What it does not name stays as it is on the server. Exit codes: 0 done, 1 failed, 2 wrong usage
    or configuration.
    """
    if context.invoked_subcommand is None:
        from cli.servers import served

        exits.leave(served.register(dead_runs=dead_runs))


@register_app.command(name="org")
def register_org(
    name: Annotated[str, typer.Argument(metavar="NAME", help="How the run form shall call these credentials.")],
) -> None:
    """Register the credentials of one more org from GENESYS_CLIENT_ID, _CLIENT_SECRET, _REGION and _API_URL."""
    from cli.servers import served

    exits.leave(served.register_org(name))


@app.command()
def ui(port: Annotated[int, typer.Option("--port", help="Where it listens, on 127.0.0.1.")] = 4200) -> None:
    """Show the runs of this machine and their artifacts in Prefect's UI, until Ctrl-C."""
    from cli.servers import served

    exits.leave(served.open_ui(port))


@app.command()
def serve(
    home: Annotated[
        Path | None, typer.Option("--home", file_okay=False, help="Where all state is kept; else your state folder.")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Of the Prefect server and its UI.")] = 4200,
    org_port: Annotated[int, typer.Option("--org-port", help="Of the demo org.")] = 4400,
    workers: Annotated[int, typer.Option("--workers", help="How many.", min=1)] = 1,
    poll_seconds: Annotated[int, typer.Option("--poll-seconds", help="How often a worker looks for runs.", min=1)] = 5,
) -> None:
    """Serve a Prefect server, workers and all deployments on this machine, until Ctrl-C.

    With GENESYS_WRITER_CLIENT_ID and its secret in the environment for that org, else for the demo org.
    """
    from cli.servers import served

    exits.leave(served.serve(home, port, org_port, workers, poll_seconds))


@app.command()
def metrics(
    host: Annotated[str, typer.Option("--host", help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="Where it listens.", min=1, max=65535)] = 9464,
    every: Annotated[
        int, typer.Option("--every", metavar="SECONDS", help="How often the Prefect server is read.", min=5, max=3600)
    ] = 30,
    once: Annotated[bool, typer.Option("--once", help="Read once, print the metrics, and end.")] = False,
) -> None:
    """Serve metrics for Prometheus of the runs on the Prefect server at PREFECT_API_URL, until Ctrl-C. Reads only.

    Exit codes: 0 done, 1 with --once: the server does not answer, 2 wrong usage or configuration.
    """
    from cli.servers import metrics as of_metrics

    exits.leave(of_metrics.metrics(host, port, every, once=once))


@app.command(
    name="approval-code",
    hidden=True,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def approval_code() -> None:
    """Gone: approvals are given by signature, see `approver`."""
    approver.refuse_code()


@app.command(
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def simulate(context: typer.Context) -> None:
    """Serve a simulated Genesys Cloud org on loopback; `simulate --help` lists its options."""
    from cli.servers import demo_org

    demo_org.serve(context.args)


def main() -> NoReturn:
    """Enter from the script of a checkout that was set up before cli/__main__.py was the entrance."""
    from cli.__main__ import main as enter

    enter()
