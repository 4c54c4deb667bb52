"""Reading listings to their end, and proving that they are whole: a short page must never look like a small org."""

from collections.abc import Callable
from typing import Any

from genesys.errors import BadPayload
from genesys.parsing import Json
from genesys.payload import Accepted

_READINGS = 2
_MOST_PAGES = 10_000

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
    totals = set()
    number, last = 1, 1
    while number <= last:
        page = fetch(number).document
        _take(page, found, what)
        totals.add(_count(page, "total", what))
        last = min(_count(page, "pageCount", what), _MOST_PAGES)
        if number == 1 and page and page.get("pageNumber", 1) != 1:
            raise BadPayload(f"The listing of {what} begins with page {page['pageNumber']!r}")
        number += 1
    if len(totals) > 1:
        raise _MovedError(f"its total moved between {min(totals)} and {max(totals)} while it was read")
    if len(found) < max(totals):
        raise _MovedError(f"{len(found)} came of {max(totals)}")
    return tuple(found.values())


def open_listing(fetch: FetchPage, what: str) -> tuple[Json, ...]:
    """Read pages until one is empty or brings nothing new: for listings that may not say how many there are.

    Where `total` is named, fewer than that raise BadPayload.
    """
    found: dict[str, Json] = {}
    for number in range(1, _MOST_PAGES):
        page = fetch(number).document
        if not _take(page, found, what):
            break
    total = (page or {}).get("total")
    if isinstance(total, int) and len(found) < total:
        raise BadPayload(f"The listing of {what} is not whole: {len(found)} came of {total}")
    return tuple(found.values())


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
