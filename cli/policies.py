"""`policy`: checks policy files without an org, and drafts one from what an audit found."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from cli import exits
from cli.exits import Exit, UsageError
from cli.options import Org, Verbose

if TYPE_CHECKING:
    from reports.report import Report
    from timeouts.policy.policy import Policy

app = typer.Typer(no_args_is_help=True, help="Check policy files, and draft one from what an audit found.")

_MOST_BYTES = 256 * 1024 * 1024
"""Of the JSON of an audit: an org of 5,000 Architect flows has a fifth of that (docs/bounds.md)."""


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Policy files (YAML).")],
) -> None:
    """Say all that is wrong with policy files, each problem with its line. Needs no org and no Prefect.

    Which names an org has, a file cannot say: `raise --policy FILE` shows what matches nothing. Exit codes: 0 all of
    them can be used, 2 one cannot.
    """
    from cli.runs import problems, say
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
    from reports.words import number_of

    leaving = sum(rule.leave for rule in policy.rules)
    rules = f"{number_of(len(policy.rules), 'rule')}{f' ({leaving} to leave steps alone)' if leaving else ''}"
    return f"can be used: {rules}, levers {' and '.join(policy.levers)}"


@app.command()
def init(
    org: Org = None,
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="The JSON of an audit that was made already (audit --json FILE). Without it, the org is audited now.",
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
    exits.leave(_init(org, from_file, output, force=force, verbose=verbose))


def _init(org: str | None, from_file: Path | None, output: Path | None, *, force: bool, verbose: bool) -> Exit:
    from cli import runs
    from reports.policy_draft import drafted_policy
    from reports.terminal.plain import plain
    from reports.words import missing_in

    try:
        _check(org, from_file, output, force=force)
        report = _read(from_file) if from_file is not None else runs.audited(org, verbose=verbose)
        if report is None:
            return Exit.FAILED
        draft = drafted_policy(report)
        if output is None:
            for line in draft.splitlines():
                runs.out.print(plain(line), soft_wrap=True)
        else:
            _write(output, draft, force=force)
            runs.say(f"The policy: {output}")
    except UsageError as problem:
        runs.complain(str(problem))
        return Exit.USAGE
    if report.coverage.complete:
        return Exit.DONE
    for missing in missing_in(report.coverage, report.notes):
        runs.problems.print(plain(f"Incomplete: {missing}", "yellow"))
    return Exit.INCOMPLETE


def _check(org: str | None, from_file: Path | None, output: Path | None, *, force: bool) -> None:
    """Refuse before an org is read what would be refused afterwards."""
    if org is not None and from_file is not None:
        raise UsageError("--from names an audit that was made already, of its own org: leave --org or --from out")
    if output is None:
        return
    if output.exists() and not force:
        raise UsageError(f"--output {output}: there is a file already: name another one, or add --force")
    if not os.access(output.resolve().parent, os.W_OK):
        raise UsageError(f"--output {output}: it cannot be written there; does the folder exist?")


def _read(path: Path) -> "Report":
    from pydantic import ValidationError

    from reports.report import Report

    wanted = "give the file that `genesys-timeouts audit --json FILE` has written"
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as problem:
        raise UsageError(f"--from {path}: it cannot be read ({problem.strerror}): {wanted}") from None
    if len(content) > _MOST_BYTES:
        raise UsageError(f"--from {path}: is larger than the {_MOST_BYTES:,} bytes of an audit: {wanted}")
    try:
        return Report.model_validate_json(content)
    except ValidationError:
        raise UsageError(f"--from {path}: is no audit that this version can read: {wanted}") from None


def _write(path: Path, text: str, *, force: bool) -> None:
    """Write a file whole or not at all; over another one only where that is wanted."""
    beside = path.resolve().with_name(f".{path.name}.{uuid4().hex[:8]}")
    try:
        beside.write_text(text, "utf-8")
        if force:
            beside.replace(path.resolve())
        else:
            os.link(beside, path)  # which fails where one has come to be there meanwhile
    except FileExistsError:
        raise UsageError(f"--output {path}: there is a file already: name another one, or add --force") from None
    except OSError as problem:
        raise UsageError(f"--output {path}: it cannot be written ({problem.strerror})") from None
    finally:
        beside.unlink(missing_ok=True)
