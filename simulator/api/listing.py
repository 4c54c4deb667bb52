"""Lists: pages with their links, and which Architect flows a caller asked for (docs/platform.md#listing)."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from simulator.api.calls import Call
from simulator.api.errors import Refusal, bad_request
from simulator.org.seeds import KNOWN_TYPES
from simulator.org.versions import ArchitectFlowRecord

Item = TypeVar("Item")

LONGEST_PAGE = 500

_SORTS: dict[str, Callable[[ArchitectFlowRecord], str]] = {
    "id": lambda record: record.id,
    "name": lambda record: record.name.lower(),
    "type": lambda record: record.seed.type.lower(),
    "description": lambda record: record.description.lower(),
    "division": lambda record: record.division_id,
}


def page(call: Call, items: Sequence[Item], show: Callable[[Item], Any]) -> dict[str, Any]:
    """Cut one page out of a list and put it into the envelope; links to pages that do not exist are left out.

    Raises Refusal 400 for a page number below 1 or a page size outside 1 to 500.
    """
    size = call.number("pageSize", 25, most=LONGEST_PAGE)
    number = call.number("pageNumber", 1)
    last = max(1, -(-len(items) // size))

    def link(to: int) -> str:
        others = [pair for pair in parse_qsl(call.raw_query) if pair[0] not in ("pageSize", "pageNumber")]
        return f"{call.path}?{urlencode([*others, ('pageSize', size), ('pageNumber', to)])}"

    envelope: dict[str, Any] = {
        "entities": [show(item) for item in items[(number - 1) * size : number * size]],
        "pageSize": size,
        "pageNumber": number,
        "total": len(items),
        "firstUri": link(1),
        "selfUri": link(number),
        "lastUri": link(last),
        "pageCount": -(-len(items) // size),
    }
    if number < last:
        envelope["nextUri"] = link(number + 1)
    if number > 1:
        envelope["previousUri"] = link(number - 1)
    return envelope


def in_order(call: Call, items: list[Item], sorts: Mapping[str, Callable[[Item], Any]], default: str) -> list[Item]:
    """Sort by `sortBy` and `sortOrder`. Raises Refusal 400 for a field that cannot be sorted by."""
    by = call.text("sortBy") or default
    order = (call.text("sortOrder") or "asc").lower()
    if by not in sorts or order not in {"asc", "ascending", "desc", "descending"}:
        raise bad_request("Cannot sort by {sortBy} {sortOrder}.", sortBy=by, sortOrder=order)
    return sorted(items, key=sorts[by], reverse=order.startswith("desc"))


def asked_for(call: Call, records: Iterable[ArchitectFlowRecord]) -> list[ArchitectFlowRecord]:
    """Return the Architect flows that the query asks for, in its order, and that the client may see.

    A parameter that does not exist is ignored: a typo is never reported (docs/platform.md#listing).
    """
    tests = _tests(call)
    client = call.client
    assert client is not None, "listings need a token"
    found = [record for record in records if client.sees(record.division_id) and all(test(record) for test in tests)]
    return in_order(call, found, _SORTS, "id")


_Test = Callable[[ArchitectFlowRecord], bool]


def _tests(call: Call) -> list[_Test]:
    tests: list[_Test] = []
    if not call.flag("deleted"):
        tests.append(lambda record: not record.deleted)
    if types := _types(call):
        tests.append(lambda record: record.seed.type.lower() in types)
    if ids := frozenset(call.texts("id")):
        tests.append(lambda record: record.id in ids)
    if divisions := frozenset(call.texts("divisionId")):
        tests.append(lambda record: record.division_id in divisions)
    if name := call.text("name"):
        pattern = _wildcards(name)
        tests.append(lambda record: pattern(record.name))
    return tests


def _types(call: Call) -> frozenset[str]:
    types = frozenset(value.lower() for value in call.texts("type"))
    if unknown := sorted(types.difference(KNOWN_TYPES)):
        raise Refusal(
            400, "bad.request", "The flow type '{type}' is not supported.", params={"type": ", ".join(unknown)}
        )
    return types


def _wildcards(text: str) -> Callable[[str], bool]:
    pattern = re.compile(".*".join(map(re.escape, text.split("*"))), re.IGNORECASE | re.DOTALL)
    return lambda value: pattern.fullmatch(value) is not None
