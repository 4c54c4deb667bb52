"""The options that several commands share, each with its one help text; none is given twice without a word."""

import os
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from typer.core import TyperGroup

_PANELS = {
    "Begin": ("doctor", "demo", "audit", "explain"),
    "Change": ("policy", "raise", "apply", "roll-back", "set", "locks"),
    "Look back": ("runs", "show", "plan", "diff", "effect"),
    "Servers and approvals": ("ui", "serve", "register", "metrics", "approver", "history", "simulate"),
}
"""The commands as `--help` lists them: in the order in which people come to need them."""


class Commands(TyperGroup):
    """The commands of the terminal, in panels. An option that takes one value is refused where it is given twice.

    Of two values the last one would count and the first one be dropped, without a word about it.
    """

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as it is called
        """Return the names of all commands, in the order of the panels."""
        order = [name for names in _PANELS.values() for name in names]
        return sorted(self.commands, key=order.index)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, with the panel that it is in."""
        command: Any = super().get_command(ctx, cmd_name)
        if command is not None:
            command.rich_help_panel = next(panel for panel, names in _PANELS.items() if cmd_name in names)
        return command

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """Read what stands before the command, which is next to nothing: options of a command stand behind it."""
        option = args[0].partition("=")[0] if args else ""
        called = next((each for each in args[1:] if option in _options_of(self.commands.get(each))), "")
        if called and option not in _options_of(self):
            ctx.fail(f"No such option before the command: {option}. It stands behind it: {called} {option} ...")
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that is called, after a look at its options."""
        name, command, rest = super().resolve_command(ctx, args)
        if name == "raise" and rest and rest[0][:1].isdecimal():
            ctx.fail(f"What to raise to is an option: raise --to {rest[0]}")
        if twice := _given_twice(ctx, command, list(rest)):
            ctx.fail(f"{twice} was given twice and takes one value: leave one of the two out")
        return name, command, rest


def _options_of(command: Any) -> set[str]:
    return {name for parameter in getattr(command, "params", ()) for name in parameter.opts if name.startswith("-")}


def _given_twice(ctx: Any, command: Any, args: list[str]) -> str:
    """Return the option of a command, or of one below it, that is given twice; '' where there is none.

    What else is wrong with the arguments is found, and told, when they are read for good.
    """
    inner = typer.Context(command, parent=ctx, info_name=command.name, **command.context_settings)
    rest: list[str] = []
    with suppress(Exception):
        _, rest, order = command.make_parser(inner).parse_args(list(args))
        given = Counter(each for each in order if not (each.multiple or getattr(each, "is_flag", False)))
        for parameter, count in given.items():
            if count > 1 and parameter.param_type_name == "option":
                return str(parameter.opts[0])
    below = getattr(command, "commands", {}).get(rest[0]) if rest else None
    return _given_twice(inner, below, rest[1:]) if below is not None else ""


def _orgs(incomplete: str) -> list[str]:
    from cli.servers.completion import orgs

    return orgs(incomplete)


def _folders(incomplete: str) -> list[str]:
    """Return the folders that a path may go on with, each with a slash, so that the next one can be typed on."""
    before, slash, beginning = incomplete.rpartition("/")
    with suppress(OSError), os.scandir(os.path.expanduser(before + slash or ".")) as entries:  # noqa: PTH111 - raises for no user
        names = (entry.name for entry in entries if entry.is_dir() and entry.name.startswith(beginning))
        return [f"{before}{slash}{name}/" for name in sorted(names) if beginning or not name.startswith(".")]
    return []


def _folder(text: str) -> Path:
    """Return the folder of a name, which is there. Of an empty name, `Path` would make the current folder."""
    if not text:
        raise typer.BadParameter("it is empty: name a folder, or . for the current one")
    if not os.path.lexists(text):
        raise typer.BadParameter(f"the folder {text!r} does not exist")
    if not Path(text).is_dir():
        raise typer.BadParameter(f"{text!r} is no folder: name the one that it lies in, and the file with --include")
    return Path(text)


def _limits(incomplete: str) -> list[str]:
    from timeouts.planning.changes import LimitName

    return [name for name in get_args(LimitName) if name.startswith(incomplete)]


Org = Annotated[
    str | None,
    typer.Option(
        "--org",
        metavar="demo|env|BLOCK",
        autocompletion=_orgs,
        help="'demo' starts the embedded demo org; any other name is a Prefect block GenesysCloudCredentials. Without "
        "it, and with 'env', the environment decides: GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET, GENESYS_REGION, "
        "GENESYS_API_URL.",
    ),
]
FromFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--files",
        metavar="DIR",
        autocompletion=_folders,
        help="Work on the files of a folder, and of no org: exports of Architect, Archy YAML, configurations, actions, "
        "Terraform. Repeatable. No credentials are needed. With --org, audit and raise work on the org, and say how "
        "the files differ.",
        parser=_folder,
    ),
]
Include = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="GLOB",
        help="With --files: only these files. * and ? within a name, ** for folders between. Repeatable.",
    ),
]
ExcludeFiles = Annotated[
    list[str] | None,
    typer.Option("--exclude", metavar="GLOB", help="With --files: not these files, nor what lies in such a folder."),
]
PatchFile = Annotated[
    Path | None,
    typer.Option(
        "--patch",
        metavar="FILE|-",
        help="With --files: write the whole plan as a diff that `git apply` takes, and change no file; - prints it. "
        "With --org and --files: what makes the files say what the plan sets in the org.",
        dir_okay=False,
    ),
]
PolicyFile = Annotated[
    Path | None, typer.Option("--policy", help="A policy file (YAML).", exists=True, dir_okay=False, readable=True)
]
Protected = Annotated[
    list[str] | None,
    typer.Option("--protected", metavar="NAME", help="Also change this protected one: whole name or id."),
]
JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json",
        metavar="FILE|-",
        help="Write it all as one JSON document; - prints that, and nothing else.",
        dir_okay=False,
    ),
]
HtmlFile = Annotated[
    Path | None, typer.Option("--html", help="Write a report with pictures, one self-contained page.", dir_okay=False)
]
CsvFile = Annotated[
    Path | None,
    typer.Option(
        "--csv", metavar="FILE|-", help="Write the table of steps as CSV; - prints it, and no tables.", dir_okay=False
    ),
]
XlsxFile = Annotated[
    Path | None,
    typer.Option("--xlsx", help="Write all tables as one Excel workbook, a sheet each.", dir_okay=False),
]
All = Annotated[bool, typer.Option("--all", help="Show every row of every table; an audit lists all steps.")]
Sort = Annotated[
    list[str] | None,
    typer.Option("--sort", metavar="COLUMN|-COLUMN", help="List the steps by a column: now, or -now for descending."),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="CONDITION",
        help="List the steps for which it holds, such as 'now<10s', setting=suggested, 'action=CRM*'; of several, all. "
        "It only affects what is listed, so it is refused where something is published.",
    ),
]
RefusedWhere = Annotated[list[str] | None, typer.Option("--where", metavar="CONDITION", hidden=True)]
"""For a command that always publishes: there to say why it is refused."""
Quiet = Annotated[bool, typer.Option("--quiet", help="No tables and no progress: how it ended, and errors.")]
Evidence = Annotated[
    str | None,
    typer.Option("--evidence", metavar="DAYS", help="Read the org's own figures of its actions: 14d, 1d to 90d."),
]
Apply = Annotated[bool, typer.Option("--apply", help="Publish, or write the files. Without it nothing is changed.")]
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
