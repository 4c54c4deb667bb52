"""Which hours are compared: equal stretches around the change, none of them across a change of another run."""

import pytest

from tests.timeouts.conftest import ORG
from timeouts.effect.changes import RunChanges, TouchedAction
from timeouts.effect.stretches import NoStretches, Stretch, Stretches, stretches_for
from timeouts.model.durations import DAY_MS, HOUR_MS

BEGAN_MS = 100 * DAY_MS + 10 * HOUR_MS + 15 * 60_000
WEEK = 7 * 24


def run(began_ms: int, ended_ms: int | None = None, *, name: str = "bold-owl", action: str = "crm") -> RunChanges:
    touched = TouchedAction(action_id=action, name=action, limit_before_ms=5_000, limit_after_ms=10_000)
    until_ms = began_ms if ended_ms is None else ended_ms
    return RunChanges(
        organization=ORG,
        run_id=f"id of {name}",
        run_name=name,
        began_ms=began_ms,
        ended_ms=until_ms,
        actions=(touched,),
    )


OWN = run(BEGAN_MS)
HOUR = 100 * DAY_MS + 10 * HOUR_MS


def hours(before: tuple[int, int], after: tuple[int, int]) -> tuple[Stretch, Stretch]:
    """The stretches, in hours from the one of the change."""
    found = [Stretch(from_ms=HOUR + one * HOUR_MS, until_ms=HOUR + two * HOUR_MS) for one, two in (before, after)]
    return found[0], found[1]


def found(*others: RunChanges, hours_later: float, own: RunChanges = OWN) -> Stretches:
    compared = stretches_for("crm", own, others, HOUR + round(hours_later * HOUR_MS))
    assert isinstance(compared, Stretches), compared
    assert compared.before.hours == compared.after.hours
    return compared


def test_the_hours_of_the_change_belong_to_neither_stretch() -> None:
    own = run(BEGAN_MS, BEGAN_MS + 2 * HOUR_MS)

    compared = found(hours_later=9.5, own=own)

    assert (compared.before, compared.after, compared.note) == (*hours((-6, 0), (3, 9)), "")


def test_a_stretch_has_a_week_at_most_whenever_one_looks() -> None:
    compared = found(hours_later=1_000)

    assert (compared.before, compared.after, compared.note) == (*hours((-WEEK, 0), (1, 1 + WEEK)), "")


def test_an_option_makes_it_longer() -> None:
    compared = stretches_for("crm", OWN, (), HOUR + 1_000 * HOUR_MS, longest_days=14)

    assert isinstance(compared, Stretches)
    assert compared.after.hours == 2 * WEEK


@pytest.mark.parametrize("minutes", [16, 59, 119])
def test_before_a_full_hour_has_passed_there_is_nothing_to_compare(minutes: int) -> None:
    compared = stretches_for("crm", OWN, (), HOUR + minutes * 60_000)

    assert compared == NoStretches(why="less than one full hour has passed since the change", is_early=True)


def test_a_later_change_of_the_same_action_ends_both_stretches() -> None:
    compared = found(run(HOUR + 30 * HOUR_MS + 5, name="later"), hours_later=1_000)

    assert (compared.before, compared.after) == hours((-29, 0), (1, 30))
    assert compared.note == "shortened, for the run later (id of later) changed it, too"


def test_an_earlier_change_of_the_same_action_ends_both_stretches() -> None:
    earlier = run(HOUR - 20 * HOUR_MS, HOUR - 12 * HOUR_MS, name="earlier")

    compared = found(earlier, run(HOUR - 40 * HOUR_MS, name="long ago"), hours_later=1_000)

    assert (compared.before, compared.after) == hours((-11, 0), (1, 12))
    assert "the run earlier (id of earlier)" in compared.note


def test_what_other_runs_did_to_other_actions_or_out_of_reach_shortens_nothing() -> None:
    others = run(HOUR + 3 * HOUR_MS, action="pay"), run(HOUR - 200 * HOUR_MS), run(HOUR + 900 * HOUR_MS)

    assert found(*others, hours_later=1_000) == found(hours_later=1_000)


@pytest.mark.parametrize("minutes", [-90, -20, 0, 30, 80])
def test_a_change_in_the_same_hours_or_right_beside_leaves_nothing_to_compare(minutes: int) -> None:
    other = run(HOUR + minutes * 60_000, name="other")

    compared = stretches_for("crm", OWN, [other], HOUR + 1_000 * HOUR_MS)

    assert isinstance(compared, NoStretches) is (minutes != -90)
    if isinstance(compared, NoStretches):
        assert (compared.is_early, "the run other (id of other)" in compared.why) == (False, True)


def test_a_run_that_another_one_lies_within_has_nothing_to_compare() -> None:
    own = run(HOUR, HOUR + 30 * HOUR_MS)

    assert isinstance(stretches_for("crm", own, [run(HOUR + 9 * HOUR_MS)], HOUR + 1_000 * HOUR_MS), NoStretches)
