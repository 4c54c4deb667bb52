"""`policy`: checks policy files without an org, and drafts one from what an audit found."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import exits
from cli.exits import Exit, UsageError
from cli.options import ExcludeFiles, FromFiles, Include, Org, Verbose
from timeouts.text.phrases import number_of

if TYPE_CHECKING:
    from cli.sources import NamedSource
    from timeouts.policy.policy import Policy

app = typer.Typer(no_args_is_help=True, help="Check policy files, and draft one from what an audit found.")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policy files (YAML).")],
) -> None:
    """Say all that is wrong with policy files, each problem with its line. Needs no org and no Prefect.

    Which names an org has, a file cannot say: `raise --policy FILE` shows what matches nothing. Exit codes: 0 all of
    them can be used, 2 one cannot.
    """
    from cli.showing.screens import problems, say
    from reports.terminal.plain import plain
    from timeouts.policy.policy_file import PolicyError, read_policy_file

    code = Exit.DONE
    for file in files:
        try:
            policy = read_policy_file(file)
        except PolicyError as refused:
            code = Exit.USAGE
            for problem in refused.problems:
                problems.print(plain(problem, "red"))
        else:
            say(f"{file}: {_in_words(policy)}")
    exits.leave(code)


def _in_words(policy: "Policy") -> str:

    leaving = sum(rule.leave for rule in policy.rules)
    rules = f"{number_of(len(policy.rules), 'rule')}{f' ({leaving} to leave steps alone)' if leaving else ''}"
    return f"can be used: {rules}, levers {' and '.join(policy.levers)}"


@app.command()
def init(  # noqa: PLR0917 - typer calls with names
    org: Org = None,
    from_files: FromFiles = None,
    include: Include = None,
    exclude: ExcludeFiles = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="The JSON of an audit that was made already (audit --json FILE). Without it, the org, or --files, is "
            "audited now.",
            exists=True,
            dir_okay=False,
            readable=True,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="FILE", help="Write it there. Without it, it is printed.", dir_okay=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there already.")] = False,
    verbose: Verbose = False,
) -> None:
    """Draft a policy from what an audit found: one rule for what is short, and comments that say what there is.

    Reads only; nothing but the file of --output is written. Exit codes: 0 done, 1 failed, 2 wrong usage or
    configuration, 3 not everything could be read, which the draft says.
    """
    from cli import sources

    source = sources.named(org, from_files, include, exclude)
    exits.leave(_init(source, from_file, output, force=force, verbose=verbose))


@exits.saying_problems
def _init(source: "NamedSource", from_file: Path | None, output: Path | None, *, force: bool, verbose: bool) -> Exit:
    from cli.kept.documents import read_document
    from cli.running import runs
    from cli.showing.screens import out, problems, say
    from reports.policy_draft import drafted_policy
    from reports.terminal.plain import plain
    from reports.words import missing_in

    _check(source, from_file, output, force=force)
    report = read_document(from_file, "--from") if from_file is not None else runs.audited(source, verbose=verbose)
    if report is None:
        return Exit.FAILED
    draft = drafted_policy(report)
    if output is None:
        for line in draft.splitlines():
            out.print(plain(line), soft_wrap=True)
    else:
        _write(output, draft, force=force)
        say(f"The policy: {output}")
    if report.coverage.complete:
        return Exit.DONE
    for missing in missing_in(report.coverage, report.notes):
        problems.print(plain(f"Incomplete: {missing}", "yellow"))
    return Exit.INCOMPLETE


def _write(path: Path, text: str, *, force: bool) -> None:
    """Write a file whole or not at all; over another one only where that is wanted."""
    from cli.outputs import write_whole

    try:
        write_whole(path, text.encode(), over=force)
    except FileExistsError:
        raise UsageError(f"--output {path}: there is a file already: name another one, or add --force") from None
    except OSError as problem:
        raise UsageError(f"--output {path}: it cannot be written ({problem.strerror})") from None


def _check(source: "NamedSource", from_file: Path | None, output: Path | None, *, force: bool) -> None:
    """Refuse before anything is read what would be refused afterwards."""
    from cli.outputs import can_write

    named = "--files" if source.files else "--org" if source.org is not None else ""
    if named and from_file is not None:
        raise UsageError(
            f"--from names an audit that was made already, of its own org or files: leave {named} or --from out"
        )
    if output is None:
        return
    if output.exists() and not force:
        raise UsageError(f"--output {output}: there is a file already: name another one, or add --force")
    if not can_write(output):
        raise UsageError(f"--output {output}: it cannot be written there; does the folder exist?")
    source.check_outputs([("--output", output)])
