"""The org's own figures of its actions, from the aggregates of actions, in two or three requests.

Source: docs/platform.md#analytics.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from genesys.errors import BadPayload
from genesys.parsing.records import Json
from genesys.read_client import ReadClient
from timeouts.model.durations import DAY_MS, HOUR_MS
from timeouts.model.evidence import ActionEvidence, Evidence, Failures, Slower
from timeouts.text.bounds import quoted

_METRIC = "tTotalExecution"
_SUCCESS = "NONE"
_MOST = 10**15
"""Calls or milliseconds: what a table of whole numbers takes, added up."""
_HOUR_DAYS = 7
"""The busiest hour is looked for in the last week: every hour of the week once, and an answer that stays small."""


def fetch_evidence(client: ReadClient, days: int, now_ms: int, bounds_ms: Sequence[int]) -> Evidence:
    """Read the figures of the last `days` whole days, up to the last full hour.

    `bounds_ms`: durations for which the platform is asked how many calls took that long or longer. Raises what
    `ReadClient` raises, BadPayload also for figures of another shape.
    """
    until_ms = now_ms // HOUR_MS * HOUR_MS
    actions, covered = _figures(client, _interval(until_ms - days * DAY_MS, until_ms), bounds_ms)
    week = _interval(until_ms - min(days, _HOUR_DAYS) * DAY_MS, until_ms)
    hours = client.action_aggregates(_query(week, ["actionId"], granularity="PT1H"))
    if _calls(hours) or days <= _HOUR_DAYS:  # else all calls may be older
        _check_agreement(covered, _calls(hours))
    busiest = _busiest_hours(hours)
    with_hours = (each.model_copy(update={"busiest_hour_calls": busiest[each.action_id]}) for each in actions)
    return Evidence(
        asked_days=days,
        covered_days=covered,
        actions=tuple(with_hours),
        busiest_hour_calls=_busiest_hour_of_all(hours),
    )


def fetch_figures(
    client: ReadClient, from_ms: int, until_ms: int, bounds_ms: Sequence[int]
) -> tuple[ActionEvidence, ...]:
    """Read the figures of any interval, in milliseconds since 1970, in two requests: the busiest hour is left out.

    `bounds_ms` and errors as for `fetch_evidence`.
    """
    return _figures(client, _interval(from_ms, until_ms), bounds_ms)[0]


def _figures(client: ReadClient, interval: str, bounds_ms: Sequence[int]) -> tuple[tuple[ActionEvidence, ...], int]:
    """Read the figures of all actions that were called in an interval; also how many days have any call at all."""
    views = [_view(bound_ms) for bound_ms in bounds_ms]
    totals = client.action_aggregates(_query(interval, ["actionId"], views=views))
    failures = client.action_aggregates(
        _query(interval, ["actionId", "errorType", "responseStatus"], granularity="P1D")
    )
    failed, covered = _failures(failures)
    _check_agreement(_calls(totals), covered)
    entries: dict[str, list[Json]] = defaultdict(list)
    for action_id, entry in _entries(totals):
        entries[action_id].append(entry)
    actions = (_evidence(action_id, found, failed[action_id], bounds_ms) for action_id, found in entries.items())
    return tuple(sorted((each for each in actions if each.calls), key=lambda each: each.action_id)), covered


def _check_agreement(one: int, other: int) -> None:
    """Believe no answer without calls beside one with some: whoever sent it did not know the org."""
    if bool(one) != bool(other):
        raise BadPayload("The figures contradict each other: one answer has calls where another has none")


def _calls(answer: Json) -> int:
    return sum(_count(_stats(entry)) for _, data in _groups(answer) for entry in data)


def _query(interval: str, group_by: list[str], *, granularity: str = "", views: Sequence[Json] = ()) -> dict[str, Any]:
    query: dict[str, Any] = {"interval": interval, "groupBy": group_by, "metrics": [_METRIC]}
    if granularity:
        query["granularity"] = granularity
    if views:
        query["views"] = list(views)
    return query


def _interval(from_ms: int, until_ms: int) -> str:
    moments = (datetime.fromtimestamp(at_ms / 1000, UTC) for at_ms in (from_ms, until_ms))
    return "/".join(moment.isoformat(timespec="milliseconds").replace("+00:00", "Z") for moment in moments)


def _view(bound_ms: int) -> Json:
    return {"target": _METRIC, "name": _name_of(bound_ms), "function": "rangeBound", "range": {"gte": bound_ms}}


def _name_of(bound_ms: int) -> str:
    return f"from_{bound_ms}"


def _failures(answer: Json) -> tuple[Mapping[str, Counter[tuple[str, str]]], int]:
    """Count the failed calls of each action by error and status; also how many days have any call at all."""
    failed: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    days = set()
    for group, data in _groups(answer):
        for entry in data:
            calls = _count(_stats(entry))
            if not calls:
                continue
            days.add(entry.get("interval"))
            error = group.get("errorType") or _SUCCESS
            if error != _SUCCESS and group.get("actionId"):
                failed[group["actionId"]][error, group.get("responseStatus") or ""] += calls
    return failed, len(days)


def _busiest_hours(answer: Json) -> Mapping[str, int]:
    busiest: dict[str, int] = defaultdict(int)
    for action_id, entry in _entries(answer):
        busiest[action_id] = max(busiest[action_id], _count(_stats(entry)))
    return busiest


def _busiest_hour_of_all(answer: Json) -> int:
    """Return the calls of all actions in the hour that had most; 0 where the entries do not say which hour."""
    hours: Counter[str] = Counter()
    for _, entry in _entries(answer):
        if interval := entry.get("interval"):
            hours[interval] += _count(_stats(entry))
    return max(hours.values(), default=0)


def _evidence(
    action_id: str,
    entries: Sequence[Json],
    failed: Mapping[tuple[str, str], int],
    bounds_ms: Iterable[int],
) -> ActionEvidence:
    """Put together the figures of one action; of a period that came in parts, no percentile is known."""
    stats = [_stats(entry) for entry in entries]
    calls = sum(_count(each) for each in stats)
    failures = (
        Failures(error_type=error, response_status=status, calls=count) for (error, status), count in failed.items()
    )
    whole = stats[0] if len(stats) == 1 else {}
    return ActionEvidence(
        action_id=action_id,
        calls=calls,
        failures=tuple(sorted(failures, key=lambda each: (-each.calls, each.error_type, each.response_status))),
        mean_ms=round(sum(_number(each, "sum") for each in stats) / calls) if calls else 0,
        max_ms=round(max(_number(each, "max") for each in stats)),
        p95_ms=_percentile(whole, "p95"),
        p99_ms=_percentile(whole, "p99"),
        slower=tuple(_slower(entries, bounds_ms)),
    )


def _slower(entries: Sequence[Json], bounds_ms: Iterable[int]) -> Iterator[Slower]:
    """Read the views; a bound for which the platform gives none is left out."""
    views = [_views(entry) for entry in entries]
    for bound_ms in bounds_ms:
        name = _name_of(bound_ms)
        if all(name in each for each in views):
            yield Slower(from_ms=bound_ms, calls=sum(_count(each[name]) for each in views))


def _views(entry: Json) -> Mapping[str, Json]:
    views = [] if entry.get("views") is None else entry["views"]
    if not isinstance(views, list):
        raise BadPayload("The figures are not as documented: 'views' is no list")
    named = ((view.get("name"), view.get("stats")) for view in views if isinstance(view, dict))
    return {name: stats for name, stats in named if isinstance(name, str) and isinstance(stats, dict)}


def _entries(answer: Json) -> Iterator[tuple[str, Json]]:
    for group, data in _groups(answer):
        if group.get("actionId"):
            for entry in data:
                yield group["actionId"], entry


def _groups(answer: Json) -> Iterator[tuple[Mapping[str, str], list[Json]]]:
    results = answer.get("results")
    if results is None and answer.keys() <= {"results"}:
        results = []
    if not isinstance(results, list):
        raise BadPayload("The figures are not as documented: 'results' is no list")
    for result in results:
        group, data = (result.get("group"), result.get("data")) if isinstance(result, dict) else (None, None)
        if not isinstance(group, dict) or not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
            raise BadPayload("The figures are not as documented: a result has no group with data")
        for name in (*group.values(), *(one.get("interval") for one in data)):
            if name is not None and not isinstance(name, str):
                raise BadPayload(f"The figures are not as documented: {quoted(name)} names no group and no interval")
        yield group, data


def _stats(entry: Json) -> Json:
    metrics = entry.get("metrics") or []
    for metric in metrics if isinstance(metrics, list) else []:
        if isinstance(metric, dict) and metric.get("metric") == _METRIC and isinstance(metric.get("stats"), dict):
            stats: Json = metric["stats"]
            return stats
    return {}


def _count(stats: Json) -> int:
    return round(_number(stats, "count"))


def _number(stats: Json, key: str) -> float:
    value = stats.get(key, 0)
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST:
        raise BadPayload(f"The figures are not as documented: '{key}' is {quoted(value)}")
    return value


def _percentile(stats: Json, key: str) -> int | None:
    """Return a percentile; it is not documented whether the platform fills it (docs/platform.md#open-analytics)."""
    return round(_number(stats, key)) if stats.get(key) else None
