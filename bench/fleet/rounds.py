"""One round: as many runs of one deployment as there are orgs, worked off by the workers that there are."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bench.fleet.load import watch_peaks
from bench.fleet.servers import Load, Servers
from bench.rig import RunFailed

_POLL_SECONDS = 1.0
_REST_SECONDS = 3.0
_REST_ROUNDS = 15
_REST_SHARE = 0.25
"""Of a core: what the server takes when workers only ask for work is below it, here."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round took. `load`: beyond what the same processes take at rest in that time."""

    runs: int
    wall_s: float
    load: Load
    peaks_mb: tuple[float, ...]
    database_bytes: int
    event_bytes: int
    stored_bytes: int

    def a_run(self, seconds: float) -> float:
        """Return the part of one run."""
        return seconds / self.runs

    @property
    def an_hour(self) -> float:
        """How many runs an hour there are at this pace."""
        return self.runs / self.wall_s * 3600

    @property
    def an_hour_and_core(self) -> float:
        """How many runs an hour one core works off, that of all parts together."""
        return self.runs / self.load.whole * 3600


def rest(servers: Servers, seconds: float) -> Load:
    """Return what each part takes of a core where nothing runs."""
    before = servers.load()
    time.sleep(seconds)
    used = servers.load().since(before)
    return Load(*(getattr(used, name) / seconds for name in Load.__slots__))


def work_off(servers: Servers, deployment: str, given: Sequence[Mapping[str, Any]], at_rest: Load) -> Round:
    """Start a run with each of the parameters, all at once, and wait until all have completed."""
    (database, events), stored = servers.database_bytes(), servers.stored_bytes()
    before, began = servers.load(), time.monotonic()
    tag = f"round-{uuid4()}"
    with watch_peaks(list(servers.workers.values())) as peaks:
        for parameters in given:
            body = {"parameters": parameters, "tags": [tag], "state": {"type": "SCHEDULED"}}
            servers.post(f"/deployments/{deployment}/create_flow_run", body)
        _wait_for(servers, tag, len(given))
        wall_s = time.monotonic() - began
        _come_to_rest(servers)
    whole_s, used = time.monotonic() - began, servers.load().since(before)
    beyond = Load(*(max(getattr(used, each) - getattr(at_rest, each) * whole_s, 0.0) for each in Load.__slots__))
    database_then, events_then = servers.database_bytes()
    return Round(
        runs=len(given),
        wall_s=wall_s,
        load=beyond,
        peaks_mb=_of_runs(peaks, len(given)),
        database_bytes=database_then - database,
        event_bytes=events_then - events,
        stored_bytes=servers.stored_bytes() - stored,
    )


def _wait_for(servers: Servers, tag: str, count: int) -> None:
    """Wait for the end of all; raises RunFailed where one ends otherwise than completed."""
    while True:
        time.sleep(_POLL_SECONDS)
        bad: Any = servers.post("/flow_runs/filter", _ended(tag, "FAILED", "CRASHED", "CANCELLED") | {"limit": 1})
        if bad:
            raise RunFailed(f"{bad[0]['name']} ended {bad[0]['state_name']}: {bad[0]['state']['message']}")
        if servers.post("/flow_runs/count", _ended(tag, "COMPLETED")) == count:
            return


def _ended(tag: str, *types: str) -> dict[str, Any]:
    """Name the runs of a round whose state is of one of these types."""
    return {"flow_runs": {"tags": {"all_": [tag]}, "state": {"type": {"any_": types}}}}


def _come_to_rest(servers: Servers) -> None:
    """Wait until the services have written what the runs left them to write, a minute at most."""
    for _ in range(_REST_ROUNDS):
        before = servers.load()
        time.sleep(_REST_SECONDS)
        if servers.load().since(before).server < _REST_SECONDS * _REST_SHARE:
            return


def _of_runs(peaks: Mapping[int, float], count: int) -> tuple[float, ...]:
    """Return the largest peaks, one a run: what a worker starts besides is small."""
    found = sorted(peaks.values(), reverse=True)[:count]
    return tuple(found or [0.0])
