"""Cold and warm audits of an org of usual size and of a large one, without a rate limit, one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import floors
from bench.figures import Row, Section, Table, at_most, exactly, plain, ratios, seconds
from bench.floors import Needs
from bench.rig import Options, Rig, Run
from bench.simulators import simulator_of

_COLD_AT_MOST = 1.15
_COLD_EXTRA_SECONDS = 2
_WARM_EXTRA_SECONDS = 2
_WARM_EXTRA_SECONDS_LARGE = 5
_A_FLOW_AT_MOST = 1.15
_MEMORY_MB = 300
_WARM_A_REPEAT = 2


@dataclass(frozen=True, slots=True)
class Audits:
    """The audits of one org."""

    architect_flows: int
    needs: Needs
    cold: list[Run] = field(default_factory=list)
    warm: list[Run] = field(default_factory=list)


def measure(rig: Rig) -> list[Section]:
    """Run cold audits, and after each of them warm ones."""
    options = rig.options
    base = _measure_org(rig, options.base, options.repeats)
    large = _measure_org(rig, options.large, options.large_repeats)
    return [_cold_section(base, options), _warm_section(base, large), _large_section(base, large)]


def _measure_org(rig: Rig, architect_flows: int, repeats: int) -> Audits:
    with simulator_of(architect_flows, latency_ms=rig.options.latency_ms) as simulator:
        audits = Audits(architect_flows, simulator.needs())
        for _ in range(repeats):
            home = rig.new_home()
            audits.cold.append(rig.audit(simulator, home))
            audits.warm.extend(rig.audit(simulator, home) for _ in range(_WARM_A_REPEAT))
    return audits


def _cold_section(audits: Audits, options: Options) -> Section:
    floor_s = floors.unlimited_ms(audits.needs, options.latency_ms, options.connections) / 1000
    limit_s, limit = floor_s * _COLD_AT_MOST, f"{_COLD_AT_MOST} x the floor"
    spans = _spans(audits.cold)
    rows = (
        at_most("from first request to last answer", spans, "s", limit_s, f"{limit} ({floor_s:.1f} s)"),
        plain("the same, by the floor", ratios(spans, floor_s), "x"),
        *_beside_empty(audits.cold, limit_s + _COLD_EXTRA_SECONDS, f"{limit} + {_COLD_EXTRA_SECONDS} s"),
        plain("requests", [len(each.traffic.requests) for each in audits.cold], ""),
    )
    return Section(
        f"Cold audit of {audits.architect_flows:,} Architect flows, no rate limit, {options.connections} connections",
        f"The floor: a token, the first page, the other pages and those of the actions together, then "
        f"{audits.needs.configurations:,} configurations {options.connections} at a time, {options.latency_ms} ms "
        "each. *Empty Prefect flow*: a fresh process with a flow that does nothing, against the same server, before "
        f"each audit. The requests of the last one: {audits.cold[-1].traffic.in_words}.",
        (Table(rows),),
    )


def _warm_section(base: Audits, large: Audits) -> Section:
    tables = []
    for audits, extra_s in ((base, _WARM_EXTRA_SECONDS), (large, _WARM_EXTRA_SECONDS_LARGE)):
        needs, functions = audits.needs, [each.traffic.functions for each in audits.warm]
        requests = [len(each.traffic.requests) - each.traffic.functions for each in audits.warm]
        rows = (
            exactly("requests", requests, needs.warm, f"{needs.pages} + {needs.action_pages} pages + 1"),
            plain("and those for functions that are not known for sure yet", functions, ""),
            *_beside_empty(audits.warm, extra_s),
            plain("from first request to last answer", _spans(audits.warm), "s"),
            plain("most memory", [each.peak_mb for each in audits.warm], "MB"),
        )
        tables.append(Table(rows, f"{audits.architect_flows:,} Architect flows, {len(audits.warm)} audits"))
    return Section(
        "Warm audit",
        "The next audits with the same result storage, where nothing was published since. The one request beside the "
        "pages is that of the token. The function of a function data action is read until two audits four "
        "minutes apart have read the same. An empty Prefect flow is run right before each.",
        tuple(tables),
    )


def _large_section(base: Audits, large: Audits) -> Section:
    sizes = f"{large.architect_flows:,}", f"{base.architect_flows:,}"
    rows: list[Row] = []
    for name, measure_of in (("whole process", _walls), ("from first request to last answer", _spans)):
        at_base = plain(f"{name}, an Architect flow, at {sizes[1]}", _each(measure_of(base.cold), base), "ms")
        limit_ms, why = at_base.median * _A_FLOW_AT_MOST, f"{_A_FLOW_AT_MOST} x that"
        at_large = _each(measure_of(large.cold), large)
        rows += [at_base, at_most(f"the same at {sizes[0]}", at_large, "ms", limit_ms, why)]
    rows += [
        plain(f"most memory at {sizes[1]}", [each.peak_mb for each in base.cold], "MB"),
        at_most(f"the same at {sizes[0]}", [each.peak_mb for each in large.cold], "MB", _MEMORY_MB),
    ]
    return Section(
        f"Cold audit of {sizes[0]} Architect flows, no rate limit",
        f"Against the same of {sizes[1]}. Memory is the peak of the resident set of the audit's process.",
        (Table(tuple(rows)),),
    )


def _beside_empty(runs: Sequence[Run], extra_s: float, why: str = "") -> tuple[Row, ...]:
    """Return the whole process beside the empty flow's, and by how much it may be longer."""
    return (
        plain("empty Prefect flow, whole process", seconds(each.empty_ms for each in runs), "s"),
        plain("whole process", _walls(runs), "s"),
        at_most("how much longer that is, pair by pair", seconds(each.longer_ms for each in runs), "s", extra_s, why),
    )


def _walls(runs: Sequence[Run]) -> list[float]:
    return seconds(each.wall_ms for each in runs)


def _spans(runs: Sequence[Run]) -> list[float]:
    return seconds(each.traffic.span_ms for each in runs)


def _each(values_s: Sequence[float], audits: Audits) -> list[float]:
    return [value * 1000 / audits.architect_flows for value in values_s]
