"""Every request of the publishing sequence by every fault by every switch that bears on it (issue B, must show 1)."""

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from simulator.calls import Call
from simulator.versions import PublishPlan
from tests.publishing.invariants import broken_invariants, broken_truths, untold
from tests.publishing.matrix import (
    AFTER_A_FAILED_PUBLISH,
    ALL_LATE_MS,
    DEFAULT,
    HANGING,
    LOGIN,
    MISSING,
    OUTAGE,
    ROWS,
    SEQUENCE,
    SETTINGS,
    Cell,
    cells,
)
from tests.publishing.scenes import Scene, configuration

Stage = Callable[..., Scene]


def staged(stage: Stage, setting: str, *, publish_fails: bool = False, hurried: bool = False) -> Scene:
    scene = stage(hurried=hurried)
    scene.org.set_switches(SETTINGS[setting].switches)
    scene.org.plan_publish(PublishPlan(ending="failure" if publish_fails else "success"))
    return scene


_EXPECTED: dict[str, bytes] = {}


def expected_live(stage: Stage, setting: str) -> bytes:
    """What is live after an undisturbed run: byte for byte what every other must come to."""
    if setting not in _EXPECTED:
        scene = staged(stage, setting)
        scene.publish_and_verify()
        _EXPECTED[setting] = scene.live() if SETTINGS[setting].publishes else configuration(10)
    return _EXPECTED[setting]


def begin(scene: Scene, cell: Cell) -> None:
    if cell.request in LOGIN:
        scene.org.expire_tokens()
    scene.org.add_fault(cell.as_fault())


def broken(stage: Stage, cell: Cell, after: bytes) -> Iterator[str]:
    """Play one cell: a run, and where it did not do it a rerun with a fresh plan. Names what does not hold."""
    scene = staged(stage, cell.setting, publish_fails=cell.publish_fails, hurried=cell.fault in HANGING)
    begin(scene, cell)
    outcome = scene.publish_and_verify()
    scene.org.advance_ms(ALL_LATE_MS)
    yield from broken_truths(outcome, scene.flow(), live=scene.live(), before=configuration(), after=after)
    yield from untold(outcome, scene.flow())
    if outcome.outcome == "unknown" and cell.fault not in (OUTAGE, MISSING):
        yield f"told unknown, although the platform could be read: {outcome.reason}"
    scene.org.clear_faults()
    scene.org.plan_publish(PublishPlan())
    if scene.live() != after:
        outcome = scene.publish_and_verify(scene.fresh_order())
        scene.org.advance_ms(ALL_LATE_MS)
        yield from broken_truths(outcome, scene.flow(), live=scene.live(), before=configuration(), after=after)
        if SETTINGS[cell.setting].publishes and outcome.outcome not in ("published", "unchanged"):
            yield f"the rerun did not do it: {outcome.reason}"
    yield from broken_invariants(scene.flow(), live=scene.live(), before=configuration(), after=after)


@pytest.mark.parametrize(("setting", "request_"), ROWS, ids=[f"{setting}: {request}" for setting, request in ROWS])
def test_no_fault_leaves_anything_half_done(
    stage: Stage, stages: "queue.SimpleQueue[Stage]", setting: str, request_: str
) -> None:
    after = expected_live(stage, setting)

    def play(cell: Cell) -> list[str]:
        free = stages.get()
        try:
            return list(broken(free, cell, after))
        finally:
            stages.put(free)

    row = cells(setting, request_)
    with ThreadPoolExecutor(stages.qsize()) as side_by_side:
        found = dict(zip(row, side_by_side.map(play, row), strict=True))

    assert {cell: wrong for cell, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("publish_fails", [False, True])
def test_the_matrix_has_every_request_of_the_sequence(stage: Stage, publish_fails: bool) -> None:
    scene = staged(stage, DEFAULT, publish_fails=publish_fails)
    scene.publish_and_verify()

    sent = [Call(entry.method, entry.path) for entry in scene.org.log]
    table = list(SEQUENCE.values())
    if publish_fails:
        table[list(SEQUENCE).index("publish") :] = AFTER_A_FAILED_PUBLISH.values()
    assert [request.match.fits(call) for request, call in zip(table, sent, strict=True)] == [True] * len(table)
