"""What all commands about kept runs share: a Prefect server to ask, no org, and a document for other programs."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from cli.exits import Exit, UsageError
from cli.outputs import Files
from cli.servers.prefect_server import prefect_server
from cli.showing.screens import check_files, write_down

if TYPE_CHECKING:
    from tasks.storage import ResultStorage
    from timeouts.model.values import Value

Kept = TypeVar("Kept")


@contextmanager
def at_the_server(files: Files) -> Iterator[bool]:
    """Have a Prefect server while the block lasts; no org is reached and no credentials are needed.

    Yields whether it is a temporary one. Raises UsageError before for files that could not be written.
    """
    check_files(files)
    with prefect_server() as temporary:
        yield temporary


def hand_out(document: "Value", files: Files, show: Callable[[], None]) -> Exit:
    """Show something, unless its document has standard output for itself, and write what was asked for."""
    if files.shows_tables:
        show()
    return write_down(document, files)


def from_any_area(storages: "Sequence[ResultStorage]", read: "Callable[[ResultStorage], Kept]") -> Kept:
    """Return what the first area has in which it can be read. Raises UsageError; one that is refused is told first."""
    from flows.record.records import NoRecordError, RefusedRecordError

    problem: NoRecordError | None = None
    for storage in storages:
        try:
            return read(storage)
        except NoRecordError as found:
            problem = found if problem is None or isinstance(found, RefusedRecordError) else problem
    raise UsageError(str(problem))
