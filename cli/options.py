"""The options that several commands share, each with its one help text."""

from pathlib import Path
from typing import Annotated, get_args

import typer


def _orgs(incomplete: str) -> list[str]:
    from cli.servers.completion import orgs

    return orgs(incomplete)


def _limits(incomplete: str) -> list[str]:
    from timeouts.planning.changes import LimitName

    return [name for name in get_args(LimitName) if name.startswith(incomplete)]


Org = Annotated[
    str | None,
    typer.Option(
        "--org",
        metavar="demo|BLOCK",
        autocompletion=_orgs,
        help="'demo' starts the embedded demo org; any other name is a Prefect block GenesysCloudCredentials. Without "
        "it the environment decides: GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET, GENESYS_REGION, GENESYS_API_URL.",
    ),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="A policy file (YAML).", exists=True, dir_okay=False, readable=True)
]
JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Write the whole run as one JSON document.", dir_okay=False)
]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="Write a report with pictures, one self-contained page.", dir_okay=False)
]
Evidence = Annotated[
    str | None,
    typer.Option("--evidence", metavar="DAYS", help="Read the org's own figures of its actions: 14d, 1d to 90d."),
]
Apply = Annotated[bool, typer.Option("--apply", help="Publish. Without it nothing is changed.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="Publish without asking. Only a terminal asks; a script is never asked.")
]
Waive = Annotated[
    list[str] | None,
    typer.Option(
        "--waive",
        metavar="LIMIT",
        autocompletion=_limits,
        help="Exceed this limit: architect_flows, changes, share, actions, reach or window.",
    ),
]
Verbose = Annotated[bool, typer.Option("--verbose", help="Show Prefect's log lines too.")]
