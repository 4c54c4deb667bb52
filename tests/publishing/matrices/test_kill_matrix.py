"""SIGKILL after each request of the publishing sequence, then a rerun (issue B, must show 2)."""

from collections.abc import Callable

import pytest

from simulator.faults.faults import Fault
from simulator.faults.matching import Match
from simulator.org.versions import PublishPlan
from tests.publishing.fork_server import ForkServer, kill_after
from tests.publishing.invariants import broken_invariants, broken_truths
from tests.publishing.matrices.matrix import KILLS, SETTINGS, Kill
from tests.publishing.matrices.test_fault_matrix import expected_live, staged
from tests.publishing.scenes import Scene, configuration

Stage = Callable[..., Scene]


@pytest.mark.parametrize("kill", KILLS, ids=str)
def test_a_killed_run_leaves_nothing_that_the_next_one_does_not_put_right(
    stage: Stage, fork_server: ForkServer, kill: Kill
) -> None:
    after = expected_live(stage, kill.setting)
    scene = staged(stage, kill.setting, publish_fails=kill.publish_fails)
    scene.org.add_fault(Fault(kind="hang", takes_effect=True, match=Match(nth=kill.place, times=None)))

    kill_after(scene, kill.place, fork_server.start_run(scene, scene.order()))
    scene.org.clear_faults()
    scene.org.plan_publish(PublishPlan())
    order = scene.fresh_order()
    outcome = scene.publish_and_verify(order) if scene.live() != after else None

    wrong = list(broken_invariants(scene.flow(), live=scene.live(), before=configuration(), after=after))
    if outcome is not None:
        wrong += broken_truths(outcome, scene.flow(), live=scene.live(), before=configuration(), after=after)
    assert wrong == []
    assert (scene.live() == after) is SETTINGS[kill.setting].publishes
