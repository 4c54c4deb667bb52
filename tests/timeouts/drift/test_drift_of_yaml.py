"""Drift of YAML, whose steps have no ids: a step is known by its names, wherever it stands."""

import pytest

from tests.timeouts.conftest import archy_step, listed, reading
from tests.timeouts.drift.two_audits import EARLIER, LATER, S3, S5, S8, S10, moved_between, seen
from timeouts.drift.snapshot import Snapshot
from timeouts.model.settings import TimeoutSetting
from timeouts.model.steps import Step

Told = tuple[str, TimeoutSetting, str, str]
"""A step as a test says it: its name, setting, action and container."""


def told(name: str, setting: TimeoutSetting, action: str = "Look up", container: str = "Main") -> Told:
    return name, setting, action, container


def written(*steps: Told, later: bool = False) -> Snapshot:
    """A file with these steps, one behind the other, whatever their containers."""
    return seen(
        [listed(published_version=None)],
        [reading(*(_step(place, *each) for place, each in enumerate(steps)), kind="archy")],
        stamp=LATER if later else EARLIER,
    )


def _step(place: int, name: str, setting: TimeoutSetting, action: str, container: str) -> Step:
    step_id = f"inboundCall.tasks[0].task.actions[{place}].callData"
    return archy_step(place, setting, id=step_id, name=name, action_name=action, container=container)


def moves(before: Snapshot, after: Snapshot) -> list[tuple[str, str]]:
    return [(line.step_name, line.move) for line in moved_between(before, after).steps]


ASK, PAY = told("Ask", S5), told("Pay", S10, "Payment")


def test_a_new_step_in_front_of_others_is_all_that_moved() -> None:
    assert moves(written(ASK, PAY), written(told("New", S8), ASK, PAY, later=True)) == [("New", "new")]
    assert moves(written(told("New", S8), ASK, PAY), written(ASK, PAY, later=True)) == [("New", "gone")]


def test_a_step_that_moved_and_changed_is_told_as_that_one() -> None:
    (line,) = moved_between(written(ASK, PAY), written(PAY, told("Ask", S3), later=True)).steps

    assert (line.step_name, line.move, line.before, line.after) == ("Ask", "lowered", S5, S3)


def test_equal_steps_are_compared_in_their_order() -> None:
    twice = written(ASK, told("Ask", S10))

    assert moves(twice, written(ASK, told("Ask", S10), told("Ask", S3), later=True)) == [("Ask", "new")]
    assert moves(twice, written(told("Ask", S3), told("Ask", S10), later=True)) == [("Ask", "lowered")]


@pytest.mark.parametrize("now", [told("Ask them", S5), told("Ask", S5, container="Menu")])
def test_a_step_that_is_renamed_or_moved_to_another_task_is_no_drift(now: Told) -> None:
    assert moves(written(ASK, PAY), written(now, PAY, later=True)) == []


def test_another_step_in_the_place_of_one_is_a_new_one() -> None:
    assert sorted(moves(written(ASK), written(PAY, later=True))) == [("Ask", "gone"), ("Pay", "new")]


def test_a_step_goes_by_its_own_task_before_another_one() -> None:
    main, menu = ASK, told("Ask", S10, container="Menu")

    assert moves(written(main, menu), written(menu, main, later=True)) == []
    assert moves(written(main, menu), written(menu, later=True)) == [("Ask", "gone")]
