"""How an audit grows with the org: a table and a chart."""

from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bench.audits import OfSize
from bench.figures import Row, Section, Table, plain, seconds
from bench.rig import Options


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
        "Bars: from the quickest to the slowest repeat.",
        (Table(tuple(rows)),),
        picture,
    )


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
