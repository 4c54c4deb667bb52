"""The commands of what stays up, or is made on a server that does: `ui`, `serve`, `metrics`, `simulate`, `register`."""

from pathlib import Path
from typing import Annotated

import typer

from cli import exits

app = typer.Typer()

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
def ui(
    port: Annotated[int, typer.Option("--port", help="Where it listens, on 127.0.0.1.", min=1, max=65535)] = 4200,
) -> None:
    """Show the runs of this machine and their artifacts in Prefect's UI, until Ctrl-C."""
    from cli.servers import served

    exits.leave(served.open_ui(port))


@app.command()
def serve(
    home: Annotated[
        Path | None, typer.Option("--home", file_okay=False, help="Where all state is kept; else your state folder.")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Of the Prefect server and its UI.", min=1, max=65535)] = 4200,
    org_port: Annotated[int, typer.Option("--org-port", help="Of the demo org.", min=1, max=65535)] = 4400,
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
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
def simulate(context: typer.Context) -> None:
    """Serve a simulated Genesys Cloud org on loopback; `simulate --help` lists its options."""
    from cli.servers import demo_org

    demo_org.serve(context.args)
