"""Reading listings to their end, and proving that they are whole: a short page must never look like a small org."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from typing import Generic, TypeVar

from genesys.errors import BadPayload, Gone, NotFound, Unavailable
from genesys.http.payload import Accepted
from genesys.parsing.records import Json, number
from timeouts.text.bounds import quoted

_READINGS = 2
_MOST_PAGES = 10_000
_MOST = 200_000
"""Entries: forty times the largest org that was measured (docs/benchmarks.md)."""
_AHEAD = 64
"""Pages that are asked for before the first of them is looked at: one that is empty ends the listing."""
_AT_ONCE = 8
"""Pages; half of the connections, for two listings are read side by side."""

Entry = TypeVar("Entry")

FetchPage = Callable[[int], Accepted]

_Key = tuple[str, ...]
"""What tells an entity from the others of a listing."""


class _MovedError(Exception):
    """What came does not add up to the total that the platform names."""


@dataclass(frozen=True, slots=True)
class _Page(Generic[Entry]):
    """What is kept of a page: its entries by what tells them apart, and the platform's document without them."""

    entries: Mapping[_Key, Entry]
    rest: Json

    def count(self, key: str, what: str) -> int:
        """Return a count that the page must name."""
        value = number(self.rest, key)
        if value is None or value < 0:
            raise BadPayload(f"The listing of {what} is not as documented: '{key}' is {quoted(self.rest.get(key))}")
        return value

    def named(self, key: str) -> int | None:
        """Return a count that the page may name."""
        return number(self.rest, key)


class Listing(Generic[Entry]):
    """A listing of `what`: `fetch` gives a page by its number, `read` makes an entry of one entity.

    Entities become entries as each page comes: a page of 500 Architect flows is ten times as large as what is read of
    it. `told_apart_by`: the keys whose values no two entities share.
    """

    def __init__(
        self, fetch: FetchPage, what: str, read: Callable[[Json], Entry], *, told_apart_by: Sequence[str] = ("id",)
    ) -> None:
        self._fetch = fetch
        self._what = what
        self._read = read
        self._told_apart_by = told_apart_by

    def whole(self) -> tuple[Entry, ...]:
        """Read all pages of a listing that names `total` and `pageCount` (docs/platform.md#listing), each entity once.

        The org may change between two pages: a listing that does not add up is read once more, then BadPayload is
        raised. What adds up may lack one for which another came; that is a known limit, as the same section says.
        """
        problem = ""
        for _ in range(_READINGS):
            try:
                return self._all_pages()
            except _MovedError as moved:
                problem = str(moved)
        raise BadPayload(f"The listing of {self._what} is not whole: {problem}; read {_READINGS} times")

    def open(self) -> tuple[Entry, ...]:
        """Read a listing that may not say how many there are: then until a page is empty or brings nothing new.

        Where its first page names `total` and `pageCount`, the other pages are read at once, and the listing is over
        when all have come. Raises BadPayload where any page says that there is more than what came.
        """
        page = self._page(1)
        self._refuse_what_is_too_long(page)
        pages, found = [page], dict(page.entries)
        grows, total, last = bool(found), page.named("total"), page.named("pageCount")
        if total and last:
            for page in self._pages(range(2, min(last, _MOST_PAGES) + 1)):
                pages.append(page)
                grows = self._add(page, found)
                if not page.entries and len(found) < total:
                    break
            grows = grows and len(found) != total
        while grows and len(pages) < _MOST_PAGES:
            page = self._page(len(pages) + 1)
            pages.append(page)
            grows = self._add(page, found)
        if cut := _how_cut(pages, len(found), grows=grows):
            raise BadPayload(f"The listing of {self._what} is not whole: {cut}")
        return tuple(found.values())

    def _all_pages(self) -> tuple[Entry, ...]:
        first = self._page(1)
        self._refuse_what_is_too_long(first)
        if first.rest.get("pageNumber", 1) != 1:
            raise BadPayload(f"The listing of {self._what} begins with page {quoted(first.rest['pageNumber'])}")
        found = dict(first.entries)
        totals = {first.count("total", self._what)}
        last = first.count("pageCount", self._what)
        number = 2
        while number <= min(last, _MOST_PAGES):
            for page in self._pages(range(number, min(last, _MOST_PAGES, number + _AHEAD) + 1)):
                self._add(page, found)
                if not page.entries and len(found) < max(totals):
                    raise _MovedError(f"page {number} of {last} is empty")
                totals.add(page.count("total", self._what))
                last = max(last, page.count("pageCount", self._what))
                number += 1
        if len(totals) > 1:
            raise _MovedError(f"its total moved between {min(totals)} and {max(totals)} while it was read")
        if len(found) < max(totals):
            raise _MovedError(f"{len(found)} came of {max(totals)}")
        return tuple(found.values())

    def _add(self, page: _Page[Entry], found: dict[_Key, Entry]) -> bool:
        """Add a page's entries, each once; tells whether one was new."""
        before = len(found)
        for key, entry in page.entries.items():
            found.setdefault(key, entry)
        if len(found) > _MOST:
            raise BadPayload(f"The listing of {self._what} has more than the {_MOST:,} entries that are read")
        return len(found) > before

    def _refuse_what_is_too_long(self, first: _Page[Entry]) -> None:
        """Believe no number of pages or entries that would keep a run busy for hours."""
        named = {"pages": (first.named("pageCount") or 0, _MOST_PAGES), "entries": (first.named("total") or 0, _MOST)}
        for kind, (count, most) in named.items():
            if count > most:
                raise BadPayload(f"The listing of {self._what} names {count:,} {kind}, {most:,} at most are read")

    def _pages(self, numbers: range) -> Iterator[_Page[Entry]]:
        """Fetch several pages at the same time; returns them in order."""
        if not numbers:
            return
        contexts = [copy_context() for _ in numbers]  # what log lines are about
        with ThreadPoolExecutor(max_workers=min(len(numbers), _AT_ONCE)) as threads:
            yield from threads.map(lambda context, number: context.run(self._page, number), contexts, numbers)

    def _document(self, number: int) -> Json:
        """Read a page. A listing that is not there says of nothing that it is gone."""
        try:
            return self._fetch(number).document or {}
        except (NotFound, Gone) as missing:
            raise Unavailable(f"The listing of {self._what} answers {missing.status}", missing.exchange) from None

    def _page(self, number: int) -> _Page[Entry]:
        document = self._document(number)
        entities = document.get("entities")
        if entities is None and _names_nothing(document):
            entities = []
        if not isinstance(entities, list):
            raise BadPayload(f"The listing of {self._what} is not as documented: a page has no list of entities")
        entries: dict[_Key, Entry] = {}
        for place, entity in enumerate(entities):
            identifier = entity.get("id") if isinstance(entity, dict) else None
            if not isinstance(identifier, str) or not identifier:
                name = entity.get("name") if isinstance(entity, dict) else entity
                raise BadPayload(
                    f"The listing of {self._what} is not as documented: entry {place} ({quoted(name)}) has no id"
                )
            key = tuple(str(entity.get(name)) for name in self._told_apart_by)
            if key not in entries:
                entries[key] = self._read(entity)
        return _Page(entries, {key: value for key, value in document.items() if key != "entities"})


def _names_nothing(document: Json) -> bool:
    """Return whether a page says that its listing has no entry: then it needs no list of them."""
    total = document.get("total")
    return total == 0 and total is not False


def _how_cut(pages: Sequence[_Page[Entry]], found: int, *, grows: bool) -> str:
    """Say how a listing that ended tells that it is not whole; '' where nothing does. `grows`: its last page did."""
    total = max(page.named("total") or 0 for page in pages)
    last = max(page.named("pageCount") or 0 for page in pages)
    if found < total:
        return f"{found} came of {total}"
    if len(pages) < last:
        return f"{len(pages)} pages came of {last}"
    if grows and len(pages) == _MOST_PAGES:
        return f"it had not ended after {_MOST_PAGES} pages"
    size, again = pages[-1].named("pageSize"), len(pages[-1].entries)
    if len(pages) > 1 and not total and size and again >= size and not grows:
        return f"page {len(pages)} is full, and brings only what came before"
    return ""
