"""The command `genesys-timeouts`. Imports nothing heavy until a command runs: `--help` has to be there at once."""

from typing import Annotated

import typer

from cli import org_commands, policies
from cli.approvals import approver
from cli.kept import commands as kept
from cli.options import Commands
from cli.running import commands as running
from cli.servers import commands as servers

app = typer.Typer(
    name="genesys-timeouts",
    cls=Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},  # of the commands, too
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)

app.add_typer(running.app)
app.add_typer(org_commands.app)
app.add_typer(servers.app)
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
