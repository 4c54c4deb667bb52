"""Publishes of known durations: how long after its end each one is known to have ended, and after how many polls."""

import itertools
import json
from contextlib import ExitStack
from functools import partial
from statistics import mean

from bench.figures import Row, Section, Table, at_most, exactly, plain, seconds
from bench.rig import Rig, side_by_side
from bench.simulators import Simulator, simulator_of
from bench.traffic import PublishResult

_DURATIONS_MS = (2_000, 5_000, 20_000, 60_000)
_FLOWS_FOR_ONE = 5
"""About every fourth Architect flow of the demo org has a timeout to raise."""

_APART_SECONDS = 3
_MAY_LOSE_MS = 2_000
_MAY_LOSE_SHARE = 0.05
_POLICY = {
    "rules": [{"name": "all", "at_least": "10s"}],
    "limits": {"architect_flows": 10_000, "changes": 100_000, "share": "100%"},
    "at_a_time": 4,
}


def measure(rig: Rig) -> list[Section]:
    """Apply a raise in orgs of several seeds, side by side: it waits nearly all of the time."""
    options = rig.options
    with ExitStack() as stack:
        orgs = [
            stack.enter_context(
                simulator_of(_FLOWS_FOR_ONE * options.publishes, latency_ms=options.latency_ms, seed=seed)
            )
            for seed in range(1, options.repeats + 1)
        ]
        durations_ms = [_plan_publishes(simulator) for simulator in orgs]
        policy = json.dumps(_POLICY)
        runs = side_by_side([partial(rig.run, "raise", each, given=policy) for each in orgs], _APART_SECONDS)
    results = [run.traffic.publish_results(known) for run, known in zip(runs, durations_ms, strict=True)]
    unseen = [run.traffic.publishes - len(found) for run, found in zip(runs, results, strict=True)]
    rows = (
        *(_lost_row(duration_ms, results, 2 * options.latency_ms) for duration_ms in _DURATIONS_MS),
        plain("lost by a publish, mean", seconds(mean(each.lost_ms for each in one) for one in results), "s"),
        plain("polls of a publish, mean", [mean(each.polls for each in one) for one in results], ""),
        plain("publishes", [run.traffic.publishes for run in runs], ""),
        exactly("publishes whose end was not read", unseen, 0),
    )
    how = (
        "`raise --apply` in an org of its own for each repeat, where each publish takes a known time, four at "
        "a time. *Lost*: from the end of a publish to the answer that tells of it, both in the simulator's log. It may "
        f"be {_MAY_LOSE_MS / 1000:.0f} s or {_MAY_LOSE_SHARE:.0%} of the publish, whichever is longer, beside the way "
        f"there and back ({options.latency_ms} ms) of the read before and of that which tells. All repeats ran side by "
        "side: they wait nearly all of the time."
    )
    durations = ", ".join(f"{each // 1000}" for each in _DURATIONS_MS[:-1])
    title = f"Publishes of {durations} and {_DURATIONS_MS[-1] // 1000} s"
    return [Section(title, how, (Table(rows),))]


def _plan_publishes(simulator: Simulator) -> dict[str, int]:
    """Say of every Architect flow how long it will take to publish; they are random by their ids' order."""
    ids = sorted(simulator.control("GET", "state")["architectFlows"])
    durations_ms = dict(zip(ids, itertools.cycle(_DURATIONS_MS), strict=False))
    for architect_flow_id, duration_ms in durations_ms.items():
        simulator.plan_publish(architect_flow_id, duration_ms)
    return durations_ms


def _lost_row(duration_ms: int, results: list[list[PublishResult]], on_the_way_ms: int) -> Row:
    limit_s = (max(_MAY_LOSE_MS, duration_ms * _MAY_LOSE_SHARE) + on_the_way_ms) / 1000
    lost_ms = [[each.lost_ms for each in one if each.duration_ms == duration_ms] for one in results]
    longest_ms = [max(one) for one in lost_ms if one]
    return at_most(f"longest lost of those of {duration_ms // 1000} s", seconds(longest_ms), "s", limit_s)
