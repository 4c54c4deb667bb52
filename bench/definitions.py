"""Reading definitions against `json.loads` of the same bytes, and an edit of a large one against a round trip."""

import gc
import json
import time
from collections.abc import Callable, Sequence

from bench.figures import Section, Table, at_most, plain, ratios
from bench.rig import Rig
from bench.simulators import mean_kb, simulator_of
from timeouts.definitions import read_definition

_READ_AT_MOST = 2.2
_EDIT_AT_MOST = 0.8
_LARGE_BYTES = 500_000
_ROUNDS = 3
_TO_MS = 10_000


def measure(rig: Rig) -> Section:
    """Time both in turns, in this process; each repeat is the quickest of several rounds."""
    with simulator_of(rig.options.base) as simulator:
        bodies = simulator.published()
    large = next(each for each in bodies if len(each) >= _LARGE_BYTES)
    step_id = read_definition(large).steps[0].id
    repeats = range(rig.options.repeats)
    mix = [_quickest((lambda: _loads(bodies), lambda: _read(bodies), lambda: _fingerprint(bodies))) for _ in repeats]
    edits = [
        _quickest((lambda: _round_trip(large), lambda: read_definition(large).with_timeouts({step_id: _TO_MS})))
        for _ in repeats
    ]
    loads = plain("`json.loads` of each", [each[0] for each in mix], "ms")
    with_fingerprint = [each[2] for each in mix]
    edit_floor = plain("`json.loads` and `json.dumps`", [each[0] for each in edits], "ms")
    return Section(
        "Extraction and edit",
        f"The published configurations of the org of {rig.options.base:,} Architect flows: {len(bodies):,}, "
        f"{mean_kb(bodies)} KB on average. Extraction is `timeouts.definitions.read_definition` and its steps. The "
        f"edit is of one of {len(large):,} bytes, from its bytes to the bytes with another timeout, reading included. "
        f"Ratios are of the same repeat; each is the quickest of {_ROUNDS} rounds.",
        (
            Table(
                (
                    loads,
                    plain("extraction of each", [each[1] for each in mix], "ms"),
                    at_most("the same, by `json.loads`", [each[1] / each[0] for each in mix], "x", _READ_AT_MOST),
                    plain("with the fingerprint of those that have steps", ratios(with_fingerprint, loads.median), "x"),
                ),
                "Extraction",
            ),
            Table(
                (
                    edit_floor,
                    plain("edit", [each[1] for each in edits], "ms"),
                    at_most("the same, by that", [each[1] / each[0] for each in edits], "x", _EDIT_AT_MOST),
                ),
                "Edit",
            ),
        ),
    )


def _quickest(works: Sequence[Callable[[], object]]) -> list[float]:
    """Give the shortest time of each in milliseconds; they take turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(_ROUNDS):
        for work, found in zip(works, times, strict=True):
            gc.collect()
            started = time.perf_counter()
            work()
            found.append((time.perf_counter() - started) * 1000)
    return [min(found) for found in times]


def _round_trip(body: bytes) -> str:
    return json.dumps(json.loads(body))


def _loads(bodies: Sequence[bytes]) -> None:
    for body in bodies:
        json.loads(body)


def _read(bodies: Sequence[bytes]) -> None:
    for body in bodies:
        _ = read_definition(body).steps


def _fingerprint(bodies: Sequence[bytes]) -> None:
    for body in bodies:
        definition = read_definition(body)
        _ = definition.steps and definition.fingerprint
