"""Cold audits under the platform's rate limit, beside the tutorial's way and 16 threads over the SDK."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from bench import floors
from bench.figures import Row, Section, Table, at_most, exactly, plain, ratios, seconds
from bench.peers import THREADS
from bench.rig import AuditRun, Pair, Rig, run
from bench.simulators import Simulator, simulator_of

_OURS = "ours"
_PEERS = {"tutorial": "the tutorial's way", "threads": "16 threads over the SDK"}
_AT_MOST = 1.05

APART_SECONDS = 13.0
"""Between the starts of two runs of ours: each works a few seconds at its begin and at its end, a window apart, and so
none of them works while another one does."""


@dataclass(slots=True)
class OurScene:
    """One repeat of ours, with an empty Prefect flow before it."""

    rig: Rig
    floor_ms: int = 0
    found: list[Pair] = field(default_factory=list)
    _simulators: list[Simulator] = field(default_factory=list)

    def prepare(self, stack: ExitStack) -> None:
        """Start the simulator."""
        self._simulators = [_limited(self.rig, stack)]
        options, needs = self.rig.options, self._simulators[0].needs()
        self.floor_ms = floors.limited_ms(needs, options.latency_ms, options.connections, options.per_minute)

    def runs(self) -> Sequence[Callable[[], None]]:
        """Give the run."""
        return [self._run]

    def _run(self) -> None:
        empty = self.rig.empty_flow()
        self.found.append(Pair(empty, self.rig.audit_among_others(self._simulators[0], self.rig.new_home())))


@dataclass(slots=True)
class PeerScene:
    """One repeat of each of the usual ways, each with its own simulator."""

    rig: Rig
    found: dict[str, AuditRun] = field(default_factory=dict)
    _simulators: dict[str, Simulator] = field(default_factory=dict)

    def prepare(self, stack: ExitStack) -> None:
        """Start the simulators."""
        self._simulators = {way: _limited(self.rig, stack) for way in _PEERS}

    def runs(self) -> Sequence[Callable[[], None]]:
        """Give one run for each way; the slowest first."""
        return [partial(self._run, way) for way in _PEERS]

    def _run(self, way: str) -> None:
        simulator = self._simulators[way]
        ended = run("-m", "bench.peers", way, simulator.url)
        self.found[way] = AuditRun(ended, simulator.traffic())


def _limited(rig: Rig, stack: ExitStack) -> Simulator:
    options = rig.options
    return stack.enter_context(simulator_of(options.base, latency_ms=options.latency_ms, per_minute=options.per_minute))


def section(rig: Rig, ours: Sequence[OurScene], peers: Sequence[PeerScene]) -> Section:
    """Show the three ways in one table each, ours first."""
    options, floor_s = rig.options, ours[0].floor_ms / 1000
    pairs = [pair for scene in ours for pair in scene.found]
    found = {way: [scene.found[way] for scene in peers] for way in _PEERS}
    return Section(
        f"Cold audit of {options.base:,} Architect flows, {options.per_minute} requests a minute",
        f"The floor, {floor_s:.1f} s: a token, all full windows of 60 s but the last, and the rest in "
        f"{options.connections} connections. It knows nothing of processes: an empty Prefect flow alone is more than a "
        f"twentieth of it. The peers use the official SDK as it is shipped: the tutorial's way asks for pages of 100 "
        f"Architect flows and then one configuration after the other; the other has {THREADS['threads']} threads. Each "
        f"run has a simulator of its own. Ours were started {APART_SECONDS:.0f} s apart, so that none works while "
        "another one does; those of the peers 2 s apart: they wait nearly all of the time.",
        (_our_table(pairs, floor_s), *(_table(found[way], floor_s, title) for way, title in _PEERS.items())),
    )


def _our_table(pairs: Sequence[Pair], floor_s: float) -> Table:
    found = [pair.audit for pair in pairs]
    spans = seconds(each.traffic.span_ms for each in found)
    walls = seconds(each.ended.wall_ms for each in found)
    longer = seconds(pair.longer_ms for pair in pairs)
    rows = (
        plain("from first request to last answer", spans, "s"),
        at_most("the same, by the floor", ratios(spans, floor_s), "x", _AT_MOST),
        plain("empty Prefect flow, whole process", seconds(pair.empty.wall_ms for pair in pairs), "s"),
        plain("whole process", walls, "s"),
        at_most("the same, by the floor", ratios(walls, floor_s), "x", _AT_MOST),
        plain("the same less the empty flow before it, by the floor", ratios(longer, floor_s), "x"),
        *_counts(found),
        exactly("refused (429)", [each.traffic.refused for each in found], 0),
    )
    return Table(rows, _OURS)


def _table(found: Sequence[AuditRun], floor_s: float, title: str) -> Table:
    spans = seconds(each.traffic.span_ms for each in found)
    walls = seconds(each.ended.wall_ms for each in found)
    rows = (
        plain("from first request to last answer", spans, "s"),
        plain("the same, by the floor", ratios(spans, floor_s), "x"),
        plain("whole process", walls, "s"),
        plain("the same, by the floor", ratios(walls, floor_s), "x"),
        *_counts(found),
        plain("refused (429)", [each.traffic.refused for each in found], ""),
    )
    return Table(rows, title)


def _counts(found: Sequence[AuditRun]) -> tuple[Row, ...]:
    return (
        plain("requests", [len(each.traffic.requests) for each in found], ""),
        plain("most memory", [each.ended.told["peak_mb"] for each in found], "MB"),
    )
