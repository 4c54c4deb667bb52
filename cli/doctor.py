"""`doctor`: checks the way to one's own org, the client's access and Prefect, shows rows, and writes nothing."""

import shlex
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, UsageError
from cli.outputs import Files
from cli.runs import check_files, complain, org_of, out, problems
from cli.servers.prefect_server import prefect_server

if TYPE_CHECKING:
    from genesys import Credentials
    from timeouts.doctor.finding import Diagnosis

_STANDARD_OUTPUT = Path("-")


def examine(org: str | None, json: Path | None, *, verbose: bool) -> Exit:
    """Check, and show what was found; `verbose` shows the questions that stay open, too."""
    from genesys import ConfigurationProblem

    files = Files(None if json == _STANDARD_OUTPUT else json)
    try:
        environment.prepare(verbose=False)
        check_files(files)
        with org_of(org) as block, problems.status("Checking") if problems.is_terminal else nullcontext():
            from flows.doctor import examine_here

            diagnosis = examine_here(_credentials(block))
    except (UsageError, ConfigurationProblem) as problem:
        complain(str(problem))
        return Exit.USAGE
    if json == _STANDARD_OUTPUT:
        sys.stdout.write(f"{diagnosis.model_dump_json(indent=2)}\n")
        return exit_of(diagnosis)
    return _shown(diagnosis, files, verbose=verbose, options="" if org is None else f" --org {shlex.quote(org)}")


def exit_of(diagnosis: "Diagnosis") -> Exit:
    """Return the exit code that a diagnosis stands for."""
    if diagnosis.missing:
        return Exit.FAILED
    return Exit.INCOMPLETE if diagnosis.untold else Exit.DONE


def _credentials(block: str | None) -> "Credentials":
    """Return the credentials; those of a block lie on a Prefect server, which has to be there for it."""
    from flows.run.connections import block_named, credentials_for

    if block is None:
        return credentials_for(None)
    with prefect_server():  # raises where the one that has the block cannot be used
        return credentials_for(block_named(block))


def _shown(diagnosis: "Diagnosis", files: Files, *, verbose: bool, options: str) -> Exit:
    from reports.terminal.doctor import show_diagnosis

    show_diagnosis(out, diagnosis, whole=verbose, options=options)
    unwritten = files.write(diagnosis, out)
    for problem in unwritten:
        complain(problem)
    return exit_of(diagnosis) or (Exit.FAILED if unwritten else Exit.DONE)
