"""What audits of a large org store, and what that does to the Prefect server. Prints Markdown: docs/sizes.md.

make stored                                                  # 5,000 Architect flows, SQLite
make stored STORED="--database postgresql+asyncpg://..."     # an empty database on a Postgres that runs
make stored STORED="--architect-flows 200"
"""

import argparse
import asyncio
import base64
import contextlib
import json
import re
import sqlite3
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import asyncpg

from bench.page import markdown_table
from bench.rig import Options, Rig, rig_of
from bench.simulators import Simulator, simulator_of

Sizes = Mapping[str, int]
"""Bytes by table of the database, its indexes included, or by kind of file."""

_QUIET_SECONDS = 6
_ASK_EVERY_SECONDS = 0.5
_ASK_TIMES = 10
_MOVED = 100
_LARGEST_ARTIFACTS = 4
_RUNS = "/flow_runs/filter", {"sort": "ID_DESC", "limit": 10}
_POSTGRES = "SELECT relname, pg_total_relation_size(relid) FROM pg_stat_user_tables"
_SQLITE = """
    SELECT coalesce(owner.tbl_name, part.name), sum(part.pgsize)
    FROM dbstat AS part LEFT JOIN sqlite_master AS owner ON owner.name = part.name
    GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One audit: how long it took, how the API answered meanwhile, and how much more is stored after it."""

    title: str
    run_id: str
    seconds: float
    meanwhile_ms: list[float]
    database: Sizes
    results: Sizes


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architect-flows", type=int, default=Options().large, metavar="N")
    parser.add_argument("--database", metavar="URL", help="an empty Postgres database; without it SQLite")
    asked = parser.parse_args()
    known = {"PREFECT_API_DATABASE_CONNECTION_URL": asked.database} if asked.database else {}
    with simulator_of(asked.architect_flows) as simulator, rig_of(Options(), known) as rig:
        home = rig.new_home()

        def sizes() -> Sizes:
            return _postgres_sizes(asked.database) if asked.database else _sqlite_sizes(rig.folder / "prefect.db")

        audits = [_audit(title, rig, simulator, home, sizes) for title in ("cold", "warm")]
        moved = _republish_some(simulator)
        audits.append(_audit(f"{moved} republished", rig, simulator, home, sizes))
        print(f"# {'Postgres' if asked.database else 'SQLite'}, {asked.architect_flows:,} Architect flows\n")
        heads = [each.title for each in audits]
        times = [[each.title, f"{each.seconds:.1f} s", _in_words(each.meanwhile_ms)] for each in audits]
        print(markdown_table(["audit", "took", "list of runs, asked twice a second meanwhile"], times), "\n")
        print(markdown_table(["database grew by", *heads], _growth([each.database for each in audits])), "\n")
        print(markdown_table(["result storage grew by", *heads], _growth([each.results for each in audits])), "\n")
        print(markdown_table(["what the UI asks after the last", "answer", "time"], _answers(rig, audits[-1].run_id)))


def _audit(title: str, rig: Rig, simulator: Simulator, home: Path, sizes: Callable[[], Sizes]) -> Stored:
    before, results = _settled(sizes), _result_sizes(home)
    with _asked_meanwhile(rig) as meanwhile_ms:
        run = rig.run("audit", simulator, home)
    return Stored(
        title,
        run.told["run_id"],
        run.wall_ms / 1000,
        meanwhile_ms,
        _difference(_settled(sizes), before),
        _difference(_result_sizes(home), results),
    )


def _settled(sizes: Callable[[], Sizes]) -> Sizes:
    """Return the sizes once the server has written what it still had to write: it stops growing."""
    found, since = sizes(), time.monotonic()
    while time.monotonic() - since < _QUIET_SECONDS:
        time.sleep(0.5)
        now = sizes()
        if now != found:
            found, since = now, time.monotonic()
    return found


def _sqlite_sizes(path: Path) -> Sizes:
    """Measure pages: free ones are not counted."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return dict(connection.execute(_SQLITE).fetchall())


def _postgres_sizes(url: str) -> Sizes:
    """Measure tables with what is stored outside of rows; dead rows count until a vacuum."""

    async def measured() -> Sizes:
        connection: Any = await asyncpg.connect(url.replace("+asyncpg", ""))
        try:
            return {str(name): int(size) for name, size in await connection.fetch(_POSTGRES)}
        finally:
            await connection.close()

    return asyncio.run(measured())


def _result_sizes(home: Path) -> Sizes:
    """Return the bytes in result storage by names of files, without the ids of runs and orgs in them."""
    sizes: Counter[str] = Counter()
    for path in (home / "storage").glob("*"):
        name = re.sub("[0-9a-f]{64}", "<org>", path.name)
        sizes[re.sub("[0-9a-f]{8}-[0-9a-f-]{27}", "<run>", name)] += path.stat().st_size
    return sizes


def _difference(after: Sizes, before: Sizes) -> Sizes:
    return {name: size - before.get(name, 0) for name, size in after.items()}


def _republish_some(simulator: Simulator) -> int:
    """Let a colleague double whole seconds in some Architect flows and publish them; returns how many."""
    moved = 0
    for architect_flow_id in simulator.control("GET", "state")["architectFlows"]:
        body = simulator.published_text(architect_flow_id)
        longer = re.sub("P0D0H0M([0-9]+)S0F", lambda match: f"P0D0H0M{int(match[1]) * 2}S0F", body)
        if longer == body:
            continue
        encoded = base64.b64encode(longer.encode()).decode()
        publish = {"kind": "publish", "architect_flow_id": architect_flow_id, "base64": encoded}
        moved += not simulator.control("POST", "people", publish)["refused"]
        if moved == _MOVED:
            break
    return moved


def _ask(rig: Rig, path: str, body: Mapping[str, Any] | None = None) -> tuple[float, bytes]:
    """Send a request as the UI does, a GET or a POST of a filter; returns milliseconds and the answer."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{rig.url}{path}", data=data, headers={"Content-Type": "application/json"})  # noqa: S310 - loopback
    started = time.perf_counter()
    with urlopen(request, timeout=120) as answer:  # noqa: S310 - loopback
        found = answer.read()
    return (time.perf_counter() - started) * 1000, found


@contextmanager
def _asked_meanwhile(rig: Rig) -> Iterator[list[float]]:
    """Ask for the list of runs again and again, as an open UI does; yields the milliseconds of each answer."""
    times_ms: list[float] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.wait(_ASK_EVERY_SECONDS):
            times_ms.append(_ask(rig, *_RUNS)[0])

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield times_ms
    finally:
        stop.set()
        asking.join()


def _answers(rig: Rig, run_id: str) -> Iterator[tuple[str, str, str]]:
    """Ask what the UI asks when it shows a run, its artifacts and one of them."""
    of_run = {"artifacts": {"flow_run_id": {"any_": [run_id]}}, "sort": "ID_DESC"}
    artifacts = json.loads(_ask(rig, "/artifacts/filter", of_run)[1])
    artifacts.sort(key=lambda each: -len(each["data"]))
    questions: dict[str, tuple[str, Mapping[str, Any] | None]] = {
        **{f"`{each['key']}`": (f"/artifacts/{each['id']}", None) for each in artifacts[:_LARGEST_ARTIFACTS]},
        f"the {len(artifacts)} artifacts of the run, with their data": ("/artifacts/filter", of_run),
        "the page of all artifacts": ("/artifacts/latest/filter", {"sort": "ID_DESC", "limit": 10}),
        "the run": (f"/flow_runs/{run_id}", None),
        "the list of runs": _RUNS,
        "the graph of the run": (f"/flow_runs/{run_id}/graph-v2", None),
        "the task runs": ("/task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}, "limit": 200}),
        "the log": ("/logs/filter", {"logs": {"flow_run_id": {"any_": [run_id]}}, "limit": 200}),
    }
    for what, (path, body) in questions.items():
        answers = [_ask(rig, path, body) for _ in range(_ASK_TIMES)]
        yield what, _size(len(answers[-1][1])), _in_words([each[0] for each in answers])


def _growth(sizes: list[Sizes]) -> Iterator[list[str]]:
    total = Counter[str]()
    for each in sizes:
        total.update(each)
    for name, size in total.most_common():
        if size:
            yield [name, *(_size(each.get(name, 0)) for each in sizes)]
    yield ["**all**", *(f"**{_size(sum(each.values()))}**" for each in sizes)]


def _in_words(times_ms: list[float]) -> str:
    if not times_ms:
        return "no answer"
    return f"{statistics.median(times_ms):.0f} ms, at most {max(times_ms):.0f} ms ({len(times_ms)} asked)"


def _size(count: int) -> str:
    return f"{count / 1_000_000:,.1f} MB" if abs(count) >= 1_000_000 else f"{count / 1_000:,.1f} KB"  # noqa: PLR2004


if __name__ == "__main__":
    main()
