"""Cold audits under the platform's rate limit, beside the tutorial's way and 16 threads over the SDK."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from bench import floors
from bench.figures import Row, Section, Table, at_most, exactly, plain, ratios, seconds
from bench.rig import Rig, Run, side_by_side
from bench.simulators import Simulator, simulator_of

_PEERS = {"tutorial": "the tutorial's way", "threads": "16 threads over the SDK"}
_AT_MOST = 1.05
_APART_SECONDS = 13
"""Between the starts of two runs of ours: each works a few seconds at its begin and at its end, a window apart, and so
none of them works while another one does."""

_PEERS_APART_SECONDS = 2


def measure(rig: Rig) -> list[Section]:
    """Run all repeats side by side, each against a simulator of its own: first ours, then those of the peers."""
    options = rig.options
    with _simulators(rig, options.repeats) as simulators:
        needs = simulators[0].needs()
        ours = side_by_side(
            [partial(rig.audit, each, rig.new_home(), alone=False) for each in simulators], _APART_SECONDS
        )
    with _simulators(rig, len(_PEERS) * options.repeats) as simulators:
        ways = [way for way in _PEERS for _ in range(options.repeats)]
        runs = [partial(rig.run, way, each) for way, each in zip(ways, simulators, strict=True)]
        peers = side_by_side(runs, _PEERS_APART_SECONDS)
    floor_s = floors.limited_ms(needs, options.latency_ms, options.connections, options.per_minute) / 1000
    tables = [_our_table(ours, floor_s)]
    for title in _PEERS.values():
        tables.append(_table(title, peers[: options.repeats], floor_s))
        del peers[: options.repeats]
    return [
        Section(
            f"Cold audit of {options.base:,} Architect flows, {options.per_minute} requests a minute",
            f"The floor, {floor_s:.1f} s: a token, all full windows of 60 s but the last, and the rest in "
            f"{options.connections} connections. It knows nothing of processes: an empty Prefect flow alone is more "
            "than a twentieth of it. The peers use the official SDK as it is shipped: the tutorial's way asks for "
            "pages of 100 Architect flows and then one configuration after the other; the other has 16 threads. Each "
            f"run has a simulator of its own. Ours were started {_APART_SECONDS} s apart, so that none works while "
            f"another one does; those of the peers {_PEERS_APART_SECONDS} s apart: they wait nearly all of the time.",
            tuple(tables),
        )
    ]


@contextmanager
def _simulators(rig: Rig, count: int) -> Iterator[list[Simulator]]:
    options = rig.options
    with ExitStack() as stack:
        one = partial(simulator_of, options.base, latency_ms=options.latency_ms, per_minute=options.per_minute)
        yield [stack.enter_context(one()) for _ in range(count)]


def _our_table(runs: Sequence[Run], floor_s: float) -> Table:
    spans = ratios(seconds(each.traffic.span_ms for each in runs), floor_s)
    walls = ratios(seconds(each.wall_ms for each in runs), floor_s)
    longer = ratios(seconds(each.longer_ms for each in runs), floor_s)
    return _table(
        "ours",
        runs,
        floor_s,
        at_most("from first request to last answer, by the floor", spans, "x", _AT_MOST),
        at_most("whole process, by the floor", walls, "x", _AT_MOST),
        plain("the same less the empty flow before it, by the floor", longer, "x"),
        plain("empty Prefect flow, whole process", seconds(each.empty_ms for each in runs), "s"),
        exactly("refused (429)", [each.traffic.refused for each in runs], 0),
    )


def _table(title: str, runs: Sequence[Run], floor_s: float, *ours: Row) -> Table:
    spans = seconds(each.traffic.span_ms for each in runs)
    rows = ours or (
        plain("from first request to last answer, by the floor", ratios(spans, floor_s), "x"),
        plain("refused (429)", [each.traffic.refused for each in runs], ""),
    )
    return Table(
        (
            plain("from first request to last answer", spans, "s"),
            plain("whole process", seconds(each.wall_ms for each in runs), "s"),
            *rows,
            plain("requests", [len(each.traffic.requests) for each in runs], ""),
            plain("most memory", [each.peak_mb for each in runs], "MB"),
        ),
        title,
    )
