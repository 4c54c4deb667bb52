"""Publishes of known durations: how long after its end each one is known to have ended, and after how many polls."""

import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

from bench.figures import Row, Section, Table, at_most, exactly, plain, seconds
from bench.pollers import AT_A_TIME, publish_all
from bench.rig import Rig, run
from bench.simulators import Simulator, simulator_of
from bench.waiting import Followed, followed

_DURATIONS_MS = (2_000, 5_000, 20_000)
_POLLERS = {"every 15 s": 15_000, "every 2 s": 2_000}
_OURS = "ours"
_FLOWS_FOR_ONE = 5
"""About every fourth Architect flow of the demo org has a timeout to raise."""

_LOST_SECONDS = 0.5
_POLLS = 6


@dataclass(slots=True)
class PublishScene:
    """One repeat of all ways, in an org of its own: the same Architect flows, the same durations."""

    rig: Rig
    seed: int
    found: dict[str, list[Followed]] = field(default_factory=dict)
    _durations_ms: dict[str, int] = field(default_factory=dict)
    _simulators: dict[str, Simulator] = field(default_factory=dict)

    def prepare(self, stack: ExitStack) -> None:
        """Start the simulators, let a dry run tell what there is to publish, and say how long each will take."""
        options = self.rig.options
        for way in (_OURS, *_POLLERS):
            self._simulators[way] = stack.enter_context(
                simulator_of(_FLOWS_FOR_ONE * options.publishes, latency_ms=options.latency_ms, seed=self.seed)
            )
        ids = self._raisable()[: options.publishes]
        self._durations_ms = dict(zip(ids, itertools.cycle(_DURATIONS_MS), strict=False))
        for simulator in self._simulators.values():
            for architect_flow_id, duration_ms in self._durations_ms.items():
                simulator.plan_publish(architect_flow_id, duration_ms)

    def runs(self) -> Sequence[Callable[[], None]]:
        """Give one run for each way."""
        return [self._ours, *(lambda way=way: self._poll(way) for way in _POLLERS)]

    def _raisable(self) -> list[str]:
        environment = self.rig.environment(self.rig.new_home(), self._simulators[_OURS])
        ended = run("-m", "bench.one_raise", "dry run", environment=environment, given=json.dumps(_policy(None)))
        return list(ended.told["architect_flow_ids"])

    def _ours(self) -> None:
        simulator = self._simulators[_OURS]
        simulator.forget()
        environment = self.rig.environment(self.rig.new_home(), simulator)
        run("-m", "bench.one_raise", "apply", environment=environment, given=json.dumps(_policy(self._durations_ms)))
        self.found[_OURS] = followed(simulator.traffic(), self._durations_ms)

    def _poll(self, way: str) -> None:
        simulator = self._simulators[way]
        simulator.forget()
        publish_all(simulator.url, list(self._durations_ms), _POLLERS[way])
        self.found[way] = followed(simulator.traffic(), self._durations_ms)


def section(rig: Rig, scenes: Sequence[PublishScene]) -> Section:
    """Show all ways, ours first."""
    count = rig.options.publishes
    return Section(
        f"{count} publishes of 2, 5 and 20 s, four at a time",
        "`raise-timeouts --apply` of ours, and loops over raw `urllib3` that ask every 15 s and every 2 s, publish the "
        "same Architect flows of the same orgs (one seed a repeat), each in a simulator of its own where each takes "
        "the same time. *Lost*: from the end of a publish to the answer that tells of it, both in the simulator's log; "
        f"the way there and back ({rig.options.latency_ms} ms) is part of it only where a read was sent after the end. "
        "All repeats of all ways ran side by side: they wait nearly all of the time.",
        tuple(_table(way, [scene.found[way] for scene in scenes], count) for way in (_OURS, *_POLLERS)),
    )


def _table(way: str, found: Sequence[Sequence[Followed]], count: int) -> Table:
    lost = seconds(mean(each.lost_ms for each in one) for one in found)
    polls = [max(each.polls for each in one) for one in found]
    rows: list[Row] = [
        plain("longest lost of a publish", seconds(max(each.lost_ms for each in one) for one in found), "s"),
        plain("polls of a publish, mean", [mean(each.polls for each in one) for one in found], ""),
        plain("from the first publish to the last known end", seconds(map(_span_ms, found)), "s"),
    ]
    if way == _OURS:
        rows.insert(0, at_most("lost by a publish, mean", lost, "s", _LOST_SECONDS))
        rows.insert(2, at_most("polls of a publish, most", polls, "", _POLLS))
        rows.append(exactly("publishes", [len(one) for one in found], count))
    else:
        rows.insert(0, plain("lost by a publish, mean", lost, "s"))
        rows.insert(2, plain("polls of a publish, most", polls, ""))
        rows.append(plain("publishes", [len(one) for one in found], ""))
    return Table(tuple(rows), way if way == _OURS else f"asking {way}")


def _span_ms(found: Sequence[Followed]) -> int:
    return max(each.told_ms for each in found) - min(each.started_ms for each in found)


def _policy(only: Mapping[str, int] | None) -> dict[str, Any]:
    """Raise to 10 s, everywhere or in the Architect flows named by their ids, whatever share of the org that is."""
    matches: list[dict[str, str]] = [{}] if only is None else [{"architect_flow": each} for each in only]
    rules = [{"name": f"rule {n}", "match": match, "at_least": "10s"} for n, match in enumerate(matches, 1)]
    limits = {"architect_flows": 10_000, "changes": 100_000, "share": "100%"}
    return {"rules": rules, "limits": limits, "at_a_time": AT_A_TIME}
