"""What an aggregate query of actions asks for (docs/platform.md#analytics); whatever is not understood is 400."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.api.errors import bad_request
from simulator.switches import Switches
from simulator.traffic.periods import DAY_MS, boundaries_ms, granularity, interval_ms

METRIC = "tTotalExecution"
DIMENSIONS = frozenset(
    {
        "actionCategory",
        "actionId",
        "actionName",
        "correlationId",
        "errorType",
        "integrationId",
        "integrationName",
        "responseStatus",
    }
)
"""What calls can be grouped by."""

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """Counts calls of at least `least_ms` and below `bound_ms`; None: no such bound."""

    name: str
    least_ms: float | None
    bound_ms: float | None


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was understood. `boundaries_ms`: where its buckets begin, and where the last one ends."""

    boundaries_ms: Sequence[int]
    group_by: Sequence[str]
    views: Sequence[View]


def read_query(switches: Switches, body: Body) -> Query:
    """Read an ActionAggregationQuery. Raises Refusal 400."""
    if unknown := set(_texts(body, "metrics")) - {METRIC}:
        raise bad_request("There is no metric {metric}.", metric=", ".join(sorted(unknown)))
    group_by = tuple(dict.fromkeys(_texts(body, "groupBy")))
    if unknown := set(group_by) - DIMENSIONS:
        raise bad_request("There is no dimension {dimension}.", dimension=", ".join(sorted(unknown)))
    return Query(_boundaries(switches, body), group_by, _views(body))


def _boundaries(switches: Switches, body: Body) -> list[int]:
    try:
        interval = interval_ms(_text(body, "interval"))
        lasts = granularity(_text(body, "granularity")) if body.get("granularity") is not None else None
        found = list(interval) if lasts is None else boundaries_ms(interval, lasts)
    except (ValueError, OverflowError) as problem:
        raise bad_request("The query cannot be read: {problem}", problem=str(problem)) from None
    longest_ms = switches.analytics_longest_days * DAY_MS
    if longest_ms and interval[1] - interval[0] > longest_ms:
        raise bad_request("The interval is longer than {days} days.", days=str(switches.analytics_longest_days))
    return found


def _views(body: Body) -> list[View]:
    views = [_view(one) for one in _objects(body, "views")]
    if len({view.name for view in views}) < len(views):
        raise bad_request("Each view must have a name of its own.")
    return views


def _view(value: Body) -> View:
    if value.get("target") != METRIC or value.get("function") != "rangeBound":
        raise bad_request("A view has the target {metric} and the function rangeBound.", metric=METRIC)
    bounds = value.get("range")
    least, bound = (bounds.get("gte"), bounds.get("lt")) if isinstance(bounds, dict) else (None, None)
    if (least is None and bound is None) or not all(type(one) in {int, float, type(None)} for one in (least, bound)):
        raise bad_request("The range of a view has numbers: gte, lt or both.")
    return View(_text(value, "name"), least, bound)


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise bad_request("{field} is missing or no text.", field=name)
    return value


def _texts(body: Body, name: str) -> list[str]:
    return [_text({name: one}, name) for one in _list(body, name)]


def _objects(body: Body, name: str) -> list[Body]:
    found = _list(body, name)
    if not all(isinstance(one, dict) for one in found):
        raise bad_request("{field} must hold objects.", field=name)
    return found


def _list(body: Body, name: str) -> list[Any]:
    value = body.get(name)
    if value is not None and not isinstance(value, list):
        raise bad_request("{field} must be a list.", field=name)
    return value or []
