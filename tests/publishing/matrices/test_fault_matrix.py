"""Every request of every sequence by every fault by every switch that bears on it (issues B and C)."""

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator.api.calls import Call
from tests.publishing.actions.scenes import ActionScene
from tests.publishing.invariants import Target, broken_truths
from tests.publishing.matrices import action_tables, architect_tables
from tests.publishing.matrices.architect_tables import UNDISTURBED_BY_FAILING
from tests.publishing.matrices.matrix import (
    ALL_LATE_MS,
    DEFAULT,
    FAULTS,
    HANGING,
    LOGIN,
    NOTHING_FOUND,
    Cell,
    Row,
    Sequence,
    Setting,
    cells,
    row_id,
    rows,
    staged,
)
from tests.publishing.scenes import Scene, Stage

Stages = queue.SimpleQueue[Stage]
_EXPECTED: dict[tuple[Sequence, Setting], bytes] = {}


def expected_live(stage: Stage, sequence: Sequence, setting: Setting) -> bytes:
    """What is live after an undisturbed run: byte for byte what every other must come to; b'' where nothing ever is."""
    undisturbed = UNDISTURBED_BY_FAILING.get(sequence, sequence)
    if (undisturbed, setting) not in _EXPECTED:
        scene: Scene = staged(stage, undisturbed, setting)
        scene.publish_and_verify()
        _EXPECTED[undisturbed, setting] = scene.live() if setting.publishes else b""
    return _EXPECTED[undisturbed, setting]


def broken(target: Target, cell: Cell, after: Any, *, may_be_unknown: bool) -> Iterator[str]:
    """Play one cell: a run, and where it did not do it a rerun with a fresh plan. Names what does not hold."""
    before = target.live()
    if cell.request in LOGIN:
        target.org.expire_tokens()
    target.org.add_fault(cell.as_fault())
    outcome = target.publish_and_verify()
    target.org.advance_ms(ALL_LATE_MS)
    yield from broken_truths(outcome, target, before=before, after=after)
    if outcome.outcome == "unknown" and not may_be_unknown:
        yield f"told unknown, although the platform could be read: {outcome.reason}"
    if outcome.outcome == "unknown" and cell.fault in FAULTS and target.live() == after:
        yield f"told unknown, although it came to be: {outcome.reason}"
    target.calm()
    if rerun_ends := target.rerun_ends(outcome, after):
        outcome = target.publish_and_verify(target.fresh_order())
        target.org.advance_ms(ALL_LATE_MS)
        yield from broken_truths(outcome, target, before=before, after=after)
        if cell.setting.publishes and outcome.outcome not in rerun_ends:
            yield f"the rerun did not do it: {outcome.outcome}, {outcome.reason}"
    yield from target.harm(before, after)


def played(stages: Stages, row: list[Cell], play: Callable[[Stage, Cell], list[str]]) -> dict[Cell, list[str]]:
    """Play the cells of a row side by side; returns those that do not hold, and what does not."""

    def on_a_free_stage(cell: Cell) -> list[str]:
        free = stages.get()
        try:
            return play(free, cell)
        finally:
            stages.put(free)

    with ThreadPoolExecutor(stages.qsize()) as side_by_side:
        found = dict(zip(row, side_by_side.map(on_a_free_stage, row), strict=True))
    return {cell: wrong for cell, wrong in found.items() if wrong}


@pytest.mark.parametrize("row", rows(architect_tables.SETTINGS), ids=row_id)
def test_no_fault_leaves_an_architect_flow_half_done(stage: Stage, stages: Stages, row: Row) -> None:
    after = expected_live(stage, *row[:2])

    def play(free: Stage, cell: Cell) -> list[str]:
        scene: Scene = staged(free, cell.sequence, cell.setting, hurried=cell.fault in HANGING)
        return list(broken(scene, cell, after, may_be_unknown=cell.lasts))

    assert played(stages, cells(row), play) == {}


@pytest.mark.parametrize("row", rows(action_tables.SETTINGS), ids=row_id)
def test_no_fault_leaves_an_action_half_done(stages: Stages, row: Row) -> None:
    def play(free: Stage, cell: Cell) -> list[str]:
        scene: ActionScene = staged(free, cell.sequence, cell.setting, hurried=cell.fault in HANGING)
        may_be_unknown = cell.lasts or cell.request in action_tables.MAKE_LIVE
        seconds = (scene.order().after_ms or 0) // 1_000
        after = action_tables.planned(scene.live(), cell.setting, seconds)
        wrong = list(broken(scene, cell, after, may_be_unknown=may_be_unknown))
        return [*wrong, *(["a mark stays"] if scene.marks.has(scene.id) else [])]

    assert played(stages, cells(row, NOTHING_FOUND), play) == {}


@pytest.mark.parametrize(
    "sequence",
    [*architect_tables.SEQUENCES, *action_tables.SEQUENCES],
    ids=lambda sequence: sequence.name,
)
def test_the_matrix_has_every_request_of_the_sequence(stage: Stage, sequence: Sequence) -> None:
    scene = staged(stage, sequence, architect_tables.SETTINGS[DEFAULT])
    scene.publish_and_verify()

    sent = [Call(entry.method, entry.path) for entry in scene.org.log if "token" not in entry.path]
    table = sequence.requests.values()
    assert [request.match.fits(call) for request, call in zip(table, sent, strict=True)] == [True] * len(table)
