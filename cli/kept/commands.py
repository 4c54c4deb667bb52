"""The commands `runs`, `show`, `plan`, `diff`, of what was kept of runs, and `explain`, which reads an org or files."""

from typing import Annotated

import typer

from cli import exits
from cli.kept.names import complete
from cli.options import All, ExcludeFiles, FromFiles, HtmlFile, Include, JsonFile, Org, PolicyFile, Protected

app = typer.Typer()

NAMED = "by its name, its id, a prefix of its id that is unique, or its plan's checksum"


@app.command(name="runs")
def runs_(
    org: Annotated[str | None, typer.Option("--org", metavar="NAME", help="Only runs in the org of this name.")] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="COUNT", help="How many to list.")] = 20,
    json: JsonFile = None,
) -> None:
    """List the latest runs: when, what, in which org, what came of it, by name and id. Reaches no org.

    Exit codes: 0 done, 1 the document could not be written, 2 wrong usage or configuration.
    """
    from cli import outputs
    from cli.kept import listing

    exits.leave(listing.show_runs(org, limit, outputs.Files(json)))


@app.command(name="show")
def show_(
    run: Annotated[str, typer.Argument(metavar="RUN", help=f"The run, {NAMED}.", autocompletion=complete)],
    json: JsonFile = None,
    html: HtmlFile = None,
    whole: All = False,
) -> None:
    """Show what a run found and did, as it showed it at its end, and what can be typed next. Reaches no org.

    Exit codes: those of runs.
    """
    from cli import outputs
    from cli.kept import showing

    exits.leave(showing.show_run(run, outputs.Files(json, html, shown=outputs.Shown(all=whole))))


@app.command(name="plan")
def plan_(
    plan: Annotated[
        str,
        typer.Argument(
            metavar="PLAN",
            help="The plan, by its checksum or a beginning of it, or by the name or id of the run that made it.",
            autocompletion=complete,
        ),
    ],
    json: JsonFile = None,
    whole: All = False,
) -> None:
    """Show a plan: what it changes and what not, until when it may be applied, and which runs applied it.

    Reaches no org. Exit codes: those of runs.
    """
    from cli import outputs
    from cli.kept import showing

    exits.leave(showing.show_plan(plan, outputs.Files(json, shown=outputs.Shown(all=whole))))


@app.command(name="diff")
def diff_(
    before: Annotated[
        str,
        typer.Argument(
            metavar="A", help="The earlier run, as for show, or a file that --json wrote.", autocompletion=complete
        ),
    ],
    after: Annotated[str, typer.Argument(metavar="B", help="The later run, or such a file.", autocompletion=complete)],
    json: JsonFile = None,
    whole: All = False,
) -> None:
    """Say what moved in an org between two runs: limits of actions, and steps with what callers wait. Reaches no org.

    Exit codes: those of runs.
    """
    from cli import outputs
    from cli.kept import diffing

    exits.leave(diffing.show_diff(before, after, outputs.Files(json, shown=outputs.Shown(all=whole))))


@app.command(name="explain")
def explain_(  # noqa: PLR0917 - typer calls with names
    step: Annotated[
        str, typer.Argument(metavar="STEP", help="Its name, its id, or 'Architect flow / step'; case does not count.")
    ],
    architect_flow: Annotated[
        str | None, typer.Option("--architect-flow", metavar="PATTERN", help="The one that it is in: name or id.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DURATION", help="Hold it against a raise to this: 10s, 1m30s.")
    ] = None,
    levers: Annotated[
        str | None, typer.Option("--levers", metavar="step|step,action", help="With --to: what may be changed.")
    ] = None,
    policy: PolicyFile = None,
    protected: Protected = None,
    org: Org = None,
    from_files: FromFiles = None,
    include: Include = None,
    exclude: ExcludeFiles = None,
    json: JsonFile = None,
) -> None:
    """Say why a step waits as long as it does, which rule decides, what each lever would do, and whom that affects.

    Reads the org, or --files, and changes nothing. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
    """
    from cli import outputs, sources
    from cli.kept import explaining
    from cli.running.raise_options import RaiseOptions

    asked = RaiseOptions(to=to, levers=levers, policy_file=policy, protected=tuple(protected or ()))
    source = sources.named(org, from_files, include, exclude)
    exits.leave(explaining.explain_step(source, step, architect_flow, asked, outputs.Files(json)))
