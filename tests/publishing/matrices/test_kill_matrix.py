"""SIGKILL after each request of a run, then a rerun (issues B and C)."""

from typing import Any

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from tests.publishing.actions.scenes import ActionScene
from tests.publishing.fork_server import ForkServer, kill_after
from tests.publishing.invariants import Target, broken_truths
from tests.publishing.matrices import action_tables, architect_tables
from tests.publishing.matrices.matrix import Kill, staged
from tests.publishing.matrices.test_fault_matrix import expected_live
from tests.publishing.scenes import Scene, Stage


def killed_and_rerun(scene: Scene | ActionScene, after: Any, kill: Kill, fork_server: ForkServer) -> list[str]:
    """Kill a run, and begin another one where it had not done it; returns what does not hold then."""
    target: Target = scene
    before, wrong = target.live(), list[str]()
    scene.org.add_fault(Fault(kind="hang", takes_effect=True, match=Match(nth=kill.place, times=None)))
    kill_after(scene, kill.place, fork_server.start_run(scene, scene.order()))
    target.calm()
    if target.live() != after:
        outcome = target.publish_and_verify(target.fresh_order())
        wrong += broken_truths(outcome, target, before=before, after=after)
    return [*wrong, *target.harm(before, after)]


@pytest.mark.parametrize("kill", architect_tables.KILLS, ids=str)
def test_a_killed_run_leaves_nothing_that_the_next_one_does_not_put_right(
    stage: Stage, fork_server: ForkServer, kill: Kill
) -> None:
    after = expected_live(stage, kill.sequence, kill.setting)
    scene: Scene = staged(stage, kill.sequence, kill.setting)

    assert killed_and_rerun(scene, after, kill, fork_server) == []
    assert scene.live() == after


@pytest.mark.parametrize("kill", action_tables.KILLS, ids=str)
def test_a_killed_run_leaves_nothing_of_an_action_that_the_next_one_does_not_put_right(
    stage: Stage, fork_server: ForkServer, kill: Kill
) -> None:
    scene: ActionScene = staged(stage, kill.sequence, kill.setting)
    after = action_tables.planned(scene.live(), kill.setting)

    assert killed_and_rerun(scene, after, kill, fork_server) == []
    assert scene.live() == after
