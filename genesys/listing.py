"""Reading listings to their end, and proving that they are whole: a short page must never look like a small org."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from genesys.errors import BadPayload
from genesys.parsing import Json
from genesys.payload import Accepted

_READINGS = 2
_MOST_PAGES = 10_000
_AT_ONCE = 8
"""Pages; half of the connections, for two listings are read side by side."""

FetchPage = Callable[[int], Accepted]


class _MovedError(Exception):
    """What came does not add up to the total that the platform names."""


def whole_listing(fetch: FetchPage, what: str) -> tuple[Json, ...]:
    """Read all pages of a listing that names `total` and `pageCount` (genesys-cloud.md 3.1), each entity once.

    The org may change between two pages: a listing that does not add up is read once more, then BadPayload is raised.
    """
    problem = ""
    for _ in range(_READINGS):
        try:
            return _all_pages(fetch, what)
        except _MovedError as moved:
            problem = str(moved)
    raise BadPayload(f"The listing of {what} is not whole: {problem}; read {_READINGS} times")


def _all_pages(fetch: FetchPage, what: str) -> tuple[Json, ...]:
    found: dict[str, Json] = {}
    first = fetch(1).document
    _take(first, found, what)
    totals = {_count(first, "total", what)}
    if first and first.get("pageNumber", 1) != 1:
        raise BadPayload(f"The listing of {what} begins with page {first['pageNumber']!r}")
    last = _count(first, "pageCount", what)
    number = 2
    while number <= min(last, _MOST_PAGES):
        for page in _at_once(fetch, range(number, min(last, _MOST_PAGES) + 1)):
            _take(page, found, what)
            totals.add(_count(page, "total", what))
            last = max(last, _count(page, "pageCount", what))
            number += 1
    if len(totals) > 1:
        raise _MovedError(f"its total moved between {min(totals)} and {max(totals)} while it was read")
    if len(found) < max(totals):
        raise _MovedError(f"{len(found)} came of {max(totals)}")
    return tuple(found.values())


def open_listing(fetch: FetchPage, what: str) -> tuple[Json, ...]:
    """Read a listing that may not say how many there are: then until a page is empty or brings nothing new.

    Where its first page names `total` and `pageCount`, the other pages are read at once, and the listing is over when
    all have come. Fewer than `total` raise BadPayload.
    """
    found: dict[str, Json] = {}
    page = fetch(1).document
    number = 2
    grows = _take(page, found, what) > 0
    total, last = (_named(page, key) for key in ("total", "pageCount"))
    if total and last:
        number = min(last, _MOST_PAGES) + 1
        for page in _at_once(fetch, range(2, number)):
            grows = _take(page, found, what) > 0
        grows = grows and len(found) != total
    while grows and number < _MOST_PAGES:
        page = fetch(number).document
        grows = _take(page, found, what) > 0
        number += 1
    total = _named(page, "total")
    if total is not None and len(found) < total:
        raise BadPayload(f"The listing of {what} is not whole: {len(found)} came of {total}")
    return tuple(found.values())


def _at_once(fetch: FetchPage, numbers: range) -> Iterator[dict[str, Any] | None]:
    """Fetch several pages at the same time; gives them in order."""
    if not numbers:
        return
    contexts = [copy_context() for _ in numbers]  # what log lines are about
    with ThreadPoolExecutor(max_workers=min(len(numbers), _AT_ONCE)) as threads:
        for page in threads.map(lambda context, number: context.run(fetch, number), contexts, numbers):
            yield page.document


def _take(page: dict[str, Any] | None, found: dict[str, Json], what: str) -> int:
    """Add a page's entities, each id once; gives how many were new."""
    entities = (page or {}).get("entities")
    if not isinstance(entities, list):
        raise BadPayload(f"The listing of {what} is not as documented: a page has no list of entities")
    before = len(found)
    for place, entity in enumerate(entities):
        identifier = entity.get("id") if isinstance(entity, dict) else None
        if not isinstance(identifier, str) or not identifier:
            name = entity.get("name") if isinstance(entity, dict) else entity
            raise BadPayload(f"The listing of {what} is not as documented: entry {place} ({name!r}) has no id")
        found.setdefault(identifier, entity)
    return len(found) - before


def _count(page: dict[str, Any] | None, key: str, what: str) -> int:
    value = (page or {}).get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadPayload(f"The listing of {what} is not as documented: '{key}' is {value!r}")
    return value


def _named(page: dict[str, Any] | None, key: str) -> int | None:
    value = (page or {}).get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
