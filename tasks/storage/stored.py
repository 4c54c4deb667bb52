"""One value of a known type under one name in result storage.

What lies there may be damaged, of another version of this program, or put there by somebody else: it is checked by its
seal (seals.py), by its type and, where it says whose it is, by that. What is refused is named in the run's log.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from tasks.running.warning import warn
from tasks.storage.results import ResultStorage, packed, unpacked
from tasks.storage.seals import RefusedFile
from timeouts.model.values import Value

Kept = TypeVar("Kept")


def name_of(kind: str, key: str) -> str:
    """Return the name under which something of that kind is stored; `key` may hold anything.

    What is not UTF-8, as in the name of a file, is told apart, too.
    """
    digest = hashlib.sha256(key.encode(errors="surrogatepass")).hexdigest()
    return f"genesys-timeouts-{kind}-{digest}"


class Stored(Generic[Kept]):
    """The value under one name.

    `of`: its type, anything that pydantic reads. `is_ours`: whether what was read is what the name promises; anything
    else counts as damaged. `is_packed`: it is large, and stored in less room.
    """

    def __init__(
        self,
        storage: ResultStorage,
        name: str,
        of: Any,
        *,
        is_ours: Callable[[Kept], bool] = lambda _: True,
        is_packed: bool = False,
    ) -> None:
        self._storage = storage
        self.name = name
        self._type: TypeAdapter[Kept] = TypeAdapter(of)
        self._is_ours = is_ours
        self._is_packed = is_packed

    def read(self) -> Kept:
        """Return the value.

        Raises FileNotFoundError where there is none, RefusedFile where it is not as we sealed it, another ValueError
        where it is damaged or none of ours, and another OSError where it cannot be read now: it may be there, and must
        not be taken for nothing.
        """
        value = self._parsed()
        if not self._is_ours(value):
            raise ValueError(f"{self.name} is of something else")
        return value

    def find(self) -> Kept | None:
        """Return the value, None where there is none or it is damaged. Raises OSError where it cannot be read now."""
        try:
            return self._sealed()
        except ValueError:
            warn("%s. It counts as nothing", self._of_another_version())
            return None

    def find_to_change(self) -> Kept | None:
        """Return the value that `put` goes on from, where what was there before has to be in it.

        Raises OSError where it cannot be read now, and where another version of this program wrote it: to put anew
        what this one knows would forget the rest.
        """
        try:
            return self._sealed()
        except ValueError:
            told = self._of_another_version()
            raise OSError(f"{told}. It is left as it is: use that version, or delete it") from None

    def get(self) -> Kept | None:
        """Return the value, None where there is none, it is damaged, or it cannot be read: for what only saves work."""
        try:
            return self.find()
        except OSError as problem:
            warn("%s cannot be read, and counts as nothing: %s", self._storage.where(self.name), problem)
            return None

    def put(self, value: Kept) -> None:
        """Store the value, over what was there, so that a power cut leaves it there. Raises OSError where it cannot."""
        self._storage.write_and_check(self.name, self._content(value))

    def keep(self, value: Kept) -> None:
        """Store what only saves later runs some work; where it cannot be stored, that is logged. Call it in a run."""
        self._storage.keep(self.name, self._content(value))

    def _sealed(self) -> Kept | None:
        """Return the value, None where there is none, it is refused, or none of ours. Raises OSError and ValueError."""
        try:
            value = self._parsed()
        except FileNotFoundError:
            return None
        except RefusedFile as problem:
            warn("%s. It counts as nothing", problem)
            return None
        return value if self._is_ours(value) else None

    def _parsed(self) -> Kept:
        content = self._storage.read(self.name)
        return self._type.validate_json(unpacked(content) if self._is_packed else content)

    def _of_another_version(self) -> str:
        where = self._storage.where(self.name)
        return f"{where} was written by another version of this program, or is damaged"

    def _content(self, value: Kept) -> bytes:
        content = value.to_json() if isinstance(value, Value) else self._type.dump_json(value)
        return packed(content) if self._is_packed else content
