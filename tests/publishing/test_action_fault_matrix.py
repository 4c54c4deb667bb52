"""Every request that changes an action's limit by every fault by every switch that bears on it (issue C)."""

import dataclasses
import queue
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from simulator.calls import Call
from tests.publishing.action_invariants import State, broken_invariants, broken_truths, same
from tests.publishing.action_matrix import ROWS, SEQUENCES, SETTINGS, Cell, cells
from tests.publishing.action_scenes import ActionScene, acting, published
from tests.publishing.matrix import ALL_LATE_MS, DEFAULT, FAULTS, HANGING, LOGIN
from tests.publishing.scenes import Scene

Stage = Callable[..., Scene]
REFUSED = ["It is not valid."]


def staged(stage: Stage, sequence: str, setting: str, *, hurried: bool = False) -> ActionScene:
    one = SEQUENCES[sequence]
    switches = dataclasses.replace(one.switches, **SETTINGS[setting].switches)
    scene = acting(stage, one.kind, switches, may_delete=one.may_delete, hurried=hurried)
    scene.org.plan_validation(scene.id, () if one.is_valid else REFUSED)
    return scene


def after(before: State, setting: str) -> dict[str, Any]:
    return published(before, adds=SETTINGS[setting].adds)


def broken(stage: Stage, cell: Cell) -> Iterator[str]:
    """Play one cell: a run, and where it did not do it a rerun with a fresh plan. Names what does not hold."""
    scene = staged(stage, cell.sequence, cell.setting, hurried=cell.fault in HANGING)
    before = scene.action()
    both = {"before": before, "after": after(before, cell.setting)}
    if cell.request in LOGIN:
        scene.org.expire_tokens()
    scene.org.add_fault(cell.as_fault())
    outcome = scene.publish_and_verify()
    scene.org.advance_ms(ALL_LATE_MS)
    yield from broken_truths(outcome, scene.action(), **both)
    if outcome.outcome == "unknown" and not cell.may_be_unknown:
        yield f"told unknown, although the platform could be read: {outcome.reason}"
    if outcome.outcome == "unknown" and cell.fault in FAULTS and same(scene.action(), both["after"]):
        yield f"told unknown, although it came to be: {outcome.reason}"
    scene.org.clear_faults()
    scene.org.plan_validation(scene.id, ())
    if outcome.outcome != "published":
        was_done = same(scene.action(), both["after"])
        outcome = scene.publish_and_verify(scene.fresh_order())
        yield from broken_truths(outcome, scene.action(), **both)
        if outcome.outcome != ("unchanged" if was_done else "published"):
            yield f"the rerun did not do it: {outcome.reason}"
    yield from broken_invariants(scene.action(), **both)
    if scene.marks.has(scene.id):
        yield "a mark stays"


@pytest.mark.parametrize(("sequence", "setting", "request_"), ROWS, ids=[", ".join(row) for row in ROWS])
def test_no_fault_leaves_an_action_half_done(
    stages: "queue.SimpleQueue[Stage]", sequence: str, setting: str, request_: str
) -> None:
    def play(cell: Cell) -> list[str]:
        free = stages.get()
        try:
            return list(broken(free, cell))
        finally:
            stages.put(free)

    row = cells(sequence, setting, request_)
    with ThreadPoolExecutor(stages.qsize()) as side_by_side:
        found = dict(zip(row, side_by_side.map(play, row), strict=True))

    assert {cell: wrong for cell, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_the_matrix_has_every_request_of_the_sequence(stage: Stage, sequence: str) -> None:
    scene = staged(stage, sequence, DEFAULT)
    scene.publish_and_verify()

    sent = [Call(entry.method, entry.path) for entry in scene.org.log if "oauth" not in entry.path]
    table = SEQUENCES[sequence].requests.values()
    assert [request.match.fits(call) for request, call in zip(table, sent, strict=True)] == [True] * len(table)
