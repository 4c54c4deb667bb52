"""What all commands about kept runs share: a Prefect server to ask, no org, and a document for other programs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cli import environment
from cli.exits import Exit, UsageError
from cli.outputs import Files
from cli.runs import check_files, complain, out
from cli.servers.prefect_server import prefect_server

if TYPE_CHECKING:
    from collections.abc import Callable

    from timeouts.model.values import Value

STANDARD_OUTPUT = Path("-")


@contextmanager
def at_the_server(json: Path | None = None) -> Iterator[bool]:
    """Have a Prefect server while the block lasts; no org is reached and no credentials are needed.

    Yields whether it is a temporary one.
    """
    check_files(Files(None if json == STANDARD_OUTPUT else json))
    with prefect_server() as temporary:
        yield temporary


def exit_of(command: "Callable[[], Exit]") -> Exit:
    """Run a command, which may load Prefect, with the settings of a terminal; what was asked for wrongly is said."""
    from genesys import ConfigurationProblem

    try:
        environment.prepare(verbose=False)
        return command()
    except (UsageError, ConfigurationProblem) as problem:
        complain(str(problem))
        return Exit.USAGE


def hand_out(document: "Value", json: Path | None, show: "Callable[[], None]") -> Exit:
    """Show something, and write its document where that is wanted; `-` writes it to standard output, and shows nothing.

    Returns FAILED where it could not be written.
    """
    if json == STANDARD_OUTPUT:
        sys.stdout.write(f"{document.model_dump_json(indent=2)}\n")
        return Exit.DONE
    show()
    if unwritten := Files(json).write(document, out):
        for problem in unwritten:
            complain(problem)
        return Exit.FAILED
    return Exit.DONE
