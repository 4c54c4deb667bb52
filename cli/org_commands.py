"""The commands that look at an org, or set one step of it: `doctor`, `demo`, `set`, `locks` and `history`."""

from typing import Annotated

import typer

from cli import exits
from cli.options import All, JsonFile, Org, Quiet, Yes

app = typer.Typer()


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
        bool,
        typer.Option(
            "--allow-lowering",
            help="Also set a timeout that is shorter than the one now, and take in modules that wait less.",
        ),
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
