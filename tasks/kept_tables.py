"""Tables kept in Prefect's result storage: most nights show the same ones.

What makes them takes half a second to load, and a second more for 20,000 rows. One file for each kind of table of an
org, the last one made. It holds as long as all that decides what the table says is the same, this program included: a
table that a newer version would write otherwise must not outlive it.
"""

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from prefect import get_run_logger

import timeouts
from tasks.storage import ResultStorage, packed, unpacked
from timeouts.shown import Cut
from timeouts.values import Value

STEPS = "timeouts-steps"
"""The largest kind of table."""

_PROGRAM = Path(str(timeouts.__file__)).parent
"""Where everything stands that decides what a table says of the same values."""


class _Head(Value):
    """What stands before the CSV in a file; a line of JSON."""

    key: str
    total: int
    columns: tuple[str, ...]
    shown: tuple[tuple[str | int | None, ...], ...]


class _Kept(NamedTuple):
    head: _Head
    csv: bytes


class KeptTables:
    """The tables of one org that were made last. `program`: the directory of the modules that make them."""

    def __init__(self, storage: ResultStorage, organization_id: str, *, program: Path = _PROGRAM) -> None:
        self._storage = storage
        self._organization_id = organization_id
        self._program = program

    def table(self, what: str, says: tuple[object, ...], make: Callable[[], Cut]) -> Cut:
        """Give the table of that kind as it was made before, else make and keep it.

        `says`: all that decides what the table says; their `repr` has to tell them apart. A storage that cannot be
        read or written costs the making and nothing else.
        """
        program = _hash_of_modules(self._program)
        if program is None:
            return make()
        key = hashlib.sha256(repr((program, says)).encode()).hexdigest()
        return self._known(what, key) or self._made(what, key, make)

    def load_ahead(self, what: str) -> None:
        """Read the table of that kind while there is time for it; who asks next need not parse it again."""
        self._kept(what)
        _hash_of_modules(self._program)

    def name(self, what: str) -> str:
        """Give the name of the file of a kind of table."""
        return f"genesys-timeouts-table-{what}-{hashlib.sha256(self._organization_id.encode()).hexdigest()}"

    def _known(self, what: str, key: str) -> Cut | None:
        kept = self._kept(what)
        if kept is None or kept.head.key != key:
            return None
        try:
            shown = [dict(zip(kept.head.columns, cells, strict=True)) for cells in kept.head.shown]
        except ValueError:  # a row has more cells than there are columns, or fewer
            return None
        return Cut(shown, kept.head.total, kept.csv)

    def _kept(self, what: str) -> _Kept | None:
        try:
            return _parsed(self._storage.read(self.name(what)))
        except (ValueError, OSError):
            return None

    def _made(self, what: str, key: str, make: Callable[[], Cut]) -> Cut:
        cut = make()
        try:
            self._storage.keep(self.name(what), packed(_content(key, cut)))
        except ValueError as problem:  # half a character, which people can give a name to, has no JSON
            get_run_logger().warning("the table %s could not be kept for the next run: %s", what, problem)
        return cut


def _content(key: str, cut: Cut) -> bytes:
    head = _Head(
        key=key,
        total=cut.total,
        columns=tuple(cut.shown[0]) if cut.shown else (),
        shown=tuple(tuple(row.values()) for row in cut.shown),
    )
    return b"\n".join((head.to_json(), cut.csv))


@functools.lru_cache(maxsize=4)
def _parsed(stored: bytes) -> _Kept:
    head, _, csv = unpacked(stored).partition(b"\n")
    return _Kept(_Head.model_validate_json(head), csv)


@functools.cache  # what a process has loaded does not change any more
def _hash_of_modules(directory: Path) -> str | None:
    """Give the hash of all modules in a directory; None where they cannot be read, as in an archive."""
    found = hashlib.sha256()
    try:
        modules = sorted(directory.rglob("*.py"))
        for module in modules:
            content = module.read_bytes()
            found.update(f"{module.relative_to(directory)} {len(content)} ".encode() + content)
    except OSError:
        return None
    return found.hexdigest() if modules else None
