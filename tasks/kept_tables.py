"""Tables kept in Prefect's result storage: most nights show the same ones.

What makes them takes half a second to load, and a second more for 20,000 rows. One file for each kind of table of an
org, the last one made. It holds as long as all that decides what the table says is the same, this program included: a
table that a newer version would write otherwise must not outlive it.
"""

import gzip
import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path

from prefect import get_run_logger

import timeouts
from tasks.storage import ResultStorage
from timeouts.shown import Cut
from timeouts.values import Value

_PROGRAM = Path(str(timeouts.__file__)).parent
"""Where everything stands that decides what a table says of the same values."""


class _Kept(Value):
    key: str
    total: int
    columns: tuple[str, ...]
    shown: tuple[tuple[str | int | None, ...], ...]
    csv: str


class KeptTables:
    """The tables of one org that were made last. `program`: the directory of the modules that make them."""

    def __init__(self, storage: ResultStorage, organization_id: str, *, program: Path = _PROGRAM) -> None:
        self._storage = storage
        self._organization_id = organization_id
        self._program = _hash_of_modules(program)

    def table(self, what: str, says: tuple[object, ...], make: Callable[[], Cut]) -> Cut:
        """Give the table of that kind as it was made before, else make and keep it.

        `says`: all that decides what the table says; their `repr` has to tell them apart. A storage that cannot be
        read or written costs the making and nothing else.
        """
        if self._program is None:
            return make()
        key = hashlib.sha256(repr((self._program, says)).encode()).hexdigest()
        return self._known(what, key) or self._made(what, key, make)

    def name(self, what: str) -> str:
        """Give the name of the file of a kind of table."""
        return f"genesys-timeouts-table-{what}-{hashlib.sha256(self._organization_id.encode()).hexdigest()}"

    def _known(self, what: str, key: str) -> Cut | None:
        try:
            kept = _Kept.model_validate_json(gzip.decompress(self._storage.read(self.name(what))))
        except (ValueError, OSError, EOFError, zlib.error):
            return None
        if kept.key != key:
            return None
        shown = [dict(zip(kept.columns, cells, strict=True)) for cells in kept.shown]
        return Cut(shown, kept.total, kept.csv.encode())

    def _made(self, what: str, key: str, make: Callable[[], Cut]) -> Cut:
        cut = make()
        kept = _Kept(
            key=key,
            total=cut.total,
            columns=tuple(cut.shown[0]) if cut.shown else (),
            shown=tuple(tuple(row.values()) for row in cut.shown),
            csv=cut.csv.decode(),
        )
        try:
            # without the time in its head, so that the same table is the same file
            self._storage.write(self.name(what), gzip.compress(kept.to_json(), compresslevel=1, mtime=0))
        except Exception as problem:  # noqa: BLE001 - each storage has its own errors, and the table is there
            get_run_logger().warning("the table %s could not be kept for the next run: %s", what, problem)
        return cut


def _hash_of_modules(directory: Path) -> str | None:
    """Give the hash of all modules in a directory; None where they cannot be read, as in an archive."""
    try:
        modules = sorted(directory.rglob("*.py"))
        contents = [(str(module.relative_to(directory)), module.read_bytes()) for module in modules]
    except OSError:
        return None
    return hashlib.sha256(repr(contents).encode()).hexdigest() if contents else None
