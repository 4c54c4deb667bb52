"""Audits of many orgs by one worker and several, beside empty Prefect flows that the same workers run."""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Row, Section, Table, plain
from bench.fleet.rounds import Round, rest, work_off
from bench.fleet.servers import Load, Servers, servers_in
from bench.rig import Options, Rig
from bench.simulators import Simulator, simulator_of
from deployments.register import POOL

_AUDIT = "audit/audit"
_REST_SECONDS = 20.0
_KINDS = {"empty": "an empty flow", "cold": "a first audit", "warm": "the next audit"}


@dataclass(frozen=True, slots=True)
class Fleet:
    """What so many workers took for so many orgs, by kind of round."""

    orgs: int
    workers: int
    rounds: Mapping[str, Round]
    at_rest: Load
    memory_mb: Mapping[str, float]


def measure(rig: Rig) -> list[Section]:
    """Audit each number of orgs by each number of workers: empty flows, the first audits, the next ones."""
    options = rig.options
    with (
        tempfile.TemporaryDirectory(dir=rig.folder) as folder,
        servers_in(Path(folder)) as servers,
        _orgs(options, max(options.orgs)) as simulators,
    ):
        given = [{"org": _reference(servers, number, each)} for number, each in enumerate(simulators, 1)]
        empty = _deploy_empty(servers)
        fleets = [
            _measure_fleet(servers, empty, given[:orgs], workers)
            for orgs in options.orgs
            for workers in options.workers
        ]
    return [*(_section(each, options) for each in fleets), *_growth(fleets)]


@contextmanager
def _orgs(options: Options, count: int) -> Iterator[list[Simulator]]:
    """Serve so many orgs, each another one: a seed of its own makes names, ids and contents of its own."""
    with ExitStack() as stack:
        yield [
            stack.enter_context(simulator_of(options.base, latency_ms=options.latency_ms, seed=seed))
            for seed in range(1, count + 1)
        ]


def _reference(servers: Servers, number: int, simulator: Simulator) -> dict[str, Any]:
    return {"$ref": {"block_document_id": servers.save_org(f"org-{number}", simulator)}}


def _deploy_empty(servers: Servers) -> str:
    flow: Any = servers.post("/flows/", {"name": "empty"})
    deployment: Any = servers.post(
        "/deployments/",
        {
            "name": "empty",
            "flow_id": flow["id"],
            "entrypoint": "bench.fleet.empty.empty",
            "pull_steps": [],
            "work_pool_name": POOL,
            "job_variables": {"env": {"PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30"}},
        },
    )
    return str(deployment["id"])


def _measure_fleet(servers: Servers, empty: str, given: Sequence[Mapping[str, Any]], workers: int) -> Fleet:
    audit = servers.deployment(_AUDIT)
    servers.start_workers(workers)
    try:
        nothing = Load(0, 0, 0, 0, 0, 0)
        work_off(servers, empty, [{}] * workers, nothing)  # until all workers are up: what is read first is read
        at_rest = rest(servers, _REST_SECONDS)
        rounds = {}
        for kind, deployment, parameters in (
            ("cold", audit, list(given)),
            ("warm", audit, list(given)),
            ("empty", empty, [{} for _ in given]),
        ):
            rounds[kind] = found = work_off(servers, deployment, parameters, at_rest)
            print(
                f"fleet: {len(given)} orgs, {workers} workers, {kind}: {found.wall_s:.0f} s, {found}",
                file=sys.stderr, flush=True,
            )  # fmt: skip
        return Fleet(len(given), workers, rounds, at_rest, servers.memory_mb())
    finally:
        servers.end_workers()


def _section(fleet: Fleet, options: Options) -> Section:
    how = (
        f"{fleet.orgs} orgs of {options.base:,} Architect flows, each on a simulator of its own that answers after "
        f"{options.latency_ms} ms, no rate limit. Servers of their own: Postgres, Redis, one API, the services apart, "
        "and workers that take one run at a time. All runs are started at once. Processor time is what Linux "
        "counted of all processes of a part, beyond what they take at rest."
    )
    tables = tuple(Table(tuple(_rows(fleet.rounds[kind])), title) for kind, title in _KINDS.items())
    at_rest = (
        plain("API, of a core", [fleet.at_rest.api], "x"),
        plain("services, of a core", [fleet.at_rest.services], "x"),
        plain("Postgres and Redis, of a core", [fleet.at_rest.postgres + fleet.at_rest.redis], "x"),
        plain("workers, of a core", [fleet.at_rest.workers], "x"),
        *(plain(f"memory of {name}", [mb], "MB") for name, mb in fleet.memory_mb.items()),
    )
    title = f"Audits of {fleet.orgs} orgs by {fleet.workers} worker{'s' if fleet.workers > 1 else ''}"
    return Section(title, how, (*tables, Table(at_rest, "at rest, and memory after all rounds")))


def _rows(found: Round) -> Iterator[Row]:
    load = found.load
    yield plain("runs an hour, by the clock", [round(found.an_hour)], "")
    yield plain("runs an hour and core, by processor time", [round(found.an_hour_and_core)], "")
    yield plain("processor time of a run's process", [found.a_run(load.runs)], "s")
    yield plain("that of the workers, a run", [found.a_run(load.workers)], "s")
    yield plain("that of the API, a run", [found.a_run(load.api)], "s")
    yield plain("that of the services, a run", [found.a_run(load.services)], "s")
    yield plain("that of Postgres, a run", [found.a_run(load.postgres)], "s")
    yield plain("that of Redis, a run", [found.a_run(load.redis)], "s")
    yield plain("most memory of a run's process", found.peaks_mb, "MB")
    yield plain("the database grew, KB a run", [round(found.database_bytes / found.runs / 1000)], "")
    yield plain("of that events, kept for a week, KB a run", [round(found.event_bytes / found.runs / 1000)], "")
    yield plain("the result storage grew, KB a run", [round(found.stored_bytes / found.runs / 1000)], "")


def _growth(fleets: Sequence[Fleet]) -> list[Section]:
    """Compare the fewest orgs with the most, by the same number of workers."""
    few, many = fleets[0], fleets[-1]
    few = next(each for each in fleets if each.workers == many.workers)
    if few.orgs == many.orgs:
        return []
    rows = []
    for kind, title in _KINDS.items():
        one, other = few.rounds[kind], many.rounds[kind]
        for what, seconds, more in (
            ("run's process", one.a_run(one.load.runs), other.a_run(other.load.runs)),
            ("server", one.a_run(one.load.server), other.a_run(other.load.server)),
        ):
            rows += [
                plain(f"{title}: processor time of the {what}, {few.orgs} orgs", [seconds], "s"),
                plain(f"the same, {many.orgs} orgs", [more], "s"),
            ]
    how = "Per run, by the same number of workers on the same server, whose database has grown meanwhile."
    return [Section(f"From {few.orgs} orgs to {many.orgs}, {many.workers} workers", how, (Table(tuple(rows)),))]
