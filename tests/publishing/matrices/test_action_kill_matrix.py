"""SIGKILL after each request that changes an action's limit, then a rerun (issue C)."""

from collections.abc import Callable

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from tests.publishing.actions.invariants import broken_invariants, broken_truths, same
from tests.publishing.fork_server import ForkServer, kill_after
from tests.publishing.matrices.action_matrix import KILLS, Kill
from tests.publishing.matrices.test_action_fault_matrix import after, staged
from tests.publishing.scenes import Scene

Stage = Callable[..., Scene]


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_killed_run_leaves_nothing_of_an_action_that_the_next_one_does_not_put_right(
    stage: Stage, fork_server: ForkServer, kill: Kill
) -> None:
    scene = staged(stage, kill.sequence, kill.setting)
    before = scene.action()
    both = {"before": before, "after": after(before, kill.setting)}
    scene.org.add_fault(Fault(kind="hang", takes_effect=True, match=Match(nth=kill.place, times=None)))

    kill_after(scene, kill.place, fork_server.start_action_run(scene, scene.order()))
    scene.org.clear_faults()
    scene.org.plan_validation(scene.id, ())
    wrong: list[str] = []
    if not same(scene.action(), both["after"]):
        outcome = scene.publish_and_verify(scene.fresh_order())
        wrong += broken_truths(outcome, scene.action(), **both)

    wrong += broken_invariants(scene.action(), **both)
    assert wrong == []
    assert same(scene.action(), both["after"])
