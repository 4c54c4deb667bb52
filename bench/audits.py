"""Cold and warm audits of orgs of several sizes without a rate limit, one at a time; four sections use them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import floors
from bench.figures import Row, Section, Table, at_most, exactly, plain, ratios, seconds
from bench.floors import Needs
from bench.rig import AuditRun, Options, Pair, Rig
from bench.simulators import simulator_of

_COLD_AT_MOST = 1.15
_COLD_EXTRA_SECONDS = 2
_WARM_EXTRA_SECONDS = 1
_WARM_EXTRA_SECONDS_LARGEST = 5
_A_FLOW_AT_MOST = 1.15
_MEMORY_AT_MOST = 1.25
_MEMORY_MB = 300
_WARM_A_REPEAT = 2


@dataclass(frozen=True, slots=True)
class OfSize:
    """The audits of one org, each with an empty Prefect flow before it."""

    architect_flows: int
    needs: Needs
    cold_pairs: list[Pair] = field(default_factory=list)
    warm_pairs: list[Pair] = field(default_factory=list)

    @property
    def cold(self) -> list[AuditRun]:
        """The cold audits alone."""
        return [pair.audit for pair in self.cold_pairs]

    @property
    def warm(self) -> list[AuditRun]:
        """The warm audits alone."""
        return [pair.audit for pair in self.warm_pairs]

    def floor_ms(self, options: Options) -> int:
        """The least that a cold one can take."""
        return floors.unlimited_ms(self.needs, options.latency_ms, options.connections)


def measure(rig: Rig, sizes: Sequence[int]) -> dict[int, OfSize]:
    """Run cold audits and after each a warm one, in orgs of these sizes."""
    found = {}
    for size in sizes:
        with simulator_of(size, latency_ms=rig.options.latency_ms) as simulator:
            of_size = found[size] = OfSize(size, simulator.needs())
            for _ in range(rig.options.repeats):
                home = rig.new_home()
                of_size.cold_pairs.append(rig.pair(simulator, home))
                of_size.warm_pairs.extend(rig.pair(simulator, home) for _ in range(_WARM_A_REPEAT))
                print(f"  {size:,}: cold {of_size.cold[-1].ended.wall_ms} ms, warm {of_size.warm[-1].ended.wall_ms} ms")
    return found


def cold_section(rig: Rig, found: OfSize) -> Section:
    """Show the cold audit of the base size against its floor."""
    options = rig.options
    floor_s = found.floor_ms(options) / 1000
    spans = _spans(found.cold)
    rows = (
        at_most("from first request to last answer", spans, "s", floor_s * _COLD_AT_MOST,
                f"{_COLD_AT_MOST} x the floor ({floor_s:.1f} s)"),
        plain("the same, by the floor", ratios(spans, floor_s), "x"),
        *_beside_empty(found.cold_pairs, floor_s * _COLD_AT_MOST + _COLD_EXTRA_SECONDS,
                       f"{_COLD_AT_MOST} x the floor + {_COLD_EXTRA_SECONDS} s"),
        plain("requests", [len(each.traffic.requests) for each in found.cold], ""),
    )  # fmt: skip
    return Section(
        f"Cold audit of {found.architect_flows:,} Architect flows, no rate limit, {options.connections} connections",
        f"The floor: a token, the first page, the other pages and those of the actions together, then "
        f"{found.needs.configurations:,} configurations {options.connections} at a time, {options.latency_ms} ms each. "
        "*Empty Prefect flow*: a fresh process with a flow that does nothing, against the same server, before each "
        f"audit. The requests of the last one: {found.cold[-1].traffic.in_words}.",
        (Table(rows),),
    )


def warm_section(found: Sequence[OfSize], base: int) -> Section:
    """Show warm audits: what they ask, and what they take more than an empty Prefect flow."""
    tables = []
    for each in found:
        extra = _WARM_EXTRA_SECONDS if each.architect_flows <= base else _WARM_EXTRA_SECONDS_LARGEST
        rows = (
            exactly("requests", [len(one.traffic.requests) for one in each.warm], each.needs.warm,
                    f"{each.needs.pages} + {each.needs.action_pages} pages + 1"),
            *_beside_empty(each.warm_pairs, extra),
            plain("from first request to last answer", _spans(each.warm), "s"),
            plain("most memory", [one.ended.told["peak_mb"] for one in each.warm], "MB"),
        )  # fmt: skip
        tables.append(Table(rows, f"{each.architect_flows:,} Architect flows, {len(each.warm_pairs)} pairs"))
    return Section(
        "Warm audit",
        "The next audits with the same result storage, where nothing was published since. The one request beside the "
        "pages is that of the token. An empty Prefect flow is run right before each.",
        tuple(tables),
    )


def _beside_empty(pairs: Sequence[Pair], extra_s: float, why: str = "") -> tuple[Row, ...]:
    """Show the whole process beside the empty flow's, and by how much it may be longer."""
    return (
        plain("empty Prefect flow, whole process", seconds(each.empty.wall_ms for each in pairs), "s"),
        plain("whole process", _walls([each.audit for each in pairs]), "s"),
        at_most("how much longer that is, pair by pair", seconds(each.longer_ms for each in pairs), "s", extra_s, why),
    )


def large_section(base: OfSize, large: OfSize) -> Section:
    """Show that time and memory stay in proportion."""
    sizes = f"{large.architect_flows:,}", f"{base.architect_flows:,}"
    rows: list[Row] = []
    measures = (
        ("whole process", _walls(base.cold), _walls(large.cold)),
        ("from first request to last answer", _spans(base.cold), _spans(large.cold)),
    )
    for name, at_base, at_large in measures:
        base_row = plain(f"{name}, an Architect flow, at {sizes[1]}", _each(at_base, base), "ms")
        limit_ms = base_row.median * _A_FLOW_AT_MOST
        why = f"{_A_FLOW_AT_MOST} x that"
        rows += [base_row, at_most(f"the same at {sizes[0]}", _each(at_large, large), "ms", limit_ms, why)]
    memory = plain(f"most memory at {sizes[1]}", _memory(base), "MB")
    limit_mb = min(_MEMORY_MB, memory.median * _MEMORY_AT_MOST)
    why = f"{_MEMORY_MB} MB and {_MEMORY_AT_MOST} x that"
    rows += [memory, at_most(f"the same at {sizes[0]}", _memory(large), "MB", limit_mb, why)]
    return Section(
        f"Cold audit of {sizes[0]} Architect flows, no rate limit",
        f"Against the same of {sizes[1]}. Memory is the peak of the resident set of the audit's process.",
        (Table(tuple(rows)),),
    )


def _walls(runs: Sequence[AuditRun]) -> list[float]:
    return seconds(each.ended.wall_ms for each in runs)


def _spans(runs: Sequence[AuditRun]) -> list[float]:
    return seconds(each.traffic.span_ms for each in runs)


def _each(found_s: Sequence[float], of_size: OfSize) -> list[float]:
    return [value * 1000 / of_size.architect_flows for value in found_s]


def _memory(of_size: OfSize) -> list[float]:
    return [each.ended.told["peak_mb"] for each in of_size.cold]
