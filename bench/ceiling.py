"""How fast the simulator is by itself, so that it is known not to be what is measured."""

import time
from concurrent.futures import ThreadPoolExecutor

from bench.figures import Row, Section, Table, at_most, plain
from bench.raw import Raw
from bench.rig import Rig
from bench.simulators import mean_kb, simulator_of

_MOST = 0.33


def measure(rig: Rig) -> Section:
    """Ask for all configurations of an org at no latency, as fast as it goes."""
    options = rig.options
    with simulator_of(options.base) as simulator, Raw(simulator.url, options.connections) as raw:
        paths = raw.published()
        rates = [_rate(raw, paths, options.connections) for _ in range(options.repeats)]
        kilobytes = mean_kb(simulator.published())
    needed = options.connections * 1000 / options.latency_ms
    rows: tuple[Row, ...] = (
        plain("configurations a second", rates, "/s"),
        at_most("the part of that which a run can ask for", [needed / rate for rate in rates], "x", _MOST),
    )
    return Section(
        "The simulator's ceiling",
        f"Raw `urllib3`, {options.connections} connections, no latency, every published configuration of the org of "
        f"{options.base:,} Architect flows ({kilobytes} KB on average). With {options.latency_ms} ms of latency and "
        f"{options.connections} connections nobody can ask for more than {needed:.0f} a second.",
        (Table(rows),),
    )


def _rate(raw: Raw, paths: list[str], connections: int) -> float:
    with ThreadPoolExecutor(connections) as threads:
        started = time.monotonic()
        list(threads.map(lambda path: raw.ask("GET", path), paths))
        return len(paths) / (time.monotonic() - started)
