"""Which entries of files and of an org are the same, by their names: files have no ids of the org's."""

import re
import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from timeouts.text.folding import composed, folded

Entry = typing.TypeVar("Entry")

_PLACEHOLDER = re.compile(r"\{\{|\$\{|%\{|\A\s*<[^<>]+>\s*\Z")
_EXPORTED = re.compile(r" - Exported \d{4}-\d{2}-\d{2} @ \d{1,2}:\d{2}\Z")


def is_filled_in_later(name: str) -> bool:
    """Return whether a name in a file is none yet: nothing, or a placeholder, as expressions of Terraform are, too."""
    return not name.strip() or has_placeholder(name)


def has_placeholder(text: str) -> bool:
    """Return whether a text in a file stands for one that a deploy or a person puts in later.

    `{{key}}`, `${...}` and `%{...}` wherever they stand, for no name or category was seen with them that meant itself;
    `<name>` only as the whole text, for an action may well be called `Lookup <VIP>`.
    """
    return _PLACEHOLDER.search(text) is not None


def without_export_date(name: str) -> str:
    """Return a name without what an export appends to it."""
    return _EXPORTED.sub("", name)


class ByName(typing.Generic[Entry]):
    """Entries by their names: in the same case, and only where there is none of that, in any.

    However accents are written: a file may come from a computer that takes letters and accents apart.
    """

    def __init__(self, entries: Iterable[Entry], name_of: Callable[[Entry], str]) -> None:
        exact: dict[str, list[Entry]] = defaultdict(list)
        in_any_case: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            name = without_export_date(name_of(entry))
            exact[composed(name)].append(entry)
            in_any_case[folded(name)].append(entry)
        self._exact: Mapping[str, Sequence[Entry]] = exact
        self._in_any_case: Mapping[str, Sequence[Entry]] = in_any_case

    def named(self, name: str) -> Sequence[Entry]:
        """Return all entries of a name, in the order given."""
        plain = without_export_date(name)
        return self._exact.get(composed(plain)) or self._in_any_case.get(folded(plain), ())


def may_be_same(one: str, other: str) -> bool:
    """Return whether two types or categories are no contradiction: they are the same, or one of them is not said."""
    return not one or not other or has_placeholder(one) or folded(one) == folded(other)
