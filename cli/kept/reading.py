"""What all commands about kept runs share: a Prefect server to ask, no org, and a document for other programs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, UsageError
from cli.outputs import Files
from cli.runs import check_files, complain, write_down
from cli.servers.prefect_server import prefect_server

if TYPE_CHECKING:
    from timeouts.model.values import Value


@contextmanager
def at_the_server(files: Files) -> Iterator[bool]:
    """Have a Prefect server while the block lasts; no org is reached and no credentials are needed.

    Yields whether it is a temporary one. Raises UsageError before for files that could not be written.
    """
    check_files(files)
    with prefect_server() as temporary:
        yield temporary


def exit_of(command: Callable[[], Exit]) -> Exit:
    """Run a command, which may load Prefect, with the settings of a terminal; what was asked for wrongly is said."""
    from genesys import ConfigurationProblem

    try:
        environment.prepare(verbose=False)
        return command()
    except (UsageError, ConfigurationProblem) as problem:
        complain(str(problem))
        return Exit.USAGE


def hand_out(document: "Value", files: Files, show: Callable[[], None]) -> Exit:
    """Show something, unless its document has standard output for itself, and write what was asked for."""
    if files.shows_tables:
        show()
    return write_down(document, files)
