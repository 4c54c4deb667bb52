"""Joining what stands in files with what stands in an org, by name and by what else both say."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from timeouts.as_code.as_code import NotCompared, OneSided
from timeouts.as_code.names import ByName, is_filled_in_later, may_be_same, without_export_date
from timeouts.model.org import ArchitectFlow, DataAction

MOST_FILES = 10
"""So many files of one name are compared with what has it: a folder full of copies must not multiply an org."""

_EXAMPLES = 10

Entry = TypeVar("Entry", ArchitectFlow, DataAction)


class Pair(NamedTuple, Generic[Entry]):
    """An entry of the files and what it is in the org. `files`: how many files have that name."""

    file: Entry
    live: Entry
    files: int

    @property
    def order(self) -> tuple[str, str, str, str]:
        """What sorts pairs: the name in the org, then the path of the file."""
        return self.live.name.casefold(), self.live.name, self.live.id, self.file.id


@dataclass(frozen=True, slots=True)
class Joined(Generic[Entry]):
    """What stands in both, what cannot be compared and why, and what stands on one side only."""

    pairs: Sequence[Pair[Entry]]
    not_compared: Sequence[NotCompared]
    others: OneSided


def join(
    files: Sequence[Entry],
    live: Sequence[Entry],
    says: Callable[[Entry], str],
    *,
    why_unread: Callable[[Entry], str],
    is_whole: bool,
) -> Joined[Entry]:
    """Join by name; `says` returns what must be no other one where both say it.

    `why_unread`: why a file could not be read, '' where it was. `is_whole`: nothing of that kind was left out of the
    org, so that what is only live can be counted.
    """
    by_name = ByName(live, lambda each: each.name)
    not_compared: list[NotCompared] = []
    found: list[tuple[Entry, Entry]] = []
    alone: list[Entry] = []
    for entry in files:
        if is_filled_in_later(entry.name):
            not_compared.append(_not_compared(entry, "its name is filled in by a deploy"))
            continue
        same = [each for each in by_name.named(entry.name) if may_be_same(says(entry), says(each))]
        found += ((entry, each) for each in same)
        if not same and (why := why_unread(entry)):
            not_compared.append(_not_compared(entry, why))
        elif not same:
            alone.append(entry)
    pairs = list(_bounded(found, not_compared))
    in_files = {each.id for _, each in found}
    others = OneSided(
        in_files=len(alone),
        live=sum(each.id not in in_files for each in live) if is_whole else None,
        examples=tuple(sorted(without_export_date(each.name) for each in alone)[:_EXAMPLES]),
    )
    return Joined(sorted(pairs, key=lambda pair: pair.order), not_compared, others)


def _bounded(found: Sequence[tuple[Entry, Entry]], not_compared: list[NotCompared]) -> Iterator[Pair[Entry]]:
    """Yield so many pairs of each entry of the org as are compared; the files of the others are noted."""
    files = Counter(live.id for _, live in found)
    seen: Counter[str] = Counter()
    for file, live in sorted(found, key=lambda each: (each[0].id, each[1].id)):
        seen[live.id] += 1
        if seen[live.id] <= MOST_FILES:
            yield Pair(file, live, files[live.id])
            continue
        reason = f"{files[live.id]} files have this name, and the first {MOST_FILES} are compared"
        not_compared.append(_not_compared(file, reason))


def _not_compared(entry: Entry, reason: str) -> NotCompared:
    return NotCompared(path=entry.id, name=entry.name, reason=reason)
