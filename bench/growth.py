"""How an audit grows with the org: a table and a chart."""

from collections.abc import Sequence
from pathlib import Path
from statistics import linear_regression, median

from bench.audits import OfSize
from bench.figures import Row, Section, Table, at_most, plain, seconds
from bench.rig import Options

_FEWEST_SIZES = 3
_OFF_AT_MOST = 0.05


def section(found: Sequence[OfSize], options: Options, picture: str) -> Section:
    """Show all sizes."""
    rows: list[Row] = []
    for each in found:
        name = f"{each.architect_flows:,} Architect flows"
        rows += [
            plain(f"{name}: cold, whole process", seconds(one.ended.wall_ms for one in each.cold), "s"),
            plain(f"{name}: warm, whole process", seconds(one.ended.wall_ms for one in each.warm), "s"),
            plain(f"{name}: floor of the cold one's requests", [each.floor_ms(options) / 1000], "s"),
            plain(f"{name}: most memory, cold", [one.ended.told["peak_mb"] for one in each.cold], "MB"),
        ]
    return Section(
        "Growth",
        f"Cold and warm audits without a rate limit, {options.connections} connections, {options.latency_ms} ms. "
        "Bars: from the quickest to the slowest repeat. *Off the line*: how far the median that lies farthest off is "
        "from the straight line that fits all sizes best, by the time of the largest.",
        (Table((*rows, *_off_the_line(found))),),
        picture,
    )


def off_the_line(sizes: Sequence[float], medians: Sequence[float]) -> float:
    """Give the largest distance from the straight line that fits best, as a part of the largest value."""
    slope, at_zero = linear_regression(sizes, medians)
    line = [at_zero + slope * size for size in sizes]
    return max(abs(value - there) for value, there in zip(medians, line, strict=True)) / max(medians)


def _off_the_line(found: Sequence[OfSize]) -> list[Row]:
    if len(found) < _FEWEST_SIZES:
        return []
    sizes = [each.architect_flows for each in found]
    medians = [median(one.ended.wall_ms for one in each.cold) for each in found]
    return [at_most("off the line, cold", [off_the_line(sizes, medians)], "x", _OFF_AT_MOST)]


def draw(found: Sequence[OfSize], options: Options, path: Path) -> None:
    """Draw seconds over Architect flows, both scales linear."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - takes memory that no measurement should carry

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    axes = figure.add_subplot()
    sizes = [each.architect_flows for each in found]
    for label, runs in (("cold audit", [each.cold for each in found]), ("warm audit", [each.warm for each in found])):
        walls = [seconds(one.ended.wall_ms for one in of_size) for of_size in runs]
        middle = [median(each) for each in walls]
        below = [value - min(each) for value, each in zip(middle, walls, strict=True)]
        above = [max(each) - value for value, each in zip(middle, walls, strict=True)]
        axes.errorbar(sizes, middle, yerr=[below, above], marker="o", capsize=3, label=f"{label}, whole process")
    floors = [each.floor_ms(options) / 1000 for each in found]
    axes.plot(sizes, floors, linestyle="--", color="gray", label="floor of the cold audit's requests")
    axes.set(xlabel="Architect flows", ylabel="seconds", xlim=(0, None), ylim=(0, None))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path, dpi=120)
