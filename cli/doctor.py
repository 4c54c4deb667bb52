"""`doctor`: checks the way to one's own org, the client's access and Prefect, shows rows, and writes nothing."""

import shlex
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, saying_problems
from cli.outputs import Files
from cli.servers.prefect_server import prefect_server
from cli.showing.screens import check_files, problems, screen_of, write_down
from cli.sources import org_of

if TYPE_CHECKING:
    from genesys import Credentials
    from timeouts.doctor.finding import Diagnosis


@saying_problems
def examine(org: str | None, files: Files, *, verbose: bool) -> Exit:
    """Check, and show what was found; `verbose` shows the questions that stay open, too."""
    environment.prepare()
    check_files(files)
    with org_of(org) as block, _status(files):
        from flows.doctor import examine_here

        diagnosis = examine_here(_credentials(block))
    return _shown(diagnosis, files, verbose=verbose, options="" if org is None else f" --org {shlex.quote(org)}")


def exit_of(diagnosis: "Diagnosis") -> Exit:
    """Return the exit code that a diagnosis stands for."""
    if diagnosis.missing:
        return Exit.FAILED
    return Exit.INCOMPLETE if diagnosis.untold else Exit.DONE


def _credentials(block: str | None) -> "Credentials":
    """Return the credentials; those of a block lie on a Prefect server, which has to be there for it."""
    from flows.sources.connections import credentials_of_block

    with nullcontext() if block is None else prefect_server():  # raises where the one that has it cannot be used
        return credentials_of_block(block)


def _status(files: Files) -> "AbstractContextManager[object]":
    is_shown = problems.is_terminal and not files.shown.quiet
    spinner = "dots" if problems.encoding.lower().startswith("utf") else "line"
    return problems.status("Checking", spinner=spinner) if is_shown else nullcontext()


def _shown(diagnosis: "Diagnosis", files: Files, *, verbose: bool, options: str) -> Exit:
    from reports.terminal.doctor import show_diagnosis, show_diagnosis_briefly

    screen = screen_of(files)
    if files.shows_tables:
        show_diagnosis(screen, diagnosis, whole=verbose, options=options)
    else:
        show_diagnosis_briefly(screen, diagnosis, options)
    return write_down(diagnosis, files, exit_of(diagnosis))
