"""Cold audits under the platform's rate limit, beside the tutorial's way and 16 threads over the SDK."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from bench import floors
from bench.figures import Row, Section, Table, at_most, exactly, plain, ratios, seconds
from bench.peers import THREADS
from bench.rig import AuditRun, Rig, run
from bench.simulators import Simulator, simulator_of

_TITLES = {"ours": "ours", "tutorial": "the tutorial's way", "threads": "16 threads over the SDK"}
_AT_MOST = 1.05


@dataclass(slots=True)
class LimitedScene:
    """One repeat of all three ways, each with its own simulator."""

    rig: Rig
    floor_ms: int = 0
    found: dict[str, AuditRun] = field(default_factory=dict)
    _simulators: dict[str, Simulator] = field(default_factory=dict)

    def prepare(self, stack: ExitStack) -> None:
        """Start the simulators."""
        options = self.rig.options
        for way in _TITLES:
            self._simulators[way] = stack.enter_context(
                simulator_of(options.base, latency_ms=options.latency_ms, per_minute=options.per_minute)
            )
        needs = self._simulators["ours"].needs()
        self.floor_ms = floors.limited_ms(needs, options.latency_ms, options.connections, options.per_minute)

    def runs(self) -> Sequence[Callable[[], None]]:
        """Give one run for each way; the slowest first."""
        return [lambda: self._peer("tutorial"), lambda: self._peer("threads"), self._ours]

    def _ours(self) -> None:
        self.found["ours"] = self.rig.audit_among_others(self._simulators["ours"], self.rig.new_home())

    def _peer(self, way: str) -> None:
        simulator = self._simulators[way]
        ended = run("-m", "bench.peers", way, simulator.url)
        self.found[way] = AuditRun(ended, simulator.traffic())


def section(rig: Rig, scenes: Sequence[LimitedScene]) -> Section:
    """Show the three ways in one table each, ours first."""
    options, floor_s = rig.options, scenes[0].floor_ms / 1000
    return Section(
        f"Cold audit of {options.base:,} Architect flows, {options.per_minute} requests a minute",
        f"The floor, {floor_s:.1f} s: a token, all full windows of 60 s but the last, and the rest in "
        f"{options.connections} connections. The peers use the official SDK as it is shipped: the tutorial's way asks "
        f"for pages of 100 Architect flows and then one configuration after the other; the other has "
        f"{THREADS['threads']} threads. All repeats of all ways ran side by side, each against a simulator of its own, "
        "started 2 s apart: they wait nearly all of the time.",
        tuple(_table(way, [scene.found[way] for scene in scenes], floor_s) for way in _TITLES),
    )


def _table(way: str, found: Sequence[AuditRun], floor_s: float) -> Table:
    spans = seconds(each.traffic.span_ms for each in found)
    walls = seconds(each.ended.wall_ms for each in found)
    refused = [each.traffic.refused for each in found]
    rows: list[Row] = [
        plain("from first request to last answer", spans, "s"),
        plain("whole process", walls, "s"),
        plain("requests", [len(each.traffic.requests) for each in found], ""),
        plain("most memory", [each.ended.told["peak_mb"] for each in found], "MB"),
    ]
    if way == "ours":
        rows.insert(1, at_most("the same, by the floor", ratios(spans, floor_s), "x", _AT_MOST))
        rows.insert(3, at_most("the same, by the floor", ratios(walls, floor_s), "x", _AT_MOST))
        rows.append(exactly("refused (429)", refused, 0))
    else:
        rows.insert(1, plain("the same, by the floor", ratios(spans, floor_s), "x"))
        rows.insert(3, plain("the same, by the floor", ratios(walls, floor_s), "x"))
        rows.append(plain("refused (429)", refused, ""))
    return Table(tuple(rows), _TITLES[way])
