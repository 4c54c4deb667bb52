"""How fast the simulator is by itself, so that it is known not to be what is measured."""

import base64
import json
import time
from concurrent.futures import ThreadPoolExecutor

import urllib3

from bench.figures import Row, Section, Table, at_most, plain
from bench.rig import Rig
from bench.simulators import CLIENT_ID, CLIENT_SECRET, Simulator, simulator_of

_MOST = 0.33


def measure(rig: Rig) -> list[Section]:
    """Ask for all configurations of an org at no latency, as fast as it goes."""
    options = rig.options
    with (
        simulator_of(options.base) as simulator,
        urllib3.PoolManager(maxsize=options.connections, block=True) as pool,
        ThreadPoolExecutor(options.connections) as threads,
    ):
        headers = _authorization(pool, simulator)

        def read(path: str) -> int:
            answer = pool.request("GET", f"{simulator.url}{path}", headers=headers)
            assert answer.status == 200, f"{path}: {answer.status}"  # noqa: PLR2004
            return len(answer.data)

        paths, rates = simulator.published_paths(), []
        for _ in range(options.repeats):
            started = time.monotonic()
            sizes = list(threads.map(read, paths))
            rates.append(len(paths) / (time.monotonic() - started))
    needed = options.connections * 1000 / options.latency_ms
    rows: tuple[Row, ...] = (
        plain("configurations a second", rates, "/s"),
        at_most("the part of that which a run can ask for", [needed / rate for rate in rates], "x", _MOST),
    )
    how = (
        f"Raw `urllib3`, {options.connections} connections, no latency, every published configuration of the org of "
        f"{options.base:,} Architect flows ({sum(sizes) / len(sizes) / 1000:.0f} KB on average). With "
        f"{options.latency_ms} ms of latency and {options.connections} connections nobody can ask for more than "
        f"{needed:.0f} a second."
    )
    return [Section("The simulator's ceiling", how, (Table(rows),))]


def _authorization(pool: urllib3.PoolManager, simulator: Simulator) -> dict[str, str]:
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    form = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    url = f"{simulator.url}/oauth/token"
    answer = pool.request("POST", url, body="grant_type=client_credentials", headers=form)
    return {"Authorization": f"Bearer {json.loads(answer.data)['access_token']}"}
