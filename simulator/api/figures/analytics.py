"""The analytics API of actions: how often they were called, for how long, and how that ended.

There is no dimension for an Architect flow or a step: the figures of an action are those of all its callers.

Source: docs/platform.md#analytics.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from simulator.api.calls import Answer, Call, json_answer
from simulator.api.figures.analytics_query import METRIC, Query, View, read_query
from simulator.org.clock import iso
from simulator.org.org import Org
from simulator.org.seeds import ActionSeed
from simulator.switches import Switches
from simulator.traffic.reactions import phases
from simulator.traffic.recorded_calls import Pile, RecordedCalls, Stretch, call_numbers, piles, stretches
from simulator.traffic.traffic import TIMED_OUT

_Buckets = dict[int, list[Stretch]]
"""By place of the bucket in the interval: the calls in it; buckets without calls are absent."""


def query_actions(org: Org, call: Call) -> Answer:
    """POST analytics/actions/aggregates/query: groups and buckets without calls are absent."""
    query = read_query(org.world.switches, call.document())
    switches = org.world.switches
    times = [iso(at_ms) for at_ms in query.boundaries_ms]
    intervals = [f"{begins}/{ends}" for begins, ends in itertools.pairwise(times)]
    results = [
        {
            "group": dict(group),
            "data": [
                {"interval": intervals[place], **_figures(switches, query.views, RecordedCalls(buckets[place]))}
                for place in sorted(buckets)
            ],
        }
        for group, buckets in _groups(org, query).items()
    ]
    return json_answer({"results": results})


def _groups(org: Org, query: Query) -> dict[tuple[tuple[str, str], ...], _Buckets]:
    groups: dict[tuple[tuple[str, str], ...], _Buckets] = {}
    known_ms = [org.known_calls.clip(at_ms) for at_ms in query.boundaries_ms]
    for dimensions, buckets in _recorded(org, known_ms):
        if not buckets:
            continue
        group = tuple((name, dimensions[name]) for name in query.group_by if name in dimensions)
        merged = groups.setdefault(group, {})
        for place, stretch in buckets.items():
            merged.setdefault(place, []).append(stretch)
    return groups


def _recorded(org: Org, boundaries_ms: Sequence[int]) -> Iterator[tuple[Mapping[str, str], dict[int, Stretch]]]:
    """Return the calls of each action and ending, deleted actions too; names are those of the time of the calls."""
    for action in org.seed.actions:
        if action.traffic is None:
            continue
        for period, traffic in phases(action.traffic, org.actions.find(action.id)):
            numbers = call_numbers(traffic, [period.clip(at_ms) for at_ms in boundaries_ms])
            for pile in piles(traffic):
                yield _dimensions(org.world.switches, action, pile), stretches(pile, numbers)


def _dimensions(switches: Switches, action: ActionSeed, pile: Pile) -> dict[str, str]:
    timed_out = pile.ending == TIMED_OUT
    return {
        "actionCategory": action.category,
        "actionId": action.id,
        "actionName": action.name,
        "errorType": switches.analytics_timeout_error if timed_out else pile.ending.error_type,
        "integrationId": action.integration_id,
        "integrationName": action.category,
        "responseStatus": pile.ending.response_status,
    }


def _figures(switches: Switches, views: Sequence[View], calls: RecordedCalls) -> dict[str, Any]:
    stats = {
        "count": calls.count,
        "sum": float(calls.total_ms),
        "min": float(calls.shortest_ms),
        "max": float(calls.longest_ms),
    }
    if switches.analytics_percentiles:
        stats |= {"p95": calls.quantile_ms(0.95), "p99": calls.quantile_ms(0.99)}
    figures: dict[str, Any] = {"metrics": [{"metric": METRIC, "stats": stats}]}
    if views:
        figures["views"] = [
            {"name": view.name, "stats": {"count": calls.between(view.least_ms, view.bound_ms)}} for view in views
        ]
    return figures
